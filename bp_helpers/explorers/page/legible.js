// How small a picture may become: a narrow window makes it smaller, as far as its numbers can be
// read, and then it scrolls sideways. Pictures stand side by side as long as that is so.

const LEAST = 0.77; // of its width: letters of 13 pixels have 10 then

function keepLegible(el) {
  for (const svg of el.querySelectorAll(":scope > svg")) {
    const width = svg.getAttribute("width");
    if (svg.style.getPropertyValue("--bp-width") === `${width}px`) continue;
    svg.style.setProperty("--bp-width", `${width}px`);
    svg.style.setProperty("--bp-grow", width); // all become larger by the same share
    svg.style.setProperty("--bp-least", `${Math.round(LEAST * width)}px`);
  }
}
