"""start.py, run for real: on a copy of the project, and on a small course that installs quickly.

Nothing here touches the project's own .venv. pip's cache is kept, so that packages are downloaded
once per machine.
"""

import ast
import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parent.parent
WINDOWS = sys.platform == "win32"
PYTHON = Path(".venv", "Scripts/python.exe" if WINDOWS else "bin/python")
SETTING_UP = "Setting up the course"
NOTICES = "@jupyterlab/apputils-extension:notification"

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


def run(folder, *arguments, python=(), **variables):
    """Run start.py to its end; the answer's stdout holds stderr too."""
    return subprocess.run(
        [sys.executable, *python, str(folder / "start.py"), *arguments],
        cwd=folder.parent,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=600,
    )


@contextlib.contextmanager
def running(folder, *arguments, **variables):
    """Run start.py in the background, in a process group of its own; end it for sure."""
    with subprocess.Popen(
        [sys.executable, str(folder / "start.py"), *arguments],
        cwd=folder.parent,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
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


@pytest.fixture(scope="module")
def jupyter_folders(tmp_path_factory):
    """Variables that keep the person's own Jupyter settings out, and bring the probe in."""
    base = tmp_path_factory.mktemp("jupyter")
    (base / "probe.py").write_text(PROBE, encoding="utf-8")
    enabled = base / "path" / "jupyter_server_config.d"
    enabled.mkdir(parents=True)
    setting = {"ServerApp": {"jpserver_extensions": {"probe": True}}}
    (enabled / "probe.json").write_text(json.dumps(setting), encoding="utf-8")
    names = {"CONFIG_DIR": "config", "DATA_DIR": "data", "RUNTIME_DIR": "runtime"}
    variables = {f"JUPYTER_{name}": str(base / folder) for name, folder in names.items()}
    settings = {"JUPYTERLAB_SETTINGS_DIR": str(base / "settings"), "PYTHONPATH": str(base)}
    return {**variables, **settings, "JUPYTER_CONFIG_PATH": str(base / "path")}


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


@pytest.fixture(scope="module")
def server(course, jupyter_folders):
    with running(course, "--no-browser", "--port=0", **jupyter_folders) as process:
        yield Server(process)


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
    rest = server.process.communicate(timeout=60)[0]
    assert server.process.returncode == 0
    assert "Traceback" not in rest
    assert "?" not in rest
    _, alive = psutil.wait_procs(kernels, timeout=10)
    assert alive == []


def test_a_failing_test_gives_its_exit_code(course):
    result = run(course, "test", "tests/test_failing.py", "-q")
    assert result.returncode == 1
    assert SETTING_UP not in result.stdout


def test_the_package_does_not_import_the_server(course):
    code = "import sys, bp_helpers; print([m for m in sys.modules if 'jupyter' in m])"
    command = [str(course / PYTHON), "-c", code]
    assert subprocess.check_output(command, cwd=course.parent, text=True).strip() == "[]"


def test_the_package_is_found_whatever_the_encoding_of_the_system(course):
    """Python before 3.13 reads .pth files in it, and the folder's name is not ASCII."""
    pattern = "Lib/*/bp_helpers.pth" if WINDOWS else "lib/*/*/bp_helpers.pth"
    (pth,) = (course / ".venv").glob(pattern)
    assert pth.read_bytes().isascii()
    plain = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    command = [str(course / PYTHON), "-c", "import bp_helpers"]
    subprocess.run(command, cwd=course.parent, env=plain, check=True)


# A small course, which installs in seconds: what the set-up does when something comes between


def blocks(file, names):
    """Take these packages, with their hashes, out of a requirements file."""
    parts = re.split(
        r"^(?=[a-z0-9])", (ROOT / file).read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    return "".join(part for part in parts if part.split("==")[0] in names)


@pytest.fixture
def small(tmp_path):
    folder = tmp_path / "Kurs für zwei"
    (folder / "bp_helpers").mkdir(parents=True)
    (folder / "tests").mkdir()
    shutil.copy(ROOT / "start.py", folder)
    (folder / "bp_helpers" / "__init__.py").touch()
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n'
        '[project]\nname = "bp_helpers"\nversion = "1"\ndescription = "Small."\n',
        encoding="utf-8",
    )
    runtime = blocks("requirements.txt", {"flit-core", "packaging", "pygments", "colorama"})
    (folder / "requirements.txt").write_text(runtime, encoding="utf-8")
    tools = blocks("requirements-test.txt", {"pytest", "iniconfig", "pluggy"})
    (folder / "requirements-test.txt").write_text(tools, encoding="utf-8")
    (folder / "tests" / "test_small.py").write_text(SMALL_TEST, encoding="utf-8")
    return folder


def assert_passes(result, setting_up):
    assert result.returncode == 0, result.stdout
    assert "1 passed" in result.stdout.splitlines()[-1]
    assert (SETTING_UP in result.stdout) == setting_up


def assert_refused(result, sentence):
    """One sentence at the end, and no traceback."""
    assert result.returncode == 1
    assert "Traceback" not in result.stdout
    assert sentence in result.stdout.splitlines()[-1]


def test_changes_are_noticed_and_a_moved_folder_and_a_dead_python_heal(small):
    assert_passes(run(small, "test"), setting_up=True)
    assert_passes(run(small, "test"), setting_up=False)

    with (small / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write(blocks("requirements.txt", {"six"}))
    assert_passes(run(small, "test"), setting_up=True)
    subprocess.run([str(small / PYTHON), "-c", "import six"], check=True)

    moved = small.rename(small.with_name("anderswo"))
    assert_passes(run(moved, "test"), setting_up=True)
    code = "import bp_helpers; print(ascii(bp_helpers.__path__))"
    where = subprocess.check_output([moved / PYTHON, "-c", code], cwd=moved.parent, text=True)
    assert "anderswo" in where

    (moved / PYTHON).unlink()
    assert_passes(run(moved, "test"), setting_up=True)


@posix_only
def test_a_set_up_killed_again_and_again_heals(small):
    """At its start, while it makes the environment, and while that gets its pip."""
    for moment in [".venv", ".venv/pyvenv.cfg", ".venv/lib/*/site-packages/pip"]:
        with running(small, "test") as process:
            wait_until(lambda sign=moment: any(small.glob(sign)))
            os.killpg(process.pid, signal.SIGKILL)
    assert_passes(run(small, "test"), setting_up=True)


@posix_only
def test_a_set_up_killed_while_pip_runs_heals(small):
    """Only start.py is killed: the next one has to wait for the pip that goes on."""

    def pip():
        children = psutil.Process(process.pid).children()
        return [child for child in children if "install" in child.cmdline()]

    with running(small, "test") as process:
        wait_until(pip)
        process.kill()
    again = run(small, "test")
    assert_passes(again, setting_up=True)
    assert "waiting for it" in again.stdout


def test_two_starts_at_once_do_not_disturb_each_other(small):
    with running(small, "test") as one, running(small, "test") as two:
        outputs = [process.communicate(timeout=300)[0] for process in (one, two)]
        assert [one.returncode, two.returncode] == [0, 0], outputs
    assert sorted(SETTING_UP in output for output in outputs) == [False, True]


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
        "The disk is full",
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


def test_no_network_and_another_failure_of_pip(small):
    offline = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": "",
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_RETRIES": "1",
    }
    result = run(small, "test", **offline)
    assert_refused(result, "The package index cannot be reached")
    assert len(result.stdout.splitlines()) == 2, result.stdout

    requirements = small / "requirements.txt"
    changed = re.sub(r"sha256:\w{8}", "sha256:00000000", requirements.read_text(encoding="utf-8"))
    requirements.write_text(changed, encoding="utf-8")
    result = run(small, "test")
    assert_refused(result, "The set-up failed for the reason above")
    assert "hash" in result.stdout.lower()


def test_pip_without_space_is_explained():
    """A full disk in the middle of pip's work, as pip words it."""
    code = "import start; print(start.explanation('OSError: [Errno 28] No space left on device'))"
    answer = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True)
    assert answer.startswith("The disk is full")
