// JupyterLab, Notebook and JupyterLite load this file and ask it for "./extension". It is written
// by hand in the form in which webpack writes it, so that nothing has to be built: `init` gets the
// libraries that all extensions share, `get` returns what makes the module. What stands in a folder
// called `static` a browser keeps for a year without asking: there each name holds a hash. Not so
// ours, so it stands in one of another name and is asked for at each opening.

{
  const here = document.currentScript.src;
  let shared;
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["bp-helpers"] = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const { plugin } = await import(new URL("plugin.js", here));
      const [lumino] = Object.values(shared["@lumino/widgets"]);
      const { Panel, Widget } = (await lumino.get())();
      return () => ({ __esModule: true, default: plugin({ Panel, Widget }) });
    },
  };
}
