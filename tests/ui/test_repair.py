"""The buttons of a host that is not connected, by the cause."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.errors import AuthFailed, Disconnected, HostelryError
from app.virt.session import SessionState
from ui.windows import repair


@pytest.mark.parametrize(
    ("state", "uri", "error", "offered"),
    [
        (SessionState.CONNECTING, "qemu:///system", None, ["Cancel"]),
        (SessionState.WAITING, "qemu:///system", Disconnected("Away."), ["Start the service", "Try again", "Stop trying"]),
        (SessionState.WAITING, "qemu+ssh://far/system", Disconnected("Away."), ["Try again", "Stop trying"]),
        (SessionState.FAILED, "qemu:///system", Disconnected("Down.", raw="no socket"), ["Start the service", "Try again", "Details…"]),
        (SessionState.FAILED, "qemu+tcp://far/system", AuthFailed("Who?"), ["Sign in again"]),
    ],
)
def test_offers_what_helps(qtbot: QtBot, state: SessionState, uri: str, error: HostelryError | None, offered: list[str]) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    host = cast(Any, SimpleNamespace(state=state, uri=uri, error=error, session=SimpleNamespace(cancel=lambda: None)))
    assert [text for _icon, text, _do in repair.buttons_for(host, cast(Any, None), owner)] == offered
