// A picture by keyboard. Left and Right, Home and End walk over its parts; Up and Down change the
// number of the part, with Shift by finer steps, PageUp and PageDown by ten. All four arrows move a
// point. Enter chooses, and lets a number be typed; Space chooses.

const WALK = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
const ROWS = { ArrowUp: -8, ArrowDown: 8 }; // on paper of 8 by 8
const CHANGE = {
  ArrowUp: ["y", 1],
  ArrowDown: ["y", -1],
  ArrowRight: ["x", 1],
  ArrowLeft: ["x", -1],
  PageUp: ["y", 10],
  PageDown: ["y", -10],
};

function letKeysMove(el, hand, range, { choose, type }) {
  const walk = (part, by) => {
    const parts = [...part.ownerSVGElement.querySelectorAll("[tabindex]")];
    const at = Math.min(Math.max(parts.indexOf(part) + by, 0), parts.length - 1);
    for (const one of parts) one.setAttribute("tabindex", one === parts[at] ? "0" : "-1");
    parts[at].focus();
  };
  const change = (part, grips, key, fine) => {
    const [along, steps] = CHANGE[key];
    const grip = grips.length > 1 ? grips.find((one) => one.along === along) : grips[0];
    const { name } = grip;
    hand.change({ [name]: stepped(hand.all()[name], hand.valueOf(name), steps, fine) });
    range.show(part, { [name]: hand.valueOf(name) });
  };
  el.addEventListener("keydown", (event) => {
    const part = partOf(event.target);
    if (!part || event.ctrlKey || event.altKey || event.metaKey) return;
    const grips = gripsOf(part, hand.all());
    const isPoint = grips.some((grip) => grip.per !== undefined);
    const { key } = event;
    if (key === "Enter" || key === " ") {
      choose(part);
      if (key === "Enter" && grips.length) type(part, grips);
    } else if (key in CHANGE && grips.length && (isPoint || !(key in WALK)))
      change(part, grips, key, event.shiftKey);
    else if (key in WALK) walk(part, WALK[key]);
    else if (part.dataset.paint && key in ROWS) walk(part, ROWS[key]);
    else return;
    event.preventDefault();
  });
  el.addEventListener("focusout", () => range.hide());
  el.addEventListener("focusin", () => oneStopEach(el)); // a click has put the focus elsewhere
}
