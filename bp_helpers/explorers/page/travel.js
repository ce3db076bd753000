// When a picture goes on to another step, and when Play begins, the numbers that it uses move to what
// it makes of them: each `bp-travel` along its `data-way`, a list of points. What is made is seen
// when they have come; if it is needed for more, in the next `data-phase`. Where motion is not
// wanted, none moves. When a number changes meanwhile, all is seen at once.

const MOVING = 0.8; // of the time from step to step

function newTravel(el, model) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let before; // the step that was shown last
  let said; // what was set moving
  let running = [];
  const travellers = () => [...el.querySelectorAll(".bp-travel")];
  const saidNow = () => travellers().map((one) => one.textContent).join();
  const stop = () => {
    for (const one of running) one.cancel();
    running = [];
  };
  const start = () => {
    stop();
    const moving = travellers();
    if (still.matches || !moving.length) return;
    said = saidNow();
    const phaseOf = (one) => Number(one.dataset.phase);
    const duration = (MOVING * model.get("pace")) / (1 + Math.max(...moving.map(phaseOf)));
    running = moving.map((one) => travel(one, duration, duration * phaseOf(one)));
    const ends = new Map(moving.map((one) => [one.dataset.to, duration * (1 + phaseOf(one))]));
    for (const [name, end] of ends) {
      const number = partCalled(el, name)?.querySelector("text");
      if (number) running.push(number.animate({ opacity: [0, 0] }, end));
    }
  };
  model.on("change:playing", () => model.get("playing") && start());
  return () => {
    const step = el.querySelector("[data-step]")?.dataset.step;
    const isNew = before !== undefined && step !== undefined && step !== before;
    before = step;
    if (isNew) start();
    else if (running.length && saidNow() !== said) stop();
  };
}

function travel(one, duration, delay) {
  const points = one.dataset.way.split(" ").map((point) => point.split(",").map(Number));
  const lengths = points.map(([x, y], k) => k && Math.hypot(x - points[k - 1][0], y - points[k - 1][1]));
  const whole = lengths.reduce((sum, length) => sum + length, 0) || 1;
  let gone = 0;
  const places = points.map(([x, y], k) => {
    gone += lengths[k];
    return { transform: `translate(${x}px, ${y}px)`, opacity: 1, offset: Math.min(gone / whole, 1) };
  });
  return one.animate(places, { duration, delay, easing: "ease-in-out" });
}
