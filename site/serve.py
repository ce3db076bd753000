"""Show the built site on this machine: `python3 site/serve.py [--port=8000] [folder]`.

It answers as a plain web host does: compressed where that helps, with a date by which a browser
asks whether its copy is still good, and to this machine only.
"""

import argparse
import gzip
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, BinaryIO

SITE = Path(__file__).resolve().parent / "dist"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".ipynb": "application/json",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",  # otherwise the browser does not compile it while it loads
    ".webmanifest": "application/manifest+json",
    ".whl": "application/octet-stream",
}
COMPRESSED = {".css", ".html", ".ipynb", ".js", ".json", ".mjs", ".svg", ".wasm"}


@lru_cache(maxsize=1024)
def compressed(path: Path, _modified: float) -> bytes:
    """Return the file as gzip, made once per version of the file."""
    return gzip.compress(path.read_bytes(), 6)


class Handler(SimpleHTTPRequestHandler):
    """Files with their types, compressed for a browser that takes gzip."""

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Answer with gzip where that helps; else as the standard library does."""
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        takes_gzip = "gzip" in self.headers.get("Accept-Encoding", "")
        conditional = "If-Modified-Since" in self.headers
        if conditional or not takes_gzip or path.suffix not in COMPRESSED or not path.is_file():
            return super().send_head()
        data = compressed(path, path.stat().st_mtime)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Last-Modified", self.date_time_string(int(path.stat().st_mtime)))
        self.end_headers()
        return io.BytesIO(data)

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send the file; a browser that has left is no trouble."""
        try:
            shutil.copyfileobj(source, outputfile)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def end_headers(self) -> None:
        """Let the browser keep a copy, and ask whether it is still good."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Vary", "Accept-Encoding")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of single requests."""


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve `folder` in the background and yield its address; port 0 takes a free one."""
    handler = partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SITE)
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    if not (arguments.folder / "index.html").exists():
        parser.error(f"there is no site in {arguments.folder}: build it with site/build.py")
    with serving(arguments.folder, arguments.port) as address, suppress(KeyboardInterrupt):
        print(f"The course is at {address} until Ctrl-C.", flush=True)
        Event().wait()


if __name__ == "__main__":
    main()
