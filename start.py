"""Open the course with `python3 start.py`, or pass its tests with `python3 start.py test`.

Both make `.venv` beside this file at the first start and install the pinned packages there; later
starts find them and install nothing. What stands behind `start.py` goes to JupyterLab
(`--no-browser`, `--port=8890`), what stands behind `test` to pytest, with paths as seen from this
file's folder (`tests/engine/test_layers.py`). Ctrl-C ends JupyterLab with exit code 0.
"""

# Only the standard library, and only what Python 3.6 can parse, so that an old one gets a
# sentence instead of a syntax error.
# ruff: noqa: E402
import os  # loaded already when a script starts, as sys is
import sys

# A learner's random.py or types.py, in this folder or in one that PYTHONPATH names, must not take
# the place of Python's own: what stands before Python's first own entry, a zip file, goes last.
ENTRIES = [os.path.basename(entry) for entry in sys.path]
OWN = [k for k, name in enumerate(ENTRIES) if name.startswith("python") and name.endswith(".zip")]
sys.path[:] = sys.path[OWN[0] :] + sys.path[: OWN[0]] if OWN else sys.path

import ast
import csv
import hashlib
import importlib.util
import json
import re
import shlex
import shutil
import signal
import subprocess
import sysconfig
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
PIP_LOG = VENV / "pip.log"  # while packages are installed, and after that failed
OWN_UV = VENV / "uv"  # where uv is brought if the machine has none: apart from the packages
OWN_PIP = VENV / "pip"  # a pip for the set-up, until one is installed
SPACE = 600  # MB, with the test tools

# Jupyter keeps what runs, and which notebooks are trusted, in folders of the person's.
WRITES = """
import os, tempfile
from jupyter_core.paths import jupyter_data_dir, jupyter_runtime_dir
for folder in jupyter_data_dir(), jupyter_runtime_dir():
    os.makedirs(folder, mode=0o700, exist_ok=True)
    tempfile.TemporaryFile(dir=folder).close()
"""

PINNED = ["--require-hashes", "--only-binary", ":all:"]

# What of the caller's environment would lead the programs of .venv elsewhere; what of that stays.
FOREIGN = (
    *("PYTHON", "JUPYTER", "IPYTHON", "PYTEST", "MPLBACKEND", "MATPLOTLIBRC", "__PYVENV"),
    *("TQDM_", "ANYWIDGET_", "FORCE_COLOR", "PY_COLORS"),
)
HARMLESS = {"JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR"}

# What pip is told about the way to packages, and no setting of where they go or which they are.
PIP_SETTINGS = {
    *("index-url", "extra-index-url", "no-index", "find-links", "trusted-host", "proxy"),
    *("cert", "client-cert", "keyring-provider", "use-feature", "use-deprecated"),
    *("timeout", "default-timeout", "retries", "cache-dir", "no-cache-dir"),
}

# What uv calls them; it has a cache of its own. With any other setting, pip does the work.
UV_NAMES = {
    "PIP_INDEX_URL": "UV_INDEX_URL",
    "PIP_EXTRA_INDEX_URL": "UV_EXTRA_INDEX_URL",
    "PIP_NO_INDEX": "UV_NO_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_TRUSTED_HOST": "UV_INSECURE_HOST",
    "PIP_PROXY": "HTTP_PROXY HTTPS_PROXY",
    "PIP_CERT": "SSL_CERT_FILE",
    **dict.fromkeys(["PIP_TIMEOUT", "PIP_DEFAULT_TIMEOUT"], "UV_HTTP_TIMEOUT"),
    **dict.fromkeys(["PIP_RETRIES", "PIP_CACHE_DIR", "PIP_NO_CACHE_DIR"], ""),
    **dict.fromkeys(["PIP_CONFIG_FILE", "REQUESTS_CA_BUNDLE"], ""),
}

