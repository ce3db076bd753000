// A stroke over parts with `data-paint`, "1" or "0": those that it crosses become what the first
// one became. Each is chosen, once; what that changes is the kernel's business.

function letPaint(el, model) {
  let wanted; // while the pointer is down
  let crossed;
  const paint = (part) => {
    if (!part || crossed.has(part.dataset.name)) return;
    crossed.add(part.dataset.name);
    if (part.dataset.paint !== wanted) model.send({ chosen: part.dataset.name });
  };
  const below = ({ clientX, clientY }) =>
    document.elementFromPoint(clientX, clientY)?.closest("[data-paint]");
  el.addEventListener("pointerdown", (event) => {
    const part = event.target.closest("[data-paint]");
    if (!part || event.button !== 0) return;
    wanted = part.dataset.paint === "1" ? "0" : "1";
    crossed = new Set();
    paint(part);
    part.releasePointerCapture?.(event.pointerId); // a finger's stroke goes on to the next one
    event.preventDefault(); // no text is selected
  });
  el.addEventListener("pointermove", (event) => {
    if (wanted !== undefined && event.buttons) paint(below(event));
  });
  const keepFinger = (event) => wanted !== undefined && event.preventDefault(); // nothing scrolls
  el.addEventListener("touchmove", keepFinger, { passive: false });
  for (const end of ["pointerup", "pointercancel", "pointerleave"])
    el.addEventListener(end, () => (wanted = undefined));
}
