"""Build the course as a site that runs in the browser: `python3.12 site/build.py`.

The site is JupyterLite with all notebooks, `bp_helpers` and Pyodide, Python compiled for browsers:
plain files in `site/dist`, which need no server of their own and call no other host. README.md
beside this file says how it is made, served and measured.
"""

import argparse
import hashlib
import html
import io
import json
import os
import py_compile
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
import venv
import zipfile
from collections.abc import Iterable, Mapping
from math import ceil
from pathlib import Path
from string import Template
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
WORK = HERE / "build"
DIST = HERE / "dist"

# The runtime: its files, as its authors publish them. The lock names all packages with their
# sha256; its own and those of the other four stand here.
PYODIDE = "0.27.7"
PYODIDE_ADDRESS = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"
LOCK = "pyodide-lock.json"
STDLIB = "python_stdlib.zip"
CORE = {
    LOCK: "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c",
    "pyodide.js": "b4cb23a53aba19c221659b9fb40a2f18281d685691dc06647fb0afd0681baf98",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    STDLIB: "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
}
RUNTIME_PYTHON = (3, 12)

# What the kernel asks for by name at its start. Two of them it can do without: nothing here speaks
# TLS, and IPython completes names without jedi too, if less cleverly.
LEFT_OUT = ["jedi", "ssl"]
KERNEL = ["comm", "ipykernel", "ipython", "micropip", "piplite", "sqlite3", "pyodide-kernel"]
COURSE = ["bp-helpers", "on-demand"]
# Matplotlib's, for PDF and a canvas of its own.
UNUSED = ["fonttools", "matplotlib-pyodide", "pytz"]
LATER = ["contourpy", "matplotlib", "tqdm"]  # fetched when they are first imported

# What wheels that are no part of Pyodide need: their own metadata name more than is used here.
DEPENDS = {
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "bp-helpers": ["anywidget", "numpy"],
    "comm": ["traitlets"],
    "ipykernel": [],
    "ipywidgets": ["comm", "ipython", "traitlets"],
    "on-demand": [],
    "piplite": ["micropip"],
    "psygnal": [],
    "pyodide-kernel": ["comm", "ipykernel", "ipython"],
    "tqdm": [],
    "typing-extensions": [],
}

Lock = dict[str, dict[str, Any]]  # by canonical name, what the runtime knows of a package


def canonical(name: str) -> str:
    """Return the one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def sha256(data: bytes) -> str:
    """Return the checksum as the lock writes it."""
    return hashlib.sha256(data).hexdigest()


# ---- Which packages ------------------------------------------------------------------------------


def reduced(official: Lock, ours: Lock, wanted: Iterable[str]) -> Lock:
    """Return the entries of `wanted` and of all that they depend on, `ours` before `official`.

    What is left out is nobody's dependency any more.
    """
    known = {canonical(name): entry for name, entry in official.items()} | ours
    found: Lock = {}
    waiting = [canonical(name) for name in wanted]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        entry = known[name]
        depends = [canonical(each) for each in entry["depends"]]
        depends = [each for each in depends if each not in {*LEFT_OUT, *UNUSED}]
        found[name] = entry | {"depends": depends}
        waiting += depends
    return dict(sorted(found.items()))


def entry_of(wheel: str, depends: list[str], imports: list[str]) -> dict[str, Any]:
    """Return the lock's entry of a wheel that is no part of Pyodide, still without checksum."""
    project, version = wheel.split("-")[:2]
    return {
        "name": canonical(project),
        "version": version,
        "file_name": wheel,
        "install_dir": "site",
        "package_type": "package",
        "imports": imports,
        "depends": depends,
        "unvendored_tests": False,
    }


