"""The extension of Jupyter's server on a hub; test_start.py tries it where a learner starts it."""

import asyncio
import json
import urllib.request

import pytest
from browser.lab import running_lab
from tornado.websocket import websocket_connect


@pytest.mark.parametrize("on_hub", [False, True])
def test_messages_are_packed_on_a_hub_and_nowhere_else(on_hub, tmp_path, monkeypatch):
    if on_hub:
        monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/anna/")
    (tmp_path / "course").mkdir()
    with running_lab(tmp_path / "course", tmp_path / "own") as (address, token):
        request = urllib.request.Request(f"{address}api/kernels?token={token}", b"{}")
        with urllib.request.urlopen(request, timeout=60) as answer:
            kernel = json.load(answer)["id"]
        channels = f"{address.replace('http', 'ws', 1)}api/kernels/{kernel}/channels?token={token}"

        async def connect():
            connection = await websocket_connect(channels, compression_options={})
            connection.close()
            while await connection.read_message() is not None:
                pass  # until the server has closed it too
            return connection.headers.get("Sec-WebSocket-Extensions", "")

        assert ("permessage-deflate" in asyncio.run(connect())) == on_hub
