// A key that is pressed inside an output belongs to what stands there: an arrow to the slider, "x"
// to nobody. JupyterLab's own single keys would go to another cell, or cut this one. With Ctrl, Alt
// or Cmd they are its shortcuts all the same. Escape leads out, to the cell; Shift+Enter leads on.
//
// From cell to cell, arrows pass by those whose code is hidden in JupyterLab. Here they come to one
// that asks for a prediction as to any other, and the next Tab is at its answer.

import { isQuestion } from "./cover.js";

const LIVE = ".jupyter-widgets, .bp-cover"; // to run its cell again would undo what was done there
const COMMANDS = ".jp-Notebook.jp-mod-commandMode .jp-Cell.jp-mod-active";
const STEPS = { ArrowUp: -1, ArrowDown: 1, k: -1, j: 1 };

export function leaveKeysToOutputs(app) {
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (target.closest?.(COMMANDS)) comeToQuestion(app.shell.currentWidget.content, event);
    if (!target.closest?.(".jp-OutputArea-output, .bp-cover")) return;
    const on = key === "Enter" && event.shiftKey;
    const shortcut = event.ctrlKey || event.altKey || event.metaKey || key === "Escape" || on;
    // On the target itself: JupyterLab looks from there outwards, and at each first for its keys.
    target.toggleAttribute("data-lm-suppress-shortcuts", !shortcut);
    if (key === "Escape" && !target.closest(".bp-typed")) target.closest(".jp-Cell").focus();
    if (!on || !target.closest(LIVE) || target.closest(".bp-away")) return;
    goOn(app.shell.currentWidget.content, target);
    event.preventDefault();
    event.stopPropagation();
  }, true); // window is asked before JupyterLab's listener, which sits on the document
}

function comeToQuestion(notebook, event) {
  const { key, target, shiftKey, ctrlKey, altKey, metaKey } = event;
  if (target !== notebook.activeCell?.node || shiftKey || ctrlKey || altKey || metaKey) return;
  const next = notebook.widgets[notebook.activeCellIndex + STEPS[key]];
  if (!next?.inputHidden || next.isHidden || !isQuestion(next)) return;
  notebook.deselectAll();
  goTo(notebook, notebook.activeCellIndex + STEPS[key]);
  event.preventDefault();
  event.stopPropagation();
}

function goOn(notebook, target) {
  const here = notebook.widgets.findIndex(({ node }) => node.contains(target));
  goTo(notebook, Math.min(here + 1, notebook.widgets.length - 1));
}

function goTo(notebook, index) {
  notebook.activeCellIndex = index;
  notebook.activeCell.node.focus();
}
