// Shows SVG text by changing only what differs, and reports which named part was chosen.
// It knows nothing of networks. `svg` is one picture or several, one after the other.

function render({ model, el }, clock) {
  el.classList.add("bp-view");
  const named = (node) => node?.closest?.("[data-name]")?.dataset.name;
  let pieces, elements; // of the picture that is shown: its text, and what each tag became
  const show = () => {
    const now = model.get("svg").split("<");
    const focused = el.contains(document.activeElement) ? named(document.activeElement) : undefined;
    if (!elements || !patchPieces(elements, pieces, now)) {
      const parsed = new DOMParser().parseFromString(`<g>${model.get("svg")}</g>`, "image/svg+xml");
      clean(parsed.documentElement);
      patchChildren(el, document.importNode(parsed.documentElement, true));
      elements = elementsOf(el, now);
    }
    pieces = now;
    if (focused && named(document.activeElement) !== focused)
      el.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus();
    el.dataset.shown = model.get("shown");
  };
  const choose = (event) => {
    const name = named(event.target);
    if (name === undefined) return;
    event.preventDefault();
    model.send({ chosen: name });
  };
  const onKey = (event) => {
    if (event.key === "Enter" || event.key === " ") choose(event);
  };
  el.addEventListener("click", choose);
  el.addEventListener("keydown", onKey);
  model.on("change", show); // once per message, however much of it changed
  show();
  const ends = [keepControlsMended(el), clock.seenIn({ model, el })];
  return () => ends.forEach((end) => end());
}

export default () => {
  const clock = newClock(); // one for each picture, however many views it has
  return { initialize: clock.initialize, render: (view) => render(view, clock) };
};
