"""Messages over the window: nothing in them is cut."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.actions.interface import Notice, NoticeKind, Offer
from ui.widgets.message_bar import MessageBar


def test_buttons_are_as_wide_as_their_words(qtbot: QtBot) -> None:
    window, area, bar = QWidget(), QWidget(), MessageBar()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(area)
    window.resize(1000, 600)
    bar.float_over(area)
    window.show()
    ways = tuple(Offer(text, text, danger=text == "Force off") for text in ("Wait", "Send by guest agent", "Send by power button", "Force off"))
    message = bar.add(Notice("“kiosk” has not shut down yet.", NoticeKind.OFFER, "The guest may be busy.", ways))
    qtbot.waitExposed(window)
    shown = [button for button in message.findChildren(QToolButton) if button.text()]
    assert [button.text() for button in shown] == [way.text for way in ways]
    assert all(button.width() >= button.sizeHint().width() for button in shown)
