"""The process that SPICE's client library runs in: one for each connection, which ends with it and never outlives this program.

A server is a stranger.  What it makes of the library (a crash, an endless loop, memory without end, or worse) stays in that
process: here it is a sentence.  Its news are read and looked at by a thread, which also waits for its end.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.console.client import Wake
from app.console.spice import wire
from app.console.spice.inbox import Inbox
from app.console.spice.outbox import Outbox
from app.console.spice.wire import Message, Nonsense

PROGRAM = Path(__file__).with_name("worker") / "run.py"

PING_S = 4.0
"""After so long without a word the process is asked whether it lives."""

SILENT_S = 10.0
"""After so long without a word it does not."""

START_S = 30.0
"""The same for its first word: its libraries may have to be looked for on a busy disk."""

LEAVE_S = 3.0
"""So long it gets to say goodbye to the server and give devices back."""

SILENT = "silent"
"""How it ended, beside the name of a signal and "exit 1": it was alive and did not answer."""

_log = logging.getLogger(__name__)

Sort = Callable[[Message], Callable[[], None] | None]
"""Looks at a message on the reading thread, and gives what the event loop has to do, if anything.  May raise Nonsense."""


class LibraryProcess:
    """Event loop, but for ``sort``.  ended: told how it ended, once, unless ``close`` was called before."""

    def __init__(self, wake: Wake, sort: Sort, ended: Callable[[str], None]) -> None:
        self._sort, self._ended = sort, ended
        self._inbox = Inbox(wake)
        self._sock, self._theirs = socket.socketpair()
        self._outbox = Outbox(self._sock)
        self._leave = threading.Event()
        self.pid = 0
        # The process is bound to this thread (PR_SET_PDEATHSIG), which lives as long as it does.
        threading.Thread(target=self._run, name="spice process", daemon=True).start()

    def tell(self, name: str, *args: object, payload: bytes = b"", carried: socket.socket | None = None) -> None:
        """An order of ``wire.ORDERS``; never waits.  carried: a socket that belongs to the process from now on."""
        self._outbox.put(b"".join(wire.packed(name, *args, payload=payload)), carried)

    def close(self) -> None:
        """No more news; the process learns it by the end of its socket, after what it was told before, and gets a moment."""
        self._inbox.close()
        self._leave.set()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    # The thread.

    def _run(self) -> None:
        try:
            with self._theirs:
                child = _start(self._theirs.fileno())
        except OSError as error:
            how = str(error)
        else:
            self.pid = child.pid
            how = self._until_end(child)
        self._outbox.close()
        self._sock.close()
        if not self._leave.is_set():
            self._inbox.put(lambda: self._ended(how))

    def _until_end(self, child: subprocess.Popen[bytes]) -> str:
        reader = wire.Reader(wire.NEWS)
        try:
            told = self._read(reader)
        except Nonsense as error:
            told = f"nonsense: {error}"
        except OSError:
            told = ""
        except Exception as error:  # noqa: BLE001 - the end of a thread
            _log.exception("News of SPICE's library could not be looked at")
            told = f"mistake: {error!r}"  # nothing may wait for ever for a process that nobody listens to
        finally:
            reader.close()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        how = _reaped(child, patient=not told)
        return told or how

    def _read(self, reader: wire.Reader) -> str:
        """To the end of the socket; gives what is wrong if it is not the process that ended."""
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        heard, limit, asked = time.monotonic(), START_S, False
        while True:
            wait_s = heard + (limit if asked else PING_S) - time.monotonic()
            if poll.poll(max(0.0, wait_s) * 1000 + 1):
                messages = reader.receive(self._sock)
                if messages is None:
                    return ""
                for message in messages:
                    self._pass_on(message)
                heard, limit, asked = time.monotonic(), SILENT_S, False
            elif asked:
                return SILENT
            else:
                asked = True
                self.tell("ping")

    def _pass_on(self, message: Message) -> None:
        if self._leave.is_set():
            if message.fd >= 0:
                os.close(message.fd)
        elif (call := self._sort(message)) is not None and not self._inbox.put(call):
            self.close()  # the loop has ended, and its owner forgot this


def _start(fd: int) -> subprocess.Popen[bytes]:
    """Isolated from the environment and without site packages: what is imported is our own and GObject's binding."""
    binding = importlib.util.find_spec("gi")
    where = str(Path(binding.origin).parents[1]) if binding is not None and binding.origin else ""
    command = [sys.executable, "-I", "-S", str(PROGRAM), str(os.getpid()), str(fd), where]
    return subprocess.Popen(command, pass_fds=(fd,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _reaped(child: subprocess.Popen[bytes], *, patient: bool) -> str:
    """Waits for the end of a process, or brings it about; how it ended."""
    try:
        code = child.wait(LEAVE_S if patient else 0)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return SILENT
    if code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit {code}"
