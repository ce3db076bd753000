// An explorer or a prediction that its cell has just brought is scrolled into view. JupyterLab goes
// on to the next cell before the output has its height, which leaves most of it below the window.

const GROWING = 1500; // ms for a widget to come and take its height
const HANDS = ["wheel", "pointerdown", "touchstart", "keydown"];

// Was the cell run by itself? After "Run All" the last cell is the active one.
export function wasRunAlone(notebook, output) {
  const cell = notebook.widgets.findIndex((widget) => widget.node.contains(output));
  const beyond = notebook.activeCellIndex - cell;
  return cell >= 0 && (beyond === 0 || beyond === 1);
}

export function bringIntoView(node) {
  const growth = new ResizeObserver(() => node.scrollIntoView({ block: "nearest" }));
  const stop = () => {
    growth.disconnect();
    for (const event of HANDS) document.removeEventListener(event, stop, true);
  };
  growth.observe(node);
  for (const event of HANDS) document.addEventListener(event, stop, true);
  setTimeout(stop, GROWING);
}
