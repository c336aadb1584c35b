"""A stream to an address on the other side: `ssh -W` as a child, a socket to us."""

from __future__ import annotations

import contextlib
import shlex
import socket
import subprocess
import threading
import time

from app.ssh.attempt import Attempt
from app.ssh.target import SshTarget

SILENCE_S = 30.0
TICK_S = 0.2


class TunnelFailed(Exception):
    """``args[0]``: what ssh said; empty if the other side just closed, or said nothing for too long."""


def _leading_to(address: str, host: str) -> list[str]:
    """`ssh -W` takes ports only (a path makes it wait for ever, OpenSSH 9.2); netcat goes to sockets, as for libvirt itself."""
    if address.startswith("/"):
        return ["--", host, f"exec nc -U {shlex.quote(address)}"]
    return ["-W", address, "--", host]


class Tunnel:
    """Opens in a thread of the caller's; ``abort`` ends that from any other.

    address: "host:port" as the other side sees it, or the path of a UNIX socket there.
    """

    def __init__(self, attempt: Attempt, target: SshTarget, address: str) -> None:
        self._attempt = attempt
        self._argv = [str(attempt.command), *target.arguments(), "-T", "-e", "none", *_leading_to(address, target.host)]
        self._child: subprocess.Popen[bytes] | None = None
        self._aborted = threading.Event()
        self._said: list[bytes] = []

    def abort(self) -> None:
        """Gives up; ``open`` raises soon."""
        self._aborted.set()
        if self._child is not None:
            self._child.terminate()

    def open(self, *, speaks_first: bool = True) -> socket.socket:
        """Blocks until the server has sent its first byte, as those of VNC do by themselves; raises TunnelFailed.

        Not speaks_first: returns at once, as those of SPICE wait; the stream ends if nobody answers.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._child = subprocess.Popen(self._argv, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=subprocess.PIPE)
            reader = threading.Thread(target=self._look_after, args=(self._child,), name="ssh tunnel", daemon=True)
            reader.start()
            if speaks_first:
                self._await_first_byte(ours, reader)
        except BaseException:
            ours.close()
            if self._child is not None:
                self._child.terminate()
            raise
        return ours

    def settle(self) -> None:
        """Blocks until ssh has had the time to get in, or has ended: so long its questions must find somebody."""
        end = time.monotonic() + SILENCE_S
        while self._child is not None and self._child.returncode is None and time.monotonic() < end:
            self._aborted.wait(TICK_S)
            if self._attempt.asking:
                end = time.monotonic() + SILENCE_S

    def _look_after(self, child: subprocess.Popen[bytes]) -> None:
        """Keeps ssh's complaints and collects its end."""
        assert child.stderr is not None  # noqa: S101
        with child.stderr:
            for line in child.stderr:
                self._said.append(line[:500])
                del self._said[:-20]
        child.wait()

    def _await_first_byte(self, ours: socket.socket, reader: threading.Thread) -> None:
        ours.settimeout(TICK_S)
        end = time.monotonic() + SILENCE_S
        while time.monotonic() < end and not self._aborted.is_set():
            with contextlib.suppress(TimeoutError):
                if ours.recv(1, socket.MSG_PEEK):
                    ours.settimeout(None)
                    return
                reader.join(5)
                break
            if self._attempt.asking:
                end = time.monotonic() + SILENCE_S
        raise TunnelFailed(b"".join(self._said).decode(errors="replace").strip())
