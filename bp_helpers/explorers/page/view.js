// Shows SVG text by changing only what differs, and reports what a hand does to its parts: which
// was chosen, which number was changed. It knows nothing of networks. `svg` is one picture or
// several, one after the other.

function render({ model, el }, clock) {
  el.classList.add("bp-view");
  const hand = newHand(model);
  const range = newRange(el, hand);
  const heard = newHeard(el);
  let pieces, elements; // of the picture that is shown: its text, and what each tag became
  let last; // of what is shown, what the kernel sent
  const letTravel = newTravel(el, model);
  const show = () => {
    const sent = ["svg", "shown", "hands", "said"].map((name) => model.get(name));
    if (last?.every((value, k) => value === sent[k])) return; // a hand moved, and nothing came yet
    last = sent;
    const now = model.get("svg").split("<");
    const held = el.contains(document.activeElement) && partOf(document.activeElement);
    const focused = held ? called(held) : undefined;
    const hands = hand.all();
    if (!elements || !patchPieces(elements, pieces, now)) {
      const parsed = new DOMParser().parseFromString(`<g>${model.get("svg")}</g>`, "image/svg+xml");
      clean(parsed.documentElement);
      patchChildren(el, document.importNode(parsed.documentElement, true));
      elements = elementsOf(el, now);
    }
    pieces = now;
    keepLegible(el);
    for (const part of el.querySelectorAll(PART)) sayWhatCanBeChanged(part, hands);
    if (focused !== undefined && focused !== called(document.activeElement))
      partCalled(el, focused)?.focus();
    oneStopEach(el);
    letTravel();
    heard.say(model.get("said"));
    el.dataset.shown = model.get("shown");
  };
  const choose = (part) => {
    if (part.dataset.name !== undefined) model.send({ chosen: part.dataset.name });
  };
  el.addEventListener("click", ({ target, detail }) => {
    const part = partAt(el, target);
    if (part?.dataset.paint && detail) return; // the stroke has chosen it
    if (part) choose(part);
  });
  letDrag(el, hand, range);
  letPaint(el, model);
  letKeysMove(el, hand, range, { choose, type: newTyped(el, hand) });
  model.on("change", show); // once per message, however much of it changed
  show();
  const ends = [keepControlsMended(el), clock.seenIn({ model, el })];
  return () => ends.forEach((end) => end());
}

export default () => {
  const clock = newClock(); // one for each picture, however many views it has
  return { initialize: clock.initialize, render: (view) => render(view, clock) };
};
