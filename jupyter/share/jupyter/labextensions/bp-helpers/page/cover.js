// What answers a prediction is covered until the learner has answered it, or asks to see it all the
// same: texts and outputs up to the next heading or question. It is only out of sight: nothing of
// this is in the file, every cell runs as always, and an explorer stays, to find out by hand.

const QUESTION = "predict"; // the tag of a prediction's cell
export const FEEDBACK = "application/vnd.bp-helpers.feedback+json";
// What is never covered: what can be run or dragged, and what went wrong.
const KEPT = [
  "application/vnd.jupyter.widget-view+json",
  "application/vnd.jupyter.error",
  "application/vnd.jupyter.stderr",
];
const KEPT_NODES = [".bp-live", ...KEPT.map((type) => `[data-mime-type="${type}"]`)];
const SAID = "The answer below stays covered until you have given yours. ";
const COVERED_HERE = "Covered until you have answered the question above.";

export const coverStyle = `
.bp-covered .jp-MarkdownOutput,
.bp-covered .jp-OutputArea-child:not(:has(${KEPT_NODES.join(", ")})) { display: none; }
.bp-covered.jp-CodeCell .jp-OutputArea::before {
  content: "${COVERED_HERE}";
  font: italic var(--jp-ui-font-size1) var(--jp-ui-font-family);
}
.bp-covered .jp-OutputArea::before, .bp-cover { margin-left: var(--jp-cell-prompt-width); }
.bp-cover { font: var(--jp-ui-font-size1) var(--jp-ui-font-family); padding: 4px 0 4px 10px; }
.bp-cover { color: var(--jp-ui-font-color1); border-left: 4px solid var(--jp-border-color1); }
.bp-cover button {
  font: inherit; color: inherit; background: none; border: 1px solid; border-radius: 3px;
  min-height: 26px; padding: 0 10px; cursor: pointer;
}
`;

const tagsOf = ({ model }) => model.getMetadata("tags") ?? [];
export const isQuestion = (cell) => cell.model.type === "code" && tagsOf(cell).includes(QUESTION);
const sourceOf = (cell) => cell.model.sharedModel.getSource();
function outputsOf({ model }) {
  const count = model.type === "code" ? model.outputs.length : 0;
  return Array.from({ length: count }, (_, k) => model.outputs.get(k));
}

const isEnd = (cell) =>
  cell.model.type === "markdown"
    ? /^#/.test(sourceOf(cell))
    : tagsOf(cell).includes("exercise") || outputsOf(cell).some(({ data }) => FEEDBACK in data);
const canBeCovered = (cell) =>
  cell.model.type === "markdown"
    ? !/^\*\*Try this/.test(sourceOf(cell))
    : outputsOf(cell).some(({ data }) => !KEPT.some((type) => type in data));

export function coverAnswers(notebook) {
  const shown = new WeakSet(); // the questions whose answer was asked for
  const isOpen = (cell) =>
    isQuestion(cell) &&
    !shown.has(cell) &&
    cell.model.outputs.length > 0 &&
    !cell.node.querySelector(".bp-answered");

  // Questions that follow one another at once are answered together below the last of them.
  const update = () => {
    let questions = [];
    let isBelow = true; // below the last question, and not between two
    for (const cell of notebook.widgets) {
      drawn(cell);
      if (isQuestion(cell)) {
        if (isBelow) questions = [];
        questions.push(cell);
        sayCovered(cell, isOpen(cell) && isAnything(cell));
        isBelow = false;
        continue;
      }
      isBelow = true;
      if (isEnd(cell)) questions = [];
      cell.toggleClass("bp-covered", questions.some(isOpen) && canBeCovered(cell));
    }
  };

  const isAnything = (question) => {
    const after = notebook.widgets.slice(notebook.widgets.indexOf(question) + 1);
    const below = after.slice(after.findIndex((cell) => !isQuestion(cell)));
    const end = below.findIndex((cell) => isQuestion(cell) || isEnd(cell));
    return below.slice(0, end < 0 ? undefined : end).some(canBeCovered);
  };

  const sayCovered = (cell, isCovered) => {
    const line = cell.node.querySelector(".bp-cover");
    if (line && !isCovered) line.remove();
    else if (line && line !== cell.node.lastElementChild) cell.node.append(line); // drawn since
    if (line || !isCovered) return;
    const show = document.createElement("button");
    show.textContent = "Show the answer now";
    show.addEventListener("click", () => {
      shown.add(cell);
      update();
      notebook.node.focus(); // the button is gone
    });
    const made = document.createElement("div");
    made.className = "bp-cover";
    made.append(SAID, show);
    cell.node.append(made);
  };

  const known = new WeakSet();
  const drawn = (cell) => {
    // JupyterLab draws a cell that is far away when it comes near.
    if (known.has(cell)) return;
    known.add(cell);
    cell.inViewportChanged?.connect(updateSoon);
  };

  let waiting;
  const updateSoon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (!notebook.isDisposed && notebook.model) update();
    });
  };
  // Cells come and run, a prediction appears and gets the mark of being answered.
  notebook.modelContentChanged.connect(updateSoon);
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => target.classList?.contains("bp-predict"))) updateSoon();
  }).observe(notebook.node, { subtree: true, attributeFilter: ["class"] });
  updateSoon();
}
