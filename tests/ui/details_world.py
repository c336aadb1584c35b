"""The details view of one machine on a practice host, for tests and pictures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.actions.context import Context
from app.devices.offers import Offers
from app.editing.session import EditSession
from app.hosts.host_list import HostList
from app.jobs.log import TaskLog
from app.jobs.runner import JobRunner
from app.settings.store import Settings
from app.xmldoc.document import Document
from tests.scripted_ui import ScriptedUi
from tests.ui.host_world import State, WorldHost
from tests.ui.program_world import ProgramWorld, until
from ui.details.row import FieldRow
from ui.details.view import DetailsView
from ui.windows.guest_page import GuestPage

if TYPE_CHECKING:
    from app.hosts.host import Host


@asynccontextmanager
async def details(folder: Path, name: str = "desktop") -> AsyncIterator[tuple[ProgramWorld, DetailsView]]:
    """The machine's tab on its settings, read and shown."""
    async with ProgramWorld(folder) as world:
        yield world, await open_details(world, name)


async def open_details(world: ProgramWorld, name: str) -> DetailsView:
    """Opens the settings as the action does."""
    world.program.open_settings(world.ref(name))
    page = world.window.workspace.current()
    assert isinstance(page, GuestPage)
    assert page.details is not None
    view = page.details
    await until(lambda: view.loaded, "the settings are read")
    return view


def row(view: DetailsView, path: str) -> FieldRow:
    """A field of the page in front."""
    assert view.form is not None
    found = view.form.block(path)
    assert isinstance(found, FieldRow), path
    return found


def type_into(widget: QWidget, text: str) -> None:
    """Replaces what is there, key by key."""
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    QTest.keyClicks(widget, text)


def session_of(xml: str, offers: Offers | None = None, live: str = "") -> EditSession:
    """A machine's text that was read from a host which is not there."""
    host = WorldHost("test:///details", state=State.DISCONNECTED)
    session = EditSession.for_new(cast("Host", host), xml)
    session.base = session.text
    session.offers = offers or Offers()
    session.live = Document.parse(live) if live else None
    return session


def view_of(session: EditSession, folder: Path) -> DetailsView:
    """Its settings, without a window around them."""
    settings = Settings(folder / "config", folder / "state")
    hosts = HostList()
    context = Context(hosts, JobRunner(TaskLog(folder / "tasks.jsonl")), settings, ScriptedUi())
    return DetailsView(session, context)
