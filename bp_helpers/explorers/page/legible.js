// How small a picture may become: a narrow window makes it smaller, as far as its numbers can be
// read, and then it scrolls sideways. Pictures stand side by side where they are legible so; what
// does in a usual window does so in a narrower one, and becomes still a little smaller there. On a
// small screen (view.css), one stands below the other. There, one becomes that small if it fits
// then, but not on a phone's, which it would not fit all the same. Where fingers touch, numbers stay
// as high as a finger needs.

const TOUCHED = matchMedia("(pointer: coarse)").matches && 1; // numbers are 24 pixels high
const LEAST = TOUCHED || 11 / 13; // of its width: letters of 13 pixels have 11 then
const SMALLEST = TOUCHED || 9 / 13; // of a picture, or of a line of them, that fits then
const USUAL = 980; // pixels: lines that take no more, in letters of 11, stay together
const BETWEEN = 12; // pixels from one picture to the next

function keepLegible(el) {
  let widest = 0;
  for (const line of linesOf([...el.querySelectorAll(":scope > svg")])) {
    const between = BETWEEN * (line.length - 1);
    widest = Math.max(widest, between + sumOf(line, smallestOf));
    for (const svg of line) {
      const share = widthOf(svg) / sumOf(line, widthOf);
      letStyle(svg, {
        "--bp-width": `${widthOf(svg)}px`,
        "--bp-grow": `${widthOf(svg)}`, // all become larger by the same share
        "--bp-least": `${leastOf(svg)}px`,
        "--bp-smallest": `${smallestOf(svg)}px`,
        // all but a thousandth, so that no rounding brings the last one into another line
        "--bp-share": `calc(${share} * (99.9% - ${between}px))`,
      });
    }
  }
  letStyle(el, { "--bp-line": `${widest}px` });
}

const widthOf = (svg) => Number(svg.getAttribute("width"));
const leastOf = (svg) => Math.ceil(LEAST * widthOf(svg));
const smallestOf = (svg) => Math.ceil(SMALLEST * widthOf(svg));
const sumOf = (line, size) => line.reduce((sum, svg) => sum + size(svg), 0);

function linesOf(pictures) {
  // Those into which they fall in a usual window.
  const lines = [];
  for (const svg of pictures) {
    const longer = [...(lines.at(-1) ?? []), svg];
    if (lines.length && sumOf(longer, leastOf) + BETWEEN * (longer.length - 1) <= USUAL)
      lines.at(-1).push(svg);
    else lines.push([svg]);
  }
  return lines;
}

function letStyle(el, properties) {
  for (const [name, value] of Object.entries(properties))
    if (el.style.getPropertyValue(name) !== value) el.style.setProperty(name, value);
}
