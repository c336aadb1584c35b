"""A file dropped on a running machine, with the questions that come up answered as a user would."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from app.actions.context import Context, Notice, Offer, Question
from app.actions.interface import UserInterface
from app.errors import HostelryError
from app.hosts.host_list import HostList
from app.install import recent
from app.jobs.runner import JobRunner
from app.model.records import DomainRef
from app.settings.store import Settings
from tests.lab import guests
from tests.lab.hosts import RootHost
from tests.lab.media import READY_TEXT
from tests.lab.test_install_drive import lock_tray
from ui.widgets.insertion import put_in, take_out


class Person:
    """Answers with ``answer`` where it is offered, and keeps what was shown."""

    def __init__(self, answer: str | None = None) -> None:
        self.answer = answer
        self.errors: list[HostelryError] = []
        self.notices: list[str] = []

    async def show_error(self, error: HostelryError, offers: Sequence[Offer] = ()) -> str | None:
        self.errors.append(error)
        return self.answer if self.answer in [offer.id for offer in offers] else None

    async def choose(self, _question: Question, offers: Sequence[Offer]) -> str | None:
        return self.answer if self.answer in [offer.id for offer in offers] else None

    def notify(self, notice: Notice) -> None:
        self.notices.append(notice.text)


def drop(world: RootHost, person: Person, path: Path, folder: Path, *, eject: str = "") -> Settings:
    """Drops ``path`` on the machine "g", or ejects the drive ``eject``."""
    settings = Settings(folder / "config", folder / "state")

    async def main() -> None:
        hosts, jobs = HostList(), JobRunner()
        ctx = Context(hosts, jobs, settings, cast(UserInterface, person))
        host = hosts.add(world.uri)
        await host.connect()
        try:
            await host.refresh()
            ref = DomainRef(host.id, world.virsh("domuuid", "g").strip())
            await (take_out(ctx, ref, eject) if eject else put_in(ctx, ref, str(path)))
        finally:
            await jobs.close()
            await host.disconnect()

    asyncio.run(main())
    return settings


@pytest.fixture
def guest(root_host: RootHost, tiny_iso: Path) -> guests.LabGuest:
    """Linux, booted from its CD."""
    made = guests.define_iso(root_host, tiny_iso, "g").start()
    made.wait_serial(READY_TEXT)
    return made


def test_iso_on_a_running_machine_then_eject(
    root_host: RootHost, guest: guests.LabGuest, second_iso: Path, tmp_path: Path
) -> None:
    iso, person = root_host.put(second_iso), Person()
    settings = drop(root_host, person, iso, tmp_path)
    assert person.errors == []
    assert str(iso) in root_host.virsh("domblklist", "g")
    assert recent.listed(settings) == [str(iso)]
    assert iso.name in person.notices[0]
    target = next(line.split()[0] for line in root_host.virsh("domblklist", "g").splitlines() if str(iso) in line)
    drop(root_host, person, iso, tmp_path, eject=target)
    assert str(iso) not in root_host.virsh("domblklist", "g")
    assert guest.state == "running"


@pytest.mark.parametrize("answer", [None, "force"])
def test_locked_drive_asks(
    root_host: RootHost, guest: guests.LabGuest, second_iso: Path, tmp_path: Path, answer: str | None
) -> None:
    iso, person = root_host.put(second_iso), Person(answer)
    lock_tray(guest)
    drop(root_host, person, iso, tmp_path)
    assert "locked" in person.errors[0].why
    assert (str(iso) in root_host.virsh("domblklist", "g")) is (answer == "force")


def test_no_iso_says_why(root_host: RootHost, guest: guests.LabGuest, tmp_path: Path) -> None:
    letter, person = tmp_path / "letter.iso", Person()
    letter.write_text("Dear Sir or Madam\n" * 500)
    drop(root_host, person, letter, tmp_path)
    assert "neither an ISO" in person.errors[0].why
    assert guest.state == "running"
