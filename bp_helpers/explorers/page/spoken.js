// What a screen reader says of a picture as the focus comes into it: its name, then the part that
// has the focus. Of its words those are left out that its parts say; whoever reads on hears them
// there. A browser would also say the description, with all of the words once more.

const LETTER = /^[\u00b7a-zA-Z]$/; // beside a number, which has its own name, or in its place

function sayOnce(picture) {
  picture.setAttribute("aria-description", "");
  if (picture.getAttribute("role") !== "group") return;
  if (picture.getAttribute("aria-label") === labels.get(picture)?.given) return; // nothing is new
  const parts = [...picture.querySelectorAll(PART)];
  const given = nameWithout(picture, parts);
  labels.set(picture, { given });
  setAttributes(picture, { "aria-label": given });
  for (const text of picture.querySelectorAll("text"))
    if (!text.closest(PART))
      setAttributes(text, { "aria-hidden": LETTER.test(text.textContent) ? "true" : null });
}

function nameWithout(picture, parts) {
  const [title, words] = ["title", "desc"].map((tag) => picture.querySelector(tag)?.textContent);
  const said = new Set(parts.flatMap((part) => ownLabel(part)?.split("; ") ?? []));
  const arrays = new Set(parts.flatMap(({ dataset: { name } }) => /^(.+)\[/.exec(name)?.[1] ?? []));
  const isRow = (text) => arrays.has(/^(\w+):? [\u2212\d]/.exec(text)?.[1]);
  const lines = (words ?? "").split("\n").filter((line) => !/^\w+:/.test(line) || !isRow(line));
  const sentences = lines
    .flatMap((line) => line.replace(/\.$/, "").split(". "))
    .map((one) => one.split("; ").filter((item) => !said.has(item) && !isRow(item)).join("; "));
  return [title, ...sentences].filter(Boolean).join(". ");
}
