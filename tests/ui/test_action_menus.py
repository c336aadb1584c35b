"""Menus made from actions: enabled, ticked and explained as the selection says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton
from pytestqt.qtbot import QtBot

from app.actions.catalogue import ACTIONS
from app.actions.context import Context, Selection
from app.jobs.runner import JobRunner
from app.model.inventory import Inventory
from app.model.records import DomainRecord, DomainRef, DomainState, ObjectKind
from app.settings.store import Settings
from app.virt.session import SessionState
from tests.scripted_ui import ScriptedUi
from ui.windows.action_menus import ActionSet


class _Host:
    """The real inventory without a connection: enablement asks records alone."""

    id, uri, label, record = "h", "test:///x", "Practice", None
    state = SessionState.CONNECTED

    def __init__(self) -> None:
        self.inventory = Inventory("h")


class _Hosts:
    def __init__(self, host: _Host) -> None:
        self.hosts = [host]

    def get(self, _host_id: str) -> _Host:
        return self.hosts[0]

    def domain(self, ref: DomainRef) -> DomainRecord | None:
        return self.hosts[0].inventory.domains.get(ref.uuid)


@dataclass
class Desk:
    """An action set with a selection that tests change."""

    actions: ActionSet
    selection: list[Selection]
    host: _Host

    def select(self, *uuids: str) -> None:
        self.selection[0] = Selection(domains=tuple(DomainRef("h", uuid) for uuid in uuids))
        self.actions.refresh()

    def __getitem__(self, action_id: str) -> QAction:
        return self.actions.qaction(action_id)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    host = _Host()
    records = [
        DomainRecord("on", "web1", id=3, state=DomainState.RUNNING, autostart=True),
        DomainRecord("off", "db", state=DomainState.SHUTOFF, autostart=False),
    ]
    host.inventory.replace(ObjectKind.DOMAIN, records)
    window = QMainWindow()
    qtbot.addWidget(window)
    ctx = Context(cast(Any, _Hosts(host)), JobRunner(), Settings(tmp_path / "c", tmp_path / "s"), ScriptedUi())
    selection = [Selection()]
    yield Desk(ActionSet(ctx, window, lambda: selection[0]), selection, host)


def test_the_reason_is_in_the_tooltip(desk: Desk) -> None:
    desk.select("on")
    assert not desk["domain.start"].isEnabled()
    assert "Not now: “web1” is not off." in desk["domain.start"].toolTip()
    assert "virDomainCreate" in desk["domain.start"].toolTip()
    assert desk["domain.shut-down"].isEnabled()
    assert "Not now" not in desk["domain.shut-down"].toolTip()


def test_records_that_change_are_followed(qtbot: QtBot, desk: Desk) -> None:
    desk.select("on")
    desk.host.inventory.merge(ObjectKind.DOMAIN, [DomainRecord("on", "web1", state=DomainState.SHUTOFF)])
    desk.actions.refresh_soon()
    qtbot.waitUntil(desk["domain.start"].isEnabled)
    assert not desk["domain.shut-down"].isEnabled()


def test_ticks(desk: Desk) -> None:
    desk.select("on")
    assert desk["domain.autostart"].isChecked()
    desk.select("on", "off")
    assert not desk["domain.autostart"].isChecked()


def test_every_action_is_in_one_menu_with_text_tip_and_icon(desk: Desk) -> None:
    machine, host = QMenu(), QMenu()
    desk.actions.fill_machine_menu(machine)
    desk.actions.fill_host_menu(host)
    listed = [action for menu in (machine, host) for action in _leaves(menu)]
    assert sorted(action.objectName() for action in listed) == sorted(action.id for action in ACTIONS)
    for action in ACTIONS:
        shown = desk[action.id]
        assert shown.text() and shown.toolTip(), action.id
        assert shown.isCheckable() or not shown.icon().isNull(), action.id
    assert machine.toolTipsVisible()


def test_no_two_actions_share_a_shortcut_or_an_id() -> None:
    shortcuts = [action.shortcut for action in ACTIONS if action.shortcut]
    assert len(shortcuts) == len(set(shortcuts))
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_dangerous_actions_are_not_in_the_tool_bar() -> None:
    assert [action.id for action in ACTIONS if action.danger and action.in_toolbar] == []


def test_a_thousand_selected_machines_do_not_block(desk: Desk) -> None:
    """Work is proportional to the selection once, not once for each action and machine."""
    records = [DomainRecord(str(number), f"m{number}", id=1, state=DomainState.RUNNING) for number in range(1000)]
    desk.host.inventory.replace(ObjectKind.DOMAIN, records)
    desk.select(*(record.uuid for record in records))
    assert desk["domain.shut-down"].isEnabled() and not desk["domain.rename"].isEnabled()


def _leaves(menu: QMenu) -> list[QAction]:
    found: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found += _leaves(inner)
        elif not action.isSeparator():
            found.append(action)
    return found


def test_the_tool_bar_offers_what_ends_or_goes_on(desk: Desk, qtbot: QtBot) -> None:
    bar = QToolBar()
    qtbot.addWidget(bar)
    desk.actions.add_to(bar, without=frozenset({"domain.open-console"}))
    shown = [action.objectName() for action in bar.actions() if action.objectName()]
    assert shown == ["domain.start", "domain.resume", "domain.pause", "domain.shut-down"]
    menus = [button.menu() for button in bar.findChildren(QToolButton) if button.text() == "Power"]
    assert desk["domain.force-off"] in menus[0].actions()
