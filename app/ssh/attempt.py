"""One try to get in: an ssh command whose questions come to us, and what became of them."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from app.ssh import folder
from app.ssh.door import door
from app.ssh.prompts import Prompt, PromptKind, classify
from app.ssh.target import SshTarget

Ask = Callable[[Prompt, bool], str | None]
"""Answers one prompt, blocking; True: the same was answered before and not accepted.  None: refused."""

CONNECT_S = 20
ALIVE_S, ALIVE_COUNT = 5, 3
PERSIST_S = 60
LONGEST_COMPLAINT = 8000

OPTIONS = (
    f"ConnectTimeout={CONNECT_S}",
    "LogLevel=INFO",
    "ControlMaster=auto",
    f"ControlPersist={PERSIST_S}",
    f"ServerAliveInterval={ALIVE_S}",
    f"ServerAliveCountMax={ALIVE_COUNT}",
)
"""One connection for libvirt, its second one and the consoles, which ends by itself when the line is dead."""


class Attempt:
    """``command`` is an ssh for libvirt or for us, as long as the block lasts.  Any thread.

    refused: the question that the user cancelled; all later ones of this try are then refused without asking.
    asking: a question is open, so that no time-out should count.
    """

    def __init__(self, target: SshTarget, ask: Ask) -> None:
        self._target, self._ask = target, ask
        self._lock = threading.Lock()
        self._asked: set[str] = set()
        self.refused: Prompt | None = None
        self.asking = False
        self.command = self._log = Path()
        self._log_from = 0
        self._name = ""

    def __enter__(self) -> Self:
        self._name = door().let_in(self._answer)
        self.command = folder.folder() / f"ssh-{secrets.token_hex(4)}"
        self._log = folder.folder() / f"log-{hashlib.sha256(repr(self._target).encode()).hexdigest()[:16]}"
        self._log_from = self._log.stat().st_size if self._log.exists() else 0
        options = [word for option in (*OPTIONS, f"ControlPath={folder.control_path(self._target)}") for word in ("-o", option)]
        env = {
            "LC_ALL": "C",
            "SSH_ASKPASS": str(folder.askpass()),
            "SSH_ASKPASS_REQUIRE": "force",
            "HOSTELRY_ASK": str(door().path),
            "HOSTELRY_ASK_ID": self._name,
        }
        folder.write_command(self.command, [self._target.command, "-E", str(self._log), *options], env)
        return self

    def __exit__(self, *_: object) -> None:
        door().shut_out(self._name)
        self.command.unlink(missing_ok=True)

    @property
    def complaints(self) -> str:
        """What ssh said itself in this try.  It goes to a file, as libvirt loses what is longer than 1024 bytes (EOVERFLOW).

        One file a host: why a stream was refused is known to the ssh that holds the shared connection.
        """
        try:
            with self._log.open("rb") as log:
                log.seek(self._log_from)
                return log.read(LONGEST_COMPLAINT).decode(errors="replace").strip()
        except OSError:
            return ""

    def refuse(self) -> None:
        """No more questions."""
        door().shut_out(self._name)

    def _answer(self, text: str, hint: str) -> str | None:
        prompt = classify(text, hint)
        if prompt.kind is PromptKind.NOTICE:
            return ""
        with self._lock:
            if self.refused is not None:
                return None
            again, self.asking = text in self._asked, True
            self._asked.add(text)
            try:
                answer = self._ask(prompt, again)
            finally:
                self.asking = False
            if answer is None:
                self.refused = prompt
            return answer
