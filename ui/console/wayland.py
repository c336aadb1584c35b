"""Three Wayland protocols that Qt does not speak, over Qt's own connection: libwayland-client by ctypes.

keyboard-shortcuts-inhibit (the compositor's own keys come to a window), pointer-constraints (the pointer stays in its place)
and relative-pointer (its motion is told all the same); all "unstable v1" of wayland-protocols.  Qt gives its display, seat
and pointer as addresses (QNativeInterface) and a window's ``winId`` is its ``wl_surface``.

Everything on the UI thread; objects live on an event queue of their own, which nobody but this module dispatches.
"""

from __future__ import annotations

import ctypes as c
import functools
from collections.abc import Callable
from typing import Any

from app.errors import Unsupported

_DESTROY = 1


class _Interface(c.Structure):
    """``struct wl_interface``."""


class _Message(c.Structure):
    """``struct wl_message``."""

    _fields_ = [("name", c.c_char_p), ("signature", c.c_char_p), ("types", c.POINTER(c.POINTER(_Interface)))]


_Interface._fields_ = [
    ("name", c.c_char_p), ("version", c.c_int), ("method_count", c.c_int), ("methods", c.POINTER(_Message)),
    ("event_count", c.c_int), ("events", c.POINTER(_Message)),
]  # fmt: skip


class _Argument(c.Union):
    """``union wl_argument``."""

    _fields_ = [("u", c.c_uint32), ("i", c.c_int32), ("s", c.c_char_p), ("o", c.c_void_p)]


_OnGlobal = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p, c.c_uint32, c.c_char_p, c.c_uint32)
_OnRemoved = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p, c.c_uint32)
_OnMotion = c.CFUNCTYPE(
    None, c.c_void_p, c.c_void_p, c.c_uint32, c.c_uint32, c.c_int32, c.c_int32, c.c_int32, c.c_int32)
_OnNothing = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p)


@functools.cache
def _library() -> c.CDLL:
    """Raises Unsupported without libwayland-client 1.20."""
    try:
        lib = c.CDLL("libwayland-client.so.0")
        for name, result, arguments in (
            ("wl_display_create_queue", c.c_void_p, [c.c_void_p]),
            ("wl_display_dispatch_queue_pending", c.c_int, [c.c_void_p, c.c_void_p]),
            ("wl_display_flush", c.c_int, [c.c_void_p]),
            ("wl_proxy_create_wrapper", c.c_void_p, [c.c_void_p]),
            ("wl_proxy_set_queue", None, [c.c_void_p, c.c_void_p]),
            ("wl_proxy_add_listener", c.c_int, [c.c_void_p, c.c_void_p, c.c_void_p]),
            ("wl_proxy_marshal_array_flags", c.c_void_p,
             [c.c_void_p, c.c_uint32, c.POINTER(_Interface), c.c_uint32, c.c_uint32, c.POINTER(_Argument)]),
        ):  # fmt: skip
            function = getattr(lib, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError) as error:
        raise Unsupported("libwayland-client 1.20 or later is missing", raw=str(error)) from error
    return lib


def _known(name: str) -> Any:
    """An interface that the library itself has."""
    return c.pointer(_Interface.in_dll(_library(), name))


_Described = tuple[str, str, tuple[Any, ...]]
"""A message: name, signature, and for each argument the interface of its object."""


def _messages(*messages: _Described) -> Any:
    made = (_Message * max(1, len(messages)))()
    for at, (name, signature, types) in enumerate(messages):
        array = (c.POINTER(_Interface) * max(1, len(types)))(*types)
        made[at] = _Message(name.encode(), signature.encode(), array)
    return made


def _interface(name: str, methods: tuple[_Described, ...], *events: _Described) -> Any:
    return c.pointer(_Interface(name.encode(), 1, len(methods), _messages(*methods), len(events), _messages(*events)))


_NONE = c.POINTER(_Interface)()
_END = ("destroy", "", ())


@functools.cache
def _protocols() -> dict[str, Any]:
    """The interfaces of the three protocols, by name."""
    surface, seat, pointer, region = (_known(f"wl_{name}_interface") for name in ("surface", "seat", "pointer", "region"))
    inhibitor = _interface(
        "zwp_keyboard_shortcuts_inhibitor_v1", (_END,), ("active", "", ()), ("inactive", "", ()))
    locked = _interface(
        "zwp_locked_pointer_v1",
        (_END, ("set_cursor_position_hint", "ff", (_NONE, _NONE)), ("set_region", "?o", (region,))),
        ("locked", "", ()), ("unlocked", "", ()))  # fmt: skip
    motion = _interface(
        "zwp_relative_pointer_v1", (_END,), ("relative_motion", "uuffff", (_NONE,) * 6))
    managers = (
        _interface("zwp_keyboard_shortcuts_inhibit_manager_v1",
                   (_END, ("inhibit_shortcuts", "noo", (inhibitor, surface, seat)))),
        _interface("zwp_pointer_constraints_v1",
                   (_END, ("lock_pointer", "noo?ou", (locked, surface, pointer, region, _NONE)))),
        _interface("zwp_relative_pointer_manager_v1", (_END, ("get_relative_pointer", "no", (motion, pointer)))),
    )  # fmt: skip
    return {each.contents.name.decode(): each for each in (*managers, inhibitor, locked, motion)}


