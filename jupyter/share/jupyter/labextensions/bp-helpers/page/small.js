// A phone's screen, upright or on its side, and a tablet's: text as large as elsewhere there, or as
// large as the reader has asked for, buttons for fingers, and no line on top that nobody needs. Code
// and outputs begin near the edge.

export const smallStyle = `
@media (max-width: 50rem), (max-height: 30rem) { /* as in the site's fitting.js */
  .jp-Notebook { --bp-text: max(16px, 1rem); }
  .jp-Notebook .jp-MarkdownOutput { font-size: var(--bp-text); }
  .jp-Notebook .bp-predict { --jp-widgets-font-size: var(--bp-text); } /* with buttons and answer */
  .jp-NotebookPanel-toolbar { overflow: hidden; } /* what has not found its place in it yet */
}
@media (max-width: 40rem) {
  .jp-NotebookTrustedStatus { display: none; } /* the menus need its place */
}
@media (pointer: coarse) {
  .jp-NotebookPanel > .jp-NotebookPanel-toolbar { /* six times six pixels for a button */
    --design-unit: 6; --jp-private-toolbar-height: 44px;
  }
}
@media (pointer: coarse) and (min-height: 30rem) { /* on its side, lines of text need the place */
  .bp-copies button, .bp-news button { min-height: 36px; }
}
@media (max-width: 1100px) {
  .jp-Notebook .jp-Cell { --jp-cell-prompt-width: 28px; }
  .jp-Notebook .jp-InputPrompt, .jp-Notebook .jp-OutputPrompt { padding: 0; font-size: 10px; }
}
`;

// When the notebook is there, and not before: JupyterLite writes down that the line is away, and to
// write while it opens its storage would leave the page without a notebook.
export async function useSmallScreen(app) {
  // Only where a notebook is a page by itself: there the line with the logo can be put away.
  const top = "application:toggle-top";
  await app.restored;
  if (!app.commands.hasCommand(top)) return;
  const low = matchMedia("(max-height: 30rem)");
  const fit = () => low.matches && app.commands.isToggled(top) && app.commands.execute(top);
  low.addEventListener("change", () => setTimeout(fit)); // turned; the page itself fits in first
  fit();
}
