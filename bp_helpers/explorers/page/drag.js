// A number is dragged sideways, a point where it is: by mouse, pen or finger. With Shift it moves a
// tenth as far, by finer steps.

const CLICK = 3; // pixels that a hand may tremble and still choose
const ACROSS = 300; // pixels from one end of a number to the other
const MOST = 4; // pixels for one step, so that a short move counts

function unitOf({ name, along, unit }, part, hands) {
  // By how much one pixel changes it.
  const { low, high, step } = hands[name];
  const matrix = part.ownerSVGElement.getScreenCTM();
  const { stride } = part.dataset; // of a part that moves with its number, step by step
  if (stride) return step / (stride * matrix.a);
  if (unit === undefined) return Math.max((high - low) / ACROSS, (step ?? 0) / MOST);
  return unit / (along === "x" ? matrix.a : matrix.d);
}

function letDrag(el, hand, range) {
  let held; // what is in the hand, from the moment when it is touched
  const move = (event) => {
    const part = partCalled(el, held.called);
    if (!part) return end(event); // another picture came, without it
    const by = { x: event.clientX - held.x, y: event.clientY - held.y };
    [held.x, held.y] = [event.clientX, event.clientY];
    const values = {};
    for (const grip of held.grips) {
      const moved = by[grip.along] * grip.pixel * (event.shiftKey ? 0.1 : 1);
      grip.exact = grip.log ? grip.exact * Math.exp(moved) : grip.exact + moved;
      values[grip.name] = nearest(grip.hand, grip.exact, event.shiftKey);
    }
    hand.change(values);
    range.show(part, values);
  };
  const end = (event) => {
    if (event.pointerId !== held?.pointer) return;
    if (held.moving) {
      range.hide();
      el.classList.remove("bp-dragging");
    }
    held = undefined;
  };
  el.addEventListener("pointerdown", (event) => {
    const part = partAt(el, event.target);
    const hands = hand.all();
    const grips = part ? gripsOf(part, hands) : [];
    if (!grips.length || event.button !== 0 || held?.moving) return;
    for (const grip of grips)
      Object.assign(grip, {
        hand: hands[grip.name],
        exact: hand.valueOf(grip.name),
        pixel: unitOf(grip, part, hands),
      });
    const { pointerId: pointer, clientX: x, clientY: y } = event;
    held = { called: called(part), grips, pointer, x, y, from: { x, y } };
  });
  el.addEventListener("pointermove", (event) => {
    if (event.pointerId !== held?.pointer) return;
    if (!(event.buttons & 1)) return end(event); // let go where nobody was told
    if (!held.moving) {
      if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < CLICK) return;
      if (event.pointerType === "touch" && !goesAlong(event)) return end(event); // it scrolls
      held.moving = true;
      el.classList.add("bp-dragging");
      el.setPointerCapture(event.pointerId); // the picture may change under the hand
    }
    move(event);
  });
  for (const ending of ["pointerup", "pointercancel"]) el.addEventListener(ending, end);
  const goesAlong = ({ clientX, clientY }) => {
    // A number is dragged sideways: a finger that goes up or down over it scrolls the page.
    const [across, down] = [clientX - held.from.x, clientY - held.from.y].map(Math.abs);
    return held.grips.some(({ unit }) => unit !== undefined) || across >= down;
  };
  const keepFinger = (event) => {
    // Chromium heeds touch-action in SVG at texts alone: here a finger's first move decides.
    if (!held) return;
    held.keeps ??= goesAlong(event.touches[0]);
    if (held.keeps) event.preventDefault();
  };
  el.addEventListener("touchmove", keepFinger, { passive: false });
  el.addEventListener("contextmenu", (event) => {
    if (!held?.moving) return;
    event.preventDefault(); // a second button: a menu would take the pointer from the hand
    event.stopPropagation();
  });
}
