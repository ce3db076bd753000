// On the site the address names the notebook that is open, so that the page can be loaded again, or
// kept as a bookmark. JupyterLite takes the name out once it has opened the notebook.

import { newestVersions } from "./site.js";

export function nameNotebook({ shell }) {
  if (!newestVersions()) return;
  shell.currentChanged.connect((_, { newValue }) => {
    const path = newValue?.context?.path;
    if (!path) return;
    const address = new URL(location.href);
    address.searchParams.set("path", path);
    history.replaceState(history.state, "", address);
  });
}
