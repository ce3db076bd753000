"""start.py, run for real: on a copy of the project, and on a small course that installs quickly.

Nothing here touches the project's own .venv. pip's cache is kept, so that packages are downloaded
once per machine.
"""

import ast
import asyncio
import contextlib
import http.server
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from thorough import some
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parents[2]
WINDOWS = sys.platform == "win32"
ALL_PROCESSORS = ["-n", str(os.cpu_count()), "--dist", "loadscope", "--no-loadscope-reorder"]
PYTHON = Path(".venv", "Scripts/python.exe" if WINDOWS else "bin/python")
SETTING_UP = "Setting up the course"
# start.py set variables for the tests too: here stands what a caller of its own would have.
CALLER = {n: v for n, v in os.environ.items() if not n.startswith(("JUPYTER", "IPYTHON"))}
# And no uv, so that the same happens on a machine that has one.
FOLDERS = os.environ["PATH"].split(os.pathsep)
CALLER["PATH"] = os.pathsep.join(place for place in FOLDERS if not shutil.which("uv", path=place))
# But the one of this .venv, where to bring one is not what is tested: that takes half of the time.
OWN_UV = ROOT / ".venv" / "uv" / ("Scripts" if WINDOWS else "bin")
WITH_UV = {"PATH": f"{OWN_UV}{os.pathsep}{CALLER['PATH']}"}
NOTICES = "@jupyterlab/apputils-extension:notification"

pytestmark = pytest.mark.timeout(900)  # packages are installed, over whatever line there is

posix_only = pytest.mark.skipif(WINDOWS, reason="sends POSIX signals")

SMALL_TEST = "def test_small():\n    assert True\n"
FAILING_TEST = "def test_failing():\n    assert False\n"

# An extension of the server that tells what it uses for its open kernel connections.
PROBE = """
import socket
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado import web

def describe(connection):
    sock = connection.websocket_handler.ws_connection.stream.socket
    no_delay = bool(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    return {"class": type(connection).__name__, "no_delay": no_delay}

class Probe(JupyterHandler):
    @web.authenticated
    def get(self):
        found = ZMQChannelsWebsocketConnection._open_sockets
        self.finish({"connections": [describe(connection) for connection in found]})

def _jupyter_server_extension_points():
    return [{"module": "probe"}]

def _load_jupyter_server_extension(server):
    server.web_app.add_handlers(".*$", [("/probe", Probe)])
"""


def process_of(folder, arguments, variables):
    """What `subprocess` is told to run start.py; its stdout holds stderr too."""
    return {
        "args": [sys.executable, str(folder / "start.py"), *arguments],
        "cwd": folder.parent,
        "env": {**CALLER, **variables},
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "text": True,
        "errors": "replace",
    }


def run(folder, *arguments, cwd=None, **variables):
    """Run start.py to its end."""
    process = process_of(folder, arguments, variables)
    return subprocess.run(**{**process, "cwd": cwd or folder.parent}, timeout=600)


@contextlib.contextmanager
def running(folder, *arguments, **variables):
    """Run start.py in the background, in a process group of its own; end it for sure."""
    told = process_of(folder, arguments, variables)
    with subprocess.Popen(**told, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(condition, seconds=120):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.01)


# The whole course: set up once, with the test tools


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("start") / "Mein Kurs für alle"
    leave = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, folder, ignore=leave)
    (folder / "tests" / "test_small.py").write_text(SMALL_TEST, encoding="utf-8")
    (folder / "tests" / "test_failing.py").write_text(FAILING_TEST, encoding="utf-8")
    first = run(folder, "test", "tests/test_small.py")
    assert first.returncode == 0, first.stdout
    assert SETTING_UP in first.stdout
    assert "1 passed" in first.stdout.splitlines()[-1]
    return folder


# Settings of a person who uses Jupyter, IPython and Python for other things too

SERVER_CONFIG = """
c.ServerApp.root_dir = {folder!r}
c.ServerApp.port = 1
c.ServerApp.ip = "0.0.0.0"
c.ServerApp.base_url = "/elsewhere/"
c.ServerApp.token = c.IdentityProvider.token = ""
c.ServerApp.contents_manager_class = "not_installed.Contents"
c.ServerApp.kernel_websocket_connection_class = "not_installed.Connection"
c.ServerApp.jpserver_extensions = {{"bp_helpers.server_extension": False, "jupyterlab": False}}
c.KernelSpecManager.allowed_kernelspecs = {{"other"}}
c.MultiKernelManager.default_kernel_name = "other"
"""
KERNEL_CONFIG = """
c.InteractiveShell.ast_node_interactivity = "all"
c.InteractiveShellApp.exec_lines = ["spoilt = True"]
"""
KERNEL = {"argv": ["not-installed"], "display_name": "Other", "language": "python"}
THEMES = "@jupyterlab/apputils-extension"


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def person(tmp_path_factory):
    """The variables of this person."""
    home = tmp_path_factory.mktemp("person")
    jupyter, ipython = home / ".jupyter", home / ".ipython" / "profile_default"
    write(jupyter / "jupyter_server_config.py", SERVER_CONFIG.format(folder=str(home)))
    off = {"disabledExtensions": {"@jupyter-widgets/jupyterlab-manager": True}}
    write(jupyter / "labconfig" / "page_config.json", json.dumps(off))
    theme = {"theme": "JupyterLab Dark"}
    write(jupyter / "lab/user-settings" / THEMES / "themes.jupyterlab-settings", json.dumps(theme))
    write(ipython / "ipython_config.py", KERNEL_CONFIG)
    write(ipython / "startup" / "00-first.py", "spoilt = True")
    write(home / "data" / "kernels" / "python3" / "kernel.json", json.dumps(KERNEL))
    write(home / "data" / "labextensions" / "other" / "package.json", '{"name": "other"}')
    write(home / "matplotlibrc", "figure.dpi: 7\n")
    for module in ("numpy", "jupyterlab", "ipykernel", "socket"):
        write(home / "modules" / f"{module}.py", "raise SystemExit('not this one')")
    folders = {name: str(home) for name in ("HOME", "USERPROFILE", "IPYTHONDIR", "MATPLOTLIBRC")}
    return {
        **folders,
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_PATH": str(home / "data"),
        "JUPYTER_CONFIG_PATH": str(jupyter),
        "JUPYTER_PREFER_ENV_PATH": "0",
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_TOKEN": "",
        "JUPYTERLAB_DIR": str(home),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "modules"),
        "MPLBACKEND": "not_installed",
        "TQDM_DISABLE": "1",
        "ANYWIDGET_HMR": "1",
        "PYTHONPATH": str(home / "modules"),
        "PYTHONSTARTUP": str(ipython / "startup" / "00-first.py"),
        "PYTHONWARNINGS": "error",
        "PYTEST_ADDOPTS": "--not-an-option",
    }


