"""From Qt's mouse to a guest's: buttons, wheel steps, and relative motion with the pointer captured."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QImage, QPixmap

from app.console.client import Buttons, Cursor

_BUTTONS = {
    Qt.MouseButton.LeftButton: Buttons.LEFT,
    Qt.MouseButton.MiddleButton: Buttons.MIDDLE,
    Qt.MouseButton.RightButton: Buttons.RIGHT,
    Qt.MouseButton.BackButton: Buttons.SIDE,
    Qt.MouseButton.ForwardButton: Buttons.EXTRA,
}

WHEEL_STEP = 120
"""Eighths of a degree in one notch (QWheelEvent); finer devices send parts of it."""


LARGEST_CURSOR = 256
"""Device pixels; X servers and compositors refuse much larger ones."""


def buttons_of(held: Qt.MouseButton) -> Buttons:
    """Qt's buttons as ours."""
    mask = Buttons.NONE
    for theirs, ours in _BUTTONS.items():
        if held & theirs:
            mask |= ours
    return mask


class Wheel:
    """Adds up fine motion until it makes whole steps; turning back starts afresh."""

    def __init__(self) -> None:
        self._x = 0
        self._y = 0

    def steps(self, angle: QPoint) -> tuple[int, int]:
        """Whole steps (right, up) that are due after this motion."""
        self._x, right = self._add(self._x, -angle.x())
        self._y, up = self._add(self._y, angle.y())
        return right, up

    @staticmethod
    def _add(waiting: int, motion: int) -> tuple[int, int]:
        if waiting * motion < 0:
            waiting = 0
        total = waiting + motion
        steps = int(total / WHEEL_STEP)
        return total - steps * WHEEL_STEP, steps


class Warp:
    """Motion of a pointer that is put back to the middle whenever it comes far from it.

    Only then, and by which way is shorter it is known whether an event is from before or after the jump: Qt joins events.
    """

    def __init__(self) -> None:
        self._last = self._middle = QPointF()
        self._jumping = False

    def jump(self, middle: QPointF) -> None:
        """The pointer is being put there."""
        if not self._jumping and self._middle.isNull():
            self._last = middle
        self._middle, self._jumping = middle, True

    def moved(self, at: QPointF) -> QPointF:
        """The way that the hand made."""
        begin = self._last
        if self._jumping and _length(at - self._middle) <= _length(at - self._last):
            begin, self._jumping = self._middle, False
        self._last = at
        return at - begin

    def far(self, reach: float) -> bool:
        """Whether it is time to put it back."""
        return not self._jumping and _length(self._last - self._middle) > reach


def _length(way: QPointF) -> float:
    return way.manhattanLength()


class RelativeMotion:
    """Turns positions into motion in guest pixels, keeping fractions."""

    def __init__(self) -> None:
        self._rest = QPointF()

    def moved(self, motion: QPointF, scale: float) -> tuple[int, int]:
        """``motion`` in device pixels; ``scale``: device pixels per guest pixel."""
        total = motion / scale + self._rest
        dx, dy = int(total.x()), int(total.y())
        self._rest = total - QPointF(dx, dy)
        return dx, dy


def make_cursor(cursor: Cursor, scale: float, ratio: float) -> QCursor:
    """The guest's pointer picture, scaled as the screen is; ``ratio``: device pixels per Qt pixel."""
    if not cursor.argb:
        return QCursor(Qt.CursorShape.BlankCursor)
    image = QImage(cursor.argb, cursor.width, cursor.height, cursor.width * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()
    scale = min(scale, LARGEST_CURSOR / max(cursor.width, cursor.height))
    width, height = max(1, round(cursor.width * scale)), max(1, round(cursor.height * scale))
    if (width, height) != (cursor.width, cursor.height):
        image = image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    hot_x, left = _hot_spot((cursor.hot_x + 0.5) * width / cursor.width, ratio)
    hot_y, top = _hot_spot((cursor.hot_y + 0.5) * height / cursor.height, ratio)
    if left or top:
        image = image.copy(-left, -top, width + left, height + top)
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return QCursor(pixmap, hot_x, hot_y)


def _hot_spot(device: float, ratio: float) -> tuple[int, int]:
    """A hot spot in whole Qt pixels, and by how many device pixels the picture has to be moved for it to be exact.

    Qt takes whole pixels of its own: at 1.5x these are one and a half of the device's.
    """
    wanted = int(device)
    spot = -int(-wanted // ratio)
    return spot, round(spot * ratio) - wanted
