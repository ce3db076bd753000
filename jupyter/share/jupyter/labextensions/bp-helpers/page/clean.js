// JupyterLab writes the kernel's name and its Python's version into a notebook as soon as it is
// opened, and then asks whether to save. Where nothing else has changed, there is no such question.

const WRITTEN_BY_ITSELF = new Set(["kernelspec", "language_info"]);

export function keepClean(context) {
  const { model } = context;
  let waiting = false;
  model.metadataChanged.connect((_, { key }) => {
    if (!WRITTEN_BY_ITSELF.has(key) || model.dirty || waiting) return;
    waiting = true;
    queueMicrotask(() => {
      waiting = false;
      model.dirty = false; // the model marks itself after it has told of the change
    });
  });
}
