// A key that is pressed inside an output belongs to what stands there: an arrow to the slider, "x"
// to nobody. JupyterLab's own single keys would go to another cell, or cut this one. With Ctrl, Alt
// or Cmd they are its shortcuts all the same, and Escape leads out.

export function leaveKeysToOutputs() {
  addEventListener("keydown", (event) => {
    const output = event.target.closest?.(".jp-OutputArea-output");
    const shortcut = event.ctrlKey || event.altKey || event.metaKey || event.key === "Escape";
    output?.toggleAttribute("data-lm-suppress-shortcuts", !shortcut);
  }, true); // window is asked before JupyterLab's listener, which sits on the document
}
