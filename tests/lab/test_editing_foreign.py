"""Others change the machine while it is edited, or the daemon dies: nothing is lost, and it is said."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.editing.history import History
from app.editing.offers import offers
from app.editing.outcome import Fate, Outcome
from app.editing.session import EditSession
from app.jobs.job import Job
from app.jobs.runner import JobRunner
from app.virt.session import SessionState
from app.xmldoc.document import Document
from tests.lab import guests
from tests.lab.editing_stage import editing, inactive
from tests.lab.hosts import RootHost


async def _until(check: object, what: str, timeout_s: float = 20) -> None:
    assert callable(check)
    try:
        async with asyncio.timeout(timeout_s):
            while not check():  # noqa: ASYNC110 - what comes by events and by reconnecting
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"waited for {what}") from None


def _define(host: RootHost, name: str, old: str, new: str) -> None:
    """As "virsh edit" does."""
    text = host.virsh("dumpxml", name, "--inactive", "--security-info")
    assert old in text
    host.define(text.replace(old, new))


def test_what_virsh_defines_meanwhile_is_merged_or_asked_about(root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host)

    async def test(session: EditSession, jobs: JobRunner) -> None:
        session.edit("memory", lambda document: document.set("memory", "32768"))
        session.edit("crash", lambda document: document.set("on_crash", "preserve"))
        await asyncio.to_thread(_define, root_host, "boot", "<on_crash>destroy", "<title>Theirs</title><on_crash>restart")
        await _until(lambda: session.foreign, "the change by virsh to be noticed")
        assert "Theirs" in session.foreign
        (conflict,) = session.merge()
        assert (conflict.place, conflict.ours, conflict.theirs) == ("on_crash", "preserve", "restart")
        refused = await session.apply(jobs)
        assert refused.error is not None  # while it is not decided
        session.resolve(conflict, "theirs")
        outcome = await session.apply(jobs)
        assert outcome.ok, outcome.words()

    editing(guest, test)
    now = inactive(guest)
    assert (now.get("title"), now.get("memory"), now.get("on_crash")) == ("Theirs", "32768", "restart")


def test_the_schema_s_refusal_leaves_everything_and_names_the_setting(root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host)
    before = guest.xml(inactive=True)

    async def test(session: EditSession, jobs: JobRunner) -> None:
        session.edit("memory", lambda document: document.set("memory", "32768"))
        session.edit("os", lambda document: document.set("os/smbios/@mode", "nonsense"))
        text = session.text
        outcome = await session.apply(jobs)
        assert outcome.error is not None
        assert outcome.suspect is not None
        assert outcome.suspect.path == "os/smbios/@mode"
        assert session.text == text

    editing(guest, test)
    assert guest.xml(inactive=True) == before


def test_a_daemon_killed_during_apply(root_host: RootHost, tmp_path: Path) -> None:
    guest = guests.define_boot_sector(root_host).start()
    outcomes: list[Outcome] = []

    async def test(session: EditSession, jobs: JobRunner) -> None:
        session.history = History(tmp_path)
        session.edit("title", lambda document: document.set("title", "Mine"))
        text, base = session.text, session.base
        await asyncio.to_thread(root_host.stop_daemon)  # it hangs: the call is under way when it dies
        applying = asyncio.ensure_future(session.apply(jobs))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(root_host.kill_daemon)
        outcome = await applying
        outcomes.append(outcome)
        assert outcome.error is not None
        assert outcome.words()
        assert (session.text, session.base) == (text, base)
        await asyncio.to_thread(root_host.start_daemon)
        await _until(lambda: session.host.state is SessionState.CONNECTED, "the connection to come back", 40)
        again = await session.apply(jobs)
        assert again.ok, again.words()

    editing(guest, test)
    assert inactive(guest).get("title") == "Mine"
    assert guest.state == "running"


def test_a_daemon_killed_between_definition_and_the_running_machine(root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, extra_devices="<controller type='usb' model='qemu-xhci'/>").start()

    async def test(session: EditSession, jobs: JobRunner) -> None:
        def edit(document: Document) -> None:
            document.insert("<input type='keyboard' bus='usb'/>")
            document.set("title", "Both")

        session.edit("both", edit)
        killed: list[str] = []

        def kill(job: Job) -> None:
            if job.text and not killed:
                killed.append(job.text)
                root_host.kill_daemon()

        jobs.added.connect(lambda job: job.changed.connect(kill))
        outcome = await session.apply(jobs)
        assert not outcome.ok
        assert outcome.error is None  # the definition was taken
        assert any(result.fate is Fate.NEXT and result.error is not None for result in outcome.results), outcome.words()
        await asyncio.to_thread(root_host.start_daemon)
        await _until(lambda: session.host.state is SessionState.CONNECTED, "the connection to come back", 40)
        await _until(lambda: session.pending, "what waits to be known")
        assert not session.edited

    editing(guest, test)
    assert inactive(guest).get("title") == "Both"


def test_what_a_host_offers(root_host: RootHost) -> None:
    guest = guests.define_agent(root_host)

    async def test(session: EditSession, _jobs: JobRunner) -> None:
        other = guests.define_boot_sector(root_host, "other")
        await _until(lambda: len(session.host.inventory.domains) == 2, "the other machine")
        found = await offers(session.host, session.document, uuid=session.ref.uuid)
        assert "virtio" in found.enums["disk/bus"]
        assert "custom" in found.enums["cpu/mode"]
        assert "qemu64" in {one.value for one in found.names["cpu-models"]}
        assert "pc" in {one.value for one in found.names["machines"]}
        assert "default" in {one.value for one in found.names["networks"]}
        assert "default" in {one.value for one in found.names["pools"]}
        assert found.cells[0].cpus
        assert found.cells[0].siblings
        assert any(found.cells[0].pages_kib)
        assert found.max_vcpus > 1
        assert found.libvirt >= (6, 0, 0)
        assert found.names["pci"]
        assert all(one.words and one.xml for one in found.names["pci"])
        assert found.taken["name"] == {"other": "other"}
        assert found.taken["disk"] == {Document.parse(other.xml()).get("devices/disk/source/@file"): "other"}
        assert "disk" in found.known

    editing(guest, test)
