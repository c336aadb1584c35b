"""Hosts against real daemons: the inventory follows, statistics and addresses arrive, a hung guest holds up nobody else."""

from __future__ import annotations

import asyncio
import math
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.hosts import Host, HostList
from app.model.records import DomainState
from app.model.statistics import Metric
from app.virt import domains
from app.virt.kvm import AccelChoice
from app.virt.session import SessionState
from tests.lab import faults, guests
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost
from tests.lab.test_engine_session import engine_threads, until
from tests.lab.world import SessionWorld


@asynccontextmanager
async def connected(uri: str) -> AsyncIterator[Host]:
    """A host in a list of its own, loaded; closed at the end."""
    hosts = HostList()
    host = hosts.add(uri)
    loaded = asyncio.Event()
    host.loaded.connect(lambda _host: loaded.set())
    await host.connect()
    await loaded.wait()
    try:
        yield host
    finally:
        await hosts.close()


def state_of(host: Host, name: str) -> DomainState | None:
    return next((record.state for record in host.inventory.domains.values() if record.name == name), None)


def test_inventory_follows_what_others_do(session_world: SessionWorld) -> None:
    async def scenario() -> None:
        async with connected(session_world.uri) as host:
            assert host.inventory.domains == {}
            await host.session.subscribed()
            guest = await asyncio.to_thread(guests.define_boot_sector, session_world)
            await until(lambda: state_of(host, "boot") is DomainState.SHUTOFF)
            await asyncio.to_thread(guest.start)
            await until(lambda: state_of(host, "boot") is DomainState.RUNNING)
            (record,) = host.inventory.domains.values()
            assert record.memory_kib == record.max_memory_kib
            assert record.vcpus == 1
            await asyncio.to_thread(session_world.virsh, "desc", "boot", "--title", "--live", "--config", "My machine")
            await until(lambda: host.inventory.domains[record.uuid].title == "My machine")
            await asyncio.to_thread(session_world.virsh, "managedsave", "boot")
            await until(lambda: host.inventory.domains[record.uuid].managed_save is True)
            await asyncio.to_thread(session_world.virsh, "undefine", "boot", "--managed-save")
            await until(lambda: host.inventory.domains == {})

    asyncio.run(scenario())
    assert not engine_threads()


def test_inventory_is_right_after_a_restart_that_hid_changes(session_world: SessionWorld) -> None:
    guests.define_boot_sector(session_world, "first")

    async def scenario() -> None:
        async with connected(session_world.uri) as host:
            await until(lambda: state_of(host, "first") is DomainState.SHUTOFF)
            await asyncio.to_thread(session_world.kill_daemon)
            await until(lambda: host.state is SessionState.WAITING)
            assert state_of(host, "first") is DomainState.SHUTOFF
            await asyncio.to_thread(session_world.start_daemon)
            await asyncio.to_thread(session_world.virsh, "undefine", "first")
            await asyncio.to_thread(guests.define_boot_sector, session_world, "second")
            host.session.reconnect_now()
            await until(lambda: state_of(host, "second") is DomainState.SHUTOFF)
            assert state_of(host, "first") is None

    asyncio.run(scenario())


def test_killed_qemu_is_shown_as_off(session_world: SessionWorld) -> None:
    guest = guests.define_boot_sector(session_world).start()

    async def scenario() -> None:
        async with connected(session_world.uri) as host:
            await until(lambda: state_of(host, "boot") is DomainState.RUNNING)
            with faults.stopped(guest.qemu_pid()):
                os.kill(guest.qemu_pid(), signal.SIGKILL)
            await until(lambda: state_of(host, "boot") is DomainState.SHUTOFF)
            (record,) = host.inventory.domains.values()
            assert record.reason == 3  # VIR_DOMAIN_SHUTOFF_CRASHED

    asyncio.run(scenario())


