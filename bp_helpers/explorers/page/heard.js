// What a screen reader says when it has nothing else to say: the step that was reached, the number
// that was chosen and where it comes from.

function newHeard(el) {
  const region = document.createElement("div");
  region.className = "bp-own bp-heard";
  region.setAttribute("role", "status");
  el.append(region);
  return {
    say(text) {
      if (text !== undefined && region.textContent !== text) region.textContent = text;
    },
  };
}
