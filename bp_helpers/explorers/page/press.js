// A press does not overtake what a hand has just moved. Of a slider's moves ipywidgets sends one at a
// time, each when the kernel is done with the last, but a press at once: the last move would come
// after a Reset and undo it. So a press waits until the kernel's picture is of all the moves.

const PATIENCE = 5000; // ms: then it goes all the same, as when the picture could not be drawn

function letPressesWait(model, el, hand) {
  let waiting = []; // buttons, in the order in which they were pressed
  let late; // a timer
  let isGoing = false;
  const go = () => {
    clearTimeout(late);
    const pressed = waiting;
    waiting = [];
    isGoing = true;
    for (const button of pressed) button.click();
    isGoing = false;
  };
  const press = (event) => {
    const button = event.target.closest?.("button");
    if (isGoing || !button || el.contains(button) || !boxOf(el)?.contains(button)) return;
    if (!waiting.length && isFollowed(model, el, hand)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    if (!waiting.length) late = setTimeout(go, PATIENCE);
    waiting.push(button);
  };
  const follow = () => waiting.length && isFollowed(model, el, hand) && go();
  model.on("change", follow);
  document.addEventListener("click", press, true);
  return () => {
    clearTimeout(late);
    document.removeEventListener("click", press, true);
  };
}
