// A slider that lies along an axis of the first picture is as long as that, also where a narrow window
// makes the picture smaller (`slider_along` in Python).

function letSlidersLieAlong(el) {
  const fit = () => {
    const svg = el.querySelector(":scope > svg");
    if (!svg || !boxOf(el)) return;
    const scale = svg.getBoundingClientRect().width / svg.getAttribute("width");
    boxOf(el).style.setProperty("--bp-scale", scale);
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(el);
  return () => sizes.disconnect();
}
