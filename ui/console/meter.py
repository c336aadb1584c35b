"""Speed and latency of a console, said over its picture for those who want to know; off it does nothing."""

from __future__ import annotations

import time
from collections import deque
from statistics import median
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QFontDatabase
from PySide6.QtWidgets import QFrame, QLabel

from app.console.capabilities import Measured, Traffic
from app.console.client import ConsoleClient
from app.console.framebuffer import Rect
from app.console.protocols import PROTOCOLS
from app.i18n import _
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.models.units import rate

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView
    from ui.console.display_widget import DisplayWidget

BEAT_MS = 1000
LATEST = 20
"""So many key presses make the usual latency."""

FORGOTTEN_S = 2.0
"""A key that changes nothing for so long is not waited for."""


class KeyLatency(QObject):
    """From a key press to the next change of the picture, painted.  Where something moves by itself it comes out too short."""

    def __init__(self, display: DisplayWidget) -> None:
        super().__init__(display)
        self._display = display
        self._pressed_s = 0.0
        self._changed = False
        self.latest_s: deque[float] = deque(maxlen=LATEST)
        display.installEventFilter(self)
        display.damage_taken.connect(self._on_damage)
        display.frame_painted.connect(self._on_painted)

    def end(self) -> None:
        """Stops looking."""
        self._display.removeEventFilter(self)
        self._display.damage_taken.disconnect(self._on_damage)
        self._display.frame_painted.disconnect(self._on_painted)
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only looks."""
        if event.type() == QEvent.Type.KeyPress and self._display.captured:
            now_s = time.perf_counter()
            if not self._pressed_s or now_s - self._pressed_s > FORGOTTEN_S:
                self._pressed_s, self._changed = now_s, False
        return super().eventFilter(watched, event)

    def _on_damage(self, _damage: list[Rect]) -> None:
        self._changed = bool(self._pressed_s)

    def _on_painted(self) -> None:
        if self._changed:
            self.latest_s.append(time.perf_counter() - self._pressed_s)
            self._pressed_s, self._changed = 0.0, False


class Meter(ConsoleFeature):
    """An entry of the picture's menu shows and hides it."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self.label: QLabel | None = None
        self._keys: KeyLatency | None = None
        self._actions: dict[ConsoleBar, QAction] = {}
        self._painted = 0
        self._paint_s = 0.0
        self._traffic = Traffic()
        self._beat_s = 0.0
        self._timer = QTimer(self, interval=BEAT_MS)
        self._timer.timeout.connect(self.beat)

    def dress(self, bar: ConsoleBar) -> None:
        """See the class."""
        action = self._actions[bar] = bar.menus[BarMenu.PICTURE].addAction(_("Show speed and latency"))
        action.setCheckable(True)
        action.setChecked(self.label is not None)
        action.toggled.connect(self.show)

    def show(self, on: bool) -> None:
        """Begins or ends to count."""
        if on and self.label is None:
            self._begin()
        elif not on and self.label is not None:
            self.end()
        for bar in [bar for bar in self._actions if bar not in self.console.bars]:
            del self._actions[bar]
        for action in self._actions.values():
            action.setChecked(on)

    def _begin(self) -> None:
        display = self.console.display
        label = self.label = QLabel(self.console.place)
        label.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setAutoFillBackground(True)
        label.setFrameShape(QFrame.Shape.StyledPanel)
        label.setMargin(4)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        label.setAccessibleName(_("Speed and latency"))
        label.move(8, 8)
        self._keys = KeyLatency(display)
        display.frame_painted.connect(self._on_painted)
        self._painted, self._paint_s, self._beat_s = 0, display.paint_s, time.monotonic()
        self._traffic = self._now()
        self._timer.start()
        self.beat()
        label.show()

    def end(self) -> None:
        """Nothing is counted any more."""
        self._timer.stop()
        if self.label is not None:
            self.console.display.frame_painted.disconnect(self._on_painted)
            self.label.deleteLater()
            self.label = None
        if self._keys is not None:
            self._keys.end()
            self._keys = None

    def client_changed(self, client: ConsoleClient | None) -> None:
        """Another connection counts from nothing."""
        self._traffic = self._now()

    def _on_painted(self) -> None:
        self._painted += 1

    def _now(self) -> Traffic:
        client = self.console.connector.client
        return client.traffic() if isinstance(client, Measured) else Traffic()

    def beat(self) -> None:
        """Says what has happened since the last time."""
        if self.label is None:
            return
        now_s, now, display = time.monotonic(), self._now(), self.console.display
        seconds, painted = max(now_s - self._beat_s, 0.001), self._painted
        lines = [self._connection(now), _("{count} pictures/s painted, {ms} ms each").format(
            count=round(painted / seconds), ms=_ms(display.paint_s - self._paint_s, painted))]  # fmt: skip
        if isinstance(self.console.connector.client, Measured):
            updates = now.updates - self._traffic.updates
            lines.append(_("{count} updates/s, {rate}, {ms} ms each to decode").format(
                count=round(updates / seconds), rate=rate((now.received_bytes - self._traffic.received_bytes) / seconds),
                ms=_ms(now.decode_s - self._traffic.decode_s, updates)))  # fmt: skip
        lines.append(self._latency())
        self.label.setText("\n".join(lines))
        self.label.adjustSize()
        self._painted, self._paint_s, self._traffic, self._beat_s = 0, display.paint_s, now, now_s

    def _connection(self, now: Traffic) -> str:
        """Protocol and encoding, the guest's size and how large it is shown."""
        client, screen = self.console.connector.client, self.console.display.picture.framebuffer
        name = next((row.name for row in PROTOCOLS if client is not None and row.module == type(client).__module__), "")
        parts = [part for part in (name, now.encoding) if part]
        if screen is not None:
            parts.append(_("{width}×{height} at {percent} %").format(
                width=screen.width, height=screen.height, percent=round(self.console.sizing.zoom * 100)))  # fmt: skip
        return " · ".join(parts) or _("Not connected")

    def _latency(self) -> str:
        seen = self._keys.latest_s if self._keys is not None else ()
        if not seen:
            return _("Key to picture: type something")
        return _("Key to picture: {last} ms, usually {usual} ms").format(
            last=round(seen[-1] * 1000), usual=round(median(seen) * 1000))  # fmt: skip


def _ms(seconds: float, count: int) -> str:
    """A dash for what is not known."""
    return f"{seconds / count * 1000:.1f}" if count and seconds else "–"