class Server:
    def __init__(self, process):
        self.process = process
        self.started = time.monotonic()
        self.output = ""
        while (
            found := re.search(r"http://127\.0\.0\.1:(\d+)(\S*)\?token=(\w+)", self.output)
        ) is None:
            line = process.stdout.readline()
            assert line, self.output
            self.output += line
        self.seconds = time.monotonic() - self.started
        self.port, self.page, self.token = found.groups()
        # It prints its address a moment before it listens, and loses a signal that comes then.
        wait_until(self.answers)

    def answers(self):
        try:
            return self.ask("/api/status")["kernels"] == 0
        except urllib.error.URLError:
            return False

    def ask(self, path, method="GET", data=None, token=True):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, method=method)
        if token:
            request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or "null")


# What a learner may save beside the notebooks: modules that Python, Jupyter or the course import
LEARNERS_FILES = ["math", "numpy", "queue", "random", "secrets", "token", "tornado", "types"]


@pytest.fixture(scope="module")
def server(course, person):
    """JupyterLab for this person, with the probe, and with a learner's modules in the folders."""
    environment = course / ".venv"
    write(packages(course) / "probe.py", PROBE)
    setting = {"ServerApp": {"jpserver_extensions": {"probe": True}}}
    write(environment / "etc/jupyter/jupyter_server_config.d/probe.json", json.dumps(setting))
    for module in LEARNERS_FILES:
        for folder in (course, course / "notebooks"):
            write(folder / f"{module}.py", "raise SystemExit('a learner's')")
    write(course / "notebooks" / "mine.py", "answer = 42")
    try:
        with running(course, "--no-browser", "--port=0", **person) as process:
            yield Server(process)
    finally:
        for file in [*course.glob("*.py"), *course.glob("notebooks/*.py")]:
            if file.name != "start.py":
                file.unlink()


def test_a_second_start_installs_nothing_and_opens_at_once(server):
    assert SETTING_UP not in server.output
    assert server.seconds < 60  # usually under 5


def test_the_address_is_the_first_notebook(server, course):
    first = sorted(course.glob("notebooks/*.ipynb"))[:1]
    assert server.page == "".join(["/lab", *[f"/tree/notebooks/{path.name}" for path in first]])


def test_what_start_prints_is_ascii(server):
    assert server.output.isascii()
    assert (ROOT / "start.py").read_bytes().isascii()


def test_the_token_is_required(server):
    with pytest.raises(urllib.error.HTTPError, match="403") as refused:
        server.ask("/api/contents", token=False)
    refused.value.close()
    assert server.ask("/api/contents")["type"] == "directory"


def test_the_server_listens_on_this_machine_only(server):
    connections = psutil.Process(server.process.pid).net_connections()
    listening = {c.laddr.ip for c in connections if c.status == psutil.CONN_LISTEN}
    assert "127.0.0.1" in listening
    assert listening <= {"127.0.0.1", "::1"}


def test_no_news_and_no_update_check_unless_the_learner_wants_them(server):
    settings = server.ask(f"/lab/api/settings/{NOTICES}")
    defaults = settings["schema"]["properties"]
    assert settings["settings"] == {}
    assert defaults["fetchNews"]["default"] == "false"
    assert defaults["checkForUpdates"]["default"] is False
    own = json.dumps({"raw": '{"checkForUpdates": true}'}).encode()
    with contextlib.suppress(json.JSONDecodeError):  # the answer is empty
        server.ask(f"/lab/api/settings/{NOTICES}", "PUT", own)
    assert server.ask(f"/lab/api/settings/{NOTICES}")["settings"] == {"checkForUpdates": True}


def test_the_theme_stays_the_persons(server):
    assert server.ask(f"/lab/api/settings/{THEMES}:themes")["settings"] == {
        "theme": "JupyterLab Dark"
    }


def test_jupyterlab_and_its_extensions_are_the_courses(server, course):
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/lab?token={server.token}") as page:
        data = re.search(
            r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.read().decode(), re.S
        )
    config = json.loads(data[1])
    names = {extension["name"] for extension in config["federated_extensions"]}
    assert "@jupyter-widgets/jupyterlab-manager" in names
    assert "other" not in names
    assert not any("jupyterlab-manager" in name for name in config["disabledExtensions"])
    assert Path(config["serverRoot"]).expanduser() == course


