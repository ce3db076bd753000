// What ran since the notebook was saved is not in its file: after the page is loaded again, an old
// picture would stand where the kernel still has the explorer. So the browser's tab remembers which
// widget each output showed last, and the source it came from: where a change of the source was
// lost with the page, so is what it had made.

export const LIVE = "application/vnd.jupyter.widget-view+json";
// How an explorer and a prediction begin in words.
export const LIVE_ONCE_RUN = /^(Controls: |Predict\. )/;

const keyOf = (path, cell, k) => `bp-helpers:live:${path}:${cell.id}:${k}`;

export function rememberLive({ model, path }, output) {
  for (const [cell, k, each] of outputsOf(model)) {
    if (each !== output) continue;
    const remembered = [cell.sharedModel.getSource(), output.data[LIVE].model_id];
    sessionStorage.setItem(keyOf(path, cell, k), JSON.stringify(remembered));
  }
}

// Put the widgets that the kernel still has in the place of what the file has there; returns which.
export function putBackUnsaved({ model, path }, modelsInKernel) {
  const found = [];
  const { dirty } = model;
  for (const [cell, k, output] of outputsOf(model)) {
    const [source, id] = JSON.parse(sessionStorage.getItem(keyOf(path, cell, k)) ?? "[]");
    if (source !== cell.sharedModel.getSource() || !(id in modelsInKernel)) continue;
    if (!LIVE_ONCE_RUN.test(output.data["text/plain"])) continue;
    found.push(id);
    const stored = output.toJSON();
    const data = { ...stored.data, [LIVE]: { version_major: 2, version_minor: 0, model_id: id } };
    if (output.data[LIVE]?.model_id !== id) cell.outputs.set(k, { ...stored, data });
  }
  model.dirty = dirty; // nobody has changed anything
  return found;
}

function outputsOf({ cells }) {
  const ofCell = (cell) =>
    Array.from({ length: cell.outputs?.length ?? 0 }, (_, k) => [cell, k, cell.outputs.get(k)]);
  return [...cells].flatMap(ofCell);
}
