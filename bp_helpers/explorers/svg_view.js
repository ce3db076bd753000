// Shows SVG text by changing only what differs, and reports which named part was chosen.
// It knows nothing of networks. `svg` is one picture or several, one after the other.

const HARMLESS = new Set(("svg g title desc text tspan rect circle ellipse line polyline polygon " +
  "path image defs clipPath").split(" "));

const isHarmless = (name, value) =>
  !name.startsWith("on") && name !== "style" &&
  (!name.endsWith("href") || value.startsWith("data:image/png;"));

function clean(node) {
  // What a picture is made of stays; scripts, handlers and links out of it do not.
  for (const child of [...node.children]) {
    if (!HARMLESS.has(child.nodeName)) child.remove();
    else clean(child);
  }
  for (const { name, value } of [...node.attributes])
    if (!isHarmless(name, value)) node.removeAttribute(name);
}

function patch(old, now) {
  if (old.nodeName !== now.nodeName) return old.replaceWith(now);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== now.data) old.data = now.data;
    return;
  }
  for (const { name, value } of now.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
  patchChildren(old, now);
}

function patchChildren(old, now) {
  const before = [...old.childNodes];
  const after = [...now.childNodes];
  after.forEach((node, k) => (before[k] ? patch(before[k], node) : old.append(node)));
  before.slice(after.length).forEach((node) => node.remove());
}

// SVG text is cut at each "<" into pieces: a tag and the text behind it. While a hand drags, the
// next picture has the same tags in the same order, and few pieces differ. Those are read here, if
// they are written as plainly as our pictures are; to parse everything takes many times as long.
const TEXT = (without) => `(?:[^<>&${without}]|&(?:amp|lt|gt|quot|#x27);)*`;
const PIECE = new RegExp(`^([a-zA-Z]+)((?: [a-zA-Z0-9:-]+="${TEXT('"')}")*)>(${TEXT("")})$`);
const ATTRIBUTE = / ([a-zA-Z0-9:-]+)="([^"]*)"/g;
const MEANT = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };
const unescaped = (text) => text.replace(/&([^;]*);/g, (_, name) => MEANT[name]);
const opens = (piece) => /^[a-zA-Z]/.test(piece);

function read(piece) {
  const [, tag, attributes, text] = PIECE.exec(piece) ?? [];
  if (!tag) return undefined;
  const pairs = [...attributes.matchAll(ATTRIBUTE)].map(([, name, value]) => [name, value]);
  return { tag, text, attributes: new Map(pairs) };
}

function patchPieces(elements, before, now) {
  // Changes what differs and returns true, or changes nothing and returns false.
  if (before.length !== now.length) return false;
  const changes = [];
  for (let k = 0; k < now.length; k++) {
    if (now[k] === before[k]) continue;
    const [from, to] = [read(before[k]), read(now[k])];
    if (!from || from.tag !== to?.tag) return false;
    changes.push([elements[k], from, to]);
  }
  for (const [element, from, to] of changes) {
    for (const [name, value] of to.attributes)
      if (from.attributes.get(name) !== value) setAttribute(element, name, unescaped(value));
    for (const name of from.attributes.keys())
      if (!to.attributes.has(name)) element.removeAttribute(name);
    if (from.text !== to.text) setText(element, unescaped(to.text));
  }
  return true;
}

function setAttribute(element, name, value) {
  if (isHarmless(name, value)) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

function setText(element, text) {
  if (element.firstChild?.nodeType === Node.TEXT_NODE) element.firstChild.data = text;
  else element.prepend(text);
}

function elementsOf(el, pieces) {
  // The element of each piece that opens one; nothing if some were cleaned out.
  const all = [...el.querySelectorAll("*")];
  if (pieces.filter(opens).length !== all.length) return undefined;
  let k = 0;
  return pieces.map((piece) => (opens(piece) ? all[k++] : undefined));
}

function mendControls(box) {
  // For screen readers ipywidgets gives the handle of a slider no name, and as its value a number
  // with all its digits or, among several choices, which one it is; and Play's buttons no name.
  for (const slider of box.querySelectorAll(".widget-slider")) {
    const said = {
      "aria-label": slider.querySelector(".widget-label").textContent,
      "aria-valuetext": slider.querySelector(".widget-readout")?.textContent.replace("\u2212", "-"),
    };
    for (const handle of slider.querySelectorAll(".noUi-handle"))
      for (const [name, text] of Object.entries(said))
        if (text && handle.getAttribute(name) !== text) handle.setAttribute(name, text);
  }
  const names = ["Play or pause", "Stop", "Repeat"];
  for (const play of box.querySelectorAll(".widget-play"))
    play.querySelectorAll("button").forEach((one, k) => one.setAttribute("aria-label", names[k]));
  // JupyterLab takes the arrow keys to go from cell to cell, but not where this stands.
  for (const list of box.querySelectorAll("select")) list.dataset.lmSuppressShortcuts = "true";
}

function keepControlsMended(el) {
  // The picture is made before it is put into the page, also far below what is on screen; the
  // controls beside it come, and change their labels, at any time.
  const changes = new MutationObserver(() => el.isConnected && mendControls(el.parentElement));
  const arrival = new MutationObserver(() => {
    if (!el.isConnected) return;
    arrival.disconnect();
    changes.observe(el.parentElement, { childList: true, subtree: true });
    mendControls(el.parentElement);
  });
  arrival.observe(document.body, { childList: true, subtree: true });
  return () => [changes, arrival].forEach((observer) => observer.disconnect());
}

function render({ model, el }) {
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
  return keepControlsMended(el);
}

export default { render };
