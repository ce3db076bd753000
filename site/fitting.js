// A small screen gets the page of one notebook, without JupyterLab's panels.

{
  const small = matchMedia("(max-width: 50rem), (max-height: 30rem)");

  // The README's links lead to the panels, and a phone that follows one comes here. A mouse may have
  // made its window small only for now; and a page that is loaded again stays what it is.
  const isPhone = () => small.matches && matchMedia("(pointer: coarse)").matches;
  const isNew = () => performance.getEntriesByType("navigation")[0]?.type === "navigate";

  function goToFitting() {
    const { pathname, search, hash } = location;
    if (!/\/lab\/(index\.html)?$/.test(pathname) || !new URLSearchParams(search).has("path")) return;
    if (isPhone() && isNew()) location.replace(`../notebooks/index.html${search}${hash}`);
  }

  function linkToFitting() {
    for (const link of document.querySelectorAll("a[href*='index.html?path=']")) {
      const app = small.matches ? "notebooks" : "lab";
      link.setAttribute("href", link.getAttribute("href").replace(/^\w+/, app));
    }
  }

  goToFitting();
  small.addEventListener("change", linkToFitting);
  linkToFitting();
}
