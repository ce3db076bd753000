// A prediction that was answered stands so in the notebook's file as well: what its cell has put
// there is the question alone.

import { readAloud } from "./checks.js";

const ASKED = /^Predict\. /; // how a prediction begins in words
const SAID = ".bp-predict.bp-answered [role=status]";

// `node` is where the widget of an output is shown.
export function keepAnswer(notebook, node, { data }) {
  if (!ASKED.test(data["text/plain"])) return;
  const keep = () => {
    const said = node.querySelector(SAID);
    if (!said) return;
    answer.disconnect();
    said.setAttribute("aria-live", "off"); // it came with its region
    if (node.contains(document.activeElement)) readAloud(notebook, said.innerText);
    write(notebook, node, said);
  };
  const answer = new MutationObserver(keep);
  answer.observe(node, { subtree: true, childList: true, attributeFilter: ["class"] });
}

function write(notebook, node, said) {
  const { model, outputArea } = notebook.widgets.find((cell) => cell.node.contains(node));
  const place = outputArea.widgets.findIndex((child) => child.node.contains(node));
  const output = model.outputs.get(place).toJSON();
  const [text, html] = ["text/plain", "text/html"].map((type) => [output.data[type]].flat().join(""));
  const words = [...said.childNodes].map((one) => one.textContent).filter(Boolean);
  const answered = `${text.split("\n")[0]}\n${words.join(" ")}`;
  if (answered === text) return; // it is there
  const [question] = html.split(/<details>|<div class="bp-answered">/);
  const told = `<div class="bp-answered">${said.innerHTML}</div>`;
  const data = { "text/plain": answered, "text/html": question + told };
  model.outputs.set(place, { ...output, data: { ...output.data, ...data } });
}
