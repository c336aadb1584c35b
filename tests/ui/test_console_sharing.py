"""What a console shares with its guest beside the clipboard: lights of the keyboard, sound; and what it says of its connection."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from app.console.client import Features, Lights
from app.console.trust.guard import Vouched
from app.errors import Unsupported
from app.model.records import DomainRef
from app.settings import options
from tests.ui.sharing import Client, Console, clipboard, console, switch
from ui.console import lock_lights
from ui.console.clipboard import Clipboard
from ui.console.console_bar import ConsoleBar
from ui.console.desktop_locks import kernel_locks
from ui.console.guest_sound import GuestSound
from ui.console.lock_lights import KEYS, LockLights
from ui.console.protection import Protection

__all__ = ["clipboard", "console"]


# Lights


@pytest.fixture
def lights(console: Console, monkeypatch: pytest.MonkeyPatch) -> LockLights:
    monkeypatch.setattr(lock_lights, "desktop_locks", lambda: Lights.CAPS)
    return LockLights(console)  # type: ignore[arg-type]


def test_lights_that_differ_are_tapped_when_the_guest_gets_the_keyboard(console: Console, lights: LockLights) -> None:
    client = Client()
    console.connect_to(client, lights)
    console.display.capture(True)
    assert console.display.sent == [], "nothing is known of the guest yet"
    client.leds_changed.emit(int(Lights.NUM))
    assert console.display.sent == [(KEYS[Lights.CAPS],), (KEYS[Lights.NUM],)]
    client.leds_changed.emit(int(Lights.CAPS))
    console.display.capture(False)
    console.display.capture(True)
    assert len(console.display.sent) == 2


def test_a_guest_without_lights_is_left_alone(qtbot: QtBot, console: Console, lights: LockLights) -> None:
    client = Client()
    console.connect_to(client, lights)
    client.leds_changed.emit(0)
    console.display.capture(True)
    assert len(console.display.sent) == 1
    lights._waiting.timeout.emit()
    lights._waiting.stop()
    console.display.capture(False)
    console.display.capture(True)
    assert len(console.display.sent) == 1
    client.leds_changed.emit(int(Lights.NUM))
    console.display.capture(False)
    console.display.capture(True)
    assert len(console.display.sent) == 3, "now it has a driver"
    lights.end()


def test_lights_are_left_alone_if_the_user_wants_it(console: Console, lights: LockLights) -> None:
    console.ctx.settings.set(options.CONSOLE_LOCK_KEYS, False)
    client = Client()
    console.connect_to(client, lights)
    client.leds_changed.emit(0)
    console.display.capture(True)
    assert console.display.sent == []


def test_the_bar_names_the_guests_lights(qtbot: QtBot, console: Console, lights: LockLights) -> None:
    bar = ConsoleBar()
    qtbot.addWidget(bar)
    lights.dress(bar)
    client = Client()
    console.connect_to(client, lights)
    client.leds_changed.emit(int(Lights.CAPS | Lights.NUM))
    label = lights._labels[0][1]
    assert label.text() == "Caps Lock, Num Lock" and not label.isHidden()
    client.leds_changed.emit(0)
    assert label.isHidden()


def test_the_kernels_lights(tmp_path: Path) -> None:
    assert kernel_locks(tmp_path) is None
    for name, value in (("input3::capslock", "0"), ("input3::numlock", "1"), ("input9::capslock", "1"), ("tpacpi::power", "1")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "brightness").write_text(f"{value}\n")
    assert kernel_locks(tmp_path) == Lights.CAPS | Lights.NUM


# Sound


def test_sound_is_on_and_the_microphone_off(console: Console) -> None:
    feature, client = GuestSound(console), Client()  # type: ignore[arg-type]
    console.connect_to(client, feature)
    assert client.heard == [True] and True not in client.microphone
    assert not switch(feature, "microphone").isVisible(), "VNC has none"
    switch(feature, "sound").setChecked(False)
    assert client.heard == [True, False]


def test_a_new_connection_never_finds_the_microphone_open(console: Console) -> None:
    feature, client = GuestSound(console), Client()  # type: ignore[arg-type]
    client.features = Features(audio=True, microphone=True)
    console.connect_to(client, feature)
    switch(feature, "microphone").setChecked(True)
    assert client.microphone == [True]
    console.connect_to(another := Client(), feature)
    assert True not in another.microphone and not switch(feature, "microphone").isChecked()


def test_what_is_missing_for_sound_is_said(console: Console) -> None:
    feature, client = GuestSound(console), Client()  # type: ignore[arg-type]
    console.connect_to(client, feature)
    client.sound_failed.emit(Unsupported("No sound.", next_step="Install it."))
    assert not switch(feature, "sound").isChecked()
    assert console.ctx.ui.notices[-1].detail == "Install it."


# Protection


@pytest.mark.parametrize(("vouched", "words"), [
    (Vouched.NOBODY, "Not encrypted"), (Vouched.ANONYMOUS, "Server not verified"), (Vouched.USER, "Encrypted"),
    (Vouched.AUTHORITY, "Encrypted"), (Vouched.LINK, "")])  # fmt: skip
def test_the_bar_says_how_the_connection_is_protected(qtbot: QtBot, console: Console, vouched: Vouched, words: str) -> None:
    bar = ConsoleBar()
    qtbot.addWidget(bar)
    feature, client = Protection(console), Client()  # type: ignore[arg-type]
    feature.dress(bar)
    client.vouched = vouched
    console.connect_to(client, feature)
    button = feature._buttons[0][1]
    assert button.isHidden() is (words == "")
    assert button.text() == words
    assert not words or button.toolTip()


def test_the_bar_names_the_protocols_own_setting_and_says_nothing_on_this_computer(qtbot: QtBot, console: Console) -> None:
    bar = ConsoleBar()
    qtbot.addWidget(bar)
    feature = Protection(console)  # type: ignore[arg-type]
    feature.dress(bar)
    button = feature._buttons[0][1]
    for kind in ("spice", "vnc"):
        console.connector.protocol = kind
        console.connect_to(Client(), feature)
        assert f"({kind}_tls in" in button.toolTip() and not button.isHidden()
    console.connector.private = True
    console.connect_to(Client(), feature)
    assert button.isHidden()


def test_features_share_one_menu(qtbot: QtBot, console: Console, clipboard: Clipboard) -> None:
    bar = ConsoleBar()
    qtbot.addWidget(bar)
    sound = GuestSound(console)  # type: ignore[arg-type]
    before = len(bar.findChildren(QToolButton))
    clipboard.dress(bar)
    sound.dress(bar)
    assert len(bar.findChildren(QToolButton)) == before + 1
    menu = bar.findChild(QMenu, "share-menu")
    assert menu is not None and len(menu.actions()) == 3


def test_sound_is_as_it_was_chosen_for_the_machine(console: Console) -> None:
    sound = GuestSound(console)  # type: ignore[arg-type]
    client = Client()
    console.connect_to(client, sound)
    sound._sound.trigger()
    assert client.heard == [True, False]
    later = Client()
    console.connect_to(later, GuestSound(console))  # type: ignore[arg-type]
    assert later.heard == [False]
    client.sound_failed.emit(Unsupported("No sound here."))
    console.ref = DomainRef("qemu:///system", "another")
    other = Client()
    console.connect_to(other, GuestSound(console))  # type: ignore[arg-type]
    assert other.heard == [True]