# Signs in pip's and the system's messages, and what they mean to a learner.
EXPLANATIONS = [
    (
        r"\[Errno (28|122)\]|\[WinError 112\]|No space left|quota exceeded",
        f"The disk, or your share of it, is full: make about {SPACE} MB of room, then start again.",
    ),
    (
        r"\[Errno (1|13|30)\]|\[WinError (5|32)\]",
        "Files in this folder cannot be written: close JupyterLab if it still runs here, or move "
        "the course to a folder of your own, then start again.",
    ),
    (
        r"Long Path",
        "The name of this folder is too long for Windows: move the course to a short one, such as "
        "C:\\course, then start again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A package arrived that is not the one asked for: a login page, a filter or a mirror "
        "changed it on the way. Start again on another network.",
    ),
    (
        r"[Cc]onfiguration file could not be loaded|[Cc]onfiguration file contains invalid",
        "pip cannot read its configuration file (`pip config debug` names the files it looks for): "
        "mend that file or move it away, then start again.",
    ),
    (
        r"suitable TLS CA certificate bundle",
        "The file of certificates that pip is told to use is not there: correct its name in "
        "PIP_CERT, REQUESTS_CA_BUNDLE or `pip config list`, then start again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|ssl certificate",
        "The package index shows a certificate that this machine does not trust. On a network with "
        "a login page, open any page in the browser and log in; in a company or school, ask for "
        "the file with its certificate and set PIP_CERT to that file's name; and see that the "
        "clock is right. Then start again.",
    ),
    (
        r"SOCKS support",
        "The proxy is a SOCKS proxy, and pip can use only HTTP ones here: name such a one in "
        "HTTPS_PROXY and take ALL_PROXY away, then start again.",
    ),
    (
        r"\b407 (Proxy|Client)",
        "The proxy asks for a name and a password: put them into its address, as in "
        "HTTPS_PROXY=http://name:password@proxy.example:8080, then start again.",
    ),
    (
        r"\b401 (Client|Error|Unauthorized)|Authentication Required",
        "The package index asks for a name and a password: put them into its address, as in "
        "PIP_INDEX_URL=https://name:password@index.example/simple, then start again.",
    ),
    (
        r"\b(403|451) (Client|Forbidden|Unavailable)|HTTP error (403|451)",
        "The package index, or a filter on the way to it, refuses this machine (403): ask who "
        "looks after the network, or start again on another one.",
    ),
    (
        r"\b5\d\d (Server Error|error responses)|\b429 Client|"
        r"HTTP error (5\d\d|429)|connection failed: 5\d\d",
        "The package index, or a proxy on the way to it, is out of order or overloaded: start "
        "again in a few minutes.",
    ),
    (
        r"check_hostname requires server_hostname",  # of pip 24.2, which Python 3.13.0 brings
        "The pip of this Python cannot use a package index by its number, as in https://10.0.0.1: "
        "put its name into PIP_INDEX_URL, then start again.",
    ),
    (
        r"not a trusted or secure host",
        "pip does not trust a package index without https: give it an address with https, or name "
        "its host in PIP_TRUSTED_HOST, then start again.",
    ),
    (
        r"connection broken by|NewConnectionError|ReadTimeoutError|connection error:|timed out|"
        r"Max retries exceeded|Connection aborted|IncompleteRead",
        "The package index cannot be reached: check the connection to the internet (and the proxy, "
        "if there is one), then start again.",
    ),
    (
        r"No matching distribution found",
        "The packages were not found where pip looks. On a network with a login page, open any "
        "page in the browser and log in; if pip is set to an index or folder of its own (see "
        "`pip config list`), see that its address is right and that it has them. Then start again.",
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
        if re.search(signs, message):
            return sentence
    return None


def own_environment() -> "dict[str, str]":
    """Take the caller's environment, and let Python, Jupyter and IPython find only what is ours.

    JupyterLab's settings that a person chose in its menus, such as the theme, stay theirs.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in HARMLESS or not name.startswith(FOREIGN)
    }
    home = os.path.join(os.path.expanduser("~"), ".jupyter")
    settings = os.path.join(os.environ.get("JUPYTER_CONFIG_DIR", home), "lab", "user-settings")
    kept.setdefault("JUPYTERLAB_SETTINGS_DIR", settings)
    return {
        **kept,
        "PYTHONSAFEPATH": "1",  # no module comes from the folder in which a program starts
        "JUPYTER_CONFIG_DIR": str(VENV / "jupyter"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(VENV / "ipython"),
        "MATPLOTLIBRC": str(PACKAGES / "matplotlib" / "mpl-data" / "matplotlibrc"),
    }


def running_environment() -> "dict[str, str]":
    """Return what JupyterLab and the tests run in: with folders in which Jupyter can write.

    In a container, or with an account that has no home, the person's cannot be written.
    """
    environment = own_environment()
    step = subprocess.run([str(PYTHON), "-c", WRITES], capture_output=True, env=environment)
    if step.returncode == 0:
        return environment
    folders = {name: str(VENV / "home" / name.lower()) for name in HARMLESS}
    return {**environment, **folders}


def claim() -> None:
    """Make `.venv`, or see that it is ours; a folder from elsewhere is never touched."""
    if sys.platform != "win32" and os.statvfs(ROOT).f_flag & getattr(os, "ST_NOEXEC", 0):
        raise TroubleError(
            "The disk on which this folder lies lets no program run (it is mounted with noexec): "
            "move the course to another disk, such as your home folder, then start again."
        )
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
        files.append(ROOT / "requirements/test.txt")
    stamp = {str(f.relative_to(ROOT)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
    folder = os.fsencode(ROOT).decode(errors="replace")  # the same whatever the locale
    return {**stamp, "folder": folder, "python": "{}.{}".format(*sys.version_info[:2])}


def read_stamp() -> "dict[str, str]":
    """Read what `.venv` was made from: nothing, if its set-up was not completed or it is broken."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
        version = "import sys; print('{}.{}'.format(*sys.version_info[:2]))"
        command = [str(PYTHON), "-I", "-c", version]
        answer = subprocess.run(command, capture_output=True, text=True, env=own_environment())
        installed = stamp.pop("packages").split()
        present = [name for name in installed if (PACKAGES / name / "RECORD").exists()]
        if answer.stdout.strip() != stamp["python"] or not are_whole(present):
            return {}
    except (OSError, ValueError, KeyError):
        return {}
    if present == installed:
        return stamp
    # A package was removed or changed for another version: pip can mend that.
    return {key: stamp[key] for key in ("folder", "python")}


def are_whole(packages: "list[str]") -> bool:
    """Say whether of these packages each file is there that pip wrote into `.venv`."""
    for package in packages:
        with (PACKAGES / package / "RECORD").open(encoding="utf-8", newline="") as record:
            files = [row[0] for row in csv.reader(record) if not row[0].endswith(".pyc")]
        if not all(os.path.exists(os.path.join(PACKAGES, file)) for file in files):
            return False
    return True


def attempt(
    command: "list[str]", lock: "IO[bytes]", variables: "dict[str, str]"
) -> "subprocess.CompletedProcess[str]":
    """Run a step of the set-up to its end."""
    own = {
        name: value
        for name, value in own_environment().items()
        if name == "UV_CACHE_DIR" or not name.startswith(("PIP_", "UV_"))
    }
    # The step holds the lock too: if this process is killed, the next start waits for the step.
    held = () if sys.platform == "win32" else (lock.fileno(),)
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**own, **variables},
        pass_fds=held,
    )


