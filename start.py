"""Open the course with `python3 start.py`, or pass its tests with `python3 start.py test`.

Both make `.venv` beside this file at the first start and install the pinned packages there; later
starts find them and install nothing. What stands behind `start.py` goes to JupyterLab
(`--no-browser`, `--port=8890`), what stands behind `test` to pytest, with paths as seen from this
file's folder (`tests/test_layers.py`). Ctrl-C ends JupyterLab with exit code 0.
"""

# Only the standard library, and only what Python 3.6 can parse, so that an old one gets a
# sentence instead of a syntax error.
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

OLDEST, NEWEST = (3, 11), (3, 14)
if not OLDEST <= sys.version_info[:2] <= NEWEST:
    # A newer one is refused as well: the pinned packages with compiled parts do not exist for it.
    sys.exit(
        "The course needs Python 3.11, 3.12, 3.13 or 3.14, and this is Python "
        f"{sys.version_info[0]}.{sys.version_info[1]}: install one of those beside it and start "
        "with that one, for example `python3.14 start.py` (on Windows `py -3.14 start.py`)."
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
if sys.platform == "win32":
    PYTHON = VENV / "Scripts" / "python.exe"
    PACKAGES = VENV / "Lib" / "site-packages"
else:
    PYTHON = VENV / "bin" / "python"
    PACKAGES = VENV / "lib" / "python{}.{}".format(*sys.version_info[:2]) / "site-packages"
MARKER = VENV / "made-by-start"  # says that the folder is ours; locked while a start sets it up
STAMP = VENV / "installed.json"  # written last: what was installed, from which files
SPACE = 600  # MB, with the test tools

# Signs in pip's and the system's messages, and what they mean to a learner.
EXPLANATIONS = [
    (
        ["[Errno 28]", "[Errno 122]", "[WinError 112]", "No space left"],
        f"The disk is full: make about {SPACE} MB of room, then start again.",
    ),
    (
        ["[Errno 1]", "[Errno 13]", "[Errno 30]", "[WinError 5]", "[WinError 32]"],
        "Files in this folder cannot be written: close JupyterLab if it still runs here, or move "
        "the course to a folder of your own, then start again.",
    ),
    (
        ["Long Path"],
        "The name of this folder is too long for Windows: move the course to a short one, such as "
        "C:\\course, then start again.",
    ),
    (
        ["connection broken by", "NewConnectionError", "ReadTimeoutError"],
        "The package index cannot be reached: check the connection to the internet (and the proxy, "
        "if there is one), then start again.",
    ),
]


class TroubleError(Exception):
    """What stands in the way, as a sentence for the learner."""


def say(text: str) -> None:
    """Print at once, also into a pipe."""
    print(text, flush=True)


def explanation(message: str) -> "str | None":
    """Find the sentence for a message of pip or of the system."""
    for signs, sentence in EXPLANATIONS:
        if any(sign in message for sign in signs):
            return sentence
    return None


def claim() -> None:
    """Make `.venv`, or see that it is ours; a folder from elsewhere is never touched."""
    names = os.listdir(VENV) if VENV.exists() else []
    if names and MARKER.name not in names:
        raise TroubleError(
            "The folder .venv here was not made by start.py, so it is left alone: rename or delete "
            "it, then start again."
        )
    VENV.mkdir(exist_ok=True)
    if not names:
        MARKER.touch()


def try_lock(file: "IO[bytes]") -> bool:
    """Take the lock if it is free; the system gives it back when its last holder ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def wait_for_lock(file: "IO[bytes]") -> None:
    """Wait while another start, or a pip that outlived one, works in `.venv`."""
    if try_lock(file):
        return
    say("Another start is setting up the course here; waiting for it.")
    while not try_lock(file):
        time.sleep(0.5)


def wanted_stamp(testing: bool) -> "dict[str, str]":
    """Say what `.venv` has to be made from."""
    files = [ROOT / "pyproject.toml", ROOT / "requirements.txt"]
    files += [path for path in ROOT.glob("jupyter/**/*") if path.is_file()]
    if testing:
        files.append(ROOT / "requirements-test.txt")
    stamp = {str(f.relative_to(ROOT)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
    return {**stamp, "folder": str(ROOT), "python": "{}.{}".format(*sys.version_info[:2])}


def read_stamp() -> "dict[str, str]":
    """Read what `.venv` was made from: nothing, if its set-up was not completed or it is dead."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
        version = "import sys; print('{}.{}'.format(*sys.version_info[:2]))"
        answer = subprocess.run([str(PYTHON), "-c", version], capture_output=True, text=True)
    except (OSError, ValueError):
        return {}
    return stamp if answer.stdout.strip() == stamp["python"] else {}


def run_quietly(command: "list[str]", lock: "IO[bytes]") -> None:
    """Run a step of the set-up and show its output only if it fails for a reason unknown here."""
    # The step holds the lock too: if this process is killed, the next start waits for the step.
    held = () if sys.platform == "win32" else (lock.fileno(),)
    step = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=held,
    )
    if step.returncode == 0:
        return
    sentence = explanation(step.stdout)
    if sentence is None:
        say(step.stdout)
        sentence = (
            "The set-up failed for the reason above: start again, and if it fails again, send that "
            "text to the course's authors."
        )
    raise TroubleError(sentence)