def modules_of(wheel: bytes) -> list[str]:
    """Return the names of the top-level modules and packages in a wheel."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    return sorted(
        top.removesuffix(".py") for top in tops if not top.endswith((".dist-info", ".data"))
    )


# ---- Wheels --------------------------------------------------------------------------------------


def make_wheel(name: str, files: Mapping[str, bytes]) -> bytes:
    """Return a wheel with these files."""
    info = f"{name}-0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 0\n".encode()
    tags = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return zipped({**files, f"{info}/METADATA": metadata, f"{info}/WHEEL": tags})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return an archive that is the same whenever it is made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def compiled(archive: bytes, keep_sources: bool = False) -> bytes:
    """Return the archive with its Python files compiled, so that the browser need not do it.

    Tests of packages are left out. Sources are kept where a learner may want to read them; the
    compiled file then lies where Python looks for it beside a source.
    """
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        for name in old.namelist():
            if name.endswith("/") or re.search(r"(^|/)tests?/", name):
                continue
            data = old.read(name)
            if keep_sources or not name.endswith(".py"):
                files[name] = data
            if name.endswith(".py"):
                files[_compiled_name(name, keep_sources)] = _bytecode(data, name)
    return zipped(files)


def _compiled_name(name: str, beside_source: bool) -> str:
    if not beside_source:
        return f"{name}c"
    folder, _, file = name.rpartition("/")
    tag = "cpython-{}{}".format(*RUNTIME_PYTHON)
    return f"{folder}/__pycache__/{file.removesuffix('.py')}.{tag}.pyc".lstrip("/")


def _bytecode(source: bytes, name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "source.py")
        path.write_bytes(source)
        made = path.with_suffix(".pyc")
        unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(str(path), str(made), name, True, invalidation_mode=unchecked, quiet=1)
        return made.read_bytes()


def named_by_content(wheel: str, data: bytes) -> str:
    """Return a file name that is another for other content, so that no cache mixes two sites."""
    project, version, rest = wheel.split("-", 2)
    return f"{project}-{version}_{sha256(data)[:8]}-{rest}"


# ---- Where things come from ----------------------------------------------------------------------


def prepare_environment() -> None:
    """Make `site/.venv` hold what requirements.txt pins; do nothing where it does."""
    wanted = (HERE / "requirements.txt").read_bytes()
    stamp = VENV / "requirements.txt"
    if stamp.exists() and stamp.read_bytes() == wanted:
        return
    print("Preparing site/.venv: a minute, this once.", flush=True)
    venv.create(VENV, clear=True, with_pip=True)
    pip("install", "--require-hashes", "-r", str(HERE / "requirements.txt"))
    stamp.write_bytes(wanted)


def pip(*arguments: str) -> None:
    """Run pip in the environment."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    subprocess.run([str(PYTHON), "-m", "pip", *arguments, *quiet], check=True)


def fetch_wheels(folder: Path) -> None:
    """Put the wheels for the browser into `folder`: those pinned, and ours made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    pure = ["--platform=any", "--implementation=py", "--abi=none", "--python-version=3.12"]
    exact = ["--no-deps", "--only-binary=:all:", "--require-hashes"]
    pip("download", *pure, *exact, "-r", str(HERE / "in_browser.txt"), "-d", str(folder))
    pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT))
    kernel = VENV / "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
    for name in ("ipykernel", "piplite", "pyodide_kernel"):
        (wheel,) = kernel.glob(f"{name}-*.whl")
        shutil.copy(wheel, folder)


class Runtime:
    """Pyodide's files: from a folder, or from its authors; each is checked."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def read(self, name: str, checksum: str) -> bytes:
        """Return the file with this name, or stop if it is another than it should be."""
        path = (self.folder or WORK / f"pyodide-{PYODIDE}") / name
        if self.folder is None and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with urllib.request.urlopen(PYODIDE_ADDRESS + name, timeout=120) as answer:
                path.write_bytes(answer.read())
        data = path.read_bytes()
        if sha256(data) != checksum:
            sys.exit(f"{path} is not the file that Pyodide {PYODIDE} has: delete it, try again.")
        return data


# ---- The site ------------------------------------------------------------------------------------


def publish_runtime(runtime: Runtime, wheels: Path, folder: Path) -> str:
    """Write the runtime with all packages into `folder`; return the name of the lock."""
    folder.mkdir(parents=True)
    core = {name: runtime.read(name, checksum) for name, checksum in CORE.items()}
    lock = json.loads(core.pop(LOCK))
    core[STDLIB] = compiled(core[STDLIB])
    for name, data in core.items():
        (folder / name).write_bytes(data)

    own = {path.name: path.read_bytes() for path in sorted(wheels.glob("*.whl"))}
    own["on_demand-0-py3-none-any.whl"] = make_wheel("on_demand", in_browser_files())
    ours = {}
    for name, data in own.items():
        project = canonical(name.split("-")[0])
        ours[project] = entry_of(name, DEPENDS[project], modules_of(data))
    nothing = "left_out-0-py3-none-any.whl"
    own[nothing] = make_wheel("left_out", {})
    ours |= {name: entry_of(nothing, [], []) | {"name": name} for name in LEFT_OUT}

    wanted = [*KERNEL, *LEFT_OUT, *COURSE, *LATER]
    packages = reduced(lock["packages"], ours, wanted)
    for name, entry in packages.items():
        file = entry["file_name"]
        data = own[file] if name in ours else runtime.read(file, entry["sha256"])
        data = compiled(data, keep_sources=name in COURSE)
        entry |= {"file_name": named_by_content(file, data), "sha256": sha256(data)}
        (folder / entry["file_name"]).write_bytes(data)
    text = json.dumps({**lock, "packages": packages}).encode()
    name = f"pyodide-lock-{sha256(text)[:8]}.json"
    (folder / name).write_bytes(text)
    return name


