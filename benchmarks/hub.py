"""How many learners run notebook 04 at once on a JupyterHub here, and what each of them costs.

A hub on this machine only, with a local server and kernel for each learner, as The Littlest
JupyterHub has them. All run every cell at the same moment, then all drag a slider of the explorer
at the same time, ten moves a second: harder than a class is. docs/teaching.md says how to start it.
"""

import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

import nbformat
import psutil
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "04_backward_pass.ipynb"
CLASSES = [1, 2, 4, 8, 16]  # or what stands behind the command
MOVES, MOVES_A_SECOND = 60, 10
TOKEN = uuid.uuid4().hex
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_port = {ports[1]}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/home/{{username}}"
c.Spawner.cmd = ["{python}", "-m", "jupyterhub.singleuser"]
c.Spawner.args = {arguments}
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.JupyterHub.services = [{{"name": "measure", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [
    {{
        "name": "measure",
        "services": ["measure"],
        "scopes": ["admin:users", "admin:servers", "access:servers"],
    }}
]
"""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@contextmanager
def running_hub(folder):
    """Start a hub whose files are all in `folder`; yield its address and its process."""
    ports = free_ports(3)
    as_root = os.geteuid() == 0
    config = CONFIG.format(
        ports=ports, folder=folder, python=sys.executable, token=TOKEN,
        arguments=["--allow-root"] if as_root else [],
    )  # fmt: skip
    (folder / "jupyterhub_config.py").write_text(config, encoding="utf-8")
    with (folder / "log.txt").open("wb") as log:
        hub = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "--log-level=WARN"],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield f"http://127.0.0.1:{ports[0]}", psutil.Process(hub.pid)
        finally:
            hub.terminate()
            hub.wait(60)


async def ask(url, method="GET", body=None):
    """Return the status and the JSON of an answer of the hub or of a learner's server."""
    request = HTTPRequest(
        url, method=method, headers={"Authorization": f"token {TOKEN}"},
        body=json.dumps(body or {}) if method == "POST" else None, request_timeout=120,
    )  # fmt: skip
    answer = await AsyncHTTPClient().fetch(request, raise_error=False)
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return answer.code, json.loads(answer.body) if is_json and answer.body else answer.body


async def wait_for(condition, seconds, what):
    limit = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > limit:
            raise TimeoutError(what)
        await asyncio.sleep(0.1)


class Learner:
    """One learner: a server of their own from the hub, and in it a kernel."""

    def __init__(self, hub, folder, name):
        self.user = f"{hub}/hub/api/users/{name}"
        self.server = f"{hub}/user/{name}"
        self.home = folder / "home" / name
        self.name = name

    async def start(self):
        """Start server and kernel; return how many seconds that took."""
        (self.home / "notebooks").mkdir(parents=True, exist_ok=True)
        shutil.copy(NOTEBOOK, self.home / "notebooks")
        started = time.perf_counter()
        await ask(self.user, "POST")
        await ask(f"{self.user}/server", "POST")
        await wait_for(self.is_ready, 300, f"{self.name} has no server")
        path = f"notebooks/{NOTEBOOK.name}"
        session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        status, answer = await ask(f"{self.server}/api/sessions", "POST", session)
        assert status == 201, (status, answer)
        channels = f"{self.server}/api/kernels/{answer['kernel']['id']}/channels"
        address = HTTPRequest(
            channels.replace("http", "ws", 1), headers={"Authorization": f"token {TOKEN}"}
        )
        self.socket = await websocket_connect(address)
        await self.send("shell", "kernel_info_request", {})
        return time.perf_counter() - started

    async def is_ready(self):
        status, user = await ask(self.user)
        return status == 200 and bool(user["servers"].get("", {}).get("ready"))

    async def send(self, channel, kind, content):
        """Send a message, wait until the kernel has done with it, and return its reply, if any."""
        header = {
            "msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self.name,
            "username": self.name, "version": "5.3", "date": "2000-01-01T00:00:00Z",
        }  # fmt: skip
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        await self.socket.write_message(json.dumps({**message, "channel": channel, "buffers": []}))
        reply, idle = None, False
        while not idle or (reply is None and kind.endswith("_request")):
            received = await self.socket.read_message()
            assert received is not None, "the connection was closed"
            if isinstance(received, bytes):
                continue  # widgets with binary parts; no answer has any
            answer = json.loads(received)
            if answer["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if answer["channel"] == "shell":
                reply = answer["content"]
            idle = idle or answer["content"].get("execution_state") == "idle"
        return reply

    async def execute(self, source, **expressions):
        content = {"code": source, "silent": False, "store_history": True,
                   "user_expressions": expressions, "allow_stdin": False}  # fmt: skip
        reply = await self.send("shell", "execute_request", content)
        assert reply["status"] == "ok", (source, reply)
        return reply["user_expressions"]

    async def run_notebook(self):
        """Run all cells; return how many seconds that took."""
        cells = nbformat.read(self.home / "notebooks" / NOTEBOOK.name, as_version=4).cells
        started = time.perf_counter()
        for cell in cells:
            if cell.cell_type == "code":
                await self.execute(cell.source)
        return time.perf_counter() - started

    async def drag(self):
        """Move the first input of the explorer; return how many ms each move took."""
        found = await self.execute("explorer.set(step=7)", model="explorer.controls['x0'].model_id")
        model = found["model"]["data"]["text/plain"].strip("'")
        times = []
        for k in range(MOVES):
            started = time.perf_counter()
            data = {"method": "update", "state": {"value": k / 50}, "buffer_paths": []}
            await self.send("shell", "comm_msg", {"comm_id": model, "data": data})
            times.append(1000 * (time.perf_counter() - started))
            await asyncio.sleep(max(0, 1 / MOVES_A_SECOND - times[-1] / 1000))
        return times

    async def stop(self):
        self.socket.close()
        await ask(f"{self.user}/server", "DELETE")
        await wait_for(self.is_gone, 60, f"{self.name} is still there")

    async def is_gone(self):
        status, user = await ask(self.user)
        return status == 200 and not user["servers"]


def memory(hub):
    """Return the MB of each learner's server and of each kernel; shared pages are shared out."""
    servers, kernels = [], []
    for process in hub.children(recursive=True):
        command = " ".join(process.cmdline())
        if "jupyterhub.singleuser" in command:
            servers.append(process.memory_full_info().pss / 1e6)
        elif "ipykernel" in command:
            kernels.append(process.memory_full_info().pss / 1e6)
    return statistics.mean(servers), statistics.mean(kernels)


async def measure(address, hub, folder, count):
    learners = [Learner(address, folder, f"learner-{count}-{k}") for k in range(count)]
    starts = await asyncio.gather(*(learner.start() for learner in learners))
    runs = await asyncio.gather(*(learner.run_notebook() for learner in learners))
    moves = await asyncio.gather(*(learner.drag() for learner in learners))
    times = sorted(each for learner in moves for each in learner[5:])
    server, kernel = memory(hub)
    await asyncio.gather(*(learner.stop() for learner in learners))
    print(
        f"{count:8d}{max(starts):14.1f}{statistics.median(runs):13.1f} / {max(runs):4.1f}"
        f"{statistics.median(times):13.0f} / {times[int(0.95 * len(times))]:4.0f}"
        f"{server:12.0f}{kernel:9.0f}{server + kernel:10.0f}",
        flush=True,
    )


async def main():
    with tempfile.TemporaryDirectory() as name, running_hub(Path(name)) as (address, hub):

        async def is_up():
            try:
                return (await ask(f"{address}/hub/api/"))[0] == 200
            except OSError:
                return False

        await wait_for(is_up, 60, "the hub does not answer")
        busy = psutil.cpu_percent(3)
        print(f"{os.cpu_count()} cores, {busy:.0f} % busy before. Times: median / slowest or 95 %.")
        print(f"{'':22}{'':20}{'':20}{'MB for each learner':>31}")
        print(
            f"{'learners':>8}{'all up (s)':>14}{'all cells (s)':>20}{'move (ms)':>20}"
            f"{'server':>12}{'kernel':>9}{'both':>10}"
        )
        for count in map(int, sys.argv[1:] or CLASSES):
            await measure(address, hub, Path(name), count)


if __name__ == "__main__":
    asyncio.run(main())
