"""What libosinfo knows about operating systems, as frozen records.

The database (system's osinfo-db, 0.3 s to load) is loaded once, off the event loop, by the first
function that needs it; all functions here block and are called by ``in_thread``.  Without the
GObject binding they answer as if the database were empty and ``missing()`` says what to install.
"""

from __future__ import annotations

import contextlib
import importlib
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from app.i18n import N_, _

_lock = threading.RLock()


@dataclass(frozen=True, slots=True)
class Resources:
    """What a system asks for; bytes and counts, 0 where the database says nothing."""

    memory: int = 0
    storage: int = 0
    cpus: int = 0


@dataclass(frozen=True, slots=True)
class SystemName:
    """One line of the list to choose from."""

    id: str
    short_id: str
    name: str
    version: str = ""
    distro: str = ""
    family: str = ""
    released: date | None = None
    ended: bool = False
    prerelease: bool = False


@dataclass(frozen=True, slots=True)
class System:
    """One operating system with what it has drivers for (libosinfo's device names) and needs."""

    name: SystemName
    devices: frozenset[str] = frozenset()
    minimum: Resources = field(default_factory=Resources)
    recommended: Resources = field(default_factory=Resources)
    efi: bool | None = None
    bios: bool | None = None

    @property
    def windows(self) -> bool:
        return self.name.family in ("winnt", "win9x", "win16")

    def drives(self, *kinds: str) -> bool:
        """Whether it has a driver for one of ``kinds`` ("virtio-net" counts for "virtio1.0-net" too)."""
        return any(kind in self.devices or kind.replace("virtio-", "virtio1.0-") in self.devices for kind in kinds)


@dataclass(frozen=True, slots=True)
class Identified:
    """What a volume is: the system's id and whether it is live, an installer, for which architecture."""

    os_id: str
    arch: str = ""
    live: bool = False
    installer: bool = True


GENERIC = System(SystemName("", "", N_("Other")))
"""A system that nobody knows: hardware that every system of the last 15 years can drive."""


@lru_cache(maxsize=1)
def _library() -> Any | None:
    """The GObject binding, or None where it is not installed."""
    try:
        with warnings.catch_warnings():  # PyGObject before 3.48 loads its modules in an outdated way
            warnings.simplefilter("ignore", ImportWarning)
            importlib.import_module("gi").require_version("Libosinfo", "1.0")
            return importlib.import_module("gi.repository.Libosinfo")
    except (ImportError, ValueError):
        return None


@lru_cache(maxsize=1)
def _database() -> Any | None:
    library = _library()
    if library is None:
        return None
    loader = library.Loader()
    try:
        loader.process_default_path()
    except Exception:  # noqa: BLE001 - GLib.Error, which exists only with gi; a broken database file must not block
        return loader.get_db()
    return loader.get_db()


def missing() -> str:
    """What to install for recognition, or ``""``.  Blocks for the first load."""
    with _lock:
        if _library() is None:
            return _(
                "Systems are not recognised, because libosinfo is not installed "
                "(packages gir1.2-libosinfo-1.0 and python3-gi, on Fedora libosinfo and python3-gobject)."
            )
        database = _database()
        if database is None or database.get_os_list().get_length() == 0:
            return _("Systems are not recognised, because the database of systems is not installed (package osinfo-db).")
    return ""


@lru_cache(maxsize=1)
def names() -> tuple[SystemName, ...]:
    """All systems, newest first."""
    with _lock:
        database = _database()
        if database is None:
            return ()
        found = [_name(entry) for entry in _elements(database.get_os_list())]
    return tuple(sorted(found, key=lambda name: (name.released or date.min, name.name), reverse=True))


@lru_cache(maxsize=64)
def system(os_id: str) -> System:
    """Everything about one system; ``GENERIC`` for an unknown id."""
    with _lock:
        database = _database()
        entry = database.get_os(os_id) if database is not None and os_id else None
        if entry is None:
            return GENERIC
        firmwares = {item.get_firmware_type(): item.is_supported() for item in _elements(entry.get_complete_firmware_list(None))}
        return System(
            name=_name(entry),
            devices=frozenset(device.get_name() or "" for device in _elements(entry.get_all_devices(None))),
            minimum=_resources(entry.get_minimum_resources()),
            recommended=_resources(entry.get_recommended_resources()),
            efi=firmwares.get("efi"),
            bios=firmwares.get("bios"),
        )


def by_short_id(short_id: str) -> System | None:
    """The system of that short id ("debian11")."""
    return next((system(name.id) for name in names() if name.short_id == short_id), None)


def identify(path: str) -> Identified | None:
    """What libosinfo takes the ISO at ``path`` for; None if it does not know.  Reads the volume's header only."""
    with _lock:
        library, database = _library(), _database()
        if library is None or database is None:
            return None
        try:
            with _own_context():
                media = library.Media.create_from_location_with_flags(path, None, library.MediaDetectFlags(0))
            known = database.identify_media(media)
        except Exception:  # noqa: BLE001 - GLib.Error: no ISO 9660 volume, unreadable; our own reader says which
            return None
        entry = media.get_os() if known else None
        if entry is None:
            return None
        return Identified(entry.get_id(), media.get_architecture() or "", bool(media.get_live()), bool(media.get_installer()))


@contextlib.contextmanager
def _own_context() -> Iterator[None]:
    """A main context of GLib for this thread alone, on which libosinfo waits for its reads (libosinfo 1.10, osinfo_media.c).

    Without one it waits on the default context, which Qt's dispatcher keeps for the window's thread: the reads would be
    served there, and never while that thread does not run Qt's loop.
    """
    context = importlib.import_module("gi.repository.GLib").MainContext.new()
    context.push_thread_default()
    try:
        yield
    finally:
        context.pop_thread_default()


@contextlib.contextmanager
def opened() -> Iterator[tuple[Any, Any]]:
    """(the library, the database) for one thread at a time; both None where one is not installed.  Blocks."""
    with _lock:
        library = _library()
        database = _database() if library is not None else None
        if database is None:
            yield None, None
            return
        with _own_context():
            yield library, database


def elements(collection: Any) -> list[Any]:
    """What is in one of libosinfo's lists."""
    return _elements(collection)


def _elements(collection: Any) -> list[Any]:
    return [collection.get_nth(i) for i in range(collection.get_length())]


def _name(entry: Any) -> SystemName:
    end = _date(entry.get_eol_date_string())
    status = entry.get_release_status().value_nick
    return SystemName(
        id=entry.get_id(),
        short_id=entry.get_short_id() or "",
        name=entry.get_name() or "",
        version=entry.get_version() or "",
        distro=entry.get_distro() or "",
        family=entry.get_family() or "",
        released=_date(entry.get_release_date_string()),
        ended=end is not None and end < date.today(),
        prerelease=status == "prerelease",
    )


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _resources(listing: Any) -> Resources:
    """The entry of x86_64, else of all architectures, else the first."""
    entries = {entry.get_architecture(): entry for entry in _elements(listing)}
    entry = entries.get("x86_64") or entries.get("all") or next(iter(entries.values()), None)
    if entry is None:
        return Resources()
    return Resources(max(0, entry.get_ram()), max(0, entry.get_storage()), max(0, entry.get_n_cpus()))
