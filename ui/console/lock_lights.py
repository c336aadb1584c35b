"""Keeps Caps, Num and Scroll Lock of guest and desktop in step, and shows which are on in the guest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QToolButton

from app.console.client import ConsoleClient, Lights
from app.i18n import N_, _
from app.settings import options
from ui.console.console_bar import ConsoleBar
from ui.console.desktop_locks import desktop_locks
from ui.console.feature import ConsoleFeature

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView

KEYS = {Lights.CAPS: (0x3A, 0xFFE5), Lights.NUM: (0x45, 0xFF7F), Lights.SCROLL: (0x46, 0xFF14)}
"""Scancode and keysym of the key that switches each."""

NAMES = {Lights.CAPS: N_("Caps Lock"), Lights.NUM: N_("Num Lock"), Lights.SCROLL: N_("Scroll Lock")}

ANSWER_MS = 1500


class LockLights(ConsoleFeature):
    """When the guest gets the keyboard, the keys that differ are tapped in it.

    A guest that does not light its lights (a firmware, a system without a driver) cannot be kept in step: when no light
    follows a tap, nothing more is tapped until one does.
    """

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self._guest: Lights | None = None
        self._deaf = False
        self._labels: list[tuple[ConsoleBar, QToolButton]] = []
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(ANSWER_MS)
        self._waiting.timeout.connect(self._on_no_answer)
        console.display.captured_changed.connect(self._on_captured)

    def dress(self, bar: ConsoleBar) -> None:
        """A small label that is only there while a light is on."""
        label = bar.add_button("", "", _("Lights of the guest's keyboard"), self._align)
        self._labels.append((bar, label))
        bar.destroyed.connect(lambda: self._labels.remove((bar, label)))
        self._show()

    def client_changed(self, client: ConsoleClient | None) -> None:
        """Another connection may be to another system."""
        self._guest, self._deaf = None, False
        self._waiting.stop()
        if client is not None:
            client.leds_changed.connect(self._on_leds)
        self._show()

    def end(self) -> None:
        """Waits for no answer."""
        self._waiting.stop()

    def _on_leds(self, bits: int) -> None:
        first, self._guest = self._guest is None, Lights(bits & int(Lights.ALL))
        self._waiting.stop()
        self._deaf = False  # a system with a driver has come up after the firmware
        self._show()
        if first:
            self._on_captured(self.console.display.captured)

    def _on_captured(self, captured: bool) -> None:
        if captured and self.console.ctx.settings.get(options.CONSOLE_LOCK_KEYS):
            self._align()

    def _align(self) -> None:
        here = desktop_locks()
        if here is None or self._guest is None or self._deaf or self._waiting.isActive():
            return
        different = here ^ self._guest
        for light, key in KEYS.items():
            if light in different:
                self.console.display.send_keys((key,))
        if different:
            self._waiting.start()

    def _on_no_answer(self) -> None:
        self._deaf = True

    def _show(self) -> None:
        lit = [_(name) for light, name in NAMES.items() if self._guest is not None and light in self._guest]
        for bar, label in self._labels:
            label.setText(", ".join(lit))
            label.setVisible(bool(lit))
            bar.keep_words(label)