@functools.cache
def connection(display: int) -> Connection:
    """The one of this display.  Raises Unsupported."""
    return Connection(display)


class Connection:
    """Qt's display, as far as these protocols need it.  Raises Unsupported."""

    def __init__(self, display: int) -> None:
        self._lib, self._display = _library(), display
        self._queue = self._lib.wl_display_create_queue(display)
        self._managers: dict[str, int] = {}
        self._kept: dict[int, Any] = {}
        wrapper = self._lib.wl_proxy_create_wrapper(display)
        self._lib.wl_proxy_set_queue(wrapper, self._queue)
        self._registry = self._send(wrapper, 1, _known("wl_registry_interface"), None)
        self._listen(self._registry, _OnGlobal(self._on_global), _OnRemoved(lambda _data, _registry, _number: None))
        self._lib.wl_display_flush(display)

    def dispatch(self) -> None:
        """Hears what has come; Qt's own thread has read it."""
        self._lib.wl_display_dispatch_queue_pending(self._display, self._queue)

    def inhibit_shortcuts(self, surface: int, seat: int) -> int:
        """All keys come to this surface while it has the keyboard; 0 where the compositor cannot."""
        return self._make("zwp_keyboard_shortcuts_inhibit_manager_v1", "zwp_keyboard_shortcuts_inhibitor_v1", surface, seat)

    def lock_pointer(self, surface: int, pointer: int) -> int:
        """Keeps the pointer where it is while it is in this surface; 0 where the compositor cannot."""
        return self._make("zwp_pointer_constraints_v1", "zwp_locked_pointer_v1", surface, pointer, 0, 2)

    def watch_motion(self, pointer: int, moved: Callable[[float, float], None]) -> int:
        """Calls ``moved(dx, dy)`` from ``dispatch``, also while the pointer is locked; 0 where the compositor cannot."""
        made = self._make("zwp_relative_pointer_manager_v1", "zwp_relative_pointer_v1", pointer)
        if made:
            self._listen(made, _OnMotion(lambda _data, _proxy, _hi, _lo, dx, dy, _dx, _dy: moved(dx / 256, dy / 256)))
        return made

    def destroy(self, made: int) -> None:
        """Ends what one of these made."""
        self._send(made, 0, None, flags=_DESTROY)
        self._kept.pop(made, None)
        self._lib.wl_display_flush(self._display)

    def _make(self, manager: str, interface: str, *arguments: int) -> int:
        self.dispatch()
        if manager not in self._managers:
            return 0
        made = self._send(self._managers[manager], 1, _protocols()[interface], None, *arguments)
        if interface != "zwp_relative_pointer_v1":
            self._listen(made, *(_OnNothing(lambda _data, _proxy: None) for _event in range(2)))
        self._lib.wl_display_flush(self._display)
        return made

    def _on_global(self, _data: object, registry: int, number: int, name: bytes, _version: int) -> None:
        interface = _protocols().get(name.decode(errors="replace"))
        if interface is not None:
            self._managers[name.decode()] = self._send(registry, 0, interface, number, name, 1, None)

    def _listen(self, proxy: int, *callbacks: Any) -> None:
        table = (c.c_void_p * len(callbacks))(*(c.cast(each, c.c_void_p) for each in callbacks))
        self._kept[proxy] = (callbacks, table)  # the library keeps addresses
        self._lib.wl_proxy_add_listener(proxy, table, None)

    def _send(self, proxy: int, opcode: int, interface: Any, *arguments: int | bytes | None, flags: int = 0) -> int:
        """A request; gives the new object if it makes one (``interface``), which joins its maker's queue."""
        made = (_Argument * max(1, len(arguments)))()
        for at, value in enumerate(arguments):
            if isinstance(value, bytes):
                made[at].s = value
            elif value is not None:
                made[at].o = value  # numbers lie at the same place, lowest byte first
        return self._lib.wl_proxy_marshal_array_flags(proxy, opcode, interface, 1, flags, made) or 0
