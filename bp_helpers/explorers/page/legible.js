// How small a picture may become: a narrow window makes it smaller, as far as its numbers can be
// read, and then it scrolls sideways. What stands side by side in a usual window does so in a
// narrower one; on a small screen (view.css), one stands below the other. There, one becomes still
// a little smaller if it fits then, but not on a phone's, which it would not fit all the same. Where
// fingers touch, numbers stay as high as a finger needs.

const TOUCHED = matchMedia("(pointer: coarse)").matches && 1; // numbers are 24 pixels high
const LEAST = TOUCHED || 11 / 13; // of its width: letters of 13 pixels have 11 then
const ALONE = TOUCHED || 9 / 13;
const USUAL = 980; // pixels that JupyterLab leaves for an explorer in a laptop's window
const BETWEEN = 12; // pixels from one picture to the next

function keepLegible(el) {
  const pictures = [...el.querySelectorAll(":scope > svg")];
  for (const svg of pictures) {
    const width = svg.getAttribute("width");
    if (svg.style.getPropertyValue("--bp-width") === `${width}px`) continue;
    svg.style.setProperty("--bp-width", `${width}px`);
    svg.style.setProperty("--bp-grow", width); // all become larger by the same share
    svg.style.setProperty("--bp-least", `${leastOf(svg)}px`);
    svg.style.setProperty("--bp-alone", `${Math.ceil(ALONE * width)}px`);
  }
  const widest = `${widestLine(pictures.map(leastOf))}px`;
  if (el.style.getPropertyValue("--bp-line") !== widest) el.style.setProperty("--bp-line", widest);
}

const leastOf = (svg) => Math.ceil(LEAST * svg.getAttribute("width"));

function widestLine(widths) {
  // Of the lines into which pictures of these widths fall in a usual window.
  let [line, widest] = [0, 0];
  for (const width of widths) {
    const longer = line ? line + BETWEEN + width : width;
    line = longer <= USUAL ? longer : width;
    widest = Math.max(widest, line);
  }
  return widest;
}
