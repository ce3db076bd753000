// A small screen gets the page of one notebook, without JupyterLab's panels.

const small = matchMedia("(max-width: 50rem), (max-height: 30rem)");

function linkToFitting() {
  for (const link of document.querySelectorAll("a[href*='index.html?path=']")) {
    const app = small.matches ? "notebooks" : "lab";
    link.setAttribute("href", link.getAttribute("href").replace(/^\w+/, app));
  }
}

small.addEventListener("change", linkToFitting);
linkToFitting();