def in_browser_files() -> dict[str, bytes]:
    """Return what runs in the browser only, by its place in a wheel."""
    config = "on_demand-0.data/data/etc/ipython/ipython_config.py"
    source = HERE / "in_browser"
    return {
        "on_demand.py": (source / "on_demand.py").read_bytes(),
        config: (source / "ipython_config.py").read_bytes(),
    }


def configuration(lock_name: str, versions: Mapping[str, str]) -> dict[str, Any]:
    """Return what JupyterLite reads at its start; `versions` are those of the notebooks."""
    kernel = {
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "lockFileURL": f"static/pyodide/{lock_name}",
            # The kernel's own spelling: what it does not find here it would look for elsewhere.
            "packages": [*KERNEL[:-1], "pyodide_kernel", *LEFT_OUT, *COURSE],
        },
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Backpropagation, one gradient at a time",
            "contentsStorageName": "Backpropagation course",
            "settingsStorageName": "Backpropagation course",
            "workspacesStorageName": "Backpropagation course",
            "enableServiceWorkerCache": "true",
            "exposeAppInBrowser": True,
            "notebookVersions": dict(versions),
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
        },
    }


SETTINGS = {
    # Seconds: a learner's work outlives a closed window.
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 5},
    # An explorer that is scrolled out of sight stays what it is.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "defer"},
}


# ---- The notebooks -------------------------------------------------------------------------------


def version_of(notebook: Mapping[str, Any]) -> str:
    """Return the version of a notebook's sources: FNV-1a over their text.

    A learner's page reckons it in the same way (`copies.js`), to see what has been changed.
    """
    value = 0x811C9DC5
    for byte in "\n\n".join("".join(cell["source"]) for cell in notebook["cells"]).encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return f"{value:08x}"


NO_OWNER = "OWNER_HERE"  # in the address of a project that is not published yet


def repository() -> str:
    """Return the project's address."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["urls"]["Repository"])


def text_in_site(source: str, address: str) -> str:
    """Return a cell's source with links to pages of the site, where it has them.

    An `address` that leads nowhere yet is left out, and so is the code for Colab, which needs it.
    """
    text = re.sub(rf"{re.escape(address)}/blob/main/docs/(\w+)\.md", r"\1.html", source)
    if NO_OWNER not in address:
        return text
    if f'"git+{address}"' in text:
        return text.splitlines()[0]
    return text.replace(f" <{address}>", "")


def publish_notebooks(folder: Path) -> dict[str, str]:
    """Write the notebooks into `folder`, each with its version in it; return these by name."""
    address = repository()
    folder.mkdir()
    versions = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = text_in_site("".join(cell["source"]), address)
        versions[path.name] = notebook["metadata"]["course_version"] = version_of(notebook)
        text = json.dumps(notebook, ensure_ascii=False, indent=1)
        (folder / path.name).write_text(text, encoding="utf-8")
    return versions


# ---- The page of a notebook ----------------------------------------------------------------------

APPS = ("lab", "notebooks")  # with all its panels; one notebook by itself, for a small screen
# JupyterLite's third, the list of files, is left out; `tree.html` stands in its place.
# One file of each kind that the course cannot start without, and the type that it needs; what a
# host may refuse for its name or its size is among them.
KINDS = {
    "jupyter-lite.json": "",
    "api/contents/all.json": "",
    "static/pyodide/pyodide.js": "text/javascript",
    "static/pyodide/pyodide.asm.js": "text/javascript",
    "static/pyodide/pyodide.asm.wasm": "application/wasm",
    f"static/pyodide/{STDLIB}": "",
    "static/pyodide/pyodide-lock-*.json": "",
    "static/pyodide/bp_helpers-*.whl": "",
    "static/pyodide/numpy-*.whl": "",
    "files/00_*.ipynb": "",
}


def with_starting(page: str, files: Iterable[Mapping[str, str]], note: str) -> str:
    """Return JupyterLite's page with what says why the course cannot start (`starting.js`)."""
    named = html.escape(json.dumps([*files]))
    head = (
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'  # for the next
        '    <script src="../fitting.js"></script>\n'
        '    <link rel="stylesheet" href="../starting.css">\n'
        f'    <script src="../starting.js" data-files="{named}"></script>\n    '
    )
    start = page.index("<title>")
    body = page.index("<noscript>")
    return page[:start] + head + page[start:body] + note.strip() + "\n    " + page[body:]


