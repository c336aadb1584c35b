"""A web server of the tests' own: files from a dictionary, with every kind of misbehaviour on request."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


@dataclass
class Web:
    """files, redirects (path -> address), statuses: by path ("/a/b").  asked: (method, path, Range) of every request.

    cut: the connection is closed after so many bytes of a body.  slow: a pause before every KiB.  stall: nothing is sent
    after the first KiB.  ranges, etags, head: what the server can do.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    cut: int = 0
    slow_s: float = 0.0
    stall: threading.Event | None = None
    ranges: bool = True
    etags: bool = True
    head: bool = True
    length: bool = True


class Handler(BaseHTTPRequestHandler):
    """Answers as its ``web`` says."""

    web: Web
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None: ...

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        self.web.asked.append((self.command, self.path, self.headers.get("Range")))
        self.close_connection = True
        if not body and not self.web.head:
            return self._plain(405)
        if self.path in self.web.redirects:
            return self._plain(302, self.web.redirects[self.path])
        path = unquote(self.path)
        if path in self.web.statuses or path not in self.web.files:
            return self._plain(self.web.statuses.get(path, 404))
        self._file(self.web.files[path], body=body)
        return None

    def _plain(self, status: int, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if location:
            self.send_header("Location", location)
        self.end_headers()

    def _file(self, data: bytes, *, body: bool) -> None:
        tag = '"' + hashlib.md5(data).hexdigest() + '"'
        start, asked = 0, self.headers.get("Range")
        condition = self.headers.get("If-Range")
        if self.web.ranges and asked and condition in (None, tag):
            start = int(asked.removeprefix("bytes=").split("-")[0])
        if start >= len(data) > 0 and asked:
            self.send_response(416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        if self.web.length:
            self.send_header("Content-Length", str(len(data) - start))
        if self.web.etags:
            self.send_header("ETag", tag)
        self.send_header("Connection", "close")
        self.end_headers()
        if body:
            self._send(data[start:])

    def _send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            end = min(len(data), self.web.cut) if self.web.cut else len(data)
            for at in range(0, end, 1024):
                if at and self.web.stall is not None:
                    self.web.stall.wait(30)
                    return
                if self.web.slow_s:
                    time.sleep(self.web.slow_s)
                self.wfile.write(data[at : min(at + 1024, end)])


@contextlib.contextmanager
def serve() -> Iterator[Web]:
    """The server, on a port of its own, until the block ends."""
    web = Web()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"web": web}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    web.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield web
    finally:
        if web.stall is not None:
            web.stall.set()
        server.shutdown()
        server.server_close()
        thread.join()
