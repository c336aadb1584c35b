"""Every icon that the program names has a picture of ours, in the palette's colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QApplication

from app.actions.catalogue import ACTIONS
from ui.icons import APP_ICON, own_icon

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r'(?:\bicon\(|_action\(|\.say\(\s*)"([a-z0-9-]+)"')


def names() -> set[str]:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "ui").rglob("*.py")]
    return {APP_ICON} | {action.icon for action in ACTIONS} | {name for text in sources for name in NAMED.findall(text)}


@pytest.mark.parametrize("name", sorted(names()))
def test_has_a_picture(qapp: QApplication, name: str) -> None:
    pixmap = own_icon(name).pixmap(QSize(24, 24), 2.0)
    assert pixmap.size() == QSize(48, 48)
    assert pixmap.hasAlphaChannel()
    assert not pixmap.toImage().allGray() or any(
        pixmap.toImage().pixelColor(x, y).alpha() for x in range(0, 48, 2) for y in range(0, 48, 2)
    )


def test_follows_the_palette(qapp: QApplication) -> None:
    before = QPalette(qapp.palette())
    try:
        palette = QPalette(before)
        palette.setColor(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText, "#ff0000")
        qapp.setPalette(palette)
        image = own_icon("media-playback-start").pixmap(32, 32).toImage()
        assert image.pixelColor(12, 16).red() == 255
        faint = own_icon("media-playback-start").pixmap(32, 32, QIcon.Mode.Disabled).toImage()
        assert faint.pixelColor(12, 16) != image.pixelColor(12, 16)
    finally:
        qapp.setPalette(before)


def test_an_unknown_name_is_an_empty_icon(qapp: QApplication) -> None:
    assert own_icon("no-such-name").isNull()
