"""A small extension of Jupyter's server: it sends slider moves and pictures without delay.

The server leaves the kernel connection of a notebook to Nagle's algorithm, which holds a small
message back until the one before it was acknowledged. On Linux that adds up to 40 ms to a move
of a slider. And it sends everything as it is, at each move a picture of 45 kB. Over a network, to a
class of thirty, that is felt; packed quickly, it is 5 kB. So on a hub, as Binder is one, it is
packed; on the learner's own machine that would only cost a millisecond.

When a notebook is exported as HTML, JupyterLab offers to sanitise it, and nbconvert then lets
nearly nothing pass: no heading, no picture, no paragraph with a formula. Here passes what a
notebook's text and still pictures are made of, and nothing that acts.

A notebook that nobody has run on this machine is not trusted by Jupyter. The course's own ones are,
as long as they are what the repository holds. Only Jupyter's server imports this module.
"""

import os
import subprocess
from asyncio import Future
from pathlib import Path
from typing import Any

import bleach  # type: ignore[import-untyped]
import nbformat
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

# What text, tables and pictures are made of, beside what bleach lets pass.
TAGS = [
    *bleach.ALLOWED_TAGS, "br", "caption", "dd", "del", "details", "div", "dl", "dt", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "img", "kbd", "p", "pre", "span", "sub", "summary", "sup",
    "table", "tbody", "td", "th", "thead", "tr",
]  # fmt: skip
ATTRIBUTES = ["class", "id", "title", "alt", "width", "height", "align", "colspan", "rowspan"]
COURSE = Path(__file__).resolve().parent.parent
PICTURE = ("data:image/png;base64,", "data:image/jpeg;base64,", "data:image/svg+xml;base64,")


class NoDelayConnection(ZMQChannelsWebsocketConnection):
    """The server's usual connection from browser to kernel, with each message sent at once."""

    # The server's own class returns a future too, where its base class has a coroutine.
    def connect(self) -> Future[None] | None:  # type: ignore[override]
        """Turn the delay off, then connect as usual."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


def sanitised(html: str | bytes) -> str:
    """Return `html` without what could act or ask elsewhere when it is opened.

    A picture must be in the page itself; an SVG as the source of an image runs no scripts.
    """

    def is_kept(tag: str, name: str, value: str) -> bool:
        if (tag, name) == ("img", "src"):
            return value.startswith(PICTURE)
        if (tag, name) == ("a", "href"):
            return not value.startswith("data:")
        return name in ATTRIBUTES

    text = html.decode() if isinstance(html, bytes) else html
    protocols = {*bleach.ALLOWED_PROTOCOLS, "data"}
    return str(bleach.clean(text, tags=TAGS, attributes=is_kept, protocols=protocols))


def shipped_notebooks(course: Path) -> list[Path]:
    """Return the notebooks of the folder `course` that are as its last commit holds them.

    None that is changed or new, and none at all where Git cannot tell: in an unpacked archive, or
    on a machine without it.
    """
    try:
        held = _git(course, "ls-tree", "--name-only", "HEAD", "notebooks/")
        changed = _git(course, "diff", "--name-only", "--relative", "HEAD", "--", "notebooks")
    except (OSError, subprocess.CalledProcessError):
        return []
    return [course / name for name in sorted(held - changed) if name.endswith(".ipynb")]


def _git(folder: Path, command: str, *options: str) -> set[str]:
    names = subprocess.run(
        ["git", command, "-z", *options], cwd=folder, capture_output=True, check=True
    )
    return set(filter(None, os.fsdecode(names.stdout).split("\0")))


def _trust_shipped_notebooks(server: ServerApp) -> None:
    notary: Any = server.contents_manager.notary  # untyped
    for path in shipped_notebooks(COURSE):
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        if not notary.check_signature(notebook):
            notary.sign(notebook)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "bp_helpers.server_extension"}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    # A learner who chose another connection keeps it.
    if server.kernel_websocket_connection_class is ZMQChannelsWebsocketConnection:
        server.kernel_websocket_connection_class = NoDelayConnection
        # The handlers read the server's choice here; it was copied before extensions are loaded.
        server.web_app.settings["kernel_websocket_connection_class"] = NoDelayConnection
    on_hub = "JUPYTERHUB_SERVICE_PREFIX" in os.environ
    if on_hub and server.websocket_compression_options is None:
        server.web_app.settings["websocket_compression_options"] = {"compression_level": 1}
    if "filters" not in server.config.TemplateExporter:
        # nbconvert asks for it where it was told to sanitise, and for the code of cells.
        server.config.TemplateExporter.filters = {"clean_html": sanitised}
    if Path(server.root_dir).resolve() == COURSE:
        _trust_shipped_notebooks(server)
