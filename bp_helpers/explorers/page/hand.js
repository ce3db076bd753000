// What a hand has changed, and the kernel: one message at a time is on its way, as with a slider.

function newHand(model) {
  let told = {}; // what the kernel has not answered yet
  let count = 0;
  let changes = () => {}; // is told the names of the numbers
  model.on("change:answered", () => {
    if (model.get("answered") >= count) told = {};
  });
  return {
    all: () => model.get("hands") ?? {},
    valueOf: (name) => told[name] ?? model.get("hands")[name].value,
    toldOnly: (name) => Object.keys(told).every((other) => other === name),
    onChange: (callback) => (changes = callback),
    change(values) {
      if (Object.entries(values).every(([name, value]) => this.valueOf(name) === value)) return;
      changes(Object.keys(values));
      told = { ...told, ...values };
      count = Math.max(count, model.get("answered")) + 1;
      model.set("moved", { count, values: told });
      model.save_changes();
    },
  };
}
