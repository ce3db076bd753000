// The first Shift+Enter brings the first explorer: when a notebook opens, the first cell whose code
// is shown is chosen, and not the title, if only cells with hidden code stand between them.

export function chooseFirstCode(notebook) {
  if (notebook.activeCellIndex !== 0) return;
  const after = (cell, k) => k > 0 && !cell.model.getMetadata("jupyter")?.source_hidden;
  const first = notebook.widgets.findIndex(after);
  if (notebook.widgets[first]?.model.type === "code") notebook.activeCellIndex = first;
}
