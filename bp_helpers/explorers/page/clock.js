// The clock of what goes on by itself: a tick, the kernel's answer, and then the next tick.
// It ends with the last view of its picture, so that nothing goes on which nobody sees.

function newClock() {
  const views = new Set();
  let timer;
  const wait = (model) => {
    clearTimeout(timer);
    timer = setTimeout(() => tick(model), model.get("pace"));
  };
  const tick = (model) => {
    if (!model.get("playing")) return;
    if ([...views].some((el) => el.isConnected)) ask(model);
    else wait(model); // taken out of the page for a while, as JupyterLab does with what is far away
  };
  const ask = (model) => {
    try {
      model.send({ tick: true });
    } catch {
      // the kernel was restarted meanwhile, and nobody answers any more
    }
  };
  const stop = (model) => {
    model.set("playing", false);
    model.save_changes();
  };
  return {
    initialize({ model }) {
      if (model.get("playing")) stop(model); // it was set going in a page that is gone
      const goOn = () => model.get("playing") && wait(model);
      model.on("change:playing", goOn);
      model.on("change:ticks", goOn);
    },
    seenIn({ model, el }) {
      views.add(el);
      return () => {
        views.delete(el);
        if (!views.size && model.get("playing")) stop(model);
      };
    },
  };
}