def test_a_hung_guest_holds_up_nobody_else(session_world: SessionWorld) -> None:
    hung = guests.define_boot_sector(session_world, "hung").start()
    guests.define_boot_sector(session_world, "lively").start()

    async def scenario() -> None:
        async with connected(session_world.uri) as host:
            await until(lambda: state_of(host, "lively") is DomainState.RUNNING)
            by_name = {record.name: uuid for uuid, record in host.inventory.domains.items()}
            host.poll_interval_s = 0.5
            host.visible = frozenset(by_name.values())
            host.watched = True
            await until(lambda: len(host.statistics.history(by_name["lively"], Metric.CPU)) >= 2)
            with faults.stopped(hung.qemu_pid()):
                await asyncio.sleep(1.5)
                before = len(host.statistics.history(by_name["lively"], Metric.CPU))
                await until(lambda: len(host.statistics.history(by_name["lively"], Metric.CPU)) >= before + 2)
                await domains.suspend(host.session, by_name["lively"])
                await until(lambda: state_of(host, "lively") is DomainState.PAUSED)
                await domains.resume(host.session, by_name["lively"])
                await until(lambda: state_of(host, "lively") is DomainState.RUNNING)

    asyncio.run(scenario())


def test_loading_beside_a_hung_guest(session_world: SessionWorld) -> None:
    hung = guests.define_boot_sector(session_world, "hung").start()
    guests.define_boot_sector(session_world, "lively")

    async def scenario() -> None:
        with faults.stopped(hung.qemu_pid()):
            async with connected(session_world.uri) as host:
                by_name = {record.name: uuid for uuid, record in host.inventory.domains.items()}
                assert set(by_name) == {"hung", "lively"}
                await until(lambda: host.inventory.domains[by_name["lively"]].vcpus == 1)
                await domains.start(host.session, by_name["lively"])
                await until(lambda: state_of(host, "lively") is DomainState.RUNNING)

    asyncio.run(scenario())


def test_addresses_come_with_their_source(session_agent_guest: LabGuest) -> None:
    world = session_agent_guest.world

    async def scenario() -> None:
        async with connected(world.uri) as host:
            (uuid,) = host.inventory.domains
            host.visible = frozenset({uuid})
            host.watched = True
            await until(lambda: uuid in host.addresses)
            assert {address.source.value for address in host.addresses[uuid]} == {"agent"}
            await domains.destroy(host.session, uuid)
            await until(lambda: uuid not in host.addresses)

    asyncio.run(scenario())


def test_statistics_of_a_running_guest(session_agent_guest: LabGuest) -> None:
    world = session_agent_guest.world

    async def scenario() -> None:
        async with connected(world.uri) as host:
            (uuid,) = host.inventory.domains
            host.visible = frozenset({uuid})
            host.poll_interval_s = 0.5
            host.watched = True
            await until(lambda: len(host.statistics.history(uuid, Metric.CPU)) >= 3)
            assert not math.isnan(host.statistics.history(uuid, Metric.CPU)[-1])
            assert not math.isnan(host.statistics.history(uuid, Metric.MEMORY)[-1])

    asyncio.run(scenario())


def test_slow_host_lists_in_few_round_trips(session_world: SessionWorld) -> None:
    for number in range(3):
        guests.define_boot_sector(session_world, f"guest{number}")

    async def scenario() -> None:
        with faults.Link(session_world.socket, rtt_s=0.2) as link:
            begun_s = asyncio.get_running_loop().time()
            async with connected(link.uri("session")) as host:
                seconds = asyncio.get_running_loop().time() - begun_s
                assert len(host.inventory.domains) == 3
                assert seconds < 10 * 0.2 + 2  # generous: round trips are counted, not this machine's speed
                await until(lambda: all(record.vcpus for record in host.inventory.domains.values()))

    asyncio.run(scenario())


def test_networks_and_pools_of_a_system_host(root_host: RootHost) -> None:
    async def scenario() -> None:
        async with connected(root_host.uri) as host:
            await until(lambda: bool(host.inventory.networks) and bool(host.inventory.pools))
            assert {record.name for record in host.inventory.networks.values()} >= {"default"}
            pool = next(iter(host.inventory.pools.values()))
            assert pool.active
            assert pool.target_path
            assert host.record is not None
            assert host.record.driver == "QEMU"
            assert host.record.memory_kib > 0

    asyncio.run(scenario())


def test_choice_of_acceleration_is_said_with_its_reason(session_world: SessionWorld) -> None:
    async def scenario() -> None:
        async with connected(session_world.uri) as host:
            await until(lambda: host.record is not None and "Not known" not in host.accel.reason)
            assert host.accel.reason
            await host.set_accel_choice(AccelChoice.KVM)
            assert host.accel.virt_type == "kvm"
            await host.set_accel_choice(AccelChoice.EMULATION)
            assert host.accel.virt_type == "qemu"

    asyncio.run(scenario())
