"""The desktop's password store over D-Bus: GNOME Keyring, KWallet (5.97 and later), KeePassXC.

``keyring`` speaks to it.  Only its Secret Service is used: its other stores may write files that everybody can read.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any, TypeVar

from app.i18n import _

T = TypeVar("T")

NOBODY = "-"
"""The user's name of a password without one: the store wants some name."""


class StoreProblem(Exception):
    """Why the store cannot be used, a sentence for people."""


class SecretService:
    """A ``vault.Store``.  Every method blocks, for as long as the user thinks about unlocking it: never on the event loop.

    A store without an entry of ours is not unlocked: nobody is asked for the key of something that is not in there.
    """

    def read(self, service: str) -> tuple[str, str] | None:
        """User's name (may be empty) and password."""
        return _explained(lambda: _read(service))

    def write(self, service: str, username: str, password: str) -> None:
        """Replaces what was there, also under another user's name."""
        _explained(lambda: _write(service, username or NOBODY, password))

    def remove(self, service: str) -> None:
        """Nothing there is no error."""
        _explained(lambda: _remove(service))


def _read(service: str) -> tuple[str, str] | None:
    store = _keyring()
    found = store.get_credential(service, None) if _has(service) else None
    if found is None:
        return None
    return ("" if found.username == NOBODY else found.username, found.password)


def _write(service: str, username: str, password: str) -> None:
    """The new one first: what was there stays where a store refuses it, or its user does not unlock it."""
    store = _keyring()
    before = _usernames(service)
    store.set_password(service, username, password)
    for other in before - {username}:
        store.delete_password(service, other)


def _remove(service: str) -> None:
    store = _keyring()
    found = store.get_credential(service, None) if _has(service) else None
    if found is not None:
        store.delete_password(service, found.username)


def _keyring() -> Any:
    """A new one each time: the desktop may have started its store meanwhile."""
    from keyring.backends.SecretService import Keyring  # noqa: PLC0415 - 60 ms, wanted with the first password

    try:
        make: Any = Keyring
        if make.priority <= 0:
            raise StoreProblem(_absent())
        return make()
    except RuntimeError as error:
        raise StoreProblem(_absent()) from error


def _has(service: str) -> bool:
    return bool(_usernames(service))


def _usernames(service: str) -> set[str]:
    """Looks at names only, which a locked store tells too."""
    import secretstorage  # noqa: PLC0415 - what keyring uses itself

    with closing(secretstorage.dbus_init()) as bus:
        return {item.get_attributes().get("username", "") for item in secretstorage.search_items(bus, {"service": service})}


def _explained(work: Callable[[], T]) -> T:
    """Whatever goes wrong (no bus, locked, a broken store) has the same end: not remembered, and why."""
    try:
        return work()
    except StoreProblem:
        raise
    except Exception as error:
        raise StoreProblem(_sentence(error)) from error


def _absent() -> str:
    return _("this desktop has no password store (a Secret Service such as GNOME Keyring, KWallet or KeePassXC).")


def _sentence(error: Exception) -> str:
    if type(error).__name__ in ("KeyringLocked", "InitError", "PromptDismissedException", "LockedException"):
        return _("the desktop's password store is locked.")
    return _("the desktop's password store reports: {error}").format(error=error)
