// A small sign at the number in the hand: what it is, and where that is between its ends.

function newRange(el, hand) {
  const sign = document.createElement("div");
  sign.className = "bp-own bp-range";
  sign.ariaHidden = "true"; // the part itself says the same to a screen reader
  sign.hidden = true;
  el.append(sign);
  return {
    show(part, values) {
      const hands = hand.all();
      const lines = Object.entries(values).map(([name, value]) => lineOf(value, hands[name]));
      sign.replaceChildren(...lines);
      sign.hidden = false;
      placeBeside(sign, part, el);
    },
    hide() {
      sign.hidden = true;
    },
  };
}

function lineOf(value, { label, low, high, options }) {
  const line = document.createElement("div");
  const [what, from, track, place, to] = ["b", "span", "i", "i", "span"].map((tag) =>
    document.createElement(tag)
  );
  what.textContent = `${label} = ${inWords(value)}`;
  [from.textContent, to.textContent] = [inWords(low), inWords(high)];
  const share = options // which lie on a slider as far apart from one another
    ? options.indexOf(value) / (options.length - 1)
    : (value - low) / (high - low);
  place.style.left = `${100 * share}%`;
  track.append(place);
  line.append(what, from, track, to);
  return line;
}

function placeBeside(own, part, el) {
  // Above the part, or below it where there is no room above, and within the view's width. Over the
  // upper end of a long part where there is none below either. Never under the bars that stay in
  // sight above and below (stay.js).
  const [view, box, size] = [el, part, own].map((each) => each.getBoundingClientRect());
  const zoom = view.width / el.offsetWidth; // of a page that is enlarged by its style
  const left = box.left - view.left + box.width / 2 - size.width / 2;
  const bar = (name) => boxOf(el).querySelector(`.${name}.bp-stay`)?.getBoundingClientRect();
  const first = Math.max(view.top, bar("bp-buttons")?.bottom ?? view.top);
  const last = Math.min(view.bottom, bar("bp-controls")?.top ?? view.bottom);
  const above = box.top - size.height - 6;
  const below = box.bottom + 6;
  const hidesMiddle = first + size.height > box.top + box.height / 2;
  const isBelow = above < first && (below + size.height <= last || hidesMiddle);
  const top = isBelow ? below : Math.max(first, above);
  own.style.left = `${Math.max(0, Math.min(left, view.width - size.width)) / zoom}px`;
  own.style.top = `${(top - view.top) / zoom}px`;
}
