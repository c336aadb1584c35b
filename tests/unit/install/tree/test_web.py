"""The network's limits: schemes, redirects, certificates, sizes, times."""

from __future__ import annotations

import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.errors import Denied, Disconnected, Failed, Invalid, NotFound, TimedOut
from app.install import web
from tests.unit.install.web_server import Web, serve


@pytest.fixture
def server() -> Iterator[Web]:
    with serve() as made:
        yield made


def test_a_file_is_read_whole(server: Web) -> None:
    server.files["/a b"] = b"x" * 5000
    assert web.read(f"{server.url}/a b", limit=5000) == b"x" * 5000
    assert web.there(f"{server.url}/a%20b") and not web.there(f"{server.url}/c")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "data:,x", "javascript:x", "/etc/passwd", "http://", "gopher://a/b", "http://me:secret@a/b", "http://a/\nb", "http://[x"],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(Invalid) as error:
        web.read(url, limit=10)
    assert "secret" not in str(error.value)


def test_international_names_are_spelled_for_the_network() -> None:
    assert web.checked("HTTP://Bücher.example/ä b/%41#x") == "http://xn--bcher-kva.example/%C3%A4%20b/%41"
    assert web.checked("http://[::1]:80/a") == "http://[::1]:80/a"


def test_redirects_are_followed_but_not_for_ever_and_not_anywhere(server: Web) -> None:
    server.files["/end"] = b"1"
    server.redirects |= {f"/{number}": f"/{number + 1}" for number in range(20)} | {"/near": "/end", "/file": "file:///etc/passwd"}
    assert web.read(f"{server.url}/near", limit=9) == b"1" and web.there(f"{server.url}/near")
    server.redirects["/loop"] = "/loop"
    for path in ("/0", "/loop", "/file"):
        with pytest.raises((Invalid, Failed)):
            web.read(f"{server.url}{path}", limit=9)


def test_more_than_was_looked_for_is_not_read(server: Web) -> None:
    server.files["/big"] = bytes(100_000)
    with pytest.raises(Invalid):
        web.read(f"{server.url}/big", limit=1000)


def test_a_server_that_goes_silent_or_drips_is_left(server: Web) -> None:
    server.files["/a"] = bytes(100_000)
    server.slow_s = 0.05
    started = time.monotonic()
    with pytest.raises(TimedOut):
        web.read(f"{server.url}/a", limit=200_000, total_s=0.3)
    server.slow_s, server.stall = 0, threading.Event()
    with pytest.raises(TimedOut):
        web.read(f"{server.url}/a", limit=200_000, silence_s=0.3)
    assert time.monotonic() - started < 5


def test_each_failure_has_its_class(server: Web) -> None:
    server.statuses |= {"/gone": 410, "/forbidden": 403, "/busy": 503}
    for path, kind in (("/none", NotFound), ("/gone", NotFound), ("/forbidden", Denied), ("/busy", Disconnected)):
        with pytest.raises(kind) as error:
            web.read(server.url + path, limit=10)
        assert error.value.why and error.value.next_step
    with pytest.raises(Disconnected):
        web.read("http://127.0.0.1:1/", limit=10)
    with pytest.raises(Disconnected):
        web.read("http://no-such-host.invalid/", limit=10)


def test_a_server_without_head_is_asked_otherwise(server: Web) -> None:
    server.files["/a"] = b"1"
    server.head = False
    assert web.there(f"{server.url}/a") and not web.there(f"{server.url}/b")


@pytest.fixture
def secure(tmp_path: Path, server: Web) -> Iterator[tuple[str, Path]]:
    """A server with a certificate of its own, which redirects everything to the plain one; its address and certificate."""
    key, certificate = tmp_path / "key", tmp_path / "cert"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate), "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...

        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{server.url}/a")
            self.end_headers()

    class Quiet(HTTPServer):
        def handle_error(self, request: object, client_address: object) -> None: ...

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = Quiet(("127.0.0.1", 0), Handler)
    listener.socket = context.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"https://localhost:{listener.server_port}", certificate
    listener.shutdown()
    listener.server_close()
    thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(secure: tuple[str, Path]) -> None:
    with pytest.raises(Denied) as error:
        web.read(secure[0], limit=10)
    assert "certificate" in error.value.why


def test_encryption_is_not_left_on_the_way(secure: tuple[str, Path], server: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    server.files["/a"] = b"1"
    monkeypatch.setenv("SSL_CERT_FILE", str(secure[1]))
    web._opener.cache_clear()
    try:
        with pytest.raises(Denied) as error:
            web.read(secure[0], limit=10)
        assert "encryption" in error.value.why and not server.asked
    finally:
        web._opener.cache_clear()
