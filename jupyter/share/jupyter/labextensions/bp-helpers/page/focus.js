// A button that is disabled while it has the focus, as those of a prediction are once it is
// answered, drops the focus to the page. Here it keeps the focus, and is disabled when that goes on.

export function keepFocus(node) {
  const changes = new MutationObserver((found) => {
    for (const { target } of found)
      if (target.disabled && target === document.activeElement) disableLater(target);
  });
  changes.observe(node, { subtree: true, attributes: true, attributeFilter: ["disabled"] });
}

function disableLater(button) {
  button.disabled = false;
  button.setAttribute("aria-disabled", "true");
  const disable = () => {
    button.removeAttribute("aria-disabled");
    button.disabled = true;
  };
  button.addEventListener("blur", disable, { once: true });
}
