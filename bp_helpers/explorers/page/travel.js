// When a picture goes on to another step, the numbers that it uses move to what it makes of them:
// each `bp-travel` along its `data-way`, a list of points. Where motion is not wanted, none moves.

function newTravel(el, model) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let before; // the step that was shown last
  return () => {
    const step = el.querySelector("[data-step]")?.dataset.step;
    const isNew = before !== undefined && step !== undefined && step !== before;
    before = step;
    if (!isNew || still.matches) return;
    for (const one of el.querySelectorAll(".bp-travel")) travel(one, 0.8 * model.get("pace"));
  };
}

function travel(one, duration) {
  const points = one.dataset.way.split(" ").map((point) => point.split(",").map(Number));
  const lengths = points.map(([x, y], k) => k && Math.hypot(x - points[k - 1][0], y - points[k - 1][1]));
  const whole = lengths.reduce((sum, length) => sum + length, 0) || 1;
  let gone = 0;
  const places = points.map(([x, y], k) => {
    gone += lengths[k];
    return { transform: `translate(${x}px, ${y}px)`, opacity: 1, offset: Math.min(gone / whole, 1) };
  });
  one.getAnimations().forEach((earlier) => earlier.cancel());
  one.animate(places, { duration, easing: "ease-in-out" });
}
