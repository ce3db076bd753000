// The first notebook gets the whole window. In a layout that nobody has changed yet, JupyterLab
// opens the list of files by itself, and so does a notebook's address; a hand that opens it later
// finds it open the next time as well.

export async function startWithoutPanels(app) {
  const { shell } = app;
  const layout = await shell.restored;
  if (!layout?.fresh) return;
  const close = () => {
    if (!shell.leftCollapsed) shell.collapseLeft();
  };
  const stop = () => shell.layoutModified.disconnect(close);
  for (const hand of ["pointerdown", "keydown"])
    addEventListener(hand, stop, { capture: true, once: true });
  shell.layoutModified.connect(close);
  close();
}
