// The first notebook gets the whole window. Who opens the list of files has it open the next time.

export async function startWithoutPanels(app) {
  const layout = await app.shell.restored;
  // The list of files opens itself at this same moment, in a layout that nobody has changed yet.
  if (layout?.fresh) setTimeout(() => app.shell.collapseLeft());
}
