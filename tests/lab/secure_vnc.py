"""VNC servers that we did not write and that ask for more than a password, each in a folder and at a port of its own."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from app.console.client import ClientState, Credentials
from app.console.trust.guard import Vouched
from app.console.trust.pins import Pins
from app.console.trust.question import Peer, TrustQuestion
from app.console.vnc.client import VncClient
from tests.fuzz.waiting import Pump
from tests.lab.qemu_vnc import VncQemu
from tests.lab.world import find_program, wait_for

USER, PASSWORD = "alice", "sesame-öffne"
"""Of the lab's SASL database; the password is not ASCII."""


def guarded_qemu(image: Path, vnc: str, *objects: str) -> VncQemu:
    """QEMU with a second VNC server, on TCP; ``port_of`` tells where.  vnc: options after the address."""
    given = [part for each in objects for part in ("-object", each)]
    return VncQemu(image, extra=(*given, "-vnc", f"127.0.0.1:300,to=900,{vnc}"))


def port_of(qemu: VncQemu) -> int:
    """Of the server on TCP."""
    servers = [place for entry in qemu.qmp("query-vnc-servers") for place in entry["server"]]
    return next(int(place["service"]) for place in servers if place["family"] == "ipv4")


def sasl_folder(folder: Path, mechanisms: str, realm: str = "") -> Path:
    """For ``SASL_CONF_PATH``: who may look, and how they log in.  realm: the server's host name."""
    folder.mkdir()
    (folder / "qemu.conf").write_text(f"mech_list: {mechanisms}\nsasldb_path: {folder}/users\n")
    subprocess.run(
        [find_program("saslpasswd2"), "-p", "-f", str(folder / "users"), "-a", "qemu", "-u", realm or socket.gethostname(), "-c", USER],
        input=PASSWORD.encode(), check=True, env={**os.environ, "SASL_CONF_PATH": str(folder)},
    )  # fmt: skip
    return folder


class Guest:
    """A visit: connects to a port of this machine as if it were far away, answers, and waits for the end of it."""

    def __init__(
        self, port: int, pins: Pins, *, host: str = "localhost", trusts: bool | None = None,
        credentials: Sequence[Credentials] = (), shown: Callable[[TrustQuestion], object] | None = None,
    ) -> None:  # fmt: skip
        self.pump, self.port = Pump(), port
        self.asked: list[TrustQuestion] = []
        self.wanted: list[tuple[bool, bool]] = []
        self._trusts, self._credentials = trusts, list(credentials)
        self.client = VncClient(
            self._open(), wake=self.pump, local=False, peer=Peer(host, port), pins=pins, reopen=self._open,
        )  # fmt: skip
        self.client.trust_asked.connect(self._on_trust)
        self.client.credentials_needed.connect(self._on_credentials)
        self.client.start()
        self.pump.until(lambda: self.client.state is not ClientState.CONNECTING or (self.asked and trusts is None))

    def _open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 10)

    def _on_trust(self, question: TrustQuestion) -> None:
        self.asked.append(question)
        if self._trusts is not None:
            self.client.trust(self._trusts)

    def _on_credentials(self, name: bool, password: bool) -> None:
        self.wanted.append((name, password))
        self.client.answer(self._credentials.pop(0) if self._credentials else None)

    def connected(self) -> Vouched:
        """Fails if there is no picture; why the server was believed."""
        assert self.client.state is ClientState.CONNECTED, (self.client.error, getattr(self.client.error, "raw", ""))
        return self.client.vouched

    def leave(self) -> None:
        self.client.close()
        assert self.client.join(10)


def free_port() -> int:
    """Nobody listens there now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class XServer:
    """TigerVNC's X server with a screen of its own: ``port`` is its VNC server, ``display`` its name for X programs."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        ours, theirs = os.pipe()
        self._process = subprocess.Popen(
            [find_program("Xtigervnc"), "-displayfd", str(theirs), "-rfbport", str(self.port), "-interface", "127.0.0.1", "-geometry",
             "320x200", "-depth", "24", *options], pass_fds=[theirs], cwd=folder, stderr=subprocess.DEVNULL)  # fmt: skip
        os.close(theirs)
        with os.fdopen(ours) as told:
            self.display = f":{told.readline().strip()}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)

    def kill(self) -> None:
        """Without a good-bye."""
        self._process.kill()


class X11Vnc:
    """x11vnc (libvncserver) over another X server's screen."""

    def __init__(self, display: str, folder: Path, *options: str) -> None:
        self.port = free_port()
        self._process = subprocess.Popen(
            [find_program("x11vnc"), "-display", display, "-rfbport", str(self.port), "-listen", "127.0.0.1", "-noipv6", "-no6", "-forever",
             "-shared", "-noxdamage", "-norc", *options],
            cwd=folder, env={**os.environ, "HOME": str(folder)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        wait_for(lambda: _answers(self.port), "x11vnc")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """It waits for threads of its own when it is asked to end, now and then for ever; the test is over by then."""
        self._process.kill()
        self._process.wait(10)


def _answers(port: int) -> bool | None:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return None
    return True


def password_file(folder: Path, password: str) -> Path:
    """As VNC servers keep it: hardly hidden."""
    path = folder / "vnc-password"
    subprocess.run([find_program("x11vnc"), "-storepasswd", password, str(path)], check=True, capture_output=True)
    return path
