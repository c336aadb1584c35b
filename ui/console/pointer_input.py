"""The pointer half of a display: from Qt's mouse, touch and wheel events to the guest's pointer, and its capture."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent, QGuiApplication, QMouseEvent, QTouchEvent, QWheelEvent

from app.console.client import Buttons, ConsoleClient, Cursor
from ui.console.pointer import RelativeMotion, Warp, Wheel, buttons_of, make_cursor
from ui.console.pointer_edge import Edge
from ui.console.pointer_lock import PointerLock, lock_pointer
from ui.console.touch import Touch

if TYPE_CHECKING:
    from ui.console.display_widget import DisplayWidget

_MOUSE = frozenset({
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseMove,
})  # fmt: skip
_TOUCH = frozenset({QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel})


class PointerInput:
    """Of one display, to which it gives ``take`` for its events.

    Absolute: positions, scaled as the picture is.  Relative: the pointer is captured by a click and kept in the middle.
    A double click is two clicks for the guest.
    """

    def __init__(self, display: DisplayWidget) -> None:
        self._display = display
        self.client: ConsoleClient | None = None
        """None while the guest takes no input."""
        self.captured = False
        self._cursor: Cursor | None = None
        self._wheel, self._motion, self._warp = Wheel(), RelativeMotion(), Warp()
        self._touch = Touch(self)
        self._touched: QPointF | None = None
        self._lock: PointerLock | None = None
        self._edge = Edge(display, self.take)

    @property
    def absolute(self) -> bool:
        """False: the guest wants motion."""
        return self.client is None or self.client.features.absolute_pointer

    def take(self, event: QEvent) -> bool:
        """True if it was an event of the pointer."""
        if event.type() in _MOUSE:
            self._on_mouse(cast(QMouseEvent, event))
        elif event.type() == QEvent.Type.Wheel:
            self._on_wheel(cast(QWheelEvent, event))
        elif event.type() in _TOUCH:
            self._on_touch(cast(QTouchEvent, event))
        elif event.type() == QEvent.Type.Enter:
            self._on_enter(cast(QEnterEvent, event))
            return False  # the widget notices, too
        else:
            return False
        event.accept()
        return True

    # Capture.

    def capture(self) -> None:
        """Keeps the pointer inside and hides it."""
        self.captured = True
        self._lock = lock_pointer(self._display, self._on_locked_motion)
        if self._lock is None:
            self._display.grabMouse(Qt.CursorShape.BlankCursor)
            self._to_the_middle()
        self.show_cursor()
        self._display.captured_changed.emit(self._display.captured)

    def release(self) -> None:
        """Gives it back; no button stays down in the guest."""
        self._touch.cancel()
        if self.captured:
            self.captured = False
            if self._lock is None:
                self._display.releaseMouse()
            else:
                self._lock.end()
                self._lock = None
            self.show_cursor()
            self._display.captured_changed.emit(self._display.captured)

    def _to_the_middle(self) -> None:
        """Of what is visible: the widget itself may be larger than its window."""
        middle = self._display.visibleRegion().boundingRect().center()
        self._warp.jump(QPointF(middle))
        QCursor.setPos(self._display.mapToGlobal(middle))

    # The guest's pointer picture.

    def set_cursor(self, cursor: Cursor | None) -> None:
        """None: not known."""
        self._cursor = cursor
        self.show_cursor()

    def show_cursor(self) -> None:
        """Where the guest draws none itself."""
        picture = self._display.picture
        placement = picture.placement()
        if self.captured:
            self._display.setCursor(Qt.CursorShape.BlankCursor)
        elif self._cursor is None or placement is None or self.client is None or not self.absolute:
            self._display.unsetCursor()
        else:
            self._display.setCursor(make_cursor(self._cursor, placement.scale, picture.ratio))

    # Events.

    def _on_mouse(self, event: QMouseEvent) -> None:
        """The first click into a guest with a relative pointer captures it and is not passed on."""
        self._display.keyboard.check(event.modifiers())
        if event.type() == QEvent.Type.MouseButtonPress:
            self._display.capture()
            if self.client is not None and not self.absolute and not self.captured:
                self.capture()
                return
        if self.captured:
            self._move_by(event)
        elif self.absolute:
            self.point(event.position(), buttons_of(event.buttons()))

    def _on_enter(self, event: QEnterEvent) -> None:
        """The guest's pointer follows at once."""
        self._edge.follow()
        if self.absolute:
            self.point(event.position(), buttons_of(QGuiApplication.mouseButtons()))

    def _on_wheel(self, event: QWheelEvent) -> None:
        """Fine devices add up to steps."""
        if event.phase() == Qt.ScrollPhase.ScrollBegin:
            self._wheel = Wheel()
        self.turn(event.position(), *self._wheel.steps(_turned(event)))

    def _on_touch(self, event: QTouchEvent) -> None:
        if event.type() == QEvent.Type.TouchBegin:
            self._display.setFocus(Qt.FocusReason.MouseFocusReason)
            self._display.capture()
            self._touched = None
        if event.type() == QEvent.Type.TouchCancel:
            self._touch.cancel()
        elif event.type() == QEvent.Type.TouchEnd:
            self._touch.lifted()
        else:
            down = [point.position() for point in event.points() if point.state().name != "Released"]
            self._touch.moved(down)

    # To the guest.

    def point(self, at: QPointF, buttons: Buttons) -> None:
        """A place of the widget.  A guest with a relative pointer gets the way from the last place."""
        if self.client is None:
            return
        if not self.absolute:
            self._point_by(at, buttons)
            return
        place = self._display.picture.to_guest(at)
        if place is not None:
            self.client.pointer(*place, buttons)

    def turn(self, at: QPointF, right: int, up: int) -> None:
        """Steps of the wheel."""
        place = self._display.picture.to_guest(at)
        if self.client is not None and place is not None and (right or up):
            self.client.wheel(*place, right, up)

    def _point_by(self, at: QPointF, buttons: Buttons) -> None:
        """A finger on a guest with a mouse works as on a touch pad."""
        way = at - self._touched if self._touched is not None else QPointF()
        self._touched = at
        self._send_motion(way, buttons)

    def _move_by(self, event: QMouseEvent) -> None:
        if event.type() != QEvent.Type.MouseMove:
            self._send_motion(QPointF(), buttons_of(event.buttons()))
            return
        if self._lock is not None:
            return
        way = self._warp.moved(event.position())
        if not way.isNull():
            self._send_motion(way, buttons_of(event.buttons()))
        if self._warp.far(_reach(self._display.visibleRegion().boundingRect().size().toTuple())):
            self._to_the_middle()

    def _on_locked_motion(self, dx: float, dy: float) -> None:
        self._send_motion(QPointF(dx, dy), buttons_of(QGuiApplication.mouseButtons()))

    def _send_motion(self, way: QPointF, buttons: Buttons) -> None:
        picture = self._display.picture
        placement = picture.placement()
        if self.client is not None and placement is not None:
            self.client.pointer_relative(*self._motion.moved(way * picture.ratio, placement.scale), buttons)


def _reach(size: object) -> float:
    """How far from the middle the pointer may go: a quarter of what is visible."""
    width, height = cast(tuple[int, int], size)
    return min(width, height) / 4


def _turned(event: QWheelEvent) -> QPoint:
    """Eighths of a degree.  X11: Qt swaps the directions while Alt is held; for the guest Alt is a key like others."""
    angle = event.angleDelta()
    swapped = QGuiApplication.platformName() == "xcb" and event.modifiers() & Qt.KeyboardModifier.AltModifier
    return QPoint(angle.y(), angle.x()) if swapped else angle
