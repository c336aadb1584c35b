"""Who stands before a VNC server: what may be asked of the user, and what is known of the server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.console.client import Credentials
from app.console.trust.guard import Guard

AskCredentials = Callable[[bool, bool, int], Credentials]
"""(name wanted, password wanted, how many of its bytes count or 0).  Blocks the console's thread; a cancel raises AuthFailed."""


@dataclass
class Visitor:
    """private: nobody can read along on the link itself (this machine, SSH).  used: what was answered last."""

    ask: AskCredentials
    guard: Guard
    private: bool = False
    used: Credentials | None = None

    def credentials(self, *, name: bool, password: bool, limit: int = 0) -> Credentials:
        """Asks, and remembers for the server's verdict."""
        self.used = self.ask(name, password, limit)
        return self.used
