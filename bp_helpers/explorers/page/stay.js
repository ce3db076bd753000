// While a picture is scrolled, the controls below it stay at the end of the window, and the buttons
// above it at its start, as long as that leaves half of the window to the picture.

const MOST_OF_WINDOW = 0.5;

function letControlsStay(el) {
  const fit = () => {
    const box = boxOf(el);
    const window = box?.closest(".jp-WindowedPanel-outer") ?? document.documentElement;
    sizes.observe(window);
    let room = MOST_OF_WINDOW * window.clientHeight;
    for (const name of ["bp-controls", "bp-buttons"]) {
      const bar = box?.querySelector(`.${name}`);
      if (!bar) continue;
      sizes.observe(bar);
      room -= bar.offsetHeight;
      bar.classList.toggle("bp-stay", room >= 0);
    }
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(el);
  return () => sizes.disconnect();
}
