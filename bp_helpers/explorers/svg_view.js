// Shows SVG text by changing only what differs, and reports which named part was chosen.
// It knows nothing of networks. `svg` is one picture or several, one after the other.

const HARMLESS = new Set(("svg g title desc text tspan rect circle ellipse line polyline polygon " +
  "path image defs clipPath").split(" "));

function clean(node) {
  // What a picture is made of stays; scripts, handlers and links out of it do not.
  for (const child of [...node.children]) {
    if (!HARMLESS.has(child.nodeName)) child.remove();
    else clean(child);
  }
  for (const { name, value } of [...node.attributes]) {
    const outside = name.endsWith("href") && !value.startsWith("data:image/png;");
    if (name.startsWith("on") || name === "style" || outside) node.removeAttribute(name);
  }
}

function patch(old, now) {
  if (old.nodeName !== now.nodeName) return old.replaceWith(now);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== now.data) old.data = now.data;
    return;
  }
  for (const { name, value } of now.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
  patchChildren(old, now);
}

function patchChildren(old, now) {
  const before = [...old.childNodes];
  const after = [...now.childNodes];
  after.forEach((node, k) => (before[k] ? patch(before[k], node) : old.append(node)));
  before.slice(after.length).forEach((node) => node.remove());
}

function nameControls(box) {
  // ipywidgets gives the handle of a slider and the buttons of Play no name for screen readers.
  for (const slider of box.querySelectorAll(".widget-slider")) {
    const label = slider.querySelector(".widget-label").textContent;
    for (const handle of slider.querySelectorAll(".noUi-handle"))
      handle.setAttribute("aria-label", label);
  }
  const names = ["Play or pause", "Stop", "Repeat"];
  for (const play of box.querySelectorAll(".widget-play"))
    play.querySelectorAll("button").forEach((one, k) => one.setAttribute("aria-label", names[k]));
}

function keepControlsNamed(el) {
  // The picture is made before it is put into the page, also far below what is on screen; the
  // controls beside it come, and change their labels, at any time.
  const changes = new MutationObserver(() => el.isConnected && nameControls(el.parentElement));
  const arrival = new MutationObserver(() => {
    if (!el.isConnected) return;
    arrival.disconnect();
    changes.observe(el.parentElement, { childList: true, subtree: true });
    nameControls(el.parentElement);
  });
  arrival.observe(document.body, { childList: true, subtree: true });
  return () => [changes, arrival].forEach((observer) => observer.disconnect());
}

function render({ model, el }) {
  el.classList.add("bp-view");
  const named = (node) => node?.closest?.("[data-name]")?.dataset.name;
  const show = () => {
    const parsed = new DOMParser().parseFromString(`<g>${model.get("svg")}</g>`, "image/svg+xml");
    clean(parsed.documentElement);
    const focused = el.contains(document.activeElement) ? named(document.activeElement) : undefined;
    patchChildren(el, document.importNode(parsed.documentElement, true));
    if (focused && named(document.activeElement) !== focused)
      el.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus();
    el.dataset.shown = model.get("shown");
  };
  const choose = (event) => {
    const name = named(event.target);
    if (name === undefined) return;
    event.preventDefault();
    model.send({ chosen: name });
  };
  const onKey = (event) => {
    if (event.key === "Enter" || event.key === " ") choose(event);
  };
  el.addEventListener("click", choose);
  el.addEventListener("keydown", onKey);
  model.on("change", show); // once per message, however much of it changed
  show();
  return keepControlsNamed(el);
}

export default { render };
