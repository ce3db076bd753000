"""How long the set-up takes by uv and by pip: `python3 -m benchmarks.setup`.

Each turn makes `.venv` anew in a copy of the project and ends with JupyterLab's version, so that
what is not compiled yet is counted where it is imported. Both begin with an empty cache of their
own; in the later turns it is full.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TURNS = 3  # the first with empty caches


def copy_of_project(folder: Path, *, with_uv: bool) -> Path:
    """Copy the project; without the file of uv's hashes, no uv is brought and pip does the work."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*", "__pycache__", "site"))
    if not with_uv:
        (folder / "requirements/uv.txt").unlink()
    return folder


def seconds(folder: Path, caches: Path) -> float:
    """Set up and say JupyterLab's version."""
    shutil.rmtree(folder / ".venv", ignore_errors=True)
    variables = {"PIP_CACHE_DIR": str(caches / "pip"), "UV_CACHE_DIR": str(caches / "uv")}
    command = [sys.executable, str(folder / "start.py"), "--version"]
    start = time.perf_counter()
    subprocess.run(command, env={**os.environ, **variables}, check=True, capture_output=True)
    took = time.perf_counter() - start
    (installer,) = {
        file.read_text(encoding="utf-8").strip()
        for file in (folder / ".venv").glob("**/site-packages/numpy-*/INSTALLER")
    }
    assert installer == folder.name, f"{installer} has installed what {folder.name} should have"
    return took


def main() -> None:
    """Let both take turns and print the times and their ratio."""
    if shutil.which("uv"):
        sys.exit("Take uv off PATH: with it there, the set-up never goes by pip.")
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        folders = [copy_of_project(base / way, with_uv=way == "uv") for way in ("uv", "pip")]
        for turn in range(TURNS):
            by_uv, by_pip = (seconds(folder, base / f"{folder.name}-cache") for folder in folders)
            caches = "full caches" if turn else "empty caches"
            print(
                f"{caches:12}  uv {by_uv:5.1f} s  pip {by_pip:5.1f} s  ratio {by_uv / by_pip:.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