# What a kernel says about itself. (The learner's own modules are in the notebook's folder.)
KERNEL_SAYS = """
import math, os, random, secrets, subprocess, sys, types
import matplotlib.pyplot as plt
import numpy as np
import bp_helpers, mine
1
script = subprocess.run([sys.executable, "-c", "import mine; print(mine.answer)"], text=True,
                        capture_output=True)
answer = [sys.prefix, "spoilt" in globals(), mine.answer, script.stdout, plt.rcParams["figure.dpi"],
          "inline" in plt.get_backend(),
          [name for name in ("TQDM_DISABLE", "ANYWIDGET_HMR") if name in os.environ]]
answer
"""


def test_kernels_are_the_courses_whatever_lies_beside_the_notebooks(server, course):
    session = {
        "path": "notebooks/x.ipynb",
        "type": "notebook",
        "name": "",
        "kernel": {"name": "python3"},
    }
    kernel = server.ask("/api/sessions", "POST", json.dumps(session).encode())["kernel"]["id"]
    address = f"ws://127.0.0.1:{server.port}/api/kernels/{kernel}/channels?token={server.token}"
    content = {"code": KERNEL_SAYS, "silent": False, "store_history": True, "allow_stdin": False}
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "1", "username": ""}
    request = {"header": header, "content": content, "parent_header": {}, "metadata": {}}

    async def ask():
        connection = await websocket_connect(address)
        await connection.write_message(json.dumps({**request, "channel": "shell"}))
        said = []
        while True:
            message = json.loads(await asyncio.wait_for(connection.read_message(), 60))
            if message["parent_header"].get("msg_id") != "1":
                continue
            if message["msg_type"] in ("execute_result", "stream", "error"):
                said.append(message["content"])
            if message["content"].get("execution_state") == "idle":
                break
        connection.close()
        while await connection.read_message() is not None:
            pass
        server.ask(f"/api/kernels/{kernel}", "DELETE")
        return said

    (said,) = asyncio.run(ask())
    prefix, spoilt, *rest = ast.literal_eval(said["data"]["text/plain"])
    assert Path(prefix) == course / ".venv"
    assert not spoilt
    assert rest == [42, "42\n", 100.0, True, []]


def test_the_kernel_connection_has_no_delay(server):
    kernel = server.ask("/api/kernels", "POST", b"{}")["id"]
    address = f"ws://127.0.0.1:{server.port}/api/kernels/{kernel}/channels?token={server.token}"

    async def connect_and_probe():
        connection = await websocket_connect(address, compression_options={})
        answer = await asyncio.to_thread(server.ask, "/probe")
        connection.close()
        return "Sec-WebSocket-Extensions" in connection.headers, answer

    packed, answer = asyncio.run(connect_and_probe())
    assert answer == {"connections": [{"class": "NoDelayConnection", "no_delay": True}]}
    assert not packed  # to the same machine, packing would cost more than it saves


@posix_only
def test_ctrl_c_ends_the_server_and_its_kernels(server):
    """Stands after the other tests of the server, because it ends it."""
    server.ask("/api/kernels", "POST", b"{}")
    kernels = psutil.Process(server.process.pid).children(recursive=True)
    assert kernels
    os.killpg(server.process.pid, signal.SIGINT)
    rest = server.process.communicate(timeout=180)[0]  # the machine may be busy
    assert server.process.returncode == 0
    assert "Traceback" not in rest
    assert "?" not in rest
    _, alive = psutil.wait_procs(kernels, timeout=10)
    assert alive == []


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_says_how_to_start_and_sets_nothing_up(tmp_path, option):
    shutil.copy(ROOT / "start.py", tmp_path)
    asked = [sys.executable, "start.py", option]
    said = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said.startswith("Open the course with `python3 start.py`")
    assert [path.name for path in tmp_path.iterdir()] == ["start.py"]


def test_a_failing_test_gives_its_exit_code(course):
    result = run(course, "test", "tests/test_failing.py", "-q")
    assert result.returncode == 1
    assert SETTING_UP not in result.stdout


@pytest.mark.parametrize(
    ("given", "on_all"),
    [
        ([], True),
        (["-m", "not slow"], True),
        (["tests/test_small.py"], False),
        (["-k", "a"], False),
    ],
)
def test_all_tests_and_those_with_a_marker_run_on_all_processors(given, on_all):
    code = f"import start; print(start.options_of_tests({given}))"
    printed = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    options = ast.literal_eval(printed)
    assert options[len(options) - len(given) :] == given
    assert options[: len(options) - len(given)] == ALL_PROCESSORS * on_all


def test_the_package_does_not_import_the_server(course):
    code = "import sys, bp_helpers; print([m for m in sys.modules if 'jupyter' in m])"
    command = [str(course / PYTHON), "-c", code]
    assert subprocess.check_output(command, cwd=course.parent, text=True).strip() == "[]"


