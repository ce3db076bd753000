// On the site the address of a notebook may end in a heading, as the links of its glossary do.
// JupyterLab goes there by itself; JupyterLite forgets the address before the notebook has come.
// Cells come one after the other: it waits for the heading's, unless a hand is quicker.

const named = new URLSearchParams(location.search).get("path"); // only in JupyterLite's addresses
const heading = decodeURIComponent(location.hash.slice(1));
const HANDS = ["wheel", "pointerdown", "touchstart", "keydown"];
const MOMENT = 100; // ms
let gone = !named || !heading; // opened again, the notebook begins at its start

export function goToSection({ content }, context) {
  if (gone || context.path !== named) return;
  gone = true;
  const looking = setInterval(() => {
    const found = content.node.querySelector(`[id="${CSS.escape(heading)}"]`);
    if (!found) return;
    stop();
    const at = content.widgets.findIndex(({ node }) => node.contains(found));
    content.activeCellIndex = at;
    // A heading that a prediction covers has no place: its cell is right below the question.
    const place = found.checkVisibility() ? found : content.widgets[at].node;
    place.scrollIntoView({ block: "center" });
  }, MOMENT);
  const stop = () => {
    clearInterval(looking);
    for (const event of HANDS) removeEventListener(event, stop, true);
  };
  for (const event of HANDS) addEventListener(event, stop, true);
}