def write_starting() -> None:
    """Let each page of a notebook say so where the course cannot start."""
    kinds = [(path, kind) for name, kind in KINDS.items() for path in DIST.glob(name)]
    files = [{"file": path.relative_to(DIST).as_posix(), "type": kind} for path, kind in kinds]
    note = (HERE / "starting.html").read_text(encoding="utf-8")
    for app in APPS:
        path = DIST / app / "index.html"
        page = with_starting(path.read_text(encoding="utf-8"), files, note)
        path.write_text(page, encoding="utf-8")
    for name in ("starting.js", "starting.css"):
        shutil.copy(HERE / name, DIST)


# JupyterLite's service worker keeps every answer, an error too, and shows that on the next visit.
KEEPING = {
    "async function updateCache(e,t){": "async function updateCache(e,t){if(!t.ok)return;",
    "a&&404!==a.status?a:null": "a?.ok?a:null",
}


def without_errors(worker: str) -> str:
    """Return JupyterLite's service worker so that it keeps and shows no answer but a good one."""
    for theirs, ours in KEEPING.items():
        if worker.count(theirs) != 1:
            raise ValueError(f"JupyterLite's service worker has changed: no {theirs!r} in it")
        worker = worker.replace(theirs, ours)
    return worker


def write_worker() -> None:
    """Let a moment without the site pass with that moment."""
    path = DIST / "service-worker.js"
    path.write_text(without_errors(path.read_text(encoding="utf-8")), encoding="utf-8")


# ---- The landing page ---------------------------------------------------------------------------


# | [name](notebooks/name.ipynb) | its question | 15 to 20 |
ROW_OF_THE_TABLE = r"^\| \[(\w+)\]\(notebooks/\1\.ipynb\) \| (.+?) \| (\d+ to \d+) \|"


def landing(template: str, readme: str, picture: str, ahead: Iterable[str]) -> str:
    """Return the landing page: the README's title, question and table.

    `picture` is the explorer's at the start, `ahead` names the files that are fetched early.
    """
    title, question = _only(r"^# (.+)$", readme), _only(r"^\*\*([^*|]+)\*\*$", readme)
    rows = re.findall(ROW_OF_THE_TABLE, readme, re.MULTILINE)
    if not rows:
        raise ValueError("README.md has no table of notebooks")
    return Template(template).substitute(
        title=html.escape(title),
        question=html.escape(question),
        picture=_legible(picture),
        ahead=html.escape(json.dumps([*ahead])),
        start=_address(rows[0][0]),
        rows="\n".join(_row(*row) for row in rows),
    )


LEAST = 11 / 13  # of its width that a picture needs, as in the explorers' `legible.js`


def _legible(picture: str) -> str:
    """Give each SVG the sizes that the page's code will give it, so that nothing jumps then."""

    def sized(start: re.Match[str]) -> str:
        width = int(start[2])
        least = ceil(LEAST * width)
        sizes = f"--bp-width: {width}px; --bp-grow: {width}; --bp-least: {least}px"
        return f'{start[1]} style="{sizes}"'

    return re.sub(r'(<svg [^>]*?\bwidth="(\d+)")', sized, picture)


def _only(pattern: str, readme: str) -> str:
    found = re.search(pattern, readme, re.MULTILINE)
    if found is None:
        raise ValueError(f"README.md has nothing like {pattern}")
    return found[1]


def _address(notebook: str) -> str:
    return f"lab/index.html?path={notebook}.ipynb"


