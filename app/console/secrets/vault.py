"""Remembers what opened a screen: for this run always, in the Secret Service where the user said so."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, Protocol

from app.console.aside import aside
from app.console.client import Credentials
from app.console.secrets.secret_service import SecretService, StoreProblem
from app.i18n import _


class Screen(NamedTuple):
    """Whose password: the machine's UUID on the host of this libvirt URI, and the protocol ("vnc", "spice")."""

    machine: str
    host: str
    kind: str = "vnc"

    @property
    def service(self) -> str:
        """The name of its entry in the desktop's store, which people may look at."""
        return f"hostelry:{self.kind}:{self.machine}@{self.host}"


class Store(Protocol):
    """Blocking; raises StoreProblem."""

    def read(self, service: str) -> tuple[str, str] | None: ...
    def write(self, service: str, username: str, password: str) -> None: ...
    def remove(self, service: str) -> None: ...


class Vault:
    """Event loop.  The store is asked in a thread, as it may ask the user to unlock it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._run: dict[Screen, Credentials] = {}

    async def recall(self, screen: Screen) -> Credentials | None:
        """What opened it last time; None also where there is no store, or it stays locked."""
        if screen in self._run:
            return self._run[screen]
        try:
            found = await aside(self._store.read, screen.service)
        except StoreProblem:
            return None
        if found is None:
            return None
        self._run[screen] = Credentials(found[0] or None, found[1])
        return self._run[screen]

    async def keep(self, screen: Screen, credentials: Credentials, *, lasting: bool) -> str:
        """After they were accepted.  Why they last for this run only though more was wanted: a sentence, or an empty string."""
        self._run[screen] = credentials
        if not lasting:
            return ""
        try:
            await aside(
                self._store.write, screen.service, credentials.username or "", credentials.password or ""
            )
        except StoreProblem as problem:
            return _("The password is remembered until this program ends: {reason}").format(reason=problem)
        return ""

    async def forget(self, screen: Screen) -> None:
        """They were refused: neither this run nor the store offers them again."""
        self._run.pop(screen, None)
        try:
            await aside(self._store.remove, screen.service)
        except StoreProblem:
            return


@cache
def user_vault() -> Vault:
    """That of this user; all windows of the program share it."""
    return Vault(SecretService())
