"""The clipboard between this desktop and a guest, as a console's page does it."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QMimeData
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from app.settings import options
from tests.ui.sharing import Client, Console, clipboard, console, copy, pasted, switch
from ui.console.clipboard import Clipboard

__all__ = ["clipboard", "console"]


def test_what_was_copied_here_is_offered_when_the_console_gets_the_keyboard(console: Console, clipboard: Clipboard) -> None:
    client = Client()
    console.connect_to(client, clipboard)
    copy("мир")
    assert client.texts == []
    console.display.capture(True)
    assert client.texts == ["мир"]
    console.display.capture(False)
    console.display.capture(True)
    assert client.texts == ["мир", "мир"], "the guest's agent may have come meanwhile"
    copy("next")
    assert client.texts == ["мир", "мир", "next"]
    client.cut_text.emit("theirs")
    console.display.capture(False)
    console.display.capture(True)
    assert len(client.texts) == 3, "it would take away what was copied there"


def test_what_the_guest_copied_is_here_and_does_not_go_back(console: Console, clipboard: Clipboard) -> None:
    client = Client()
    console.connect_to(client, clipboard)
    console.display.capture(True)
    client.cut_text.emit("漢字")
    assert pasted() == "漢字"
    console.display.capture(False)
    console.display.capture(True)
    assert client.texts == []
    copy("漢字 and more")
    client.cut_text.emit("漢字 and more")
    assert client.texts == ["漢字 and more"]


def test_a_hidden_console_changes_nothing_here(console: Console, clipboard: Clipboard) -> None:
    client = Client()
    console.connect_to(client, clipboard)
    copy("mine")
    console.display.hide()
    client.cut_text.emit("evil")
    assert pasted() == "mine"


def test_switched_off_nothing_goes_either_way(console: Console, clipboard: Clipboard) -> None:
    client = Client()
    console.connect_to(client, clipboard)
    switch(clipboard, "clipboard").setChecked(False)
    copy("mine")
    console.display.capture(True)
    client.cut_text.emit("theirs")
    assert client.texts == [] and pasted() == "mine"
    switch(clipboard, "clipboard").setChecked(True)
    assert client.texts == ["mine"]


def test_the_preference_says_how_a_console_begins(console: Console) -> None:
    console.ctx.settings.set(options.CONSOLE_CLIPBOARD, False)
    feature = Clipboard(console)  # type: ignore[arg-type]
    assert not switch(feature, "clipboard").isChecked()
    feature.end()


def test_a_text_of_many_megabytes_stays_here_and_that_is_said(console: Console, clipboard: Clipboard) -> None:
    client = Client()
    console.connect_to(client, clipboard)
    copy("x" * (3 << 20))
    console.display.capture(True)
    assert client.texts == []
    assert "too long" in console.ctx.ui.notices[-1].text


def test_another_connection_is_offered_it_anew(console: Console, clipboard: Clipboard) -> None:
    copy("again")
    console.display.capture(True)
    for client in (Client(), Client()):
        console.connect_to(client, clipboard)
        assert client.texts == ["again"]


def test_pictures_go_both_ways_and_not_in_circles(qtbot: QtBot, console: Console, clipboard: Clipboard) -> None:
    """On Qt's own loop, as reading and writing PNG is done aside."""
    import asyncio

    from ui.aio import cancel_everything, make_loop

    loop = make_loop(QGuiApplication.instance())  # type: ignore[arg-type]

    async def story() -> None:
        client = Client()
        console.connect_to(client, clipboard)
        image = QImage(6, 4, QImage.Format.Format_RGB32)
        image.fill(QColor("red"))
        data = QMimeData()
        data.setImageData(image)
        QGuiApplication.clipboard().setMimeData(data)
        console.display.capture(True)
        for _ in range(200):
            await asyncio.sleep(0.01)
            if client.pictures:
                break
        assert QImage.fromData(client.pictures[0]).size() == image.size()
        client.cut_image.emit(client.pictures[0])
        client.cut_image.emit(_png_of("blue"))
        for _ in range(200):
            await asyncio.sleep(0.01)
            if QGuiApplication.clipboard().image().pixelColor(0, 0) == QColor("blue"):
                break
        else:
            raise AssertionError("not shown")
        await asyncio.sleep(0.05)
        console.display.capture(False)
        console.display.capture(True)
        await asyncio.sleep(0.05)
        assert len(client.pictures) == 1
        await cancel_everything()

    loop.run_until_complete(story())
    loop.close()
    asyncio.set_event_loop(None)


def _png_of(colour: str) -> bytes:
    image, buffer = QImage(6, 4, QImage.Format.Format_RGB32), QBuffer()
    image.fill(QColor(colour))
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def test_a_protocol_that_asks_the_guest_is_told_of_the_switch(console: Console, clipboard: Clipboard) -> None:
    class Asking(Client):
        def __init__(self) -> None:
            super().__init__()
            self.taken: list[bool] = []

        def take_clipboard(self, taken: bool) -> None:
            self.taken.append(taken)

    client = Asking()
    console.connect_to(client, clipboard)
    copy("offered")
    console.display.capture(True)
    clipboard._switch.trigger()
    clipboard._switch.trigger()
    assert client.taken == [True, False, True]
    assert client.texts == ["offered", "offered"]