def run_quietly(command: "list[str]", lock: "IO[bytes]", **variables: str) -> str:
    """Run a step of the set-up and return its output; say why if it fails."""
    step = attempt(command, lock, variables)
    if step.returncode == 0:
        return step.stdout
    sentence = explanation(step.stdout + pip_told())
    if sentence is None:
        say(step.stdout)
        sentence = (
            "The set-up failed for the reason above: start again, and if it fails again, send that "
            "text to the course's authors."
        )
    raise TroubleError(sentence)


def pip_told() -> str:
    """Read what pip wrote into its log about the last package: how the index answered."""
    if not PIP_LOG.exists():
        return ""
    log = PIP_LOG.read_text(encoding="utf-8", errors="replace")
    return log.rpartition("to search for versions of")[2]


def pip_variables(pip: "list[str]", lock: "IO[bytes]") -> "dict[str, str]":
    """Return the caller's settings of pip that say how packages are reached, as variables."""
    given = {n: v for n, v in os.environ.items() if n == "PIP_CONFIG_FILE"}
    # With these, no setting changes where the list comes from or whether it is printed.
    plainly = ["--python", str(PYTHON), "--log", os.devnull, "config", "list"]
    listed = run_quietly([*pip, *plainly], lock, PIP_QUIET="0", PIP_VERBOSE="0", **given)
    found = re.findall(r"^(global|install)\.([\w-]+)=(.+)$", listed, re.MULTILINE)
    # Of the two sections, `install` has the last word, and the environment over both.
    settings = {name: str(ast.literal_eval(value)) for _, name, value in sorted(found)}
    for name, value in os.environ.items():
        if name.startswith("PIP_") and value:
            settings[name[4:].lower().replace("_", "-")] = value
    kept = {
        "PIP_" + name.upper().replace("-", "_"): value
        for name, value in settings.items()
        if name in PIP_SETTINGS
    }
    if "PIP_CERT" in kept:
        kept["REQUESTS_CA_BUNDLE"] = kept["PIP_CERT"]  # pip would heed the caller's before its own
    return {**kept, "PIP_CONFIG_FILE": os.devnull}


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
    run_quietly([sys.executable, "-I", "-m", "venv", "--without-pip", str(VENV)], lock)


