// On the site a learner's notebook is a copy in this browser, which the site never replaces. At the
// notebook itself stand the ways to take it away, to start over, and to get the site's newer one.
// Nothing of a learner's is ever deleted: it is put beside first, as a notebook of its own.
//
// The site writes into each notebook which version of its sources it is, and into the page which
// version is the newest. Where the page does not say, as in JupyterLab, none of this is there.

import { openNotebook } from "./links.js";
import { newestVersions } from "./site.js";

const VERSION = "course_version";
const ABOUT =
  "What you write is kept in this browser, on this computer only: a private window forgets it, and " +
  "so does clearing the site's data. ";

export const copiesStyle = `
.bp-copies > div { display: flex; flex-wrap: wrap; gap: 4px 6px; padding: 2px 4px; }
.bp-copies button, .bp-news button {
  font: inherit; color: inherit; background: none; cursor: pointer; white-space: nowrap;
  border: 1px solid var(--jp-border-color1); border-radius: 3px; padding: 0 8px; min-height: 24px;
}
.bp-copies, .bp-news { font: var(--jp-ui-font-size1) var(--jp-ui-font-family); }
.bp-copies, .bp-news { color: var(--jp-ui-font-color1); }
.bp-news { border-left: 4px solid var(--jp-brand-color1); background: var(--jp-layout-color2); }
.bp-news > div {
  display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; padding: 6px 10px;
}
`;

// The version of these sources: FNV-1a over their text, as the site's build reckons it.
export function versionOf(cells) {
  let hash = 0x811c9dc5;
  const text = cells.map(({ source }) => [source].flat().join("")).join("\n\n");
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

export function lookAfterCopy(app, panel, context, { Widget }) {
  const versions = newestVersions();
  if (!versions) return;
  const { contents } = app.serviceManager;
  const news = barOf(Widget, "bp-news");
  news.node.setAttribute("role", "status");

  const say = (text, ...buttons) => {
    news.node.firstChild.replaceChildren(text, ...buttons);
    if (!news.isAttached) panel.contentHeader.addWidget(news);
    news.show();
  };
  const hide = () => news.hide();
  const open = (path) => openNotebook(app, path);

  const bringSites = async (keep = () => undefined) => {
    await freshen(context.path); // or nothing at all is done
    const kept = await keep();
    await contents.delete(context.path);
    await context.revert();
    return kept;
  };
  const putBesideAndBringSites = async () => {
    try {
      const kept = await bringSites(() => keepBeside(contents, context));
      const name = buttonOf(`Open ${kept}`, () => open(kept));
      await offerKept();
      say(`This is the site's notebook. What you had is kept as ${kept}. `, name, close());
    } catch ({ message }) {
      say(`Your notebook is as it was: ${message}. `, close());
    }
  };
  const close = () => buttonOf("Close", hide);
  const askToStartOver = () =>
    say(
      `Start over with the notebook as the site has it? Yours is kept beside it. ${ABOUT}`,
      buttonOf("Start over", putBesideAndBringSites),
      buttonOf("Go on with mine", hide)
    );

  const tools = barOf(Widget, "bp-copies");
  const download = buttonOf("Download my work", () => downloadNotebook(context));
  const startOver = buttonOf("Start over", askToStartOver);
  for (const one of [download, startOver]) one.title = ABOUT;
  const openKept = buttonOf("Open my earlier work", () => open(openKept.title));
  const offerKept = async () => {
    openKept.title = (await keptLast(contents, context)) ?? "";
    openKept.hidden = !openKept.title;
  };

  context.ready.then(async () => {
    const newest = versions[context.path];
    tools.node.firstChild.append(download, ...(newest ? [startOver, openKept] : []));
    await offerKept();
    if (matchMedia("(max-width: 50rem)").matches) panel.contentHeader.addWidget(tools);
    else panel.toolbar.addItem("copies", tools); // which a narrow one has no room for
    if (!newest) return; // the learner's own file
    const started = context.model.getMetadata(VERSION);
    const now = versionOf(context.model.toJSON().cells);
    if ([started, now].includes(newest)) return;
    if (started === now) return bringSites().catch(() => {}); // nothing of the learner's is in it
    say(
      "The site has a newer version of this notebook. Yours stays as it is. ",
      buttonOf("Get the newer one, keep mine beside it", putBesideAndBringSites),
      buttonOf("Not now", hide)
    );
  });
}

function barOf(Widget, name) {
  // Above a notebook a widget gets the height that its style asks for: here, what its line needs.
  const made = new Widget();
  made.addClass(name);
  made.node.dataset.lmSuppressShortcuts = "true"; // Enter and Space are for the buttons
  const line = document.createElement("div");
  made.node.append(line);
  new ResizeObserver(() => {
    made.node.style.minHeight = `${line.offsetHeight}px`;
    made.parent?.fit();
  }).observe(line);
  return made;
}

function buttonOf(text, act) {
  const made = document.createElement("button");
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

const stemOf = ({ path }) => path.replace(/\.ipynb$/, "");

// Of the notebooks put beside this one, the path of that which was changed last, if there is any.
async function keptLast(contents, context) {
  const { content } = await contents.get("").catch(() => ({ content: [] }));
  const kept = content.filter(({ path }) => path.startsWith(`${stemOf(context)}-mine`));
  const time = ({ last_modified: when }) => Date.parse(when);
  return kept.sort((a, b) => time(b) - time(a))[0]?.path;
}

async function keepBeside(contents, context) {
  const stem = stemOf(context);
  for (let k = 1; ; k++) {
    const path = `${stem}-mine${k > 1 ? `-${k}` : ""}.ipynb`;
    const isThere = await contents.get(path, { content: false }).then(() => true, () => false);
    if (isThere) continue;
    const content = context.model.toJSON();
    await contents.save(path, { type: "notebook", format: "json", content });
    return path;
  }
}

async function freshen(path) {
  // The service worker answers with its copy, which may be older than the site.
  const url = new URL(`../files/${path}`, location.href).href;
  const cache = await window.caches?.open("precache");
  const old = await cache?.match(url);
  await cache?.delete(url);
  const answer = await fetch(url, { cache: "reload" }).catch(() => undefined);
  if (answer?.ok) return;
  if (old) await cache.put(url, old);
  throw new Error(`the site cannot be reached just now (${url})`);
}

function downloadNotebook(context) {
  const text = JSON.stringify(context.model.toJSON(), null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  link.download = context.path.split("/").pop();
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
