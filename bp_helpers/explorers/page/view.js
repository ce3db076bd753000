// Shows SVG text by changing only what differs, and reports what a hand does to its parts: which
// was chosen, which number was changed. It knows nothing of networks. `svg` is one picture or
// several, one after the other.

const namesOf = (hands) => Object.keys(hands ?? {}).join();

function render({ model, el }, clock) {
  el.classList.add("bp-view");
  const hand = newHand(model);
  const range = newRange(el, hand);
  const stepper = newStepper(el, hand);
  const heard = newHeard(el);
  let pieces, elements; // of the picture that is shown: its text, and what each tag became
  const letTravel = newTravel(el, model);
  let last; // the picture that is shown, and what a hand can change in it
  const draw = (svg, shown, hands) => {
    if (svg === last?.svg && shown === last.shown && hands === last.hands) return;
    const held = el.contains(document.activeElement) && partOf(document.activeElement);
    const focused = held ? called(held) : undefined;
    const areOthers = namesOf(hands) !== namesOf(last?.hands);
    if (areOthers) elements = undefined; // what was said of a number that a hand had is taken back
    if (areOthers || svg !== last?.svg) bringOver(svg);
    for (const part of el.querySelectorAll(PART)) sayWhatCanBeChanged(part, hands);
    if (focused !== undefined && focused !== called(document.activeElement))
      partCalled(el, focused)?.focus();
    oneStopEach(el);
    el.querySelectorAll(":scope > svg").forEach(sayOnce);
    letTravel();
    stepper.refresh();
    el.dataset.shown = shown;
    last = { svg, shown, hands };
  };
  const bringOver = (svg) => {
    const now = svg.split("<");
    if (!elements || !patchPieces(elements, pieces, now)) {
      const parsed = new DOMParser().parseFromString(`<g>${svg}</g>`, "image/svg+xml");
      clean(parsed.documentElement);
      patchChildren(el, document.importNode(parsed.documentElement, true));
      elements = elementsOf(el, now);
    }
    pieces = now;
    keepLegible(el);
  };
  const show = () => {
    const nearest = ahead.nearest();
    if (nearest) {
      const { frame, name, value } = nearest;
      const hands = hand.all();
      draw(frame.svg, frame.shown, { ...hands, [name]: { ...hands[name], value } });
    } else draw(model.get("svg"), model.get("shown"), hand.all());
    heard.say(model.get("said"));
  };
  const ahead = newAhead(model, el, hand, show);
  hand.onChange(ahead.moves);
  const choose = (part) => {
    if (part.dataset.name !== undefined) model.send({ chosen: part.dataset.name });
  };
  el.addEventListener("click", ({ target, detail }) => {
    const part = partAt(el, target);
    if (part?.dataset.paint && detail) return; // the stroke has chosen it
    if (!part) return;
    choose(part);
    stepper.tapped(part);
  });
  letDrag(el, hand, range);
  letPaint(el, model);
  letKeysMove(el, hand, range, { choose, type: newTyped(el, hand) });
  model.on("change", show); // once per message, however much of it changed
  show();
  const presses = letPressesWait(model, el, hand);
  const controls = [keepControlsMended(el), letControlsStay(el), letSlidersLieAlong(el)];
  const ends = [...controls, clock.seenIn({ model, el }), ahead.end, stepper.end, presses];
  return () => ends.forEach((end) => end());
}

export default () => {
  const clock = newClock(); // one for each picture, however many views it has
  return { initialize: clock.initialize, render: (view) => render(view, clock) };
};
