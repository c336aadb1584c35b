"""The clipboard between this desktop and a guest."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from app.console.client import ConsoleClient
from ui.console.feature import ConsoleFeature


class Clipboard(ConsoleFeature):
    """What the guest copied can be pasted here."""

    def client_changed(self, client: ConsoleClient | None) -> None:
        """Listens to the new connection."""
        if client is not None:
            client.cut_text.connect(_to_clipboard)


def _to_clipboard(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
