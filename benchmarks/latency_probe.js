// Runs in the page, before its own scripts. All times are performance.now() of the page, in ms.
// What came in: the time of each key press or move of the mouse, and the slider's value after it.
// What went out: each value that the picture shows, and when the frame with it had been painted.
(() => {
  const probe = (window.probe = { inputs: [], paints: [] });
  let eventTime = 0, lastShown = null, painted = [];

  for (const kind of ["keydown", "mousemove"])
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
    new MutationObserver(() => {
      probe.inputs.push({ value: Number(handle.getAttribute("aria-valuetext")), time: eventTime });
    }).observe(handle, { attributeFilter: ["aria-valuetext"] });
    look();
  };

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

  // Moves the handle to and fro, once a frame, then lets go: the age of each picture when it was
  // painted, from half a second after the touch, and how long after the last move the picture of
  // the last value came.
  probe.drag = async (seconds) => {
    const base = probe.handle.closest(".noUi-base").getBoundingClientRect();
    const at = probe.handle.getBoundingClientRect();
    const y = at.y + at.height / 2;
    const send = (kind, x, target, buttons) =>
      target.dispatchEvent(new MouseEvent(kind,
        { bubbles: true, cancelable: true, view: window, clientX: x, clientY: y, buttons }));
    const place = (t) => base.x + base.width * (0.5 + 0.4 * Math.sin(2.5 * t + 0.3));
    const [firstInput, firstPaint] = [probe.inputs.length, probe.paints.length];
    send("mousedown", at.x + at.width / 2, probe.handle, 1);
    const start = performance.now();
    for (let t = 0; t < seconds; t = (performance.now() - start) / 1000) {
      send("mousemove", place(t), document.documentElement, 1);
      await new Promise(requestAnimationFrame);
    }
    const paintsWhileDragging = probe.paints.length;
    send("mousemove", place(seconds + 0.2), document.documentElement, 1);
    await sleep(0);
    const settled = await probe.latency();
    send("mouseup", place(seconds + 0.2), document.documentElement, 0);
    const inputs = probe.inputs.slice(firstInput);
    const pictures = probe.paints
      .slice(firstPaint, paintsWhileDragging)
      .filter((paint) => paint.time > start + 500)
      .flatMap((paint) => ageOf(paint, inputs));
    return { pictures, settled, moves: inputs.length };
  };
})();
