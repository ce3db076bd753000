// On the site a notebook that is a page by itself is opened by its address. JupyterLite would ask for
// a list of files in a new tab, to be led on from there; the site has no such list. And its pages
// beside the notebooks, as the glossary, are no files for JupyterLab to open.

import { newestVersions } from "./site.js";

const LINK = "a[data-commandlinker-command='application:handle-local-link']"; // of Notebook's alone
const LOCAL = "a[data-commandlinker-args]";

export function followLinks(app) {
  if (!newestVersions()) return;
  for (const event of ["pointerover", "focusin", "click"])
    addEventListener(event, ({ target }) => leadToPage(target.closest?.(LOCAL)), true);
  addEventListener("click", (event) => {
    const address = addressOf(event.target.closest?.(LINK));
    if (!address) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.shiftKey) open(address, "_blank", "noopener");
    else go(app, address);
  }, true); // before JupyterLab's own listener, which sits on the body
}

function leadToPage(link) {
  const { path, id } = named(link);
  if (!path?.endsWith(".html")) return;
  const address = new URL(`../${path}`, location.href);
  address.hash = id ?? "";
  Object.assign(link, { href: address.href, target: "_blank", rel: "noopener" });
  for (const name of ["commandlinkerCommand", "commandlinkerArgs"]) delete link.dataset[name];
}

const named = (link) => JSON.parse(link?.dataset.commandlinkerArgs ?? "{}");

function addressOf(link) {
  const { path, id } = named(link);
  return path?.endsWith(".ipynb") ? addressOfNotebook(path, id) : undefined;
}

function addressOfNotebook(path, id = "") {
  const address = new URL("index.html", location.href);
  address.searchParams.set("path", path);
  address.hash = id;
  return address.href;
}

export function openNotebook(app, path) {
  // A notebook that is a page by itself has no room for another.
  if (app.commands.hasCommand("application:toggle-top")) return go(app, addressOfNotebook(path));
  return app.commands.execute("docmanager:open", { path, factory: "Notebook" });
}

async function go(app, address) {
  const context = app.shell.currentWidget?.context;
  if (context?.model.dirty) await context.save().catch(() => undefined); // then the browser asks
  location.href = address;
}
