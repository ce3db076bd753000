// A phone's screen: text as large as elsewhere on a phone, and no line on top that nobody needs
// there. On a tablet's, too, code and outputs begin near the edge.

export const smallStyle = `
@media (max-width: 40rem) {
  .jp-Notebook .jp-MarkdownOutput { font-size: 16px; }
  .jp-Notebook .bp-predict { --jp-widgets-font-size: 16px; } /* a question, its buttons, its answer */
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
