// Runs in the page, before its own scripts. All times are performance.now() of the page, in ms.
// What came in: the time of each key press or move of the mouse, and the value in the hand after it:
// that of a slider, or of a number in a picture, as the sign beside it says.
// What went out: each value that the picture shows, and when the frame with it had been painted.
(() => {
  const probe = (window.probe = { inputs: [], paints: [] });
  let eventTime = 0, lastShown = null, painted = [];

  for (const kind of ["keydown", "mousemove", "pointermove"])
    addEventListener(kind, (event) => (eventTime = event.timeStamp), true);

  // A task that was posted while a frame was made runs after that frame was painted.
  const afterPaint = new MessageChannel();
  afterPaint.port1.onmessage = () => {
    const time = performance.now();
    painted.forEach((value) => probe.paints.push({ value, time }));
    painted = [];
  };

  probe.attach = (root, handle, shown) => {
    const look = () => {
      const value = shown(root);
      if (value === null || value === lastShown) return;
      lastShown = value;
      requestAnimationFrame(() => {
        painted.push(value);
        afterPaint.port2.postMessage(null);
      });
    };
    const everything = { attributes: true, childList: true, characterData: true, subtree: true };
    new MutationObserver(look).observe(root, everything);
    root.addEventListener("load", look, true); // an image is there only when it is decoded
    probe.handle = handle;
    const sign = isSlider(handle) ? handle : root.querySelector(".bp-range");
    new MutationObserver(() => {
      const value = inHand();
      if (value !== probe.inputs.at(-1)?.value) probe.inputs.push({ value, time: eventTime });
    }).observe(sign, { attributeFilter: ["aria-valuetext"], childList: true });
    look();
  };

  const isSlider = (handle) => handle.matches(".noUi-handle");
  const inHand = () =>
    isSlider(probe.handle)
      ? Number(probe.handle.getAttribute("aria-valuetext"))
      : Number(document.querySelector(".bp-range b").textContent.split(" = ")[1].replace("\u2212", "-"));

  const same = (a, b) => Math.abs(a - b) < 1e-4;
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  // From the latest input to the paint of its value; null if that takes more than 5 seconds.
  probe.latency = async () => {
    const input = probe.inputs.at(-1);
    for (let waited = 0; waited < 5000; waited += 4) {
      const paint = probe.paints.find((p) => p.time > input.time && same(p.value, input.value));
      if (paint) return paint.time - input.time;
      await sleep(4);
    }
    return null;
  };

  // How long before the paint the hand was where its picture is, or nearest to it: back from the
  // paint to the first place from which it would only have been farther. And how far that is.
  const ageOf = (paint, inputs) => {
    const before = inputs.filter((input) => input.time < paint.time);
    const off = (k) => Math.abs(before[k].value - paint.value);
    let k = before.length - 1;
    while (k > 0 && off(k) > 1e-4 && off(k - 1) < off(k)) k -= 1;
    return k < 0 ? [] : [{ age: paint.time - before[k].time, off: off(k) }];
  };

  // Where a hand is that has a value: a slider's lies there, a number's is as far from the number as
  // the value is from its own (drag.js).
  const ACROSS = 300;
  const newPlace = (x) => {
    if (isSlider(probe.handle)) {
      const base = probe.handle.closest(".noUi-base").getBoundingClientRect();
      return (share) => base.x + base.width * share;
    }
    const [value, low, high] = ["now", "min", "max"].map((what) =>
      Number(probe.handle.getAttribute(`aria-value${what}`)));
    return (share) => x + ACROSS * (share - (value - low) / (high - low));
  };

  // Moves the hand to and fro, once a frame, then lets go: the age of each picture when it was
  // painted, from half a second after the touch, and how long after the last move the picture of
  // the last value came.
  probe.drag = async (seconds) => {
    const at = probe.handle.getBoundingClientRect();
    const [middle, y] = [at.x + at.width / 2, at.y + at.height / 2];
    const [Kind, name] = isSlider(probe.handle) ? [MouseEvent, "mouse"] : [PointerEvent, "pointer"];
    const send = (kind, x, target, buttons) =>
      target.dispatchEvent(new Kind(name + kind, {
        bubbles: true, cancelable: true, view: window, clientX: x, clientY: y, buttons, pointerId: 1,
      }));
    const whole = newPlace(middle);
    const place = (t) => whole(0.5 + 0.4 * Math.sin(2.5 * t + 0.3));
    const target = isSlider(probe.handle) ? document.documentElement : probe.handle;
    const [firstInput, firstPaint] = [probe.inputs.length, probe.paints.length];
    send("down", middle, probe.handle, 1);
    const start = performance.now();
    for (let t = 0; t < seconds; t = (performance.now() - start) / 1000) {
      send("move", place(t), target, 1);
      await new Promise(requestAnimationFrame);
    }
    const paintsWhileDragging = probe.paints.length;
    send("move", place(seconds + 0.2), target, 1);
    await sleep(0);
    const settled = await probe.latency();
    send("up", place(seconds + 0.2), target, 0);
    const inputs = probe.inputs.slice(firstInput);
    const pictures = probe.paints
      .slice(firstPaint, paintsWhileDragging)
      .filter((paint) => paint.time > start + 500)
      .flatMap((paint) => ageOf(paint, inputs));
    return { pictures, settled, moves: inputs.length };
  };
})();
