// An output with a live widget also holds its still picture. The widget is shown where its kernel
// is at hand; elsewhere the picture, with a line that says what to do. When the kernel ends while
// the widget is on screen, it says so and no hand moves it any more. A notebook as it is shipped
// holds the still pictures alone; they get the same line, which stands in no file.

import { keepAnswer } from "./answers.js";
import { checksStyle } from "./checks.js";
import { copiesStyle } from "./copies.js";
import { coverStyle } from "./cover.js";
import { keepFocus } from "./focus.js";
import { bringIntoView, wasRunAlone } from "./into_view.js";
import { smallStyle } from "./small.js";
import { LIVE, LIVE_ONCE_RUN, putBackUnsaved, rememberLive } from "./unsaved.js";

const SAVED = "application/vnd.jupyter.widget-state+json";
const STILL = "text/html";
const RUN_TO_DRAG = "Run this cell to drag or choose.";
const RESTARTED = "The kernel was restarted: run this cell again.";
const UNREACHED = "The kernel cannot be reached: waiting for the connection.";
const ENDS = new Set(["restarting", "autorestarting", "dead"]);
const HANDS = ["pointerdown", "mousedown", "touchstart", "click", "dblclick", "keydown", "input"];
const MOMENT = 500; // ms for a widget to come before its still picture takes the place

const style = `
.bp-said { font: var(--jp-ui-font-size1) var(--jp-ui-font-family); padding: 4px 0; }
.bp-said { color: var(--jp-ui-font-color1); }
.bp-said.bp-urgent { border-left: 4px solid var(--jp-warn-color1); padding: 6px 10px; }
.bp-away .jupyter-widgets-disconnected::before { content: none; } /* the broken chains */
.bp-away .jupyter-button, .bp-away .widget-inline-hbox { opacity: 0.5; }
.jp-OutputArea img[src^="data:image/svg+xml"] { display: inline-block; vertical-align: top; }
.jp-OutputArea img[src^="data:image/svg+xml"] { color-scheme: light; } /* which colours it takes */
[data-jp-theme-light="false"] .jp-OutputArea img[src^="data:image/svg+xml"] { color-scheme: dark; }
.jupyter-button[aria-disabled="true"] { opacity: var(--jp-widgets-disabled-opacity); }
`;

const ended = new Set(); // the models whose kernel has ended, though the page still has them

export function addStyle() {
  const sheet = document.createElement("style");
  sheet.textContent = [style, checksStyle, coverStyle, copiesStyle, smallStyle].join("");
  document.head.append(sheet);
}

export function wrapLiveOutputs(panel, context, lumino) {
  const { rendermime } = panel.content;
  let found;
  const createLive = new Promise((resolve) => (found = resolve));
  const Output = outputClass(lumino, panel.content, context, createLive);
  const add = rendermime.addFactory.bind(rendermime);
  const safe = true; // what a running kernel has is shown, whether the file is trusted or not
  const createRenderer = (options) => new Output(options);
  // From the start: in Notebook 7 outputs can be drawn before ipywidgets knows of this notebook.
  add({ mimeTypes: [LIVE], safe, createRenderer }, -10);
  rendermime.addFactory = (factory, rank) => {
    if (!factory.mimeTypes.includes(LIVE)) return add(factory, rank);
    found(factory.createRenderer);
    add({ ...factory, safe, createRenderer }, rank);
  };
  sayWhatToRun(rendermime);
}

function sayWhatToRun(rendermime) {
  const html = rendermime.getFactory(STILL);
  const createRenderer = (options) => {
    const renderer = html.createRenderer(options);
    const render = renderer.renderModel.bind(renderer);
    renderer.renderModel = async (model) => {
      await render(model);
      if (LIVE in model.data || !LIVE_ONCE_RUN.test(model.data["text/plain"])) return;
      const line = document.createElement("div");
      line.className = "bp-said";
      line.textContent = RUN_TO_DRAG;
      renderer.node.append(line);
    };
    return renderer;
  };
  rendermime.addFactory({ ...html, createRenderer }, html.defaultRank);
}

