// What may stand in a picture: what one is made of, and nothing that acts or asks elsewhere.

const HARMLESS = new Set(("svg g title desc text tspan rect circle ellipse line polyline polygon " +
  "path image defs clipPath").split(" "));

const isHarmless = (name, value) =>
  !name.startsWith("on") && name !== "style" &&
  (!name.endsWith("href") || value.startsWith("data:image/png;"));

function clean(node) {
  // What a picture is made of stays; scripts, handlers and links out of it do not.
  for (const child of [...node.children]) {
    if (!HARMLESS.has(child.nodeName)) child.remove();
    else clean(child);
  }
  for (const { name, value } of [...node.attributes])
    if (!isHarmless(name, value)) node.removeAttribute(name);
}
