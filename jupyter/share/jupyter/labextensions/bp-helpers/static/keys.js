// A key that is pressed inside an output belongs to what stands there: an arrow to the slider, "x"
// to nobody. JupyterLab's own single keys would go to another cell, or cut this one. With Ctrl, Alt
// or Cmd they are its shortcuts all the same, and Escape leads out.

export function leaveKeysToOutputs() {
  addEventListener("keydown", (event) => {
    if (!event.target.closest?.(".jp-OutputArea-output")) return;
    const shortcut = event.ctrlKey || event.altKey || event.metaKey || event.key === "Escape";
    // On the target itself: JupyterLab looks from there outwards, and at each first for its keys.
    event.target.toggleAttribute("data-lm-suppress-shortcuts", !shortcut);
  }, true); // window is asked before JupyterLab's listener, which sits on the document
}
