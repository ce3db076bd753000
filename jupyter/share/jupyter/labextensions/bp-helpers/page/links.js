// On the site a notebook that is a page by itself is opened by its address. JupyterLite would ask for
// a list of files in a new tab, to be led on from there; the site has no such list.

import { newestVersions } from "./copies.js";

const LINK = "a[data-commandlinker-command='application:handle-local-link']"; // of Notebook's alone

export function followLinks(app) {
  if (!newestVersions()) return;
  addEventListener("click", (event) => {
    const address = addressOf(event.target.closest?.(LINK));
    if (!address) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.shiftKey) open(address, "_blank", "noopener");
    else go(app, address);
  }, true); // before JupyterLab's own listener, which sits on the body
}

function addressOf(link) {
  const { path, id } = JSON.parse(link?.dataset.commandlinkerArgs ?? "{}");
  if (!path?.endsWith(".ipynb")) return undefined;
  const address = new URL("index.html", location.href);
  address.searchParams.set("path", path);
  address.hash = id ?? "";
  return address.href;
}

async function go(app, address) {
  const context = app.shell.currentWidget?.context;
  if (context?.model.dirty) await context.save().catch(() => undefined); // then the browser asks
  location.href = address;
}
