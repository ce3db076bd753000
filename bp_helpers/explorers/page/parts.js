// The parts of a picture that answer a hand: those that can be chosen, by `data-name`, and those
// whose number can be changed. These are the numbers that the model's `hands` knows: by the name of
// the part, or of a point by what `data-x` and `data-y` say of its axes.

const PART = "[data-name], [data-x], [data-y]";
const partOf = (node) => node?.closest?.(PART);

function partAt(el, node) {
  // What a hand meets there: a part, or what stands for it, as a line for its label.
  const also = node?.closest?.("[data-also]")?.dataset.also;
  return also === undefined ? partOf(node) : partCalled(el, also);
}

function axisOf(text) {
  // "start0 -8 8 64 394": the number, two of its values, and the places where these are drawn; with
  // " log" the axis is logarithmic. The name alone: it is dragged sideways, and not where it is.
  if (!text) return undefined;
  const [, name, ends, isLog] = /^(.*?)((?: [-+.\de]+){4})?( log)?$/.exec(text);
  if (!ends) return { name };
  const [low, high, start, end] = ends.trim().split(" ").map(Number);
  const ways = isLog ? Math.log10(high / low) : high - low;
  return { name, unit: ways / (end - start), isLog };
}

function gripsOf(part, hands) {
  // What of a part can be changed: one number, or those of a point, each along x or y. `per` is by
  // how much one pixel across changes a point's number, and one pixel down.
  const { name, x, y, aslant } = part.dataset;
  const axes = [["x", axisOf(x)], ["y", axisOf(y)]].filter(([, axis]) => axis);
  if (!axes.length) return name in hands ? [{ name, along: "x" }] : [];
  return axes
    .filter(([, axis]) => axis.name in hands)
    .map(([along, { name, unit, isLog }]) => {
      return { name, along, per: perPixel(along, unit, aslant), isLog };
    });
}

function perPixel(along, unit, aslant) {
  if (unit === undefined && !aslant) return undefined;
  if (!aslant) return along === "x" ? { x: unit, y: 0 } : { x: 0, y: unit };
  const [x, y] = aslant.split(" ").map(Number).slice(along === "x" ? 0 : 2);
  return { x, y };
}

// By what it is found again after its picture has changed.
const called = ({ dataset: { name, x, y } }) =>
  name ?? [x, y].flatMap((axis) => axisOf(axis)?.name ?? []).join();
const partCalled = (el, name) => [...el.querySelectorAll(PART)].find((part) => called(part) === name);

// ---- What a number may become -------------------------------------------------------------------

const written = (value) =>
  String(Number.isInteger(value) ? value : Number(value.toPrecision(6))).replace("-", "\u2212");

function inWords(value) {
  // As it stands beside a slider: 10 billion.
  const words = [["trillion", 1e12], ["billion", 1e9], ["million", 1e6]];
  const [word, size] = words.find(([, size]) => Math.abs(value) >= size) ?? ["", 1];
  return `${written(value / size)} ${word}`.trim();
}

function nearest(hand, value, fine) {
  // The nearest value that the number may have; with `fine`, of its finer step.
  if (hand.options)
    return hand.options.reduce((a, b) => (Math.abs(b - value) < Math.abs(a - value) ? b : a));
  const step = fine ? hand.fine : hand.step;
  const place = hand.low + Math.round((value - hand.low) / step) * step;
  return Number(Math.min(Math.max(place, hand.low), hand.high).toPrecision(12));
}

function stepped(hand, value, steps, fine) {
  if (!hand.options) return nearest(hand, value + steps * (fine ? hand.fine : hand.step), fine);
  const upward = [...hand.options].sort((a, b) => a - b);
  const at = upward.indexOf(nearest(hand, value)) + steps;
  return upward[Math.min(Math.max(at, 0), upward.length - 1)];
}

// ---- What the page says of them -----------------------------------------------------------------

function setAttributes(part, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null) part.removeAttribute(name);
    else if (part.getAttribute(name) !== value) part.setAttribute(name, value);
  }
}

const labels = new WeakMap(); // that the page gave a part or a picture, and its own

function ownLabel(part) {
  // What the picture calls it, also where the page has given it another label since.
  const label = part.getAttribute("aria-label");
  const { given, own } = labels.get(part) ?? {};
  return label === given ? own : label;
}

function labelOf(own, names, isPoint) {
  // A point says what its numbers are, if that is not how it is called.
  if (!isPoint) return names[0];
  const others = names.filter((name) => name !== own);
  return others.length ? `${own}: ${others.join(", ")}` : own;
}

function sayWhatCanBeChanged(part, hands) {
  // To a screen reader such a number is a field with a range, and not a button. A button that is
  // pressed is then the current one. What its label has behind the value stands in a description.
  const grips = gripsOf(part, hands);
  if (!grips.length) return;
  const chosen = part.getAttribute("aria-pressed");
  if (chosen) setAttributes(part, { "aria-current": chosen === "true" ? "true" : null });
  const isPoint = grips[0].per !== undefined;
  const hand = hands[grips[0].name];
  const own = ownLabel(part) ?? "";
  const given = labelOf(own, grips.map(({ name }) => hands[name].label), isPoint);
  const [, ...behind] = isPoint || !own.includes(" = ") ? [] : own.split(", ");
  labels.set(part, { given, own });
  const said = grips.map((grip) => inWords(hands[grip.name].value)).join(", ");
  setAttributes(part, {
    role: isPoint ? "slider" : "spinbutton",
    "data-held": isPoint ? grips.map((grip) => grip.along).join("") : "number",
    "aria-pressed": null,
    "aria-label": given,
    "aria-description": behind.join(", ") || null,
    "aria-valuenow": String(hand.value),
    "aria-valuemin": String(hand.low),
    "aria-valuemax": String(hand.high),
    "aria-valuetext": said,
  });
}

function oneStopEach(el) {
  // Each picture is one stop of the Tab key: at the part where one was last, or that is chosen.
  for (const picture of el.querySelectorAll(":scope > svg")) {
    const parts = [...picture.querySelectorAll("[tabindex]")];
    const stop =
      parts.find((part) => part === document.activeElement) ??
      parts.find((part) => part.tabIndex === 0) ??
      parts.find((part) => part.matches("[aria-pressed=true], [aria-current=true]")) ??
      parts[0];
    for (const part of parts)
      setAttributes(part, { tabindex: part === stop ? "0" : "-1" });
  }
}
