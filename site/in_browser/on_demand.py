"""Runs in the browser only: fetches a package when it is first imported, also from a library.

Pyodide fetches what a cell imports by name. That `bp_helpers` needs Matplotlib for some of its
pictures it cannot know, and to fetch it for every notebook would double the time to start.
"""

import importlib
import io
import logging
import site
import sys
import warnings
import zipfile
from importlib.machinery import ModuleSpec, PathFinder

import pyodide_js
from js import XMLHttpRequest


class OnDemand:
    """Finds the modules of packages that the site has and that are not installed yet."""

    def __init__(self):
        self.base = pyodide_js._api.config.indexURL
        self.packages = pyodide_js._api.lockfile_packages.to_py()
        self.package_of = {
            module: name for name, entry in self.packages.items() for module in entry["imports"]
        }

    def find_spec(self, module, path=None, target=None) -> ModuleSpec | None:
        """Install the module's package, if the site has it, and look again."""
        if module not in self.package_of:
            return None
        self.install(self.package_of[module])
        importlib.invalidate_caches()
        return PathFinder.find_spec(module, path, target)

    def install(self, name):
        """Install a package and what it depends on, unless Pyodide has done so."""
        if hasattr(pyodide_js.loadedPackages, name):
            return
        entry = self.packages[name]
        setattr(pyodide_js.loadedPackages, name, "the site")
        for dependency in entry["depends"]:
            self.install(dependency)
        wheel = fetch(f"{self.base}{entry['file_name']}")
        zipfile.ZipFile(io.BytesIO(wheel)).extractall(site.getsitepackages()[0])


def fetch(address):
    """Return the file at `address`; wait for it, as an import cannot be put off."""
    request = XMLHttpRequest.new()
    request.open("GET", address, False)
    request.responseType = "arraybuffer"
    request.send()
    if request.status != 200:
        raise ImportError(f"{address} could not be fetched: the answer was {request.status}")
    return request.response.to_bytes()


def load_ipython_extension(_shell):
    """Be asked after all other finders but the one that only explains; then import ahead."""
    sys.meta_path.insert(sys.meta_path.index(PathFinder) + 1, OnDemand())
    # Each session is the first one here: its cache of fonts is always to be made.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    # The progress bar looks after itself from a thread; here there is only one.
    warnings.filterwarnings("ignore", "tqdm:disabling monitor")
    import bp_helpers.explorers  # noqa: F401  while the learner reads the title
