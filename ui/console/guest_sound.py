"""The guest's sound, and this computer's microphone for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from app.actions.context import Notice
from app.console.capabilities import Audio
from app.console.client import ConsoleClient
from app.errors import HostelryError
from app.i18n import _
from app.settings import options
from ui.console.console_bar import ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.console.share_menu import share_menu

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView

MOST_MACHINES = 200


class GuestSound(ConsoleFeature):
    """Two switches for each console: sound as it was chosen for this machine, else as the preferences say; the microphone off."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self._client: Audio | None = None
        self._sound = self._make_switch(_("Play the guest's sound"), _("Through the sound service of this desktop"))
        self._sound.setChecked(self._recall())
        self._sound.triggered.connect(self._remember)
        self._sound.toggled.connect(lambda on: self._client and self._client.set_audio(on))
        self._microphone = self._make_switch(
            _("Let the guest use the microphone"), _("It can listen until this is switched off or the screen is closed")
        )
        self._microphone.toggled.connect(lambda on: self._client and self._client.set_microphone(on))

    def _recall(self) -> bool:
        settings = self.console.ctx.settings
        return bool(settings.get(options.SOUND_CHOICES).get(self.console.ref.uuid, settings.get(options.CONSOLE_SOUND)))

    def _remember(self, on: bool) -> None:
        """What the user chose; that it could not be played is no choice."""
        settings = self.console.ctx.settings
        known = settings.get(options.SOUND_CHOICES)
        known.pop(self.console.ref.uuid, None)
        if on != settings.get(options.CONSOLE_SOUND):
            known[self.console.ref.uuid] = on
        for old in list(known)[:-MOST_MACHINES]:
            del known[old]
        settings.set(options.SOUND_CHOICES, known)

    def _make_switch(self, text: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setCheckable(True)
        action.setToolTip(tip)
        return action

    def dress(self, bar: ConsoleBar) -> None:
        """The same switches in every bar."""
        share_menu(bar).addActions([self._sound, self._microphone])

    def client_changed(self, client: ConsoleClient | None) -> None:
        """A new connection never finds the microphone open."""
        self._microphone.setChecked(False)
        self._client = client if isinstance(client, Audio) else None
        if self._client is not None:
            self._client.sound_failed.connect(self._on_failed)
            self._client.set_audio(self._sound.isChecked())
        self._enable()

    def live_changed(self, live: bool) -> None:
        """What the connection can is known now."""
        self._enable()

    def _enable(self) -> None:
        client = self.console.connector.client
        self._microphone.setVisible(client is not None and self._client is not None and client.features.microphone)

    def _on_failed(self, error: HostelryError) -> None:
        self._sound.setChecked(False)
        self.console.ctx.ui.notify(Notice(error.what, detail=error.next_step, key="console-sound"))
