// A finger does not stop at an exact value. Beside a number that it has tapped stand a button for
// one step less and one for one step more; of a point, for each of its numbers.

function newStepper(el, hand) {
  const box = document.createElement("div");
  box.className = "bp-own bp-stepper";
  box.hidden = true;
  el.append(box);
  let held; // the part, and a function for each of its numbers that writes its value
  let pointer; // what touched last
  const hide = () => {
    box.hidden = true;
    held = undefined;
  };
  const refresh = () => {
    if (!held) return;
    const hands = hand.all();
    const part = partCalled(el, held.part);
    if (!part || held.lines.some(({ name }) => !(name in hands))) return hide();
    for (const { name, said } of held.lines)
      said.textContent = `${hands[name].label} = ${inWords(hand.valueOf(name))}`;
    placeBeside(box, part, el);
  };
  const lineOf = ({ name }) => {
    const { label } = hand.all()[name];
    const step = (by) => hand.change({ [name]: stepped(hand.all()[name], hand.valueOf(name), by) });
    const button = (sign, by, what) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", textContent: sign, ariaLabel: `${label}: ${what}` });
      made.addEventListener("click", (event) => {
        event.stopPropagation(); // the picture has no part in it
        step(by);
        refresh();
      });
      return made;
    };
    const line = document.createElement("div");
    const said = document.createElement("span");
    line.append(button("\u2212", -1, "one step less"), said, button("+", 1, "one step more"));
    return { name, said, line };
  };
  const touched = ({ target, pointerType }) => {
    pointer = pointerType;
    if (!box.contains(target)) hide();
  };
  document.addEventListener("pointerdown", touched, true);
  return {
    refresh,
    tapped(part) {
      const grips = gripsOf(part, hand.all());
      if (pointer !== "touch" || !grips.length) return;
      const lines = grips.map(lineOf);
      held = { part: called(part), lines };
      box.replaceChildren(...lines.map(({ line }) => line));
      box.hidden = false;
      refresh();
    },
    end: () => document.removeEventListener("pointerdown", touched, true),
  };
}
