// What the page says of the site: which version of each notebook is its newest. JupyterLab's page says
// nothing of it.

export function newestVersions() {
  const config = document.getElementById("jupyter-config-data");
  return JSON.parse(config?.textContent || "{}").notebookVersions;
}
