// The landing page moves without Python: the explorers' page code gets a model that answers with
// pictures which the build has drawn (bake.py). One number at a time is away from its start.

import { framePieces, newClock, newFrames, render } from "./explorer.js";

const here = import.meta.url;
const MOMENT = 300; // ms: what is fetched ahead does not hold up a picture

export function bakedModel({ start, choices, series }, onPlay) {
  const listeners = { change: [], "change:answered": [] };
  const withChosen = (name) => {
    const tags = start.split("<");
    for (const [from, to, now] of choices[name]?.edits ?? []) tags.splice(from, to - from, ...now);
    return tags.join("<");
  };
  const ways = {}; // the pictures along the way of each number, once it is moved
  const wayOf = (name) => {
    if (!(name in ways)) {
      ways[name] = newFrames();
      ways[name].add([startingAt(withChosen(name)), ...series[name].groups]);
    }
    return ways[name];
  };
  const handsWith = (moved, value) =>
    Object.fromEntries(
      Object.entries(series).map(([name, { hand }]) => [
        name,
        name === moved ? { ...hand, value } : hand,
      ])
    );

  const state = { svg: start, shown: "start", said: "", hands: handsWith(), answered: 0, pace: 0 };
  let moved; // the number that is away from its start
  const become = (changes) => {
    Object.assign(state, changes);
    for (const event of ["change:answered", "change"]) for (const tell of listeners[event]) tell();
    onPlay();
  };
  const choose = (name) => {
    if (!(name in choices) || name === moved || name === `d${moved}`) return; // chosen, and stays
    moved = undefined;
    const { said } = choices[name];
    become({ svg: withChosen(name), shown: `chosen=${name}`, said, hands: handsWith() });
  };
  const follow = ({ count, values }) => {
    // A point has two numbers: the one that went farther is followed.
    const way = (name) => Math.abs(values[name] - series[name].hand.value);
    [moved] = Object.keys(values).sort((a, b) => way(b) - way(a));
    const { value, shown, svg } = wayOf(moved).nearest(values[moved]);
    become({ svg, shown, said: "", hands: handsWith(moved, value), answered: count });
  };

  return {
    get: (name) => state[name],
    set: (name, value) => (state[name] = value),
    on: (event, tell) => listeners[event]?.push(tell),
    save_changes: () => follow(state.moved),
    send: ({ chosen }) => choose(chosen),
  };
}

function startingAt(svg) {
  // The picture that frames differ from, as a group without any.
  return { base: framePieces(svg).length, svg, places: [], frames: [] };
}

function fetchAhead(files) {
  // What the first notebook needs, one after the other, while the visitor plays.
  let begun = false;
  return async () => {
    if (begun || navigator.connection?.saveData) return;
    begun = true;
    for (const file of files)
      await fetch(new URL(file, here), { priority: "low" })
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
  };
}

async function begin() {
  const el = document.querySelector(".bp-view");
  const ahead = fetchAhead(JSON.parse(el.dataset.ahead));
  const answer = await fetch(new URL(el.dataset.baked, here));
  const model = bakedModel(await answer.json(), () => setTimeout(ahead, MOMENT));
  render({ model, el }, newClock());
  document.body.classList.add("moves");
  for (const go of document.querySelectorAll("[data-go]"))
    go.addEventListener("click", () => {
      const part = el.querySelector(`[data-name="${go.dataset.go}"]`);
      model.send({ chosen: go.dataset.go });
      part.focus();
    });
}

begin();
