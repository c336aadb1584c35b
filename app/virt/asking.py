"""Getting libvirt's questions answered: from memory when a connection comes back, else by the user."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Coroutine
from typing import Any

from app.virt.credentials import Answers, Credential, CredentialAsker, CredentialRequest
from app.virt.mailbox import Mailbox


class Asking:
    """One session's.  Answers live in memory, as long as the session and until they are refused."""

    def __init__(self, asker: CredentialAsker | None, mailbox: Mailbox) -> None:
        self._asker = asker
        self._mailbox = mailbox
        self._answers: dict[Credential, str] = {}
        self._open: concurrent.futures.Future[Answers | None] | None = None
        self._one_at_a_time = threading.Lock()
        self._given_up = 0

    def ask_on_thread(self, request: CredentialRequest) -> Answers | None:
        """Blocks the opener's thread until there are answers; None if the user cancelled or nobody can be asked."""
        given_up = self._given_up
        with self._one_at_a_time:  # a second connection and consoles may ask the same: once is enough
            known = [self._answers.get(question) for question in request.questions]
            if not request.again and all(answer is not None for answer in known):
                return [answer or "" for answer in known]
            if self._asker is None or given_up != self._given_up:
                return None
            return self._ask_user(request)

    def _ask_user(self, request: CredentialRequest) -> Answers | None:
        loop = self._mailbox.wait_for_loop()
        self._open = asyncio.run_coroutine_threadsafe(self._ask(request), loop)
        try:
            answers = self._open.result()
        except concurrent.futures.CancelledError:
            return None
        finally:
            self._open = None
        if answers is not None and request.host_key is None:
            self._answers.update(zip(request.questions, answers, strict=False))
        return answers

    def _ask(self, request: CredentialRequest) -> Coroutine[Any, Any, Answers | None]:
        async def ask() -> Answers | None:
            return await self._asker(request) if self._asker is not None else None

        return ask()

    def cancel(self) -> None:
        """Takes an open question back: its dialog's coroutine is cancelled.  On the loop's thread."""
        self._given_up += 1
        if self._open is not None:
            self._open.cancel()

    def forget(self) -> None:
        """The answers were refused."""
        self._answers.clear()
