// A slider that lies along an axis of the first picture is as long as that, also where a narrow
// window makes the picture smaller (`slider_along` in Python). Where there is no room for that, as
// beside a picture that scrolls sideways, it is a slider like the others (view.css).

function letSlidersLieAlong(el) {
  const fit = () => {
    const svg = el.querySelector(":scope > svg");
    if (!svg || !boxOf(el)) return;
    const box = boxOf(el);
    const scale = svg.getBoundingClientRect().width / svg.getAttribute("width");
    box.style.setProperty("--bp-scale", scale);
    for (const slider of box.querySelectorAll(".bp-along")) {
      slider.classList.remove("bp-free");
      const isTooLong = slider.getBoundingClientRect().right > box.getBoundingClientRect().right;
      slider.classList.toggle("bp-free", isTooLong);
    }
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(el);
  return () => sizes.disconnect();
}