def has_pip() -> bool:
    """Say whether pip is installed in `.venv`; halves are forgotten, and damage makes it anew."""
    return any(PACKAGES.glob("pip-*.dist-info"))


def bundled_pip() -> "Path | None":
    """Return the wheel of pip that came with this Python."""
    spec = importlib.util.find_spec("ensurepip")
    if spec is None or spec.origin is None:
        return None
    ours = Path(spec.origin).with_name("_bundled")
    systems = sysconfig.get_config_var("WHEEL_PKG_DIR")  # where a Linux keeps them instead
    places = [ours, Path(systems)] if systems else [ours]
    return next((wheel for place in places for wheel in place.glob("pip-*.whl")), None)


def pip_at_hand(wheel: Path) -> "list[str]":
    """Return what runs pip before it is installed: out of its wheel it would be far slower."""
    if has_pip():
        return [str(PYTHON), "-m", "pip"]
    shutil.unpack_archive(str(wheel), str(OWN_PIP), "zip")
    return [str(PYTHON), str(OWN_PIP / "pip")]


def uv_variables(settings: "dict[str, str]") -> "dict[str, str] | None":
    """Return pip's settings as uv is told them, or None if it has no word for one of them."""
    if not settings.keys() <= UV_NAMES.keys():
        return None
    # With hashes it does not matter which index a package comes from. A second attempt is pip's.
    told = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_HTTP_RETRIES": "0"}
    if sys.platform == "win32":
        # A file with two names cannot lie in a OneDrive folder, nor be deleted while it is in use
        # under the other one.
        told["UV_LINK_MODE"] = "copy"
    for name, value in settings.items():
        between = "," if name == "PIP_FIND_LINKS" else " "
        told.update(dict.fromkeys(UV_NAMES[name].split(), between.join(value.split())))
    return told


def find_uv(pip: "list[str]", settings: "dict[str, str]", lock: "IO[bytes]") -> "str | None":
    """Return the uv of this machine, or bring one; None where none is to be had at once."""
    own = os.pathsep.join(str(OWN_UV / folder) for folder in ("bin", "Scripts"))
    found = shutil.which("uv") or shutil.which("uv", path=own)
    if found:
        return found
    command = [*pip, "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--retries", "0", "--no-compile", "--target", str(OWN_UV), *PINNED]
    step = attempt([*command, "-r", str(ROOT / "requirements/uv.txt")], lock, settings)
    return None if step.returncode else shutil.which("uv", path=own)


def requirements(testing: bool) -> "list[str]":
    """Return the pinned packages, as pip and uv are told them."""
    files = ["requirements.txt", "requirements/test.txt"] if testing else ["requirements.txt"]
    return [*PINNED, *(part for file in files for part in ("-r", str(ROOT / file)))]


def installed_by_uv(testing: bool, lock: "IO[bytes]") -> bool:
    """Install everything by uv, which takes a fraction of pip's time; say whether that worked."""
    wheel = bundled_pip()
    if wheel is None:
        return False
    pip = pip_at_hand(wheel)
    settings = pip_variables(pip, lock)
    told = uv_variables(settings)
    if told is None:
        return False
    uv = find_uv(pip, settings, lock)
    if uv is None:
        return False
    install = [uv, "pip", "install", "--no-config", "--quiet", "--python", str(PYTHON)]
    steps = [
        [*install, "--no-index", "--no-deps", str(wheel)],
        [*install, *requirements(testing)],
        [*install, "--no-deps", "--no-build-isolation", "--reinstall", "-e", str(ROOT)],
    ]
    try:
        if all(attempt(step, lock, told).returncode == 0 for step in steps):
            return True
    except OSError:
        pass  # a uv for another kind of machine
    return False


def install_by_pip(testing: bool, lock: "IO[bytes]") -> None:
    """Install everything by pip, and say why if that fails."""
    if not has_pip():
        # venv could do this too, but would keep to itself why it failed.
        run_quietly([str(PYTHON), "-m", "ensurepip", "--default-pip"], lock)
    settings = pip_variables([str(PYTHON), "-m", "pip"], lock)
    pip = [str(PYTHON), "-m", "pip", "install", "--log", str(PIP_LOG), "--quiet", "--no-input"]
    pip += ["--disable-pip-version-check"]
    run_quietly([*pip, *requirements(testing)], lock, **settings)
    run_quietly([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], lock, **settings)
    PIP_LOG.unlink(missing_ok=True)


