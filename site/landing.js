// The page in front moves without Python: the explorer's own page code gets a model that answers
// with pictures which the build has drawn (bake.py). One number at a time is away from its start.

import explorer from "./explorer.js";

const here = import.meta.url;
const MOMENT = 300; // ms after which nobody waits for a picture any more

// ---- The model of what is baked -----------------------------------------------------------------

export function bakedModel({ start, choices, series }, onPlay) {
  const listeners = { change: [], "change:answered": [] };
  const begin = start.split("<");
  const bases = {}; // the picture with a number chosen, as pieces
  const startOf = (name) => series[name].hand.value;
  const handsAt = (moved, value) =>
    Object.fromEntries(
      Object.entries(series).map(([name, { hand }]) => [
        name,
        name === moved ? { ...hand, value } : hand,
      ])
    );
  const baseOf = (name) => {
    if (!(name in bases)) {
      const pieces = [...begin];
      for (const [from, to, now] of choices[name]?.edits ?? []) pieces.splice(from, to - from, ...now);
      bases[name] = pieces;
    }
    return bases[name];
  };

  const state = { svg: start, shown: "start", said: "", hands: handsAt(), answered: 0, pace: 0 };
  let at; // the number that is away from its start, and its value
  const become = (changes) => {
    Object.assign(state, changes);
    for (const event of ["change:answered", "change"]) for (const tell of listeners[event]) tell();
    onPlay();
  };
  const choose = (name) => {
    if (!(name in choices)) return;
    if (name === at?.name || name === `d${at?.name}`) return show(at.name, at.value); // it stays there
    at = undefined;
    const { said } = choices[name];
    become({ svg: baseOf(name).join("<"), shown: `chosen=${name}`, said, hands: handsAt() });
  };
  const show = (name, value, answered = state.answered) => {
    const { hand, columns } = series[name];
    const k = hand.options.indexOf(value);
    const pieces = [...baseOf(name)];
    for (const [place, texts] of Object.entries(columns)) pieces[place] = texts[k];
    at = { name, value };
    const hands = handsAt(name, value);
    become({ svg: pieces.join("<"), shown: `${name}=${value}`, said: "", hands, answered });
  };
  const follow = ({ count, values }) => {
    // A point has two numbers: the one that went farther is followed.
    const way = (name) => Math.abs(values[name] - startOf(name));
    const [name] = Object.keys(values).sort((a, b) => way(b) - way(a));
    show(name, values[name], count);
  };

  return {
    get: (name) => state[name],
    set: (name, value) => (state[name] = value),
    on: (event, tell) => listeners[event]?.push(tell),
    save_changes: () => follow(state.moved),
    send: ({ chosen }) => chosen !== undefined && choose(chosen),
  };
}

// ---- The page -----------------------------------------------------------------------------------

function linkToFitting() {
  // A small screen gets the page of one notebook, without JupyterLab's panels.
  const small = matchMedia("(max-width: 50rem), (max-height: 30rem)");
  const follow = () => {
    for (const link of document.querySelectorAll("a[href*='index.html?path=']")) {
      const app = small.matches ? "notebooks" : "lab";
      link.setAttribute("href", link.getAttribute("href").replace(/^\w+/, app));
    }
  };
  small.addEventListener("change", follow);
  follow();
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
  linkToFitting();
  const el = document.querySelector(".bp-view");
  const ahead = fetchAhead(JSON.parse(el.dataset.ahead));
  const answer = await fetch(new URL(el.dataset.baked, here));
  const model = bakedModel(await answer.json(), () => setTimeout(ahead, MOMENT));
  explorer().render({ model, el });
  document.body.classList.add("moves");
  for (const go of document.querySelectorAll("[data-go]"))
    go.addEventListener("click", () => {
      const part = el.querySelector(`[data-name="${go.dataset.go}"]`);
      model.send({ chosen: go.dataset.go });
      part.focus();
    });
}

begin();
