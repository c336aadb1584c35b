"""Sleep and lock, told on a bus of our own, as logind tells them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from pytestqt.qtbot import QtBot

from ui.console.session_news import LOGIND, MANAGER, SESSION, SessionNews


@pytest.fixture
def address() -> Iterator[str]:
    if not shutil.which("dbus-daemon"):
        pytest.skip("dbus-daemon is not installed")
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        for name in ("news", "logind"):
            QDBusConnection.disconnectFromBus(name)
        daemon.terminate()


def test_the_guest_is_left_before_sleep_and_lock(qtbot: QtBot, address: str) -> None:
    left: list[int] = []
    news = SessionNews(lambda: left.append(1), QDBusConnection.connectToBus(address, "news"))
    logind = QDBusConnection.connectToBus(address, "logind")
    assert logind.registerService(LOGIND)
    sleep = QDBusMessage.createSignal("/org/freedesktop/login1", MANAGER, "PrepareForSleep")
    for begins in (False, True):
        sleep.setArguments([begins])
        logind.send(sleep)
    qtbot.waitUntil(lambda: len(left) == 1)
    logind.send(QDBusMessage.createSignal("/org/freedesktop/login1/session/_31", SESSION, "Lock"))
    qtbot.waitUntil(lambda: len(left) == 2)
    del news


def test_without_a_bus_it_is_silent(qtbot: QtBot) -> None:
    assert SessionNews(lambda: None, QDBusConnection("nowhere"))
