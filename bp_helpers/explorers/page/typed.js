// A number is typed: Enter takes it, Escape gives up. What is no number of the range is answered
// with a sentence, and stays to be mended.

// as a hand writes it: not as a programming language might, such as 0x1
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function newTyped(el, hand) {
  const form = document.createElement("form");
  form.className = "bp-own bp-typed";
  form.hidden = true;
  const trouble = document.createElement("div");
  trouble.setAttribute("role", "alert");
  el.append(form);
  let part;
  const close = (back) => {
    form.hidden = true;
    if (back) partCalled(el, part)?.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = [...form.querySelectorAll("input")];
    const values = fields.map(({ name, value }) => [name, numberIn(value)]);
    const wrong = values.findIndex(([name, value]) => refused(hand.all()[name], value));
    if (wrong < 0) {
      hand.change(Object.fromEntries(values));
      return close(true);
    }
    const typed = fields[wrong].value;
    const why = refused(hand.all()[fields[wrong].name], values[wrong][1]);
    trouble.textContent = `${typed ? `"${typed}"` : "Nothing"} ${why}`;
    fields[wrong].setAttribute("aria-invalid", "true");
    fields[wrong].select();
    placeBeside(form, partCalled(el, part), el);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
    if (event.key === "Enter") {
      event.preventDefault(); // by itself it submits a form of one field, and none of two
      form.requestSubmit();
    }
    event.stopPropagation(); // the picture has no part in it
  });
  form.addEventListener("focusout", ({ relatedTarget }) => {
    if (!form.hidden && !form.contains(relatedTarget)) close(false);
  });
  return (held, grips) => {
    part = called(held);
    trouble.textContent = "";
    form.replaceChildren(...grips.map(({ name }) => fieldOf(name, hand)), trouble);
    form.hidden = false;
    placeBeside(form, held, el);
    form.querySelector("input").select();
  };
}

function fieldOf(name, hand) {
  const { label: called, low, high } = hand.all()[name];
  const label = document.createElement("label");
  const field = document.createElement("input");
  Object.assign(field, { name, type: "text", inputMode: "text", size: 9, autocomplete: "off" });
  field.value = String(hand.valueOf(name));
  const what = document.createElement("span");
  what.textContent = `${called}, ${written(low)} to ${written(high)}:`;
  label.append(what, field);
  return label;
}

function numberIn(text) {
  const plain = text.trim().replace("\u2212", "-").replace(",", ".");
  return DECIMAL.test(plain) ? Number(plain) : NaN;
}

function refused(hand, value) {
  // Why it cannot be, as the end of a sentence, and what to type; nothing if it can.
  const { low, high, options } = hand;
  const ask = options
    ? `type one of ${options.map(written).join(", ")}.`
    : `type one from ${written(low)} to ${written(high)}.`;
  if (!Number.isFinite(value)) return `is no number: ${ask}`;
  if (options ? !options.includes(value) : value < low || value > high)
    return `cannot be set here: ${ask}`;
  return undefined;
}
