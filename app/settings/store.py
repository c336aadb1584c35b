"""The store of choices and window state: two JSON files, read once, written soon after a change."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from app.settings import connections as saved
from app.settings import files, folders, migrations
from app.settings.connections import SavedConnection
from app.settings.files import Loaded
from app.settings.option import Option
from app.signal import Signal

T = TypeVar("T")
Later = Callable[[Callable[[], None]], None]
"""Runs a function soon (the window debounces and writes in a thread); absent: at once."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One file's content as this program has it, and the keys that it has changed since the last writing."""

    path: Path
    data: dict[str, Any]
    keys: frozenset[str]

    def merged(self, there: Loaded) -> dict[str, Any]:
        """What the file holds now, with our changes: another program may have written its own meanwhile.

        Raises OSError if the file cannot be read and not be set aside either.
        """
        if not there.safe_to_write:
            raise OSError(there.problem)
        if not there.data:
            return self.data
        kept = {key: value for key, value in there.data.items() if key not in self.keys}
        return kept | {key: self.data[key] for key in self.keys if key in self.data}


class Settings:
    """Event loop's thread only, but for ``write`` of a snapshot.

    changed: the key of the option that got another value ("connections" for those).
    set_aside: where unreadable files were moved at the start.  problem: why the last write failed.
    later: see ``Later``.
    """

    def __init__(self, config: Path | None = None, state: Path | None = None) -> None:
        self._paths = ((config or folders.config_folder()) / "settings.json", (state or folders.state_folder()) / "state.json")
        loaded = [files.load(path) for path in self._paths]
        self._data: list[dict[str, Any]] = [migrations.migrate(loaded[0].data), loaded[1].data]
        self._changed: list[set[str]] = [set(), set()]
        self._writable = [one.safe_to_write for one in loaded]
        self.changed: Signal[[str]] = Signal()
        self.set_aside: list[Path] = [one.set_aside for one in loaded if one.set_aside]
        self.problem: OSError | None = None
        self.later: Later | None = None

    @property
    def state_folder(self) -> Path:
        """Where window state, the task log and the crash log lie."""
        return self._paths[1].parent

    def get(self, option: Option[T]) -> T:
        """The value, or the default if none was set or it makes no sense."""
        data = self._data[option.state]
        return option.accept(copy.deepcopy(data[option.key])) if option.key in data else copy.deepcopy(option.default)

    def set(self, option: Option[T], value: T) -> None:
        """Keeps ``value``; setting the default forgets the key, so that a better default may come later."""
        if self.get(option) == value:
            return
        data = self._data[option.state]
        if value == option.default:
            data.pop(option.key, None)
        else:
            data[option.key] = copy.deepcopy(value)
        self._touched(option.state, option.key)

    @property
    def connections(self) -> list[SavedConnection]:
        """The saved connections in their order."""
        return saved.from_json(self._data[0].get("connections", []))

    @property
    def configured(self) -> bool:
        """False until the user (or the first start) has chosen any connection, or none on purpose."""
        return "connections" in self._data[0]

    def set_connections(self, connections: list[SavedConnection]) -> None:
        """Keeps the whole list."""
        entries = [connection.to_json() for connection in connections]
        if entries != self._data[0].get("connections"):
            self._data[0]["connections"] = entries
            self._touched(False, "connections")

    def connection(self, uri: str) -> SavedConnection | None:
        """The saved connection of this URI."""
        return next((one for one in self.connections if one.uri == uri), None)

    def put_connection(self, connection: SavedConnection) -> None:
        """Adds it, or replaces the one of the same URI in its place."""
        listed = self.connections
        uris = [one.uri for one in listed]
        if connection.uri in uris:
            listed[uris.index(connection.uri)] = connection
        else:
            listed.append(connection)
        self.set_connections(listed)

    def drop_connection(self, uri: str) -> None:
        """Forgets one; unknown ones are no error."""
        self.set_connections([one for one in self.connections if one.uri != uri])

    def flush(self) -> None:
        """Writes what is not written yet.  A full disk is kept in ``problem``; the next flush tries again."""
        self.write(self.snapshot())

    def snapshot(self) -> list[Waiting]:
        """Copies of what is to be written; clears the mark."""
        waiting = [
            Waiting(self._paths[i], copy.deepcopy(self._data[i]), frozenset(self._changed[i]))
            for i in (0, 1)
            if self._changed[i] and self._writable[i]
        ]
        self._changed = [set(), set()]
        return waiting

    def write(self, waiting: list[Waiting]) -> None:
        """Any thread."""
        for one in waiting:
            try:
                files.save(one.path, one.merged(files.load(one.path)))
                self.problem = None
            except OSError as problem:
                self.problem = problem
                self._changed[self._paths.index(one.path)] |= one.keys

    def _touched(self, state: bool, key: str) -> None:
        self._changed[state].add(key)
        if self.later is None:
            self.flush()
        else:
            self.later(self.flush)
        self.changed.emit(key)
