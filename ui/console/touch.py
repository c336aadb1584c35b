"""Fingers as a pointer: tap clicks, a long press is the right button, dragging drags, two fingers turn the wheel."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QTimer

from app.console.client import Buttons

LONG_MS = 600
STILL_PX = 10
"""A finger that moves less rests (Qt pixels)."""

STEP_PX = 30
"""Two fingers' way for one step of the wheel."""


class Hand(Protocol):
    """What fingers do to the guest's pointer."""

    def point(self, at: QPointF, buttons: Buttons) -> None:
        """The pointer is here, with these buttons held."""

    def turn(self, at: QPointF, right: int, up: int) -> None:
        """Steps of the wheel."""


class _State(Enum):
    NOTHING = "nothing"
    RESTS = "rests"
    DRAGS = "drags"
    DONE = "done"
    TWO = "two"
    """Two fingers that have not moved yet: a tap of both is a right click."""
    SCROLLS = "scrolls"


class Touch(QObject):
    """Turns the places of fingers into a pointer's."""

    def __init__(self, hand: Hand, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hand = hand
        self._state = _State.NOTHING
        self._begin = self._last = QPointF()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LONG_MS)
        self._timer.timeout.connect(self._on_long)

    def moved(self, points: Sequence[QPointF]) -> None:
        """Fingers went down or moved; all that are down."""
        if len(points) >= 2:
            self._two((points[0] + points[1]) / 2)
        elif points and self._state is _State.NOTHING:
            self._down(points[0])
        elif points:
            self._one(points[0])

    def lifted(self) -> None:
        """The last finger went up."""
        self._timer.stop()
        state, self._state = self._state, _State.NOTHING
        if state is _State.RESTS:
            self._click(self._begin, Buttons.LEFT)
        elif state is _State.TWO:
            self._click(self._begin, Buttons.RIGHT)
        elif state is _State.DRAGS:
            self._hand.point(self._last, Buttons.NONE)

    def cancel(self) -> None:
        """The system took the fingers away: nothing stays down."""
        if self._state is not _State.DRAGS:
            self._state = _State.NOTHING
        self.lifted()

    def _down(self, at: QPointF) -> None:
        self._state, self._begin, self._last = _State.RESTS, at, at
        self._hand.point(at, Buttons.NONE)
        self._timer.start()

    def _one(self, at: QPointF) -> None:
        if self._state is _State.RESTS and (at - self._begin).manhattanLength() >= STILL_PX:
            self._timer.stop()
            self._state = _State.DRAGS
            self._hand.point(self._begin, Buttons.LEFT)
        if self._state is _State.DRAGS:
            self._hand.point(at, Buttons.LEFT)
            self._last = at

    def _two(self, centre: QPointF) -> None:
        self._timer.stop()
        if self._state is _State.DRAGS:  # a second finger ends a drag
            self._hand.point(self._last, Buttons.NONE)
        if self._state not in (_State.TWO, _State.SCROLLS):
            self._state, self._begin, self._last = _State.TWO, centre, centre
            return
        way = centre - self._last
        right, up = int(-way.x() / STEP_PX), int(way.y() / STEP_PX)
        if right or up:
            self._state = _State.SCROLLS
            self._last = self._last + QPointF(-right * STEP_PX, up * STEP_PX)  # "+=" would move what it was made from, too
            self._hand.turn(self._begin, right, up)

    def _on_long(self) -> None:
        if self._state is _State.RESTS:
            self._state = _State.DONE
            self._click(self._begin, Buttons.RIGHT)

    def _click(self, at: QPointF, button: Buttons) -> None:
        for buttons in (Buttons.NONE, button, Buttons.NONE):
            self._hand.point(at, buttons)
