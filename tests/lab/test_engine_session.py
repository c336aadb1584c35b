"""Sessions against real daemons: opening, losing and coming back, hanging, giving up."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import libvirt
import pytest

from app.errors import Cancelled, Disconnected, NotFound, TimedOut
from app.virt import domains
from app.virt.lines import MOST
from app.virt.link import MANY_CALLS_SINCE
from app.virt.session import Session, SessionState
from tests.lab import faults, guests
from tests.lab.world import SessionWorld


async def until(condition: Callable[[], bool], timeout_s: float = 30) -> None:
    """Lets the loop run until the condition holds."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - the condition has no event of its own
            await asyncio.sleep(0.01)


def engine_threads() -> list[str]:
    """The engine's threads but the one event thread of the process."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("libvirt ")]


def test_lifecycle_by_calls_and_events(session_world: SessionWorld) -> None:
    guest = guests.define_boot_sector(session_world)

    async def scenario() -> None:
        session = Session(session_world.uri)
        heard: list[tuple[int, int]] = []
        session.events.connect(lambda batch: heard.extend((event.code, event.detail) for event in batch if event.name == "boot"))
        session.begin()
        await session.open()
        (record,) = await domains.list_states(session)
        await domains.start(session, record.uuid, paused=True)
        assert guest.state == "paused"
        await domains.resume(session, record.uuid)
        await domains.suspend(session, record.uuid)
        await domains.reset(session, record.uuid)
        mime, picture = await domains.screenshot(session, record.uuid)
        assert mime.startswith("image/")
        assert len(picture) > 100
        await domains.destroy(session, record.uuid)
        assert guest.state == "shut off"
        await until(lambda: (5, 1) in heard)
        assert [code for code, _detail in heard][:1] == [2]
        await domains.rename(session, record.uuid, "other")
        assert session_world.domains() == ["other"]
        await domains.undefine(session, record.uuid)
        assert session_world.domains() == []
        with pytest.raises(NotFound):
            await domains.start(session, record.uuid)
        await session.close()

    asyncio.run(scenario())
    assert not engine_threads()


def test_killed_daemon_is_noticed_and_comes_back(session_world: SessionWorld) -> None:
    guests.define_boot_sector(session_world)

    async def scenario() -> None:
        session = Session(session_world.uri)
        states: list[SessionState] = []
        session.state_changed.connect(states.append)
        await session.open()
        session_world.kill_daemon()
        await until(lambda: session.state is SessionState.WAITING)
        assert isinstance(session.error, Disconnected)
        with pytest.raises(Disconnected):
            await domains.list_states(session)
        session_world.start_daemon()
        await until(lambda: session.state is SessionState.CONNECTED)
        assert SessionState.DISCONNECTED in states
        assert [record.name for record in await domains.list_states(session)] == ["boot"]
        await session.close()
        assert session.state is SessionState.DISCONNECTED

    asyncio.run(scenario())


def test_calls_under_way_fail_when_the_line_breaks(session_world: SessionWorld) -> None:
    async def scenario() -> None:
        with faults.Link(session_world.socket) as link:
            session = Session(link.uri("session"))
            await session.open()
            link.freeze()
            call = asyncio.ensure_future(domains.list_states(session))
            await asyncio.sleep(0.1)
            link.drop()
            with pytest.raises(Disconnected):
                await call
            link.thaw()
            session.reconnect_now()
            await session.open()
            await session.close()

    asyncio.run(scenario())


def test_hung_daemon_is_dropped_by_keepalive(session_world: SessionWorld) -> None:
    async def scenario() -> None:
        session = Session(session_world.uri, keepalive=(1, 2))
        await session.open()
        with faults.hung_daemon(session_world):
            with pytest.raises(Disconnected):
                await domains.list_states(session)
            assert session.state in (SessionState.WAITING, SessionState.CONNECTING)
        session.reconnect_now()
        await until(lambda: session.state is SessionState.CONNECTED)
        await session.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("tcp", [False, True])
def test_a_connect_that_hangs_can_be_cancelled(tcp: bool) -> None:
    async def scenario() -> None:
        with faults.BlackHole(tcp=tcp) as hole:
            session = Session(hole.uri)
            opening = asyncio.ensure_future(session.open())
            await asyncio.sleep(0.1)
            assert session.state is SessionState.CONNECTING
            session.cancel()
            assert str(session.state.value) == "disconnected"
            with pytest.raises(Cancelled):
                await opening

    asyncio.run(scenario())


def _picture(conn: Any) -> Any:
    return conn.lookupByName("boot").screenshot(conn.newStream(0), 0)


def test_late_answers_are_dropped_and_other_calls_go_on(session_world: SessionWorld) -> None:
    guest = guests.define_boot_sector(session_world).start()

    async def scenario() -> None:
        session = Session(session_world.uri)
        await session.open()
        with faults.stopped(guest.qemu_pid()):
            with pytest.raises(TimedOut) as caught:
                await session.call(_picture, what="No picture.", timeout_s=0.5)
            assert caught.value.what == "No picture."
            assert caught.value.next_step
            assert len(await domains.list_states(session)) == 1
        await session.close()

    asyncio.run(scenario())


def test_stuck_calls_leave_the_session_able_to_work(session_world: SessionWorld) -> None:
    release = threading.Event()

    async def scenario() -> None:
        session = Session(session_world.uri)
        await session.open()
        for _ in range(3):
            with pytest.raises(TimedOut):
                await session.call(lambda _conn: release.wait(), timeout_s=0.05)
        await until(lambda: session.state is SessionState.CONNECTED)
        async with asyncio.timeout(5):
            assert await domains.list_states(session) == []
        release.set()
        await session.close()

    asyncio.run(scenario())


@pytest.mark.skipif(libvirt.getVersion() >= MANY_CALLS_SINCE, reason="this libvirt's connections take several calls at once")
def test_one_call_at_a_time_waits_on_a_connection(session_world: SessionWorld) -> None:
    """libvirt before 10.3 may die otherwise (CVE-2024-4418)."""
    at_once: dict[int, int] = {}
    most: list[int] = []
    lock = threading.Lock()

    def ask(conn: libvirt.virConnect) -> int:
        with lock:
            at_once[id(conn)] = at_once.get(id(conn), 0) + 1
            most.append(at_once[id(conn)])
        conn.getLibVersion()
        time.sleep(0.01)
        with lock:
            at_once[id(conn)] -= 1
        return id(conn)

    async def scenario() -> None:
        session = Session(session_world.uri)
        await session.open()
        used = await asyncio.gather(*(session.call(ask, background=number % 2 == 0) for number in range(120)))
        assert max(most) == 1
        assert 1 < len(set(used)) <= MOST
        await session.close()

    asyncio.run(scenario())
    assert not engine_threads()


def test_long_calls_leave_the_first_connection_alone(session_world: SessionWorld) -> None:
    async def scenario() -> None:
        session = Session(session_world.uri)
        await session.open()
        first, second = await asyncio.gather(session.call(id), session.call(id, long=True))
        assert first != second
        assert second == await session.call(id, long=True)
        await session.close()

    asyncio.run(scenario())
    assert not engine_threads()
