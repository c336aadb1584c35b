"""A password store in memory, and one that is not there."""

from __future__ import annotations

from app.console.secrets.secret_service import StoreProblem


class MemoryStore:
    """See ``app.console.secrets.vault.Store``."""

    def __init__(self, **kept: tuple[str, str]) -> None:
        self.kept = dict(kept)

    def read(self, service: str) -> tuple[str, str] | None:
        return self.kept.get(service)

    def write(self, service: str, username: str, password: str) -> None:
        self.kept[service] = (username, password)

    def remove(self, service: str) -> None:
        self.kept.pop(service, None)


class NoStore(MemoryStore):
    """A desktop without one."""

    def read(self, service: str) -> tuple[str, str] | None:
        raise StoreProblem("there is none.")

    def write(self, service: str, username: str, password: str) -> None:
        raise StoreProblem("there is none.")

    def remove(self, service: str) -> None:
        raise StoreProblem("there is none.")