def _row(notebook: str, question: str, minutes: str) -> str:
    name = f'<a href="{_address(notebook)}">{notebook.replace("_", " ")}</a>'
    return f'<tr><th scope="row">{name}</th><td>{html.escape(question)}</td><td>{minutes}</td></tr>'


def fetched_ahead(packages: Iterable[str]) -> list[str]:
    """Return what a first visit to a notebook fetches, the largest part of it, by its place."""
    runtime = "static/pyodide"
    core = [f"{runtime}/{name}" for name in CORE if name != LOCK]
    scripts = [*sorted((DIST / "build").glob("jlab_core*.js")), DIST / "build/lab/bundle.js"]
    return [*core, *packages, *(path.relative_to(DIST).as_posix() for path in scripts)]


def needed_at_once() -> list[str]:
    """Return the packages that the kernel installs at its start, by their place in the site."""
    runtime = DIST / "static" / "pyodide"
    (lock,) = runtime.glob("pyodide-lock-*.json")
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    wanted = reduced(packages, {}, [*KERNEL, *COURSE])
    return [f"static/pyodide/{entry['file_name']}" for entry in wanted.values()]


def run_script(name: str) -> None:
    """Let a script beside this one write into the site, with the environment's packages."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([str(PYTHON), str(HERE / name), str(DIST)], check=True, env=environment)


def write_landing() -> None:
    """Put the page, its moving picture, its icon and the pages that it links to into the site."""
    run_script("bake.py")
    run_script("pages.py")
    start = json.loads((DIST / "baked.json").read_text(encoding="utf-8"))["start"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    template = (HERE / "landing.html").read_text(encoding="utf-8")
    page = landing(template, readme, start, fetched_ahead(needed_at_once()))
    (DIST / "index.html").write_text(page, encoding="utf-8")
    for name in ("favicon.svg", "fitting.js", "landing.css", "landing.js"):
        shutil.copy(HERE / name, DIST)
    (DIST / "tree").mkdir()
    shutil.copy(HERE / "tree.html", DIST / "tree" / "index.html")
    for folder in (DIST, *(DIST / app for app in APPS)):  # browsers ask there; that icon is large
        shutil.copy(DIST / "icon-120x120.png", folder / "favicon.ico")


# ---- All of it -----------------------------------------------------------------------------------


def build_lab(lite: Path, runtime: Runtime) -> None:
    """Let JupyterLite write its part of the site into `site/dist`."""
    shutil.rmtree(lite, ignore_errors=True)
    shutil.rmtree(DIST, ignore_errors=True)
    lock_name = publish_runtime(runtime, WORK / "wheels", lite / "static" / "pyodide")
    versions = publish_notebooks(lite / "contents")
    asked = json.dumps(configuration(lock_name, versions))
    (lite / "jupyter-lite.json").write_text(asked, encoding="utf-8")
    (lite / "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    # JupyterLite takes in every extension that its environment has.
    ours = VENV / "share/jupyter/labextensions/bp-helpers"
    shutil.rmtree(ours, ignore_errors=True)
    shutil.copytree(ROOT / "jupyter/share/jupyter/labextensions/bp-helpers", ours)
    command = [str(PYTHON), "-m", "jupyter", "lite", "build", f"--lite-dir={lite}"]
    command += [f"--contents={lite / 'contents'}", f"--output-dir={DIST}", "--no-sourcemaps"]
    command += [f"--apps={app}" for app in APPS]
    done = subprocess.run(command, cwd=lite, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def main() -> None:
    """Build all of it and say how large it is."""
    if sys.version_info[:2] != RUNTIME_PYTHON:
        sys.exit("The site is built by Python 3.12, the version that runs in the browser.")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--pyodide", type=Path, default=os.environ.get("BP_PYODIDE"), metavar="FOLDER",
        help="a folder with Pyodide's files (or the variable BP_PYODIDE); else they are downloaded",
    )  # fmt: skip
    folder = parser.parse_args().pyodide
    prepare_environment()
    fetch_wheels(WORK / "wheels")
    build_lab(WORK / "lite", Runtime(folder and Path(folder).resolve()))
    write_starting()
    write_worker()
    write_landing()
    size = sum(path.stat().st_size for path in DIST.rglob("*") if path.is_file())
    print(f"The site is in {DIST}, {size / 1e6:.1f} MB. Look at it: python3 site/serve.py")


if __name__ == "__main__":
    main()