def forget_halves() -> None:
    """Take away what says of a package that it is there, where its install was not ended.

    Who installs next would take it for whole. Both pip and uv note themselves at the end.
    """
    for info in PACKAGES.glob("*.dist-info"):
        if not (info / "INSTALLER").exists():
            shutil.rmtree(info)


def install(testing: bool, lock: "IO[bytes]") -> None:
    """Install the pinned packages and the course's own package."""
    forget_halves()
    if not installed_by_uv(testing, lock):
        forget_halves()
        install_by_pip(testing, lock)  # which also says what is wrong
    shutil.rmtree(OWN_PIP, ignore_errors=True)
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
        PIP_LOG.unlink(missing_ok=True)
        if any(present.get(key) != wanted[key] for key in ("folder", "python")):
            make_environment(lock)
        install(testing, lock)
        packages = " ".join(sorted(info.name for info in PACKAGES.glob("*.dist-info")))
        STAMP.write_text(json.dumps({**wanted, "packages": packages}), encoding="utf-8")


def become(command: "list[str]", environment: "dict[str, str]") -> None:
    """Let the command take the place of this process, in the project's folder."""
    os.chdir(ROOT)
    if sys.platform != "win32":
        os.execve(command[0], command, environment)
    # Windows cannot replace a process: wait for it, and leave Ctrl-C, which it gets too, to it.
    with subprocess.Popen(command, env=environment) as child:
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


def prepare_streams() -> None:
    """See that what is printed goes to a terminal, a pipe or a file, or to nobody at all."""
    for number, name in enumerate(["stdin", "stdout", "stderr"]):
        stream = getattr(sys, name)
        if stream is None:  # pythonw, or closed by the caller: nobody, for what is started here too
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, "r" if name == "stdin" else "w"))
        elif name != "stdin" and not hasattr(stream, "reconfigure"):
            raise TroubleError(
                "JupyterLab needs the window of a terminal, where Ctrl-C ends it, and this is "
                "another one: open a terminal (on Windows PowerShell) and type there  "
                + line_to_type()
            )
        elif name != "stdin":
            stream.reconfigure(errors="backslashreplace")


def line_to_type() -> str:
    """Return what starts the course from a terminal, whatever its folder."""
    if sys.platform == "win32":
        return 'py -{}.{} "{}"'.format(*sys.version_info[:2], ROOT / "start.py")
    return " ".join(map(shlex.quote, [sys.executable, str(ROOT / "start.py")]))


def options_of_tests(given: list[str]) -> list[str]:
    """Return what pytest is told: all tests, or those with a marker, run on all processors."""
    if given and given[0] != "-m":
        return given  # a few are sooner done on one
    # In the groups of tests/conftest.py, in the order of the files: there the longest come first.
    together = ["--dist", "loadscope", "--no-loadscope-reorder"]
    return ["-n", str(os.cpu_count() or 1), *together, *given]


def main() -> None:
    """Set up, then open the course or run its tests."""
    prepare_streams()
    arguments = sys.argv[1:]
    if arguments in (["--help"], ["-h"]):
        say(__doc__.strip())
        return
    testing = arguments[:1] == ["test"]
    set_up(testing)
    environment = running_environment()
    if testing:
        become([str(PYTHON), "-P", "-m", "pytest", *options_of_tests(arguments[1:])], environment)
    say("Opening the course in JupyterLab. Ctrl-C in this window ends it.")
    extensions = VENV / "share" / "jupyter" / "labextensions"
    options = [f"--LabApp.labextensions_path={extensions}"]  # none of the person's, made for others
    become([*lab_command(), *options, *arguments], environment)


def end(sentence: str) -> None:
    """End with a sentence for the learner; without a window, Windows shows it in a box."""
    if sys.platform == "win32" and sys.executable.endswith("pythonw.exe"):
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, sentence, "start.py", 0)
    sys.exit(sentence)


if __name__ == "__main__":
    try:
        main()
    except TroubleError as trouble:
        end(str(trouble))
    except OSError as error:
        end(explanation(str(error)) or f"The set-up failed: {error}")
    except KeyboardInterrupt:
        say("\nStopped; the next start goes on from here.")
        sys.exit(130)
