// What a screen reader says when it has nothing else to say: the step that was reached, the number
// that was chosen and where it comes from, and what a move has led to, once the hand rests. It says
// that only of the output in which the focus is: a cell may move what another one shows.

const REST = 400; // ms without other news; a screen reader also knows of the region by then

function newHeard(el) {
  const isHere = () => {
    const output = el.closest(".jp-OutputArea-output") ?? document.body;
    return output.contains(document.activeElement);
  };
  let region;
  let latest = "";
  let waiting;
  return {
    say(text) {
      if (!text || text === latest) return;
      latest = text;
      if (!region) {
        region = document.createElement("div");
        region.className = "bp-own bp-heard";
        region.setAttribute("role", "status");
        el.append(region);
      }
      clearTimeout(waiting);
      waiting = setTimeout(() => (region.textContent = isHere() ? latest : ""), REST);
    },
  };
}
