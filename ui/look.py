"""Light or dark: as the desktop says, or as the user chose."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.settings import options
from app.settings.store import Settings

SCHEMES = {
    "desktop": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}

DARK = {
    "Window": "#383838", "WindowText": "#f0f0f0", "Base": "#1d1d1d", "AlternateBase": "#262626", "Text": "#f0f0f0",
    "Button": "#444444", "ButtonText": "#f0f0f0", "BrightText": "#ff8a80", "ToolTipBase": "#3b3b3b", "ToolTipText": "#f0f0f0",
    "Highlight": "#308cc6", "HighlightedText": "#ffffff", "Link": "#5cb1e8", "LinkVisited": "#b39ddb",
    "PlaceholderText": "#a0a0a0", "Light": "#505050", "Midlight": "#464646", "Mid": "#5a5a5a", "Dark": "#1e1e1e",
    "Shadow": "#101010",
}  # fmt: skip
"""For platforms whose theme has no dark colours of its own (plain X11, VNC); anywhere else the desktop's are used."""

BOXES = ("QCheckBox", "QRadioButton", "QTreeWidget", "QListWidget", "QTableView", "QMenu")
"""Qt's Fusion style draws the edge of a tick box in a darker shade of Window, on Base: an empty one cannot be seen in the dark.
These fill nothing with Window, so that it can be a lighter one."""


def follow(app: QApplication, settings: Settings) -> None:
    """Applies the choice now and whenever it changes; Qt follows the desktop by itself otherwise."""

    def changed(key: str) -> None:
        if key == options.COLOUR_SCHEME.key:
            use(app, settings.get(options.COLOUR_SCHEME))

    settings.changed.connect(changed)
    if settings.get(options.COLOUR_SCHEME) != options.COLOUR_SCHEME.default:
        use(app, settings.get(options.COLOUR_SCHEME))


def use(app: QApplication, choice: str) -> None:
    """``desktop``, ``light`` or ``dark``."""
    app.setPalette(QPalette())
    for name in BOXES:
        app.setPalette(QPalette(), name)  # type: ignore[arg-type]  # its stub says bytes, but it wants str
    app.styleHints().setColorScheme(SCHEMES[choice])
    if choice == "dark" and app.palette().color(QPalette.ColorRole.Window).lightness() > 128:
        palette = _dark()
        app.setPalette(palette)
        palette.setColor(QPalette.ColorRole.Window, QColor("#a8a8a8"))
        for name in BOXES:
            app.setPalette(palette, name)  # type: ignore[arg-type]


def _dark() -> QPalette:
    palette = QPalette()
    for name, colour in DARK.items():
        palette.setColor(QPalette.ColorRole[name], QColor(colour))
    for name in ("WindowText", "Text", "ButtonText", "HighlightedText"):
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole[name], QColor("#7a7a7a"))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, QColor("#4a4a4a"))
    return palette
