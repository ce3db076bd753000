"""A small extension of Jupyter's server: it sends slider moves and pictures without delay.

The server leaves the kernel connection of a notebook to Nagle's algorithm, which holds a small
message back until the one before it was acknowledged. On Linux that adds up to 40 ms to a move
of a slider. And it sends everything as it is, at each move a picture of 45 kB. Over a network, to a
class of thirty, that is felt; packed quickly, it is 5 kB. So on a hub, as Binder is one, it is
packed; on the learner's own machine that would only cost a millisecond. Only Jupyter's server
imports this module.
"""

import os
from asyncio import Future

from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class NoDelayConnection(ZMQChannelsWebsocketConnection):
    """The server's usual connection from browser to kernel, with each message sent at once."""

    # The server's own class returns a future too, where its base class has a coroutine.
    def connect(self) -> Future[None] | None:  # type: ignore[override]
        """Turn the delay off, then connect as usual."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


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
