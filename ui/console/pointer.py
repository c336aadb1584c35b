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
    width, height = max(1, round(cursor.width * scale)), max(1, round(cursor.height * scale))
    if (width, height) != (cursor.width, cursor.height):
        image = image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return QCursor(pixmap, int(cursor.hot_x * scale / ratio), int(cursor.hot_y * scale / ratio))
