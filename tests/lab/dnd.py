"""Drag-and-drop of files from another application: a source of the XDND protocol, version 5 (freedesktop.org, "XDND").

The mouse is real (XTEST): the button goes down on the source's window, the pointer travels, the button goes up on the target.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from Xlib import X, Xatom
from Xlib.protocol import event

from tests.lab.nest import LabError
from tests.lab.screen import Display

VERSION = 5
SIZE = 24


@dataclass(frozen=True)
class Outcome:
    """What the target said: would it take the drop, and did it."""

    accepted: bool
    done: bool


class FileDrag:
    """One drag of files over a display. `run` does it all."""

    def __init__(self, screen: Display, paths: Sequence[Path]) -> None:
        self._screen, self._x, self._root = screen, screen.x, screen.root
        self._data = "".join(f"{path.absolute().as_uri()}\r\n" for path in paths).encode()
        self._atoms = {
            name: self._x.intern_atom(name)
            for name in (
                "XdndAware",
                "XdndSelection",
                "XdndEnter",
                "XdndPosition",
                "XdndStatus",
                "XdndLeave",
                "XdndDrop",
                "XdndFinished",
                "XdndActionCopy",
                "text/uri-list",
                "TARGETS",
            )
        }
        self._target: Any = None
        self._accepted = self._waiting = self._finished = self._done = False
        self._time = X.CurrentTime

    def run(self, x: int, y: int, *, hovering: Callable[[], None] | None = None) -> Outcome:
        """Drags to (x, y), calls `hovering` there, drops. A target that would not take the files is left instead."""
        self._window = self._make_source()
        try:
            self._begin()
            self._travel(x, y)
            self._settle()
            if hovering:
                hovering()
            accepted = self._accepted
            self._drop()
            return Outcome(accepted, self._done)
        finally:
            self._x.ungrab_pointer(X.CurrentTime)
            self._window.destroy()
            self._x.sync()

    def _make_source(self) -> Any:
        """A small window in the corner, as a file manager's icon."""
        window = self._root.create_window(
            self._screen.width - SIZE,
            self._screen.height - SIZE,
            SIZE,
            SIZE,
            0,
            X.CopyFromParent,
            X.InputOutput,
            X.CopyFromParent,
            override_redirect=True,
            background_pixel=0x888888,
            event_mask=X.ButtonPressMask | X.ButtonReleaseMask | X.PointerMotionMask,
        )
        window.map()
        window.configure(stack_mode=X.Above)
        self._x.sync()
        return window

    def _begin(self) -> None:
        """Takes the mouse at the source and announces the data."""
        self._screen.move(self._screen.width - SIZE // 2, self._screen.height - SIZE // 2)
        self._screen.press()
        self._until(lambda: self._time != X.CurrentTime, "the button press on the drag's source")
        mask = X.ButtonReleaseMask | X.PointerMotionMask
        self._window.grab_pointer(True, mask, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime)
        self._window.set_selection_owner(self._atoms["XdndSelection"], self._time)

    def _travel(self, x: int, y: int) -> None:
        """Moves in steps; every window on the way that takes drops is told."""
        start = self._root.query_pointer()
        for step in range(1, 16):
            at = (start.root_x + (x - start.root_x) * step // 15, start.root_y + (y - start.root_y) * step // 15)
            self._screen.move(*at)
            self._over(*at)
            time.sleep(0.01)

    def _over(self, x: int, y: int) -> None:
        target = self._aware_window(x, y)
        if (target and target.id) != (self._target and self._target.id):
            if self._target is not None:
                self._send("XdndLeave")
            self._target, self._accepted, self._waiting = target, False, False
            if target is not None:
                self._send("XdndEnter", VERSION << 24, self._atoms["text/uri-list"])
        self._position = (x, y)
        self._pump()
        if self._target is not None and not self._waiting:
            self._tell_position()

    def _tell_position(self) -> None:
        x, y = self._position
        self._waiting = True
        self._send("XdndPosition", 0, x << 16 | y, self._time, self._atoms["XdndActionCopy"])

    def _settle(self) -> None:
        """Waits for the answers, and asks once more at the final place."""
        if self._target is not None:
            self._until(lambda: not self._waiting, "the target's XdndStatus")
            self._tell_position()
            self._until(lambda: not self._waiting, "the target's XdndStatus")

    def _drop(self) -> None:
        self._screen.release()
        if self._target is None:
            return
        if not self._accepted:
            self._send("XdndLeave")
            return
        self._send("XdndDrop", 0, self._time)
        self._until(lambda: self._finished, "the target's XdndFinished")

    def _aware_window(self, x: int, y: int) -> Any:
        """The outermost window at that place that speaks XDND (window manager's frames are passed through)."""
        window = self._root
        while True:
            window = window.translate_coords(self._root, x, y).child
            if not window or window.get_full_property(self._atoms["XdndAware"], X.AnyPropertyType):
                return window or None

    def _send(self, kind: str, *data: int) -> None:
        values = [self._window.id, *data, 0, 0, 0, 0][:5]
        message = event.ClientMessage(window=self._target, client_type=self._atoms[kind], data=(32, values))
        self._target.send_event(message, event_mask=0)
        self._x.flush()

    # -- events --

    def _until(self, ready: Callable[[], bool], what: str, timeout_s: float = 10) -> None:
        deadline = time.monotonic() + timeout_s
        while not ready():
            if time.monotonic() > deadline:
                raise LabError(f"drag and drop: waited {timeout_s:g} s for {what}")
            self._pump()
            time.sleep(0.005)

    def _pump(self) -> None:
        while self._x.pending_events():
            got = self._x.next_event()
            if got.type == X.ButtonPress:
                self._time = got.time
            elif got.type == X.SelectionRequest:
                self._give(got)
            elif got.type == X.ClientMessage:
                self._heard(got)

    def _heard(self, got: Any) -> None:
        values = got.data[1]
        if got.client_type == self._atoms["XdndStatus"]:
            self._waiting, self._accepted = False, bool(values[1] & 1)
        elif got.client_type == self._atoms["XdndFinished"]:
            self._finished, self._done = True, bool(values[1] & 1)

    def _give(self, request: Any) -> None:
        """Hands the list of files to the target (ICCCM selections)."""
        known = request.target == self._atoms["text/uri-list"]
        place = request.property or request.target
        if known:
            request.requestor.change_property(place, request.target, 8, self._data)
        elif request.target == self._atoms["TARGETS"]:
            request.requestor.change_property(place, Xatom.ATOM, 32, [self._atoms["TARGETS"], self._atoms["text/uri-list"]])
            known = True
        answer = event.SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=place if known else X.NONE,
        )
        request.requestor.send_event(answer)
        self._x.flush()


def drop_files(screen: Display, paths: Sequence[Path], x: int, y: int, *, hovering: Callable[[], None] | None = None) -> Outcome:
    """Drags files from outside onto the place (x, y) of the screen and drops them there."""
    return FileDrag(screen, paths).run(x, y, hovering=hovering)
