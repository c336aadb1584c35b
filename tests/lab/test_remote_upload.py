"""A local ISO for a guest on a host over SSH: offered as an upload, with progress, a stop, and nothing left behind."""

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
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from app.model.records import DomainRef
from app.settings.store import Settings
from tests.lab import guests
from tests.lab.desk import until
from tests.lab.ssh import SshClient, SshServer
from ui.widgets.insertion import put_in


class Person:
    """Takes the upload where it is offered."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.offers: list[str] = []
        self.errors: list[HostelryError] = []
        self.notices: list[str] = []

    async def show_error(self, error: HostelryError, offers: Sequence[Offer] = ()) -> str | None:
        self.errors.append(error)
        return None

    async def choose(self, question: Question, offers: Sequence[Offer]) -> str | None:
        self.questions.append(f"{question.text} {question.detail}")
        self.offers += [offer.text for offer in offers]
        return offers[0].id

    def notify(self, notice: Notice) -> None:
        self.notices.append(notice.text)


class Drop:
    """A file dropped on the machine "g" of the far host."""

    def __init__(self, uri: str, folder: Path) -> None:
        self.uri, self.folder, self.person = uri, folder, Person()
        self.jobs = JobRunner()
        self.progress: list[float] = []

    async def run(self, path: Path, uuid: str, *, stop_at: float = 2.0) -> Job:
        hosts = HostList()
        ctx = Context(hosts, self.jobs, Settings(self.folder / "c", self.folder / "s"), cast(UserInterface, self.person))
        host = hosts.add(self.uri)
        await host.connect()
        try:
            await host.refresh()
            dropping = asyncio.ensure_future(put_in(ctx, DomainRef(host.id, uuid), str(path)))
            await until(lambda: bool(self.jobs.jobs) or dropping.done())
            job = self.jobs.jobs[0]
            job.changed.connect(lambda *_: self._watch(job, stop_at))
            await dropping
            return job
        finally:
            await self.jobs.close()
            await host.disconnect()
            await asyncio.sleep(0.1)

    def _watch(self, job: Job, stop_at: float) -> None:
        if job.fraction is not None:
            self.progress.append(job.fraction)
            if job.fraction > stop_at and job.state is JobState.RUNNING:
                self.jobs.cancel(job)


@pytest.fixture
def guest(ssh_server: SshServer) -> guests.LabGuest:
    """A machine with an empty CD drive."""
    return guests.define_boot_sector(ssh_server.host, "g", extra_devices=guests.cdrom()).start()


def in_pool(server: SshServer) -> list[str]:
    server.host.virsh("pool-refresh", "default")
    return [line.split()[0] for line in server.host.virsh("vol-list", "default").splitlines() if line.strip()]


def test_a_local_iso_is_uploaded_and_inserted(
    ssh_server: SshServer, ssh_client: SshClient, guest: guests.LabGuest, second_iso: Path, tmp_path: Path
) -> None:
    drop = Drop(ssh_client.uri(ssh_server, keyfile=ssh_server.key), tmp_path)
    job = asyncio.run(drop.run(second_iso, ssh_server.host.virsh("domuuid", "g").strip()))
    assert drop.person.errors == []
    assert "another" in drop.person.questions[0] and "Upload" in drop.person.offers[0]
    assert job.state is JobState.DONE
    assert 1.0 in drop.progress
    far = ssh_server.host.images / second_iso.name
    assert far.read_bytes() == second_iso.read_bytes()
    assert str(far) in ssh_server.host.virsh("domblklist", "g")


def test_a_stopped_upload_leaves_nothing(
    ssh_server: SshServer, ssh_client: SshClient, guest: guests.LabGuest, tiny_iso: Path, tmp_path: Path
) -> None:
    """On a thin line, so that there is time to stop it."""
    ssh_server.link.rate = 2_000_000
    drop = Drop(ssh_client.uri(ssh_server, keyfile=ssh_server.key), tmp_path)
    before = in_pool(ssh_server)
    try:
        job = asyncio.run(drop.run(tiny_iso, ssh_server.host.virsh("domuuid", "g").strip(), stop_at=0.05))
    finally:
        ssh_server.link.rate = 0
    assert job.state is JobState.CANCELLED
    assert in_pool(ssh_server) == before
    assert str(tiny_iso.name) not in ssh_server.host.virsh("domblklist", "g")


def test_the_line_breaks_during_an_upload(
    ssh_server: SshServer, ssh_client: SshClient, guest: guests.LabGuest, tiny_iso: Path, tmp_path: Path
) -> None:
    ssh_server.link.rate = 2_000_000
    drop = Drop(ssh_client.uri(ssh_server, keyfile=ssh_server.key), tmp_path)

    async def story() -> Job:
        dropping = asyncio.ensure_future(drop.run(tiny_iso, ssh_server.host.virsh("domuuid", "g").strip()))
        await until(lambda: any(fraction > 0.05 for fraction in drop.progress))
        await asyncio.to_thread(ssh_server.link.drop)
        return await dropping

    try:
        job = asyncio.run(story())
    finally:
        ssh_server.link.rate = 0
    assert job.state is JobState.FAILED and job.error is not None
    assert drop.person.errors and drop.person.errors[0].why
    assert job.left_behind


def test_a_broken_copy_is_not_taken_for_a_whole_one(
    ssh_server: SshServer, ssh_client: SshClient, guest: guests.LabGuest, second_iso: Path, tmp_path: Path
) -> None:
    """A file of the right name and size whose end never came: another copy is made; a whole one is used as it is."""
    half = ssh_server.host.images / second_iso.name
    whole = second_iso.read_bytes()
    half.write_bytes(whole[: len(whole) // 8] + bytes(len(whole) - len(whole) // 8))
    uuid = ssh_server.host.virsh("domuuid", "g").strip()
    for _turn in range(2):
        drop = Drop(ssh_client.uri(ssh_server, keyfile=ssh_server.key), tmp_path)
        asyncio.run(drop.run(second_iso, uuid))
        assert drop.person.errors == []
        inserted = ssh_server.host.virsh("domblklist", "g").split("hdc")[1].split()[0]
        assert Path(inserted).read_bytes() == whole
