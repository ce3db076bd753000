// Runs in the page of a notebook before JupyterLab does. Where the course cannot start it says so in
// a sentence, and what to do. The page's own text for the case that not even this can run stands in
// starting.html, which starting.css keeps out of sight for half a minute.

(() => {
  const LAB = 45_000; // ms until somebody should be told that no page comes
  const KERNEL = 90_000; // and after that, that Python does not
  const TEACHER = "What a host must do is written in the project's site/README.md.";
  const ALLOW = `Please tell whoever runs this site. ${TEACHER}`;
  const said = new Set();
  let note;
  let started = false; // Python runs

  // What the start of Python does not refute stays when it has started.
  function say(sentence, advice, stays = false) {
    if (said.has(sentence) || (started && !stays)) return;
    said.add(sentence);
    if (!note?.isConnected) {
      note = document.createElement("div");
      note.className = "starting";
      note.setAttribute("role", "alert");
      const close = document.createElement("button");
      close.textContent = "Close";
      close.addEventListener("click", () => note.remove());
      note.append(close);
      document.body.append(note);
    }
    const text = document.createElement("p");
    text.append(`${sentence} `, advice);
    text.className = stays ? "stays" : "";
    note.append(text);
  }

  function takeBack() {
    started = true;
    for (const text of note?.querySelectorAll("p:not(.stays)") ?? []) text.remove();
    if (!note?.querySelector("p")) note?.remove();
  }

  // ---- What the host forbids ----------------------------------------------------------------------

  const NEEDED = /^(default|script|worker|child|connect|style)-src/;
  const forbidden = (stays) =>
    say(
      "This site's host forbids what the course needs (by its content security policy).",
      ALLOW,
      stays
    );

  function tryToCompile() {
    if (!window.WebAssembly)
      return say("This browser lacks WebAssembly, in which Python runs.", "Try another browser.");
    try {
      new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); // an empty one
      new Function(""); // as JupyterLab makes some
    } catch {
      forbidden();
    }
  }

  async function tryToImport() {
    // As the explorers are, which come only when Python runs.
    const empty = URL.createObjectURL(new Blob([], { type: "text/javascript" }));
    await import(empty).catch(() => forbidden(true));
    URL.revokeObjectURL(empty);
  }

  // ---- What the browser keeps ---------------------------------------------------------------------

  function tryToKeep() {
    if (origin === "null")
      return say(
        "This page is in a sandbox, by its host's content security policy or in another page's " +
          "frame, so the course cannot start.",
        ALLOW
      );
    const blocked = () =>
      say(
        "This browser blocks the site's data (its cookies and storage), so the course cannot start, " +
          "or keeps nothing of what you write.",
        "Allow site data for this address in the browser's settings, then load the page again.",
        true
      );
    try {
      localStorage.length;
      indexedDB.open("site data is allowed").onerror = blocked;
    } catch {
      blocked();
    }
  }

  // ---- What the host gives out --------------------------------------------------------------------

  const SCRIPT = /^(text|application)\/(x-)?(java|ecma)script/; // all of them run
  const hasType = (given, type) =>
    type === "text/javascript" ? SCRIPT.test(given) : !type || given === type;

  async function askForAll(files) {
    const missing = {}; // files by what comes in their place
    await Promise.all(files.map((file) => ask(file, missing)));
    const { page, ...refused } = missing;
    if (page) stop(`gives out a page in place of ${page.sort().join(", ")}`, true);
    for (const [status, names] of Object.entries(refused))
      stop(`does not give out ${names.sort().join(", ")} (its answer is ${status})`, true);
  }

  const stop = (does, stays) =>
    say(`This site's host ${does}, so the course cannot start.`, ALLOW, stays);

  async function ask({ file, type }, missing) {
    const url = new URL(file, base);
    const answer = await headOf(url).catch(() => undefined);
    if (!answer) return; // without a connection; the browser may have its own copy
    const given = answer.headers.get("Content-Type") ?? "no type";
    const ending = file.slice(file.lastIndexOf("."));
    if (!answer.ok) (missing[answer.status] ??= []).push(file);
    else if (!hasType(given.toLowerCase(), type))
      stop(`gives out files that end in ${ending} as "${given}"`);
    else if (given.startsWith("text/html") && (await isPage(url)))
      (missing.page ??= []).push(file);
  }

  async function headOf(url) {
    const head = await fetch(url, { method: "HEAD" });
    if (head.ok) return head;
    const answer = await fetch(url); // some hosts refuse to give the head alone
    answer.body?.cancel();
    return answer;
  }

  async function isPage(url) {
    const { value } = await (await fetch(url)).body.getReader().read();
    return value?.[0] === "<".charCodeAt(0);
  }

  function tellOfMissing({ target }) {
    if (target instanceof HTMLScriptElement)
      say(
        "A part of the course did not come from this site, or the connection broke off.",
        "What you wrote is kept. When there is a connection, load the page again."
      );
  }

  // ---- What the address asks for ------------------------------------------------------------------

  const asked = new URLSearchParams(location.search).get("path");
  const home = () => new URL("index.html", base).href;

  function goHomeWithoutNotebook() {
    const isAlone = /\/notebooks\/(index\.html)?$/.test(location.pathname);
    if (isAlone && !asked) location.replace(home());
  }

  async function tryToFind(app) {
    await app.restored;
    const back = Object.assign(document.createElement("a"), { href: home() });
    back.textContent = "Go to the course.";
    const isThere = app.serviceManager.contents.get(asked, { content: false });
    isThere.catch(() => say(`There is no ${asked} here.`, back, true));
  }

  // ---- How far it has come ------------------------------------------------------------------------

  const panel = () => window.jupyterapp?.shell.currentWidget;
  const isReady = () => ["idle", "busy"].includes(panel()?.sessionContext?.session?.kernel?.status);

  function watch() {
    const begun = performance.now();
    let opened, app;
    const look = setInterval(() => {
      if (isReady()) {
        clearInterval(look);
        return takeBack();
      }
      const now = performance.now();
      if (!app && (app = window.jupyterapp) && asked) tryToFind(app);
      if (!opened && panel()?.context?.isReady) opened = now;
      if (now - (opened ?? begun) < (opened ? KERNEL : LAB)) return;
      say(
        opened ? "Python has still not started." : "The notebook has still not appeared.",
        "On a slow connection or machine it may still come: wait a little. If it does not, load the " +
          `page again, try another browser, or tell whoever runs this site. ${TEACHER}`
      );
    }, 1000);
  }

  const { dataset, src } = document.currentScript;
  const base = new URL(".", src);
  goHomeWithoutNotebook();
  const loaded = new Promise((go) => document.addEventListener("DOMContentLoaded", go));
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective: rule, disposition }) => {
    // A script may be one that only the explorers need: Python's start does not refute it.
    const stays = rule.startsWith("script-src");
    if (disposition === "enforce" && NEEDED.test(rule)) loaded.then(() => forbidden(stays));
  });
  addEventListener("error", tellOfMissing, true); // of scripts, it does not bubble
  loaded.then(() => {
    document.querySelector(".starting-late")?.remove(); // this runs, and knows better
    tryToImport();
    tryToCompile();
    tryToKeep();
    askForAll(JSON.parse(dataset.files));
    watch();
  });
})();
