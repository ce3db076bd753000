// What a screen reader says when it has nothing else to say: the step that was reached, the number
// that was chosen and where it comes from.

const MOMENT = 50; // ms for a screen reader to know of the region before there is news in it

function newHeard(el) {
  let region;
  return {
    say(text) {
      if (!text || region?.textContent === text) return;
      if (!region) {
        region = document.createElement("div");
        region.className = "bp-own bp-heard";
        region.setAttribute("role", "status");
        el.append(region);
      }
      setTimeout(() => (region.textContent = text), MOMENT);
    },
  };
}
