"""Files into a real guest through QEMU's guest agent: whole, stopped half-way, no room, the agent gone."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shlex
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.errors import HostelryError, NoSpace
from app.hosts.host import Host
from app.virt import agent_files, guest_agent
from app.virt.guest_agent import AgentGone
from tests.lab import guests
from tests.lab.guests import LabGuest, agent_exec
from tests.lab.test_engine_host import connected
from tests.lab.world import SessionWorld

Work = Callable[[Host, str], Awaitable[None]]


def on_guest(world: SessionWorld, guest: LabGuest, work: Work) -> None:
    """Runs the scenario on the host of the guest."""

    async def main() -> None:
        async with connected(world.uri) as host:
            await work(host, guest.uuid)

    asyncio.run(main())


def shell(guest: LabGuest, command: str) -> None:
    """In the guest; what it prints goes to the serial log."""
    agent_exec(guest, "/bin/sh", "-c", command)


def says(guest: LabGuest, command: str, mark: str) -> str:
    """What a command prints there, after a mark that ends with it."""
    shell(guest, f"echo {mark} $({command}) END > /dev/ttyS1")
    guest.wait_serial(f"{mark} ")
    guest.wait_serial("END")
    log = (guest.world.images / f"{guest.name}.serial").read_text(errors="replace")
    return log.split(f"{mark} ")[-1].split("END")[0].strip()


def test_a_file_arrives_whole_and_overwrites_nothing(
    session_world: SessionWorld, session_agent_guest: LabGuest, tmp_path: Path
) -> None:
    guest, source = session_agent_guest, tmp_path / "Отчёт за год.bin"
    source.write_bytes(os.urandom(700_001))
    places: list[str] = []
    steps: list[int] = []

    async def work(host: Host, uuid: str) -> None:
        agent = await guest_agent.ask(host.session, uuid)
        assert agent.takes_files and not agent.windows
        for _turn in range(2):
            places.append(await agent_files.send(host.session, uuid, agent, source, steps.append))

    on_guest(session_world, guest, work)
    assert places == ["/tmp/Отчёт за год.bin", "/tmp/Отчёт за год (2).bin"]
    half = len(steps) // 2
    assert steps[:half] == sorted(steps[:half]) == steps[half:] and steps[-1] == 700_001
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    for number, place in enumerate(places):
        assert digest in says(guest, f"sha256sum {shlex.quote(place)}", f"SUM{number}")


def test_stopped_half_way_leaves_nothing(session_world: SessionWorld, session_agent_guest: LabGuest, tmp_path: Path) -> None:
    guest, source = session_agent_guest, tmp_path / "half.bin"
    source.write_bytes(bytes(4 << 20))

    async def work(host: Host, uuid: str) -> None:
        agent = await guest_agent.ask(host.session, uuid)
        begun = asyncio.Event()
        sending = asyncio.ensure_future(agent_files.send(host.session, uuid, agent, source, lambda _done: begun.set()))
        await begun.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

    on_guest(session_world, guest, work)
    assert says(guest, "ls /tmp | grep -c half", "LEFT") == "0"


def test_a_full_disk_is_said_and_nothing_is_left(session_world: SessionWorld, session_agent_guest: LabGuest, tmp_path: Path) -> None:
    guest, source = session_agent_guest, tmp_path / "much.bin"
    source.write_bytes(bytes(3 << 20))
    says(guest, "mount -t tmpfs -o size=1m tmpfs /tmp", "SMALL")

    async def work(host: Host, uuid: str) -> None:
        agent = await guest_agent.ask(host.session, uuid)
        with pytest.raises(NoSpace, match=r"much\.bin") as caught:
            await agent_files.send(host.session, uuid, agent, source, lambda _done: None)
        assert "full" in caught.value.why and caught.value.next_step

    on_guest(session_world, guest, work)
    assert says(guest, "ls /tmp | grep -c much", "LEFT") == "0"


def test_an_agent_that_dies_half_way_is_said(session_world: SessionWorld, session_agent_guest: LabGuest, tmp_path: Path) -> None:
    guest, source = session_agent_guest, tmp_path / "cut.bin"
    source.write_bytes(bytes(8 << 20))

    async def work(host: Host, uuid: str) -> None:
        agent = await guest_agent.ask(host.session, uuid)
        begun = asyncio.Event()
        sending = asyncio.ensure_future(agent_files.send(host.session, uuid, agent, source, lambda _done: begun.set()))
        await begun.wait()
        await asyncio.to_thread(shell, guest, "killall -9 qemu-ga")
        with pytest.raises(HostelryError) as caught:
            await sending
        assert isinstance(caught.value, AgentGone)
        assert "cut.bin" in caught.value.what and "does not answer" in caught.value.why
        assert host.inventory.domains[uuid].active

    on_guest(session_world, guest, work)
    assert guests.agent_answers(guest) is False
