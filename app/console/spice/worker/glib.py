"""SPICE's client library by GObject Introspection: its signals, and the addresses that it hands over.

Its sources run in GLib's default main context, as everything in this process.  Source: spice-gtk 0.42, docs and headers of
spice-client-glib-2.0.
"""

from __future__ import annotations

import ctypes
import importlib
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any

NAMESPACE, VERSION = "SpiceClientGLib", "2.0"


@lru_cache(maxsize=1)
def library() -> Any:
    """The namespace ``SpiceClientGLib``."""
    _quietly("gi").require_version(NAMESPACE, VERSION)
    return _quietly(f"gi.repository.{NAMESPACE}")


@lru_cache(maxsize=1)
def glib() -> Any:
    """The namespace ``GLib``."""
    return _quietly("gi.repository.GLib")


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
    return glib().Error


def _quietly(name: str) -> Any:
    with warnings.catch_warnings():  # PyGObject before 3.48 loads its modules in an outdated way
        warnings.simplefilter("ignore", ImportWarning)
        return importlib.import_module(name)


def later(seconds: float, call: Callable[[], object]) -> None:
    """Calls once, soon or after a while."""

    def once(_data: object = None) -> bool:
        call()
        return False

    if seconds > 0:
        glib().timeout_add(max(1, round(seconds * 1000)), once)
    else:
        glib().idle_add(once)


def connect(source: Any, signal: str, handler: Callable[..., Any]) -> Callable[[], None]:
    """Calls ``handler(source, ...)`` at a signal; what is returned ends that.

    Session and Channel have methods ``connect`` and ``disconnect`` of their own, which hide GObject's.
    """
    return ending(source, gobject().GObject.connect(source, signal, handler))


def ending(source: Any, number: int) -> Callable[[], None]:
    """Ends a connection to a signal by its number."""
    base = gobject().GObject

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
