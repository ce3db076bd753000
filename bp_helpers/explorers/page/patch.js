// Brings elements over into others by changing only what differs. What the page itself has put
// beside the pictures, as the sign at a number in the hand, stays.

const isOwn = (node) => node.classList?.contains("bp-own");

function patch(old, now) {
  if (old.nodeName !== now.nodeName) return old.replaceWith(now);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== now.data) old.data = now.data;
    return;
  }
  for (const { name, value } of now.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
  patchChildren(old, now);
}

function patchChildren(old, now) {
  const before = [...old.childNodes].filter((node) => !isOwn(node));
  const after = [...now.childNodes];
  after.forEach((node, k) => (before[k] ? patch(before[k], node) : old.append(node)));
  before.slice(after.length).forEach((node) => node.remove());
}
