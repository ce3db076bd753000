// A slider that lies along an axis of the first picture becomes shorter with it in a narrow window:
// its width, from the kernel, is that of the picture at full size, times this share.

function letSlidersFollow(el) {
  const fit = () => {
    const svg = el.querySelector(":scope > svg");
    const share = svg ? svg.clientWidth / svg.getAttribute("width") : 1;
    boxOf(el)?.style.setProperty("--bp-share", share);
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(el);
  return () => sizes.disconnect();
}
