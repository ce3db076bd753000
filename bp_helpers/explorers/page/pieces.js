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
  const all = [...el.querySelectorAll(":scope > :not(.bp-own), :scope > :not(.bp-own) *")];
  if (pieces.filter(opens).length !== all.length) return undefined;
  let k = 0;
  return pieces.map((piece) => (opens(piece) ? all[k++] : undefined));
}
