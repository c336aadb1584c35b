"""Light or dark: as the desktop says, or as the user chose."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.settings import options
from app.settings.store import Settings

SCHEMES = {
    "desktop": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def follow(app: QApplication, settings: Settings) -> None:
    """Applies the choice now and whenever it changes; Qt follows the desktop by itself otherwise."""

    def apply(key: str = options.COLOUR_SCHEME.key) -> None:
        if key == options.COLOUR_SCHEME.key:
            app.styleHints().setColorScheme(SCHEMES[settings.get(options.COLOUR_SCHEME)])

    settings.changed.connect(apply)
    if settings.get(options.COLOUR_SCHEME) != options.COLOUR_SCHEME.default:
        apply()
