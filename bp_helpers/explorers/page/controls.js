// What the controls of ipywidgets lack for keyboard and screen reader.

const boxOf = (el) => el.closest(".widget-vbox") ?? el.parentElement; // of a picture and its controls

function mendControls(box) {
  // For screen readers ipywidgets gives the handle of a slider no name, and as its value a number
  // with all its digits or, among several choices, which one it is; nor says that the number beside
  // it can be typed, nor a button that stays down that it is. (One that has another name then says
  // it by that.)
  const say = (part, said) => {
    for (const [name, text] of Object.entries(said))
      if (text && part.getAttribute(name) !== text) part.setAttribute(name, text);
  };
  for (const slider of box.querySelectorAll(".widget-slider")) {
    const name = slider.querySelector(".widget-label").textContent;
    const typed = slider.querySelector(".widget-readout");
    const value = typed?.textContent.replace("\u2212", "-");
    for (const handle of slider.querySelectorAll(".noUi-handle"))
      say(handle, { "aria-label": name, "aria-valuetext": value });
    if (typed && slider.matches(".bp-choice")) typed.contentEditable = "false"; // it is not read
    if (typed?.isContentEditable) say(typed, { role: "textbox", "aria-label": `${name}, typed` });
  }
  for (const one of box.querySelectorAll("button.widget-toggle-button")) {
    const pressed = String(one.classList.contains("mod-active"));
    if (one.matches(".bp-renamed")) one.removeAttribute("aria-pressed");
    else if (one.getAttribute("aria-pressed") !== pressed) one.setAttribute("aria-pressed", pressed);
  }
  for (const icon of box.querySelectorAll("button > i")) icon.ariaHidden = "true"; // not read aloud
  // JupyterLab takes the arrow keys to go from cell to cell, but not where this stands.
  for (const list of box.querySelectorAll("select")) list.dataset.lmSuppressShortcuts = "true";
}

function keepControlsMended(el) {
  // The picture is made before it is put into the page, also far below what is on screen; the
  // controls beside it come, and change their labels, at any time.
  const changes = new MutationObserver(() => el.isConnected && mendControls(boxOf(el)));
  const arrival = new MutationObserver(() => {
    if (!el.isConnected) return;
    arrival.disconnect();
    changes.observe(boxOf(el), {
      childList: true,
      subtree: true,
      attributeFilter: ["class"], // a button that was pressed gets another one
    });
    mendControls(boxOf(el));
  });
  arrival.observe(document.body, { childList: true, subtree: true });
  return () => [changes, arrival].forEach((observer) => observer.disconnect());
}
