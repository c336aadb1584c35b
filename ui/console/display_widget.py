"""The one widget that shows a guest's screen and takes its keyboard and pointer, for every protocol."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.console.client import ConsoleClient
from app.console.framebuffer import Framebuffer
from app.i18n import _
from app.signal import Connection
from ui.console.geometry import ScaleMode
from ui.console.keyboard import Keyboard
from ui.console.picture import Picture, dimmed
from ui.console.pointer_input import PointerInput
from ui.console.system_keys import SystemKeys, make_grab

FRAME_S = 1 / 60
EARLY_S = 0.004
"""A client that counts sixtieths of a second too is not made to wait by a timer when it comes a little early."""

FOLLOW_DELAY_MS = 250


class DisplayWidget(QWidget):
    """Paints any ``ConsoleClient``.

    Captured: the keyboard goes to the guest (and with a relative pointer the pointer too), until the
    release key is tapped or the focus goes elsewhere.  Given back by the user, it stays here, whatever brings the
    focus, until the user clicks the picture, presses Return on it or opens the console anew.
    """

    captured_changed = Signal(bool)
    frame_painted = Signal()
    damage_taken = Signal(list)
    """What changed on the guest's screen (list of ``Rect``), at most once a frame, while somebody looks or records."""
    placed = Signal()
    """The picture lies elsewhere or has another size."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._captured = self._given_back = False
        self._pointer = PointerInput(self)  # first: what follows makes events
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(64, 48)
        self.setAccessibleName(_("The machine's screen"))
        self.picture = Picture(self)
        self.keyboard = Keyboard(self._send_key, self.give_back)
        self._client: ConsoleClient | None = None
        self._connections: list[Connection] = []
        self._live = self._held = False
        self._watchers: set[object] = set()
        self.paint_s = 0.0
        """Spent in painting, so far."""
        self._grab_system_keys = False
        self._system_keys = SystemKeys(self, make_grab())
        self._next_frame_s = 0.0
        self._frame_timer = _single_shot(self, self._take_damage)
        self._follow_timer = _single_shot(self, self._follow)

    # What is shown.

    def set_client(self, client: ConsoleClient | None) -> None:
        """Shows another connection; the last picture stays, dimmed, until the new one has its own."""
        self.release()
        for connection in self._connections:
            connection.disconnect()
        self._client, self._connections = client, []
        self.set_live(False)
        self._held = False
        self._frame_timer.stop()
        if client is not None:
            self._connections = [
                client.resized.connect(self._on_resized),
                client.damaged.connect(self._on_damaged),
                client.cursor_changed.connect(self._pointer.set_cursor),
                client.pointer_mode_changed.connect(self._on_pointer_mode),
            ]
            client.watch(self.watching)

    @property
    def watching(self) -> bool:
        """True while updates are asked for."""
        return self.isVisible() or bool(self._watchers)

    def keep_watching(self, who: object, watch: bool) -> None:
        """Updates go on while this one records, also when nobody sees the screen."""
        (self._watchers.add if watch else self._watchers.discard)(who)
        if self._client is not None:
            self._client.watch(self.watching)
            self._take_damage()

    def clear(self) -> None:
        """Forgets the picture."""
        self.picture.show(None)
        self._pointer.set_cursor(None)
        self._fit_size()
        self.update()

    def set_live(self, live: bool) -> None:
        """False dims the picture and sends no input, whatever still comes from the guest."""
        self._held = not live
        if live != self._live:
            if not live:
                self.release()
                self.keyboard.let_go()
            self._live = live
            self._pointer.client = self._client if live else None
            self._pointer.show_cursor()
            self.update()
            if live and self.hasFocus():
                self._capture_unasked()

    def set_mode(self, mode: ScaleMode, zoom: float = 1.0) -> None:
        """How the picture meets the window; ``zoom``: device pixels per guest pixel, for ``ScaleMode.ZOOM``."""
        self.picture.mode, self.picture.zoom = mode, zoom
        self._fit_size()
        self._pointer.show_cursor()
        self.placed.emit()
        self._follow()
        self.update()

    def set_smooth(self, smooth: bool) -> None:
        """Smooth or sharp when scaled."""
        self.picture.smooth = smooth
        self.update()

    def set_grab_system_keys(self, grab: bool) -> None:
        """Also Alt+Tab and the like go to the guest while it is captured (X11)."""
        self._grab_system_keys = grab
        if self._captured:
            self._apply_grab()

    def screenshot(self) -> QImage:
        """The picture at the guest's own size."""
        return self.picture.grab()

    @property
    def captured(self) -> bool:
        """True while the guest has the keyboard."""
        return self._captured

    @property
    def pointer_captured(self) -> bool:
        """True while the pointer is kept inside (relative pointer)."""
        return self._pointer.captured

    def send_keys(self, keys: tuple[tuple[int, int], ...]) -> None:
        """Taps a combination: (scancode, keysym) each."""
        self.keyboard.tap(keys)

    # News of the client.

    def _on_resized(self, framebuffer: Framebuffer) -> None:
        self.picture.show(framebuffer)
        self._fit_size()
        self._pointer.show_cursor()
        self.placed.emit()
        self.update()

    def _on_damaged(self) -> None:
        """At most one painting a frame: later damage adds up in the framebuffer meanwhile."""
        if not self._live and not self._held:
            self.set_live(True)
        wait_s = self._next_frame_s - time.monotonic()
        if wait_s <= EARLY_S:
            self._take_damage()
        elif not self._frame_timer.isActive():
            self._frame_timer.start(int(wait_s * 1000) + 1)

    def _take_damage(self) -> None:
        framebuffer = self.picture.framebuffer
        if framebuffer is not None:
            now = time.monotonic()
            self._next_frame_s = min(max(self._next_frame_s, now), now + EARLY_S) + FRAME_S
            damage = framebuffer.take_damage()
            self.update(self.picture.region(damage))
            if damage:
                self.damage_taken.emit(damage)

    def _on_pointer_mode(self, absolute: bool) -> None:
        if absolute:
            self._pointer.release()

    # Size.

    def sizeHint(self) -> QSize:
        """The guest's own size in Qt pixels."""
        return QSize(640, 400) if self.picture.framebuffer is None else QSize(*self.picture.size_hint())

    def _fit_size(self) -> None:
        """At a size of its own the widget never gets smaller than the picture: the scroll area around it scrolls."""
        scrolls = self.picture.mode.scrolls and self.picture.framebuffer is not None
        self.setMinimumSize(self.sizeHint() if scrolls else QSize(64, 48))
        self.updateGeometry()

    def _follow(self) -> None:
        if self.picture.mode is ScaleMode.FOLLOW and self._client is not None and self.isVisible() and self._live:
            width, height = self.picture.device_size()
            framebuffer = self.picture.framebuffer
            if framebuffer is None or (framebuffer.width, framebuffer.height) != (width, height):
                self._client.resize_guest(width, height)

    # Capture.

    def capture(self) -> None:
        """Gives the keyboard to the guest: the user clicked, or pressed Return."""
        self._given_back = False
        if self._live and not self._captured:
            self._captured = True
            self._apply_grab()
            self.captured_changed.emit(True)

    def _capture_unasked(self) -> None:
        """The focus came, or the machine; not to a user who has taken the keyboard back."""
        if not self._given_back:
            self.capture()

    def give_back(self) -> None:
        """``release`` by the user's wish: it lasts until ``capture`` or ``welcome``."""
        self._given_back = True
        self.release()

    def welcome(self) -> None:
        """The user opens this console: the focus gives it the keyboard again."""
        self._given_back = False

    def release(self) -> None:
        """Takes keyboard and pointer back; no key stays down in the guest."""
        self.keyboard.release_all()
        self._pointer.release()
        if self._captured:
            self._captured = False
            self._apply_grab()
            self.captured_changed.emit(False)

    def _apply_grab(self) -> None:
        self._system_keys.want(self._captured and self._grab_system_keys)

    # Keyboard.

    def event(self, event: QEvent) -> bool:
        """While captured no shortcut of the window fires, Tab included, but for those that the user keeps for the host."""
        kind = event.type()
        if kind is QEvent.Type.Paint or kind is QEvent.Type.UpdateRequest:
            return super().event(event)  # each frame
        if isinstance(event, QKeyEvent) and kind == QEvent.Type.ShortcutOverride and self._captured:
            event.setAccepted(not self.keyboard.for_host(event))
            return True
        return self._pointer.take(event) or super().event(event)

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Tab belongs to the guest while it is captured."""
        return False if self._captured else super().focusNextPrevChild(_next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """To the guest; released, Return gives it the keyboard again."""
        if self._captured and self.keyboard.for_host(event):
            self.keyboard.leave_to_host(event)
            event.ignore()
        elif self._captured:
            self.keyboard.press(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._live:
            self.capture()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """To the guest, if the press went there; a shortcut of the host's to the desktop."""
        self._system_keys.pass_on(self.keyboard.left_to_host(event))
        self.keyboard.release(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The one who looks at the screen types into it."""
        super().focusInEvent(event)
        self._capture_unasked()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing stays down."""
        super().focusOutEvent(event)
        self.release()

    def _send_key(self, code: int, sym: int, pressed: bool) -> None:
        if self._client is not None and self._live:
            self._client.key(code, sym, pressed)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only the region asked for."""
        began_s = time.perf_counter()
        painter = QPainter(self)
        border = self.palette().color(QPalette.ColorRole.Window)
        self.picture.paint(painter, event.region(), border)
        if not self._live:
            dimmed(painter, event.rect(), border)
        painter.end()
        self.paint_s += time.perf_counter() - began_s
        self.frame_painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The guest follows when the dragging pauses."""
        super().resizeEvent(event)
        self._pointer.show_cursor()
        self.placed.emit()
        if self.picture.mode is ScaleMode.FOLLOW:
            self._follow_timer.start(FOLLOW_DELAY_MS)

    def moveEvent(self, event: QMoveEvent) -> None:
        """Scrolled: Qt moves what is painted by whole Qt pixels, which may be parts of device pixels."""
        super().moveEvent(event)
        if self.picture.ratio != int(self.picture.ratio):
            self.update()
        self.placed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Updates go on."""
        super().showEvent(event)
        if self._client is not None:
            self._client.watch(True)
            # Damage that came while nobody looked was not taken, and is not told again until it is.
            self._take_damage()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: no updates are asked for."""
        super().hideEvent(event)
        self._follow_timer.stop()
        self.release()
        if not self._watchers:
            self._frame_timer.stop()
        if self._client is not None:
            self._client.watch(self.watching)


def _single_shot(parent: QObject, call: object) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(call)
    return timer
