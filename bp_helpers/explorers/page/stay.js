// While a picture is scrolled, the controls below it stay at the end of the window, and the buttons
// above it at its start, as long as that leaves the picture half of the window, and enough to be
// used. Of controls that would take more, the one that is used stays (view.css).

const MOST_OF_WINDOW = 0.5;
const PICTURE = 180; // pixels in which one can be used

function letControlsStay(el) {
  const fit = () => {
    const box = boxOf(el);
    const window = box?.closest(".jp-WindowedPanel-outer") ?? document.documentElement;
    sizes.observe(window);
    let room = Math.min(MOST_OF_WINDOW * window.clientHeight, window.clientHeight - PICTURE);
    for (const name of ["bp-controls", "bp-buttons"]) {
      const bar = box?.querySelector(`.${name}`);
      if (!bar) continue;
      sizes.observe(bar);
      bar.classList.remove("bp-one"); // with it, the bar has no height of its own
      const fits = bar.offsetHeight <= room;
      if (fits) room -= bar.offsetHeight;
      bar.classList.toggle("bp-stay", fits);
      bar.classList.toggle("bp-one", !fits && name === "bp-controls");
    }
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(el);
  return () => sizes.disconnect();
}
