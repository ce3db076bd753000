// The first notebook gets the whole window. In a layout that nobody has changed yet, JupyterLab
// opens the list of files by itself, and so does a notebook's address; a hand that opens it later
// finds it open the next time as well. In a narrow window the strip of buttons on the right, which
// no learner needs, leaves its place to the pictures; View > Appearance brings it back.

const NARROW = "(max-width: 1100px)";

export async function startWithoutPanels(app) {
  const { shell } = app;
  const layout = await shell.restored;
  if (!layout?.fresh) return;
  if (matchMedia(NARROW).matches && shell.isSideTabBarVisible("right"))
    shell.toggleSideTabBarVisibility("right");
  const close = () => {
    if (!shell.leftCollapsed) shell.collapseLeft();
  };
  const stop = () => shell.layoutModified.disconnect(close);
  for (const hand of ["pointerdown", "keydown"])
    addEventListener(hand, stop, { capture: true, once: true });
  shell.layoutModified.connect(close);
  close();
}
