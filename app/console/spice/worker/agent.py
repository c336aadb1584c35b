"""The main channel: the guest's agent, its clipboard, the pointer's mode, and the sizes that the guest is asked for."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from app.console.spice import wire
from app.console.spice.kinds import Capability, Clip, Kind
from app.console.spice.worker import glib

if TYPE_CHECKING:
    from app.console.spice.worker.connection import Connection

CLIPBOARD = 0
"""VD_AGENT_CLIPBOARD_SELECTION_CLIPBOARD, what Ctrl+C and Ctrl+V use; the other one is what was marked last."""

MAX_TYPES = 64


class Agent:
    """``main`` is the library's channel, None before it is there."""

    def __init__(self, connection: Connection) -> None:
        self.main: Any = None
        self._line = connection.line
        self._told: tuple[bool, list[int]] = (False, [])
        connection.on_channel(Kind.MAIN, self._use)
        for name in ("monitor_size", "monitor_off", "clipboard_grab", "clipboard_release", "clipboard_ask", "clipboard_give"):
            self._line.on(name, getattr(self, f"_{name}"))

    @property
    def present(self) -> bool:
        """Whether a program in the guest answers."""
        return self.main is not None and bool(self.main.props.agent_connected)

    def forget(self) -> None:
        """Holds nothing of the library's any more."""
        self.main = None

    def _use(self, main: Any) -> None:
        self.main = main
        main.props.max_clipboard = wire.MAX_BYTES
        glib.connect(main, "main-mouse-update", lambda main: self._line.tell("mouse", int(main.props.mouse_mode)))
        glib.connect(main, "main-agent-update", lambda _main: self._tell())
        glib.connect(main, "notify::agent-connected", lambda _main, _property: self._tell())
        glib.connect(main, "main-clipboard-selection-grab", self._on_grab)
        glib.connect(main, "main-clipboard-selection-request", self._on_wanted)
        glib.connect(main, "main-clipboard-selection", self._on_data)

    def _tell(self) -> None:
        can = [int(one) for one in Capability if self.present and self.main.agent_test_capability(int(one))]
        self._line.tell("agent", self.present, can)

    # Sizes.

    def _monitor_size(self, number: int, width: int, height: int) -> None:
        if self.present:
            self.main.update_display_enabled(number, True, False)
            self.main.update_display(number, 0, 0, width, height, True)

    def _monitor_off(self, number: int) -> None:
        if self.present:
            self.main.update_display_enabled(number, False, True)

    # The clipboard.

    def _clipboard_grab(self, types: list[int]) -> None:
        if self.present:
            self.main.clipboard_selection_grab(CLIPBOARD, types)

    def _clipboard_release(self) -> None:
        if self.present:
            self.main.clipboard_selection_release(CLIPBOARD)

    def _clipboard_ask(self, type_: int) -> None:
        if self.present:
            self.main.clipboard_selection_request(CLIPBOARD, type_)

    def _clipboard_give(self, type_: int, data: bytes) -> None:
        if self.present:
            self.main.clipboard_selection_notify(CLIPBOARD, type_, data)

    def _on_grab(self, _main: Any, selection: int, types: Any, count: int) -> bool:
        if selection != CLIPBOARD:
            return False
        offered = types if isinstance(types, list) else _numbers(glib.address(types), count)
        self._line.tell("clipboard_offered", [int(one) for one in offered[:MAX_TYPES]])
        return True

    def _on_wanted(self, main: Any, selection: int, type_: int) -> bool:
        if selection == CLIPBOARD:
            self._line.tell("clipboard_wanted", int(type_))
        else:
            main.clipboard_selection_notify(selection, int(Clip.NONE), b"")
        return True

    def _on_data(self, _main: Any, selection: int, type_: int, data: Any, size: int) -> None:
        if selection == CLIPBOARD and data and 0 < size <= wire.MAX_BYTES:
            received = data if isinstance(data, bytes) else bytes(glib.memory(glib.address(data), size))
            self._line.tell("clipboard", int(type_), payload=received)


def _numbers(at: int, count: int) -> tuple[int, ...]:
    """An array of 32-bit numbers in the library's memory."""
    if not at or count <= 0:
        return ()
    return tuple((ctypes.c_uint32 * min(count, MAX_TYPES)).from_address(at))