function outputClass({ Panel, Widget }, notebook, context, createLive) {
  const { rendermime } = notebook;
  const session = context.sessionContext;

  // A file that is not trusted may bring widgets of its own, with code in them.
  const broughtByFile = (id) => context.model.getMetadata("widgets")?.[SAVED]?.state?.[id];

  const modelsFromBefore = context.ready.then(() => {
    const outputs = context.model.toJSON().cells.flatMap((cell) => cell.outputs ?? []);
    return new Set(outputs.map((output) => output.data?.[LIVE]?.model_id));
  });
  let asked; // all outputs ask at the same moments
  const modelsInKernel = () => (asked ??= askKernel().finally(() => (asked = undefined)));
  const askKernel = async () => {
    const comms = await session.session?.kernel?.requestCommInfo({ target_name: "jupyter.widget" });
    return comms?.content.comms ?? {};
  };
  const modelsAtOpening = session.ready.then(modelsInKernel).then(async (models) => {
    const fromBefore = await modelsFromBefore;
    for (const id of putBackUnsaved(context, models)) fromBefore.add(id);
    return models;
  });

  return class Output extends Panel {
    constructor(options) {
      super();
      this.options = options;
      this.addClass("bp-live"); // or its still picture
      this.said = new Widget();
      this.said.addClass("bp-said");
      keepFocus(this.node);
    }

    async renderModel(model) {
      const id = model.data[LIVE].model_id;
      if (this.modelId === id) return;
      this.modelId = id;
      this.model = model;
      if ((await modelsFromBefore).has(id)) {
        await this.showStill();
        if (!(id in (await modelsAtOpening.catch(() => ({}))))) return;
        if (this.modelId !== id) return; // a later one has been put back
        if (ended.has(id) || (!model.trusted && broughtByFile(id))) return;
      } else {
        setTimeout(() => this.showStill(), MOMENT);
        if (wasRunAlone(notebook, this.node)) bringIntoView(this.node);
      }
      await this.tryLive();
    }

    async tryLive() {
      const create = await createLive;
      if (this.isDisposed) return;
      this.live = create(this.options);
      const arrival = new MutationObserver(() => {
        if (!this.live.widgets.length) return;
        arrival.disconnect();
        this.showLive();
      });
      arrival.observe(this.live.node, { childList: true });
      await this.live.renderModel(this.model);
    }

    async showStill() {
      if (this.isDisposed || this.isLive || this.still) return;
      const kind = STILL in this.model.data ? STILL : "text/plain";
      this.still = rendermime.createRenderer(kind);
      this.insertWidget(0, this.still);
      if (kind === STILL) this.say(1, RUN_TO_DRAG);
      await this.still.renderModel(this.model);
    }

    showLive() {
      if (this.isDisposed) return;
      this.isLive = true;
      this.still?.dispose();
      this.said.parent = null;
      this.addWidget(this.live);
      keepAnswer(notebook, this.node, this.model);
      session.statusChanged.connect(this.onStatus, this);
      session.kernelChanged.connect(this.end, this);
      session.connectionStatusChanged.connect(this.onConnection, this);
      rememberLive(context, this.model);
    }

    onStatus(_, status) {
      if (ENDS.has(status)) this.end();
    }

    async onConnection(_, status) {
      if (ended.has(this.modelId)) return;
      if (status !== "connected") return this.putAway(UNREACHED);
      const models = await modelsInKernel().catch(() => undefined); // lost once more
      if (!models || this.isDisposed || ended.has(this.modelId)) return;
      if (this.modelId in models) this.bringBack();
      else this.end();
    }

    end() {
      ended.add(this.modelId);
      this.putAway(RESTARTED);
    }

    putAway(sentence) {
      this.addClass("bp-away");
      this.say(0, sentence);
      this.live.node.setAttribute("aria-disabled", "true");
      for (const event of HANDS) this.live.node.addEventListener(event, refuse, true);
    }

    bringBack() {
      this.removeClass("bp-away");
      this.said.parent = null;
      this.live.node.removeAttribute("aria-disabled");
      for (const event of HANDS) this.live.node.removeEventListener(event, refuse, true);
    }

    say(place, sentence) {
      this.said.node.textContent = sentence;
      this.said.toggleClass("bp-urgent", place === 0);
      this.insertWidget(place, this.said);
    }
  };
}

function refuse(event) {
  if (event.key === "Tab" || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
