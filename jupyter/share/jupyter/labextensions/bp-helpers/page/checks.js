// What a check answers is read aloud by a screen reader: when it comes, the focus has gone on to the
// next cell. So is the verdict on a prediction. Each notebook has one region for it from the start,
// as some screen readers miss what comes together with its region.

import { FEEDBACK } from "./cover.js";

const REST = 400; // ms without another answer: of all that run together, the last one is read
const HINT = "\nHint:"; // folded away on the card

export const checksStyle = `
.bp-checked { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;

const voices = new WeakMap(); // of notebooks

export function readAloud(notebook, text) {
  voices.get(notebook)?.(text);
}

export function sayChecks(panel) {
  const region = document.createElement("div");
  region.className = "bp-checked";
  region.setAttribute("role", "status");
  panel.node.append(region);
  let waiting;
  const say = (text) => {
    region.textContent = ""; // the same answer once more is news, too
    clearTimeout(waiting);
    waiting = setTimeout(() => (region.textContent = text), REST);
  };
  voices.set(panel.content, say);
  const come = (_, { newValues }) => {
    for (const { data } of newValues)
      if (FEEDBACK in data) say([data["text/plain"]].flat().join("").split(HINT)[0]);
  };
  const known = new WeakSet();
  const follow = () => {
    for (const { model } of panel.content.widgets) {
      if (model.type !== "code" || known.has(model)) continue;
      known.add(model);
      model.outputs.changed.connect(come);
    }
  };
  follow();
  panel.content.modelContentChanged.connect(follow);
}
