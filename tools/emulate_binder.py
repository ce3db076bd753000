"""Do Binder's steps for `binder/` without a container: `python3.12 tools/emulate_binder.py DIR`.

Makes DIR/project, a copy of the tracked files, and DIR/env, an environment with the server that
repo2docker lays under every Binder, then the steps that repo2docker carries out in it. Prints how
long each step takes and how large the environment is after it.
"""

import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# From the lock that repo2docker 2026.4.0 has for Python 3.12; there they come from conda.
SERVER = [
    "ipykernel==7.0.1",
    "ipywidgets==8.1.7",
    "jupyter-offlinenotebook==0.3.2",
    "jupyter-resource-usage==1.2.0",
    "jupyter-server==2.17.0",
    "jupyterhub==5.4.0",
    "jupyterlab==4.4.9",
    "notebook==7.4.7",
]


def copy_project(folder: Path) -> None:
    """Copy every file that git knows."""
    command = ["git", "ls-files", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in names.rstrip("\0").split("\0"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def megabytes(folder: Path) -> float:
    """Return the size of all files in `folder`."""
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main(folder: Path) -> None:
    """Carry out the steps in `folder`, which must be empty or missing."""
    wanted = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    present = "python-{}.{}".format(*sys.version_info[:2])
    if present != wanted:
        sys.exit(f"binder/runtime.txt says {wanted} and this is {present}: start it with that one.")
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder} is not empty: name another folder.")
    project, environment = folder / "project", folder / "env"
    copy_project(project)
    venv.create(environment, with_pip=True)
    pip = [str(environment / "bin" / "pip"), "install", "--no-cache-dir", "--quiet"]
    steps = {
        "the server under every Binder": [*pip, *SERVER],
        "pip install -r binder/requirements.txt": [*pip, "-r", "binder/requirements.txt"],
        "binder/postBuild": ["binder/postBuild"],
    }
    path = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for name, command in steps.items():
        started = time.perf_counter()
        subprocess.run(command, cwd=project, env={**os.environ, "PATH": path}, check=True)
        seconds = time.perf_counter() - started
        print(f"{name}: {seconds:.0f} s, then {megabytes(environment):.0f} MB", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
