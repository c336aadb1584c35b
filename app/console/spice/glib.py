"""SPICE's client library by GObject Introspection: loading it, its signals, and the addresses that it hands over.

Its sources run in GLib's default main context, which Qt's event dispatcher serves on the event loop's thread: all calls and
signals of this package are on that thread, and none waits.  Source: spice-gtk 0.42, docs and headers of spice-client-glib-2.0.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import importlib.util
import warnings
from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import Any

from app.errors import Unsupported
from app.i18n import _

NAMESPACE, VERSION = "SpiceClientGLib", "2.0"


class Kind(IntEnum):
    """Types of channel (spice/enums.h)."""

    MAIN = 1
    DISPLAY = 2
    INPUTS = 3
    CURSOR = 4
    PLAYBACK = 5
    RECORD = 6
    SMARTCARD = 8
    USBREDIR = 9
    PORT = 10
    WEBDAV = 11


class Event(IntEnum):
    """What a channel tells of itself (SpiceChannelEvent)."""

    NONE = 0
    OPENED = 10
    SWITCHING = 11
    CLOSED = 12
    ERROR_CONNECT = 20
    ERROR_TLS = 21
    ERROR_LINK = 22
    ERROR_AUTH = 23
    ERROR_IO = 24


def prepare() -> None:
    """Loads binding and library, which takes some 60 ms (any thread).  What cannot be loaded is told by ``missing``."""
    with contextlib.suppress(ImportError, ValueError):
        _glib()
        gobject()
        _quietly("gi").require_version(NAMESPACE, VERSION)
        _quietly(f"gi.repository.{NAMESPACE}")


def missing() -> str:
    """What has to be installed before SPICE works here, in words; empty if nothing.  Loads no library."""
    if not _described():
        return _(
            "SPICE needs its client library: install gir1.2-spiceclientglib-2.0 and python3-gi"
            " (Fedora: spice-glib and python3-gobject; Arch: spice-gtk and python-gobject), then start this program again."
        )
    if not _served():
        return _(
            "SPICE needs Qt's event loop of GLib, which is switched off or not part of this Qt:"
            " start this program without QT_NO_GLIB in its environment."
        )
    return ""


@lru_cache(maxsize=1)
def _described() -> bool:
    """Whether the binding and the library's description are installed."""
    if importlib.util.find_spec("gi") is None:
        return False
    try:
        _quietly("gi").require_version(NAMESPACE, VERSION)
    except (ImportError, ValueError):
        return False
    return True


@lru_cache(maxsize=1)
def _glib() -> Any:
    return _quietly("gi.repository.GLib")


def _served() -> bool:
    """Whether this thread runs GLib's default context, as Qt's dispatcher for GLib does."""
    return bool(_glib().MainContext.default().is_owner())


@lru_cache(maxsize=1)
def library() -> Any:
    """The namespace ``SpiceClientGLib``; raises Unsupported where it cannot be loaded."""
    try:
        _quietly("gi").require_version(NAMESPACE, VERSION)
        return _quietly(f"gi.repository.{NAMESPACE}")
    except (ImportError, ValueError) as error:
        raise Unsupported(
            _("Cannot show the screen: SPICE's client library cannot be loaded."),
            next_step=missing() or _("Install the package spice-client-glib again."),
            raw=str(error),
        ) from error


@lru_cache(maxsize=1)
def gobject() -> Any:
    """The namespace ``GObject``."""
    return _quietly("gi.repository.GObject")


@lru_cache(maxsize=1)
def gio() -> Any:
    """The namespace ``Gio``."""
    return _quietly("gi.repository.Gio")


def error() -> Any:
    """The class ``GLib.Error``, which calls of the library raise."""
    return _glib().Error


def _quietly(name: str) -> Any:
    with warnings.catch_warnings():  # PyGObject before 3.48 loads its modules in an outdated way
        warnings.simplefilter("ignore", ImportWarning)
        return importlib.import_module(name)


def connect(source: Any, signal: str, handler: Callable[..., Any]) -> Callable[[], None]:
    """Calls ``handler(source, ...)`` at a signal; what is returned ends that.

    Session and Channel have methods ``connect`` and ``disconnect`` of their own, which hide GObject's.
    """
    base = gobject().GObject
    number = base.connect(source, signal, handler)

    def end() -> None:
        if base.handler_is_connected(source, number):
            base.disconnect(source, number)

    return end


def address(pointer: Any) -> int:
    """The address in a ``gpointer`` argument, which arrives as a number or as an object whose hash is the address."""
    if pointer is None:
        return 0
    return pointer if isinstance(pointer, int) else hash(pointer) & (1 << 64) - 1


def pointer_to(instance: Any) -> int:
    """The address of a GObject."""
    take = ctypes.pythonapi.PyCapsule_GetPointer
    take.restype, take.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return int(take(instance.__gpointer__, None))


def memory(at: int, size: int) -> memoryview:
    """``size`` bytes of the library's memory, without a copy: for as long as the library keeps it."""
    return memoryview((ctypes.c_ubyte * size).from_address(at)).cast("B")
