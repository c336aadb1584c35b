"""The pointer without a window: exact at every scale, fingers, capture, the picture of the pointer."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.console.client import Buttons, Cursor
from app.console.framebuffer import Framebuffer
from ui.console.geometry import ScaleMode
from ui.console.picture import Picture
from ui.console.pointer import LARGEST_CURSOR, Warp, make_cursor
from ui.console.touch import LONG_MS, Touch

RATIOS = st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0])
SIDES = st.integers(1, 700)


class Glass:
    """A widget as far as a picture needs one: its size and place in whole device pixels of its window."""

    def __init__(self, size: tuple[int, int], corner: tuple[int, int], ratio: float) -> None:
        self._size, self._corner, self.ratio = size, corner, ratio

    def width(self) -> int:
        return self._size[0]

    def height(self) -> int:
        return self._size[1]

    def devicePixelRatioF(self) -> float:  # noqa: N802
        return self.ratio

    def window(self) -> Glass:
        return self

    def mapTo(self, _window: object, at: QPointF) -> QPointF:  # noqa: N802 - Qt's name
        return at + QPointF(*self._corner)


def picture_on(glass: Any, guest: tuple[int, int], mode: ScaleMode) -> Picture:
    picture = Picture(glass)
    picture.mode = mode
    picture.framebuffer = Framebuffer(*guest)
    return picture


@given(st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES), st.tuples(st.integers(0, 99), st.integers(0, 99)), RATIOS,
       st.sampled_from([ScaleMode.FIT, ScaleMode.ONE_TO_ONE, ScaleMode.INTEGER]), st.floats(0, 0.999), st.floats(0, 0.999))  # fmt: skip
def test_the_pixel_that_is_pointed_at_is_the_one_that_is_seen_there(
    guest: tuple[int, int], size: tuple[int, int], corner: tuple[int, int], ratio: float, mode: ScaleMode, fx: float, fy: float
) -> None:
    glass = Glass(size, corner, ratio)
    picture = picture_on(glass, guest, mode)
    spot = picture.placement()
    assert spot is not None
    column, row = int(fx * spot.w), int(fy * spot.h)
    # The window system gives whole device pixels of the window; Qt divides them by the ratio and takes the widget's corner off.
    begin = [round(Fraction(each) * Fraction(ratio)) for each in corner]
    at = QPointF((begin[0] + spot.x + column) / ratio - corner[0], (begin[1] + spot.y + row) / ratio - corner[1])
    got = picture.to_guest(at)
    assert got is not None
    for pixel, device, shown, whole in ((got[0], column, spot.w, guest[0]), (got[1], row, spot.h, guest[1])):
        if shown >= whole:
            assert pixel == int((device + 0.5) * whole / shown)  # the one in the middle of the device pixel
        assert Fraction(pixel * shown, whole) < device + 1 and Fraction((pixel + 1) * shown, whole) > device


@given(st.tuples(SIDES, SIDES), st.tuples(SIDES, SIDES), RATIOS)
def test_every_edge_of_the_guest_is_reached_however_small_its_picture_is(
    guest: tuple[int, int], size: tuple[int, int], ratio: float
) -> None:
    picture = picture_on(Glass(size, (0, 0), ratio), guest, ScaleMode.FIT)
    spot = picture.placement()
    assert spot is not None
    first = picture.to_guest(QPointF(spot.x / ratio, spot.y / ratio))
    last = picture.to_guest(QPointF((spot.x + spot.w - 1) / ratio, (spot.y + spot.h - 1) / ratio))
    assert first == (0, 0) or 1 in (spot.w, spot.h)
    assert last == (guest[0] - 1, guest[1] - 1) or 1 in (spot.w, spot.h)


# Capture


def test_a_captured_pointer_makes_no_jump_when_it_is_put_back() -> None:
    warp = Warp()
    warp.jump(QPointF(100, 100))
    assert warp.moved(QPointF(100, 100)) == QPointF(0, 0)
    assert warp.moved(QPointF(130, 100)) == QPointF(30, 0)
    assert warp.moved(QPointF(160, 100)) == QPointF(30, 0) and warp.far(50)
    warp.jump(QPointF(100, 100))
    assert warp.moved(QPointF(170, 100)) == QPointF(10, 0)  # was on its way before the jump
    assert warp.moved(QPointF(103, 100)) == QPointF(3, 0)  # the jump and a motion, joined by Qt
    assert warp.moved(QPointF(105, 100)) == QPointF(2, 0)


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), max_size=80))
def test_all_motion_of_a_captured_pointer_arrives(ways: list[tuple[int, int]]) -> None:
    warp, at, total = Warp(), QPointF(100, 100), QPointF()
    warp.jump(at)
    total += warp.moved(at)
    for way in ways:
        at = at + QPointF(*way)
        total += warp.moved(at)
        if warp.far(50):
            at = QPointF(100, 100)
            warp.jump(at)
            total += warp.moved(at)
    assert total == QPointF(sum(x for x, _y in ways), sum(y for _x, y in ways))


# Fingers


class Hand:
    """Writes down what the fingers do."""

    def __init__(self) -> None:
        self.did: list[tuple[object, ...]] = []

    def point(self, at: QPointF, buttons: Buttons) -> None:
        self.did.append((at.x(), at.y(), buttons))

    def turn(self, at: QPointF, right: int, up: int) -> None:
        self.did.append(("wheel", right, up))

    @property
    def pressed(self) -> list[Buttons]:
        return [one[2] for one in self.did if isinstance(one[2], Buttons) and one[2]]


def test_a_tap_clicks_and_a_long_press_is_the_right_button(qtbot: QtBot) -> None:
    hand = Hand()
    touch = Touch(hand)
    touch.moved([QPointF(5, 6)])
    touch.moved([QPointF(7, 7)])
    touch.lifted()
    assert hand.did == [(5, 6, Buttons.NONE), (5, 6, Buttons.NONE), (5, 6, Buttons.LEFT), (5, 6, Buttons.NONE)]
    hand.did.clear()
    touch.moved([QPointF(5, 6)])
    qtbot.waitUntil(lambda: bool(hand.pressed), timeout=LONG_MS * 10)
    touch.moved([QPointF(90, 6)])
    touch.lifted()
    assert hand.pressed == [Buttons.RIGHT] and hand.did[-1] == (5, 6, Buttons.NONE)


def test_a_drag_holds_the_button_until_the_finger_or_the_system_ends_it(qtbot: QtBot) -> None:
    for end in ("lifted", "cancel"):
        hand = Hand()
        touch = Touch(hand)
        touch.moved([QPointF(0, 0)])
        touch.moved([QPointF(50, 0)])
        touch.moved([QPointF(60, 0)])
        getattr(touch, end)()
        assert hand.did[1:] == [(0, 0, Buttons.LEFT), (50, 0, Buttons.LEFT), (60, 0, Buttons.LEFT), (60, 0, Buttons.NONE)]


def test_two_fingers_turn_the_wheel_and_tap_for_the_right_button(qtbot: QtBot) -> None:
    hand = Hand()
    touch = Touch(hand)
    touch.moved([QPointF(0, 0)])
    touch.moved([QPointF(0, 0), QPointF(20, 0)])
    touch.moved([QPointF(0, 65), QPointF(20, 65)])
    touch.moved([QPointF(0, 90), QPointF(20, 90)])
    touch.moved([QPointF(-60, 90), QPointF(-40, 90)])
    touch.lifted()
    assert hand.did[1:] == [("wheel", 0, 2), ("wheel", 0, 1), ("wheel", 2, 0)]
    touch.moved([QPointF(0, 0), QPointF(20, 0)])
    touch.lifted()
    assert hand.pressed == [Buttons.RIGHT]


# The guest's pointer picture


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
@pytest.mark.parametrize("scale", [0.5, 1.0, 1.3, 1.5, 2.0, 3.7])
@pytest.mark.parametrize("hot", [(0, 0), (3, 5), (11, 11), (0, 11)])
def test_the_hot_spot_is_where_it_is_in_the_picture(qtbot: QtBot, ratio: float, scale: float, hot: tuple[int, int]) -> None:
    """A cursor with a red hot spot on blue: what is under the tip is red."""
    pixels = bytearray(b"\xff\0\0\xff" * 144)
    at = (hot[1] * 12 + hot[0]) * 4
    pixels[at : at + 4] = b"\0\0\xff\xff"
    cursor = make_cursor(Cursor(12, 12, *hot, bytes(pixels)), scale, ratio)
    image = cursor.pixmap().toImage()
    tip = QPoint(round(cursor.hotSpot().x() * ratio), round(cursor.hotSpot().y() * ratio))
    colour = QColor(image.pixelColor(tip))
    assert image.rect().contains(tip)
    if scale >= 1:
        assert colour.red() > colour.blue()


def test_a_hidden_pointer_is_hidden_and_a_huge_one_is_bounded(qtbot: QtBot) -> None:
    assert make_cursor(Cursor(), 2.0, 1.0).shape() == Qt.CursorShape.BlankCursor
    huge = make_cursor(Cursor(64, 64, 63, 63, b"\xff" * 64 * 64 * 4), 16.0, 1.0)
    assert huge.pixmap().width() <= LARGEST_CURSOR and huge.hotSpot().x() < LARGEST_CURSOR
