"""The seed of cloud-init in a real machine: attached, left while it is needed, gone afterwards with drive, file and note."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from app.errors import HostelryError
from app.install.seed import disc, removal
from app.install.seed.documents import documents
from app.install.seed.form import Form
from app.install.seed.note import State
from app.virt import domains, guest_agent
from app.virt.session import Session
from app.xmldoc import Document
from tests.lab import guests
from tests.lab.world import SessionWorld, World


def on(world: World, work: Callable[[Session], Awaitable[None]]) -> None:
    """Runs ``work(session)`` with a session of the program on the world."""

    async def main() -> None:
        session = Session(world.uri)
        await session.open()
        try:
            await work(session)
        finally:
            await session.close()

    asyncio.run(main())


def attached(world: World, uuid: str, folder: Path) -> Path:
    """Puts a seed into the guest that is off; its path."""
    made = disc.new_path(folder)
    disc.write_now(documents(Form(hostname="x"), instance="u"), made)
    path = world.put(made)

    async def work(session: Session) -> None:
        document = Document.parse(await domains.xml(session, uuid, inactive=True, secure=True))
        removal.attach(document, str(path), volume=False)
        await domains.define(session, document.to_text())
        await domains.set_metadata(session, uuid, "<hostelry><notes>mine</notes>" + (await _ours(session, uuid)), **SPACE)

    on(world, work)
    return Path(path)


SPACE = {"namespace": "https://hostelry.github.io/xmlns/1"}


async def _ours(session: Session, uuid: str) -> str:
    """The inside of our element, to which the test adds what a user wrote."""
    return (await domains.metadata(session, uuid, SPACE["namespace"])).partition(">")[2]


def test_a_seed_is_gone_after_the_guest_has_shut_itself_down(session_world: SessionWorld, tmp_path: Path) -> None:
    guest = guests.define_boot_sector(session_world)
    uuid = guest.uuid
    seed = attached(session_world, uuid, tmp_path)

    async def work(session: Session) -> None:
        await removal.tend(session, uuid, active=False, shut_down=False)
        assert seed.exists(), "it never ran"
        await asyncio.to_thread(guest.start)
        await removal.tend(session, uuid, active=True)
        note = await removal.read(session, uuid)
        assert note is not None and note.state is State.STARTED
        await asyncio.to_thread(guest.wait_paint)
        await asyncio.to_thread(guest.press_until, "KEY_Q", "shut off")
        record = next(each for each in await domains.list_states(session) if each.uuid == uuid)
        assert removal.shut_itself_down(record)
        await removal.tend(session, uuid, active=False, shut_down=True)
        assert await removal.read(session, uuid) is None

    on(session_world, work)
    assert not seed.exists() and str(seed) not in guest.xml(inactive=True)
    assert "<hostelry:notes>mine</hostelry:notes>" in guest.xml(inactive=True)
    guest.start()


def test_a_seed_is_gone_while_the_guest_runs_when_cloud_init_is_done(session_world: SessionWorld, tmp_path: Path) -> None:
    guest = guests.define_agent(session_world)
    uuid = guest.uuid
    seed = attached(session_world, uuid, tmp_path)
    guest.start()

    async def work(session: Session) -> None:
        await agent_answers(session, uuid)
        assert await removal.tend(session, uuid, active=True) is None and seed.exists()
        await _write(session, uuid, {"v1": {"datasource": "DataSourceNoCloud", "errors": []}})
        assert await removal.tend(session, uuid, active=True) == removal.Finished("DataSourceNoCloud")
        assert await removal.read(session, uuid) is None

    on(session_world, work)
    assert guest.state == "running" and not seed.exists()
    assert str(seed) not in guest.xml() + guest.xml(inactive=True)


async def agent_answers(session: Session, uuid: str) -> None:
    """Waits until the guest's agent does."""
    for _attempt in range(240):
        try:
            await guest_agent.ask(session, uuid)
            return
        except guest_agent.AgentGone:
            await asyncio.sleep(0.5)
    raise AssertionError("the agent does not answer")


async def _write(session: Session, uuid: str, result: object) -> None:
    """Writes what cloud-init writes at its end."""

    async def command(name: str, **arguments: Any) -> Any:
        return await guest_agent.command(session, uuid, name, **arguments)

    await command("guest-exec", path="/bin/sh", arg=["-c", f"mkdir -p {Path(removal.RESULT).parent}"])
    for _attempt in range(40):
        try:
            handle = await command("guest-file-open", path=removal.RESULT, mode="w")
            break
        except HostelryError:
            await asyncio.sleep(0.1)
    await command("guest-file-write", handle=handle, buf_b64=base64.b64encode(json.dumps(result).encode()).decode())
    await command("guest-file-close", handle=handle)
