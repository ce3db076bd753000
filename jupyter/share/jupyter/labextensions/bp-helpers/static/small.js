// A phone's screen: text as large as elsewhere on a phone, code and outputs from edge to edge, and
// no line on top that nobody needs there.

export const smallStyle = `
@media (max-width: 40rem) {
  .jp-Notebook .jp-MarkdownOutput { font-size: 16px; }
  .jp-Notebook .jp-Cell { --jp-cell-prompt-width: 28px; }
  .jp-Notebook .jp-InputPrompt, .jp-Notebook .jp-OutputPrompt { padding: 0; font-size: 10px; }
}
`;

export async function useSmallScreen(app) {
  // Only where a notebook is a page by itself: there the line with the logo can be put away.
  const top = "application:toggle-top";
  await app.restored;
  const isLow = matchMedia("(max-height: 30rem)").matches;
  if (isLow && app.commands.hasCommand(top) && app.commands.isToggled(top))
    await app.commands.execute(top);
}