def make_environment(lock: "IO[bytes]") -> None:
    """Make `.venv` anew around its marker."""
    if any(importlib.util.find_spec(module) is None for module in ("venv", "ensurepip")):
        raise TroubleError(
            "This Python cannot make environments: install what is missing (on Debian and Ubuntu "
            "`sudo apt install python3-venv`), then start again."
        )
    if Path(sys.prefix).resolve() == VENV:
        raise TroubleError(
            "The folder .venv has to be made anew, and this is its own Python: run `deactivate` or "
            "open a new window, then start again."
        )
    for item in VENV.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        elif item != MARKER:
            item.unlink()
    if shutil.disk_usage(ROOT).free < SPACE * 10**6:
        raise TroubleError(explanation("No space left"))
    run_quietly([sys.executable, "-m", "venv", str(VENV)], lock)


def install(testing: bool, lock: "IO[bytes]") -> None:
    """Install the pinned packages and the course's own package."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pinned = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements.txt")]
    if testing:
        pinned += ["-r", str(ROOT / "requirements-test.txt")]
    run_quietly([*pip, *pinned], lock)
    run_quietly([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], lock)
    # Python before 3.13 misreads letters beyond ASCII in this file on Windows; a relative path
    # has none, wherever the course lies.
    (PACKAGES / "bp_helpers.pth").write_text(os.path.relpath(ROOT, PACKAGES), encoding="ascii")


def set_up(testing: bool) -> None:
    """Make `.venv` hold what the project's files ask for; do nothing where it does already."""
    claim()
    with MARKER.open("rb") as lock:
        wait_for_lock(lock)
        wanted, present = wanted_stamp(testing), read_stamp()
        if wanted.items() <= present.items():
            return
        say("Setting up the course in .venv: a minute or two, this once.")
        STAMP.unlink(missing_ok=True)
        if any(present.get(key) != wanted[key] for key in ("folder", "python")):
            make_environment(lock)
        install(testing, lock)
        STAMP.write_text(json.dumps(wanted), encoding="utf-8")


def become(command: "list[str]") -> None:
    """Let the command take the place of this process, in the project's folder."""
    os.chdir(ROOT)
    if sys.platform != "win32":
        os.execv(command[0], command)
    # Windows cannot replace a process: wait for it, and leave Ctrl-C, which it gets too, to it.
    with subprocess.Popen(command) as child:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(child.wait())


def lab_command() -> "list[str]":
    """JupyterLab at the first notebook."""
    notebooks = sorted(ROOT.glob("notebooks/*.ipynb"))
    page = f"/lab/tree/notebooks/{notebooks[0].name}" if notebooks else "/lab"
    options = [f"--ServerApp.root_dir={ROOT}", f"--LabApp.default_url={page}"]
    # A second question after Ctrl-C would hang in the window.
    options += ["--ServerApp.answer_yes=True", "--Application.log_level=WARN"]
    if sys.platform != "win32" and os.geteuid() == 0:
        options.append("--allow-root")  # in a container root is often the only user there is
    return [str(PYTHON), "-m", "jupyterlab", *options]


def main() -> None:
    """Set up, then open the course or run its tests."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    arguments = sys.argv[1:]
    testing = arguments[:1] == ["test"]
    set_up(testing)
    if testing:
        become([str(PYTHON), "-m", "pytest", *arguments[1:]])
    say("Opening the course in JupyterLab. Ctrl-C in this window ends it.")
    become([*lab_command(), *arguments])


if __name__ == "__main__":
    try:
        main()
    except TroubleError as trouble:
        sys.exit(str(trouble))
    except OSError as error:
        sys.exit(explanation(str(error)) or f"The set-up failed: {error}")
    except KeyboardInterrupt:
        say("\nStopped; the next start goes on from here.")
        sys.exit(130)
