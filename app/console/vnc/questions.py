"""What a console's thread asks the user, and waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.console.client import Credentials
from app.console.trust.question import TrustQuestion
from app.console.vnc import problems


class Questions:
    """ask_credentials, ask_trust: tell the owner, on its event loop; it answers by ``answer`` and ``trust``."""

    def __init__(
        self,
        known: Credentials,
        ask_credentials: Callable[[bool, bool, int], None],
        ask_trust: Callable[[TrustQuestion], None],
    ) -> None:
        self._known: Credentials | None = known
        self._ask_credentials = ask_credentials
        self._ask_trust = ask_trust
        self._answered = threading.Event()
        self._trusted = False
        self._over = False

    # The event loop.

    def answer(self, credentials: Credentials | None) -> None:
        """None: the user cancelled."""
        self._known = credentials
        self._answered.set()

    def trust(self, yes: bool) -> None:
        """About the server."""
        self._trusted = yes
        self._answered.set()

    def end(self) -> None:
        """Whoever waits, waits no more."""
        self._over = True
        self._answered.set()

    # The console's thread.

    def credentials(self, name: bool, password: bool, limit: int) -> Credentials:
        """What is known already, if it is enough; raises AuthFailed at a cancel."""
        known = self._known
        if known is None or (password and known.password is None) or (name and known.username is None):
            self._answered.clear()
            self._ask_credentials(name, password, limit)
            if not self._over:
                self._answered.wait()
            known = self._known
        if known is None or self._over:
            raise problems.password_needed()
        return known

    def trusted(self, question: TrustQuestion) -> bool:
        """False also when the console was closed meanwhile."""
        self._answered.clear()
        self._ask_trust(question)
        if not self._over:
            self._answered.wait()
        return self._trusted and not self._over
