// What a hand has changed, and the kernel: one message at a time is on its way, as with a slider.

function newHand(model) {
  let told = {}; // what the kernel has not answered yet
  let count = 0;
  model.on("change:answered", () => {
    if (model.get("answered") >= count) told = {};
  });
  return {
    all: () => model.get("hands") ?? {},
    valueOf: (name) => told[name] ?? model.get("hands")[name].value,
    change(values) {
      if (Object.entries(values).every(([name, value]) => this.valueOf(name) === value)) return;
      told = { ...told, ...values };
      count = Math.max(count, model.get("answered")) + 1;
      model.set("moved", { count, values: told });
      model.save_changes();
    },
  };
}