def test_the_package_is_found_whatever_the_encoding_of_the_system(course):
    """Python before 3.13 reads .pth files in it, and the folder's name is not ASCII.

    Found, not imported: from a folder that its encoding cannot say, Python 3.12 and 3.13 load no
    compiled module at all (a UnicodeEncodeError), and so not NumPy.
    """
    pattern = "Lib/*/bp_helpers.pth" if WINDOWS else "lib/*/*/bp_helpers.pth"
    (pth,) = (course / ".venv").glob(pattern)
    assert pth.read_bytes().isascii()
    plain = {**CALLER, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    code = "import importlib.util; print(ascii(importlib.util.find_spec('bp_helpers').origin))"
    command = [str(course / PYTHON), "-c", code]
    found = subprocess.check_output(command, cwd=course.parent, env=plain, text=True)
    assert "__init__.py" in found


def test_the_stamp_is_the_same_in_every_encoding(course):
    """Or the folder would count as moved, and everything would be installed again."""
    code = "import start; print(ascii(start.wanted_stamp(True)))"
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    said = [
        subprocess.check_output([sys.executable, "-c", code], cwd=course, env={**CALLER, **more})
        for more in (plain, {"PYTHONUTF8": "1"})
    ]
    assert said[0] == said[1]


# A small course, which installs in seconds: what the set-up does when something comes between


def blocks(file, names):
    """Take these packages, with their hashes, out of a requirements file."""
    parts = re.split(
        r"^(?=[a-z0-9])", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    return "".join(part for part in parts if part.split("==")[0] in names)


@pytest.fixture
def small(tmp_path):
    return small_course(tmp_path)


def small_course(parent):
    folder = parent / "Kurs für zwei"
    (folder / "bp_helpers").mkdir(parents=True)
    (folder / "tests").mkdir()
    (folder / "requirements").mkdir()
    for file in ("start.py", "requirements/uv.txt"):
        shutil.copy(ROOT / file, folder / file)
    (folder / "bp_helpers" / "__init__.py").touch()
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n'
        '[project]\nname = "bp_helpers"\nversion = "1"\ndescription = "Small."\n',
        encoding="utf-8",
    )
    runtime = blocks("requirements.txt", {"flit-core", "packaging", "pygments", "colorama"})
    (folder / "requirements.txt").write_text(runtime, encoding="utf-8")
    tools = blocks(
        "requirements/test.txt", {"pytest", "iniconfig", "pluggy", "pytest-xdist", "execnet"}
    )
    (folder / "requirements/test.txt").write_text(tools, encoding="utf-8")
    (folder / "tests" / "test_small.py").write_text(SMALL_TEST, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def spare(tmp_path_factory):
    """A small course that has been set up."""
    folder = small_course(tmp_path_factory.mktemp("spare"))
    assert_passes(run(folder, "test"), setting_up=True)
    return folder


def packages(folder):
    (found,) = (folder / ".venv").glob("Lib/site-packages" if WINDOWS else "lib/*/site-packages")
    return found


def assert_passes(result, setting_up):
    assert result.returncode == 0, result.stdout
    assert "1 passed" in result.stdout.splitlines()[-1], result.stdout
    assert (SETTING_UP in result.stdout) == setting_up


def assert_refused(result, sentence):
    """One sentence at the end, and no traceback."""
    assert result.returncode == 1
    assert "Traceback" not in result.stdout
    assert sentence in result.stdout.splitlines()[-1]


def test_changes_are_noticed_and_a_moved_folder_and_a_dead_python_heal(small):
    assert_passes(run(small, "test", **WITH_UV), setting_up=True)
    assert_passes(run(small, "test", **WITH_UV), setting_up=False)

    with (small / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write(blocks("requirements.txt", {"six"}))
    assert_passes(run(small, "test", **WITH_UV), setting_up=True)
    subprocess.run([str(small / PYTHON), "-c", "import six"], check=True)

    moved = small.rename(small.with_name("anderswo"))
    assert_passes(run(moved, "test", **WITH_UV), setting_up=True)
    code = "import bp_helpers; print(ascii(bp_helpers.__path__))"
    where = subprocess.check_output([moved / PYTHON, "-c", code], cwd=moved.parent, text=True)
    assert "anderswo" in where

    (moved / PYTHON).unlink()
    assert_passes(run(moved, "test", **WITH_UV), setting_up=True)


@posix_only
def test_a_set_up_killed_again_and_again_heals(small):
    """At its start, while it makes the environment, and while that gets its pip."""
    for moment in [".venv", ".venv/pyvenv.cfg", ".venv/lib/*/site-packages/pip"]:
        with running(small, "test", **WITH_UV) as process:
            wait_until(lambda sign=moment: any(small.glob(sign)))
            os.killpg(process.pid, signal.SIGKILL)
    assert_passes(run(small, "test", **WITH_UV), setting_up=True)


def words_of(process):
    """Return the words of the command that a process runs, or none if it has ended since."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # gone, or a zombie
        return []


@posix_only
def test_a_set_up_killed_while_pip_runs_heals(small):
    """Only start.py is killed: the next one has to wait for the pip that goes on."""

    def pip():
        children = psutil.Process(process.pid).children()
        return [child for child in children if "install" in words_of(child)]

    with running(small, "test") as process:
        wait_until(pip)
        process.kill()
    again = run(small, "test")
    assert_passes(again, setting_up=True)
    assert "waiting for it" in again.stdout


def test_two_starts_at_once_do_not_disturb_each_other(small):
    with running(small, "test", **WITH_UV) as one, running(small, "test", **WITH_UV) as two:
        outputs = [process.communicate(timeout=300)[0] for process in (one, two)]
        assert [one.returncode, two.returncode] == [0, 0], outputs
    assert sorted(SETTING_UP in output for output in outputs) == [False, True]


# What installs the packages


def installers(folder):
    """Return what says in each package that it has installed it."""
    return {
        file.read_text(encoding="utf-8").strip() for file in packages(folder).glob("*/INSTALLER")
    }


def test_uv_installs_and_pip_is_there_for_the_learner(spare):
    assert installers(spare) == {"uv"}
    assert shutil.which("uv", path=os.pathsep.join(map(str, (spare / ".venv/uv").iterdir())))
    subprocess.run([str(spare / PYTHON), "-m", "pip", "--version"], check=True)


@posix_only
def test_without_uv_pip_installs(small):
    (small / "requirements/uv.txt").unlink()
    assert_passes(run(small, "test"), setting_up=True)
    assert installers(small) == {"pip"}


@posix_only
def test_where_uv_fails_pip_installs_and_half_a_package_is_taken_for_none(small, tmp_path):
    """As a full disk leaves it in the middle of an install."""
    pinned = (small / "requirements/test.txt").read_text(encoding="utf-8")
    version = re.search(r"^iniconfig==(\S+)", pinned, re.MULTILINE)[1]
    python = "python{}.{}".format(*sys.version_info[:2])
    half = f"{small}/.venv/lib/{python}/site-packages/iniconfig-{version}.dist-info"
    said = f"Name: iniconfig\\nVersion: {version}\\n"
    script = f"#!/bin/sh\nmkdir -p '{half}'\nprintf '{said}' > '{half}/METADATA'\n"
    write(tmp_path / "bin" / "uv", f"{script}echo no such option\nexit 2\n")
    (tmp_path / "bin" / "uv").chmod(0o755)
    result = run(small, "test", PATH=f"{tmp_path / 'bin'}{os.pathsep}{CALLER['PATH']}")
    assert_passes(result, setting_up=True)
    assert "no such option" not in result.stdout
    assert installers(small) == {"pip"}


@posix_only
def test_a_uv_for_another_machine_is_left_alone(small, tmp_path):
    write(tmp_path / "bin" / "uv", "MZ")
    (tmp_path / "bin" / "uv").chmod(0o755)
    (small / "requirements/uv.txt").unlink()
    result = run(small, "test", PATH=f"{tmp_path / 'bin'}{os.pathsep}{CALLER['PATH']}")
    assert_passes(result, setting_up=True)
    assert installers(small) == {"pip"}


@posix_only
def test_the_uv_of_the_machine_is_used(small, spare, tmp_path):
    script = f"#!/bin/sh\ntouch '{tmp_path}/used'\nexec '{spare}/.venv/uv/bin/uv' \"$@\"\n"
    write(tmp_path / "bin" / "uv", script)
    (tmp_path / "bin" / "uv").chmod(0o755)
    result = run(small, "test", PATH=f"{tmp_path / 'bin'}{os.pathsep}{CALLER['PATH']}")
    assert_passes(result, setting_up=True)
    assert (tmp_path / "used").exists()
    assert installers(small) == {"uv"}
    assert not (small / ".venv" / "uv").exists()


def test_uv_is_told_what_pip_is_told():
    settings = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_EXTRA_INDEX_URL": "https://one.test\nhttps://two.test",
        "PIP_FIND_LINKS": "here there",
        "PIP_PROXY": "http://proxy.test",
        "PIP_RETRIES": "7",
    }
    code = (
        f"import start; print(start.uv_variables({settings}), start.uv_variables({{'PIP_X': ''}}))"
    )
    printed = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    told = ast.literal_eval(printed.removesuffix(" None\n"))
    del told["UV_INDEX_STRATEGY"], told["UV_HTTP_RETRIES"]
    assert told.pop("UV_LINK_MODE", None) == ("copy" if WINDOWS else None)
    assert told == {
        "UV_EXTRA_INDEX_URL": "https://one.test https://two.test",
        "UV_FIND_LINKS": "here,there",
        "HTTP_PROXY": "http://proxy.test",
        "HTTPS_PROXY": "http://proxy.test",
    }


# Where packages are taken from, whatever the person has set

PIP_SETTINGS = """
[global]
user = yes
target = {folder}/elsewhere
prefix = {folder}/elsewhere
root = {folder}/elsewhere
src = {folder}/elsewhere
cache-dir = {folder}/cache
log = {folder}/no/such/folder/log
python = {folder}/no-python
require-virtualenv = yes
quiet = 3
no-input = yes
dry-run = yes
report = {folder}/report
no-deps = yes
constraint = {folder}/no-constraints.txt
requirement = {folder}/no-requirements.txt
only-binary = :none:
no-binary = :all:
platform = none
ignore-installed = yes
[install]
editable = {folder}/nothing
"""


@pytest.mark.parametrize("place", ["file", "variables"])
def test_packages_go_into_the_environment_whatever_pip_is_set_to(small, tmp_path, place):
    settings = PIP_SETTINGS.format(folder=tmp_path.as_posix())
    if place == "file":
        write(tmp_path / "pip.conf", settings)
        variables = {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}
    else:
        pairs = re.findall(r"^([\w-]+) = (.+)$", settings, re.MULTILINE)
        variables = {"PIP_" + name.upper().replace("-", "_"): value for name, value in pairs}
    assert_passes(run(small, "test", **variables), setting_up=True)
    assert not (tmp_path / "elsewhere").exists()
    assert not (tmp_path / "report").exists()


def test_packages_of_the_callers_do_not_count_as_installed(small, tmp_path):
    python = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    target = ["--target", str(tmp_path / "theirs"), "-r", str(small / "requirements/test.txt")]
    subprocess.run([*python, *target], check=True)
    result = run(small, "test", PYTHONPATH=str(tmp_path / "theirs"), **WITH_UV)
    assert_passes(result, setting_up=True)
    assert_passes(run(small, "test"), setting_up=False)


MODULES = ["random", "queue", "types", "math", "subprocess", "venv", "pip", "pytest", "json"]


def test_a_learners_modules_do_not_take_the_place_of_pythons(small, tmp_path):
    for folder in (small, tmp_path / "theirs"):
        for module in MODULES:
            write(folder / f"{module}.py", "raise SystemExit('a learner's')")
    variables = {"PYTHONPATH": str(tmp_path / "theirs"), "PYTHONHASHSEED": "1"}
    assert_passes(run(small, "test", **variables), setting_up=True)
    assert_passes(run(small, "test", cwd=small), setting_up=False)


def test_settings_of_python_and_pytest_do_not_come_in(spare, tmp_path):
    write(tmp_path / "startup.py", "raise SystemExit('startup')")
    variables = {
        "PYTHONSTARTUP": str(tmp_path / "startup.py"),
        "PYTHONWARNINGS": "error",
        "PYTHONOPTIMIZE": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPYCACHEPREFIX": str(tmp_path / "cache"),
        "PYTHONSAFEPATH": "1",
        "PYTEST_ADDOPTS": "--no-such-option",
        "PYTEST_PLUGINS": "no_such_plugin",
        "FORCE_COLOR": "1",
        "PY_COLORS": "1",
        "VIRTUAL_ENV": str(tmp_path),
        "__PYVENV_LAUNCHER__": str(tmp_path),
    }
    (spare / "tests" / "test_failing.py").write_text(FAILING_TEST, encoding="utf-8")
    result = run(spare, "test", "tests/test_small.py", **variables)
    assert_passes(result, setting_up=False)
    result = run(spare, "test", "tests/test_failing.py", **variables)
    assert "1 failed" in result.stdout  # and not passed, as without assertions
    assert "\x1b[" not in result.stdout  # a test that reads what pytest prints finds no colours
    assert not (tmp_path / "cache").exists()


# A set-up that is no longer whole


def pip(folder, *arguments):
    subprocess.run([str(folder / PYTHON), "-m", "pip", *arguments, "--quiet"], check=True)


def damage_file(folder):
    (packages(folder) / "pluggy" / "__init__.py").unlink()


def damage_script(folder):
    for script in [*(folder / ".venv").glob("bin/pygmentize"), *folder.rglob("pygmentize.exe")]:
        script.unlink()


def uninstall(folder):
    pip(folder, "uninstall", "-y", "pluggy")


def uninstall_pip(folder):
    pip(folder, "uninstall", "-y", "pip")


def change_version(folder):
    pip(folder, "install", "--no-deps", "pluggy<1.6")


@pytest.mark.parametrize(
    "damage",
    some([damage_file, damage_script, uninstall, uninstall_pip, change_version], 2),
)
def test_what_is_gone_is_noticed_and_comes_back(spare, damage):
    before = {info.name for info in packages(spare).glob("*.dist-info")}
    damage(spare)
    assert_passes(run(spare, "test", "tests/test_small.py"), setting_up=True)
    assert_passes(run(spare, "test", "tests/test_small.py"), setting_up=False)
    assert {info.name for info in packages(spare).glob("*.dist-info")} == before
    assert (packages(spare) / "pluggy" / "__init__.py").exists()


# Where it is run from


def test_it_starts_by_a_link_as_a_module_and_where_the_folder_is_gone(spare, tmp_path):
    start = ["test", "tests/test_small.py"]
    if not WINDOWS:
        (tmp_path / "link").symlink_to(spare)
        assert_passes(run(tmp_path / "link", *start), setting_up=False)
    command = [sys.executable, "-m", "start", *start]
    result = subprocess.run(command, cwd=spare, env=CALLER, capture_output=True, text=True)
    assert_passes(result, setting_up=False)
    if not WINDOWS:
        (tmp_path / "gone").mkdir()
        code = f"cd '{tmp_path}/gone' && rmdir ../gone && '{sys.executable}' '{spare}/start.py' "
        command = ["sh", "-c", code + " ".join(start)]
        result = subprocess.run(command, env=CALLER, capture_output=True, text=True)
        assert_passes(result, setting_up=False)


# The window of an editor: what takes the place of its output, and what it does with an exit
EDITOR = """
import io, runpy, sys
class Window(io.TextIOBase):  # as in IDLE
    def write(self, text): return terminal.write(text)
terminal = sys.stdout
sys.argv[:] = ["start.py"]
sys.stdout = sys.stderr = Window()
runpy.run_path("start.py", run_name="__main__")
"""


def test_in_the_window_of_an_editor_it_says_what_to_type(spare):
    command = [sys.executable, "-c", EDITOR]
    result = subprocess.run(command, cwd=spare, env=CALLER, capture_output=True, text=True)
    said = result.stdout + result.stderr
    assert "Traceback" not in said
    (line,) = said.splitlines()
    typed = line.partition("type there  ")[2]
    assert "start.py" in typed
    if not WINDOWS:
        typed += " test tests/test_small.py"
        result = subprocess.run(typed, shell=True, env=CALLER, capture_output=True, text=True)
        assert_passes(result, setting_up=False)


@posix_only
def test_it_works_where_nobody_reads(spare):
    write(spare / "tests" / "test_writes.py", "def test_it(tmp_path):\n    print('x')\n")
    command = f"'{sys.executable}' '{spare}/start.py' test tests/test_writes.py <&- >&- 2>&-"
    assert subprocess.run(command, shell=True, env=CALLER).returncode == 0
    without = (
        "import runpy, sys; sys.argv[1:] = ['test', 'tests/test_writes.py'];"
        "sys.stdin = sys.stdout = sys.stderr = None; runpy.run_path('start.py', None, '__main__')"
    )
    command = [sys.executable, "-c", without]
    assert subprocess.run(command, cwd=spare, env=CALLER).returncode == 0


@pytest.mark.parametrize(
    "names", [["HOME", "APPDATA"], ["JUPYTER_DATA_DIR"], ["JUPYTER_RUNTIME_DIR"]]
)
def test_it_opens_for_a_person_who_has_no_folder_to_write_in(course, tmp_path, names):
    """As in a container, or with an account that has no home."""
    write(tmp_path / "file", "no folder")
    nowhere = dict.fromkeys(names, str(tmp_path / "file" / "home"))
    with running(course, "--no-browser", "--port=0", **nowhere) as process:
        server = Server(process)
        kernel = server.ask("/api/kernels", "POST", b"{}")
        server.ask(f"/api/kernels/{kernel['id']}", "DELETE")
    assert "Traceback" not in server.output


# What a learner reads when it cannot work


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 15)])
def test_another_python_is_refused(small, version):
    code = f"import runpy, sys; sys.version_info = {version}; runpy.run_path('start.py')"
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=small, capture_output=True, text=True)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "this is Python {}.{}".format(*version) in result.stderr
    assert not (small / ".venv").exists()


def test_an_old_python_can_parse_it():
    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_folder_from_elsewhere_is_left_alone(small):
    (small / ".venv").mkdir()
    (small / ".venv" / "mine").write_text("mine", encoding="utf-8")
    assert_refused(run(small, "test"), "was not made by start.py")
    assert os.listdir(small / ".venv") == ["mine"]


# What is made to fail, as the text of a `sitecustomize` module, and a part of the answer
FAILURES = {
    "no venv module": (
        "import sys; sys.modules['ensurepip'] = None",
        "This Python cannot make environments",
    ),
    "no space": (
        "import shutil, types; shutil.disk_usage = lambda path: types.SimpleNamespace(free=10**6)",
        "The disk, or your share of it, is full",
    ),
    "a disk that runs nothing": (
        "import os, types; os.ST_NOEXEC = 8\n"
        "os.statvfs = lambda path: types.SimpleNamespace(f_flag=8)",
        "lets no program run",
    ),
    "not writable": (
        "import os\n"
        "def mkdir(*args, **kwargs): raise PermissionError(13, 'Permission denied')\n"
        "os.mkdir = mkdir",
        "cannot be written",
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_what_stands_in_the_way_is_said_in_one_sentence(small, tmp_path, failure):
    code, sentence = FAILURES[failure]
    (tmp_path / "sitecustomize.py").write_text(code, encoding="utf-8")
    assert_refused(run(small, "test", PYTHONPATH=str(tmp_path)), sentence)


@pytest.fixture
def disk(tmp_path):
    """Mount a disk of its own, with these options: where the tests run as root on Linux."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options):
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("cannot mount a disk here")
        return folder

    yield mount
    subprocess.run(["umount", str(folder)], capture_output=True)


def test_a_disk_without_exec_is_named(disk):
    folder = small_course(disk("noexec"))
    result = run(folder, "test")
    assert_refused(result, "lets no program run")
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.parametrize("size", ["4m", "20m"])
def test_a_disk_that_is_full_in_the_middle_is_named(disk, tmp_path, size):
    """As with a quota, of which nothing is seen before: while Python gets its pip, and later."""
    folder = small_course(disk(f"size={size}"))
    blind = (
        "import shutil, types; shutil.disk_usage = lambda path: types.SimpleNamespace(free=10**12)"
    )
    write(tmp_path / "sitecustomize.py", blind)
    result = run(folder, "test", PYTHONPATH=str(tmp_path), TMPDIR=str(folder))
    assert_refused(result, "is full: make about")
    assert len(result.stdout.splitlines()) == 2


# Indexes that do not answer as they should

LOGIN = b"<!DOCTYPE html><html><body><form>Welcome to the WiFi. Your room:</form></body></html>"


class Index(http.server.ThreadingHTTPServer):
    """Answers everything in one way, and keeps what was asked."""

    daemon_threads = True

    def __init__(self, code, headers=()):
        super().__init__(("127.0.0.1", 0), Answer)
        self.code, self.headers, self.asked = code, dict(headers), []
        self.address = f"http://127.0.0.1:{self.server_port}"


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if self.server.code is None:
            return self.connection.close()
        at_login = self.path == "/login"
        self.send_response(200 if at_login else self.server.code)
        for name, value in {} if at_login else self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(LOGIN)))
        self.end_headers()
        self.wfile.write(LOGIN)

    do_CONNECT = do_GET

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def serving(index):
    thread = threading.Thread(target=index.serve_forever, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        index.shutdown()
        index.server_close()
        thread.join()


@pytest.fixture
def incomplete(spare):
    """The set-up course, which wants one more package now."""
    stamp = (spare / ".venv" / "installed.json").read_bytes()
    requirements = (spare / "requirements.txt").read_bytes()
    more = blocks("requirements.txt", {"six"}).encode()
    (spare / "requirements.txt").write_bytes(requirements + more)
    yield spare
    (spare / "requirements.txt").write_bytes(requirements)
    (spare / ".venv" / "installed.json").write_bytes(stamp)


# No other index, no other proxy, and no long waiting
ONLY = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_FIND_LINKS": "",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_RETRIES": "1",
    "PIP_DEFAULT_TIMEOUT": "3",
    "NO_PROXY": "",
}

ANSWERS = {
    "a login page": ((200,), "log in"),
    "sent to a login page": ((302, [("Location", "/login")]), "log in"),
    "another address": ((404,), "were not found where pip looks"),
    "a password": ((401, [("WWW-Authenticate", "Basic")]), "asks for a name and a password"),
    "forbidden": ((403,), "refuses this machine"),
    "forbidden by law": ((451,), "refuses this machine"),
    "overloaded": ((429,), "out of order or overloaded"),
    "broken": ((500,), "out of order or overloaded"),
    "bad gateway": ((502,), "out of order or overloaded"),
    "out of service": ((503,), "out of order or overloaded"),
    "hung up": ((None,), "cannot be reached"),
}


@pytest.mark.parametrize("answer", some(ANSWERS, 2))
def test_an_index_that_answers_badly_is_explained(incomplete, answer):
    what, sentence = ANSWERS[answer]
    with serving(Index(*what)) as index:
        result = run(incomplete, "test", **ONLY, PIP_INDEX_URL=f"{index.address}/simple")
    assert index.asked
    assert_refused(result, sentence)
    assert len(result.stdout.splitlines()) == 2, result.stdout


PROXY_ANSWERS = {407: "proxy asks for a name", 403: "refuses this machine", 502: "out of order"}


@pytest.mark.parametrize("code", PROXY_ANSWERS)
def test_a_proxy_that_answers_badly_is_explained(incomplete, code, tmp_path):
    """And pip's settings of the index and of the proxy are kept, in a file too."""
    with serving(Index(code, [("Proxy-Authenticate", "Basic")])) as proxy:
        settings = f"[global]\nproxy = {proxy.address}\n[install]\nindex-url = https://index.test\n"
        write(tmp_path / "pip.conf", settings)
        nothing = dict.fromkeys(["PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"], str(tmp_path))
        file = {"PIP_CONFIG_FILE": str(tmp_path / "pip.conf"), "PIP_INDEX_URL": ""}
        result = run(incomplete, "test", **{**ONLY, **nothing, **file})
    assert proxy.asked[0] == "index.test:443"
    assert_refused(result, PROXY_ANSWERS[code])


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes a certificate with openssl")
def test_a_certificate_that_nobody_knows_is_explained_and_one_that_pip_is_told_is_used(
    incomplete, tmp_path
):
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    index = Index(403)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    index.socket = context.wrap_socket(index.socket, server_side=True)
    index.handle_error = lambda request, address: None  # a certificate refused
    address = f"https://localhost:{index.server_port}/simple"
    with serving(index):
        unknown = run(incomplete, "test", **ONLY, PIP_INDEX_URL=address, PIP_CERT="")
        known = run(incomplete, "test", **ONLY, PIP_INDEX_URL=address, PIP_CERT=certificate)
    assert_refused(unknown, "a certificate that this machine does not trust")
    assert len(unknown.stdout.splitlines()) == 2, unknown.stdout
    assert_refused(known, "refuses this machine")
    missing = run(incomplete, "test", **ONLY, PIP_INDEX_URL=address, PIP_CERT=str(tmp_path / "no"))
    assert_refused(missing, "The file of certificates that pip is told to use is not there")


def test_settings_that_pip_cannot_read_or_use_are_explained(incomplete, tmp_path):
    write(tmp_path / "pip.conf", "index-url = https://index.test\n")
    broken = {**ONLY, "PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}
    assert_refused(run(incomplete, "test", **broken), "cannot read its configuration file")
    plain = {**ONLY, "PIP_INDEX_URL": "http://index.test/simple"}
    assert_refused(run(incomplete, "test", **plain), "does not trust a package index without https")


def test_no_network_and_a_package_that_is_not_the_one_asked_for(incomplete):
    result = run(incomplete, "test", **ONLY, PIP_INDEX_URL="http://127.0.0.1:9/simple")
    assert_refused(result, "The package index cannot be reached")
    assert len(result.stdout.splitlines()) == 2, result.stdout

    requirements = incomplete / "requirements.txt"
    changed = re.sub(r"sha256:\w{8}", "sha256:00000000", requirements.read_text(encoding="utf-8"))
    requirements.write_text(changed, encoding="utf-8")
    assert_refused(run(incomplete, "test"), "is not the one asked for")


def test_another_failure_of_pip_is_shown(incomplete):
    (incomplete / "requirements.txt").write_text("--no-such-option\n", encoding="utf-8")
    result = run(incomplete, "test")
    assert_refused(result, "The set-up failed for the reason above")
    assert "no-such-option" in result.stdout


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk, or your share of it, is full"),
        (
            "ValueError: check_hostname requires server_hostname",
            "The pip of this Python cannot use a package index by its number",
        ),
    ],
)
def test_what_stops_pip_in_the_middle_is_explained(message, sentence):
    """As pip words it: a full disk, and an index by number with the pip of Python 3.13.0."""
    code = f"import start; print(start.explanation({message!r}))"
    answer = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    assert answer.startswith(sentence)


def test_on_windows_uv_copies():
    """There a file of two names can lie in no OneDrive folder and not go while it is in use."""
    code = (
        "import sys, start; sys.platform = 'win32'; print(start.uv_variables({})['UV_LINK_MODE'])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True) == "copy\n"
