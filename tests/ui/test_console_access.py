"""How a console asks for passwords and certificates, and what it remembers of the answers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.console.client import Credentials
from app.console.secrets.vault import Screen, Vault
from app.console.trust.certificate import Certificate
from app.console.trust.question import Doubt, Peer, TrustQuestion
from app.signal import Signal
from tests.ui.passwords import MemoryStore, NoStore
from tests.ui.test_console_parts import RUNNING
from ui.aio import cancel_everything, make_loop
from ui.console import access as access_module
from ui.console.access import Access
from ui.console.cover import Cover
from ui.console.situation import Button, Facts, Situation, Wants, situation

SCREEN = Screen("uuid", "qemu:///system")


class Asking:
    """As much of a client as asks."""

    password_limit = 8

    def __init__(self) -> None:
        self.credentials_needed: Signal[[bool, bool]] = Signal()
        self.answers: list[Credentials | None] = []

    def answer(self, credentials: Credentials | None) -> None:
        self.answers.append(credentials)


Story = Callable[[Access, Asking], Awaitable[None]]


@pytest.fixture
def tell(qapp: QApplication) -> Iterator[Callable[[Vault, Story], None]]:
    """Runs a story on Qt's loop."""
    loop = make_loop(qapp)

    def run(vault: Vault, story: Story) -> None:
        async def whole() -> None:
            access, client = Access(vault, SCREEN), Asking()
            access.attach(client)  # type: ignore[arg-type]
            await story(access, client)
            await cancel_everything()

        loop.run_until_complete(whole())

    yield run
    loop.close()
    asyncio.set_event_loop(None)


async def until(check: Callable[[], object]) -> None:
    for _ in range(500):
        if check():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("did not happen")


def test_a_password_is_asked_for_kept_when_wished_and_not_asked_again(tell: Callable[[Vault, Story], None]) -> None:
    store = MemoryStore()

    async def first(access: Access, client: Asking) -> None:
        client.credentials_needed.emit(False, True)
        await until(lambda: access.asks)
        assert access.wants == Wants(False, True, 8)
        access.enter(Credentials(password="sesame"), lasting=True)
        assert client.answers == [Credentials(password="sesame")] and not store.kept
        access.accepted()
        await until(lambda: store.kept == {SCREEN.service: ("", "sesame")})

    async def next_day(access: Access, client: Asking) -> None:
        client.credentials_needed.emit(False, True)
        await until(lambda: client.answers == [Credentials(password="sesame")])
        assert not access.asks

    tell(Vault(store), first)
    tell(Vault(store), next_day)


def test_a_kept_password_that_is_refused_is_removed_and_asked_for(tell: Callable[[Vault, Story], None]) -> None:
    store = MemoryStore(**{SCREEN.service: ("alice", "old")})

    async def story(access: Access, client: Asking) -> None:
        client.credentials_needed.emit(True, True)
        await until(lambda: client.answers == [Credentials("alice", "old")])
        access.refused()
        await until(lambda: not store.kept)
        client.credentials_needed.emit(True, True)
        await until(lambda: access.asks)

    tell(Vault(store), story)


def test_without_a_store_it_lasts_for_this_run_and_says_so(tell: Callable[[Vault, Story], None]) -> None:
    vault = Vault(NoStore())
    said: list[str] = []

    async def first(access: Access, client: Asking) -> None:
        access.told.connect(said.append)
        client.credentials_needed.emit(False, True)
        await until(lambda: access.asks)
        access.enter(Credentials(password="sesame"), lasting=True)
        access.accepted()
        await until(lambda: said)

    async def again(access: Access, client: Asking) -> None:
        client.credentials_needed.emit(False, True)
        await until(lambda: client.answers)

    tell(vault, first)
    tell(vault, again)
    assert "there is none" in said[0]


def test_a_store_that_hangs_is_not_waited_for_for_ever(
    tell: Callable[[Vault, Story], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_module, "PATIENCE_S", 0.05)
    go = threading.Event()

    class Hung(MemoryStore):
        def read(self, service: str) -> tuple[str, str] | None:
            go.wait(20)
            return None

    async def story(access: Access, client: Asking) -> None:
        client.credentials_needed.emit(False, True)
        await until(lambda: access.asks)
        go.set()
        await until(lambda: not any(thread.name == "aside" for thread in threading.enumerate()))

    tell(Vault(Hung()), story)


def test_what_is_not_to_be_remembered_is_in_no_store(tell: Callable[[Vault, Story], None]) -> None:
    store = MemoryStore()

    async def story(access: Access, client: Asking) -> None:
        client.credentials_needed.emit(False, True)
        await until(lambda: access.asks)
        access.enter(Credentials(password="sesame"), lasting=False)
        access.accepted()
        await asyncio.sleep(0.05)
        assert not store.kept

    tell(Vault(store), story)


# The cover


@pytest.fixture
def cover(qtbot: QtBot) -> Iterator[Cover]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    cover = Cover(window)
    cover.resize(window.size())
    window.show()
    yield cover
    window.hide()


def test_name_and_password_are_typed_and_remember_is_off(cover: Cover) -> None:
    given: list[tuple[Credentials, bool]] = []
    cover.entered.connect(lambda credentials, lasting: given.append((credentials, lasting)))
    cover.say(Situation(text="Log in", button=Button.PASSWORD, wants=Wants(name=True)))
    form = cover.form
    assert form.name.isVisible() and not form.remember.isChecked()
    QTest.keyClicks(form.password, "sesame")
    QTest.keyClick(form.password, Qt.Key.Key_Return)
    assert not given, "a name is missing"
    QTest.keyClicks(form.name, "alice")
    form.remember.click()
    QTest.mouseClick(cover.button, Qt.MouseButton.LeftButton)
    assert given == [(Credentials("alice", "sesame"), True)]
    assert not form.password.text()


def test_a_password_that_vnc_cuts_is_said_while_it_is_typed(cover: Cover) -> None:
    cover.say(Situation(text="Log in", button=Button.PASSWORD, wants=Wants(limit=8)))
    QTest.keyClicks(cover.form.password, "12345678")
    assert not cover.form.note.isVisible()
    QTest.keyClicks(cover.form.password, "9")
    assert cover.form.note.isVisible() and "8" in cover.form.note.text()


def a_question(doubt: Doubt) -> TrustQuestion:
    day = datetime(2026, 1, 2, tzinfo=UTC)
    return TrustQuestion(Peer("host", 5900), doubt, Certificate("CN=<b>host</b>", "CN=lab", ":".join(["AB"] * 32), day, day))


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_is_a_question_with_what_to_compare(cover: Cover, doubt: Doubt) -> None:
    now = situation(Facts(record=RUNNING, question=a_question(doubt)))
    assert now.button is (Button.TRUST_CHANGED if doubt.loud else Button.TRUST) and not now.live
    assert "2026-01-02" in now.detail and "AB:AB" in now.detail and "<b>host</b>" in now.detail
    cover.say(now)
    assert cover.button.isVisible() and not cover.form.isVisible()
    assert (now.icon == "dialog-warning") is doubt.loud


def test_a_short_sentence_after_a_long_one_leaves_no_hole(cover: Cover) -> None:
    cover.say(situation(Facts(record=RUNNING, question=a_question(Doubt.CHANGED))))
    tall = cover._detail.minimumHeight()
    cover.say(Situation(text="Short", detail="One line.", button=Button.RECONNECT))
    assert 0 < cover._detail.minimumHeight() < tall / 3
