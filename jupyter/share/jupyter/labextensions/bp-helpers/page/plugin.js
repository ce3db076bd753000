// What the course changes in the page of JupyterLab, Notebook and JupyterLite.

import { nameNotebook } from "./address.js";
import { sayChecks } from "./checks.js";
import { keepClean } from "./clean.js";
import { lookAfterCopy } from "./copies.js";
import { coverAnswers } from "./cover.js";
import { chooseFirstCode } from "./first.js";
import { leaveKeysToOutputs } from "./keys.js";
import { followLinks } from "./links.js";
import { addStyle, wrapLiveOutputs } from "./outputs.js";
import { startWithoutPanels } from "./panels.js";
import { goToSection } from "./section.js";
import { useSmallScreen } from "./small.js";

export function plugin(lumino) {
  return {
    id: "bp-helpers:plugin",
    description: "Live outputs that say when their kernel is gone; keys, focus and panels.",
    autoStart: true,
    activate: (app) => {
      addStyle();
      leaveKeysToOutputs(app);
      followLinks(app);
      startWithoutPanels(app);
      nameNotebook(app);
      app.docRegistry.addWidgetExtension("Notebook", {
        createNew: (panel, context) => {
          keepClean(context);
          context.ready.then(() => {
            coverAnswers(panel.content);
            sayChecks(panel);
            chooseFirstCode(panel.content);
            goToSection(panel, context);
            useSmallScreen(app);
          });
          wrapLiveOutputs(panel, context, lumino);
          lookAfterCopy(app, panel, context, lumino);
        },
      });
    },
  };
}
