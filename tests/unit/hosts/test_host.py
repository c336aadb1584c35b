"""A host on the practice driver: loads, follows, samples, ends clean."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

import pytest

from app.errors import Failed, HostelryError
from app.hosts import Host, HostList, refresh
from app.model.changes import Change
from app.model.records import DomainRef, DomainState, ObjectKind
from app.model.statistics import Metric
from app.virt import domains, link, networks
from app.virt.session import SessionState

URI = "test:///default"


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - the condition has no event of its own
            await asyncio.sleep(0.005)


def test_a_connection_begun_without_a_loop_is_loaded_with_one() -> None:
    hosts = HostList()
    host = hosts.add(URI)
    host.begin()
    assert host.state is SessionState.CONNECTING
    changes: list[Change] = []
    host.inventory.changed.connect(changes.append)

    async def scenario() -> None:
        await host.connect()
        await until(lambda: len(host.inventory.nodedevs) > 0 and host.record is not None)
        (record,) = host.inventory.domains.values()
        assert (record.name, record.state) == ("test", DomainState.RUNNING)
        assert record.vcpus == 2
        assert record.memory_kib
        assert {change.kind for change in changes} >= {ObjectKind.DOMAIN, ObjectKind.NETWORK, ObjectKind.POOL, ObjectKind.NODEDEV}
        assert host.record is not None
        assert host.record.driver == "TEST"
        assert hosts.domain(DomainRef(host.id, record.uuid)) is record
        await hosts.close()

    asyncio.run(scenario())


def test_events_change_exactly_what_they_name() -> None:
    async def scenario() -> None:
        hosts = HostList()
        host = hosts.add(URI)
        await host.connect()
        await until(lambda: len(host.inventory.nodedevs) > 0)
        (uuid,) = host.inventory.domains
        changes: list[Change] = []
        host.inventory.changed.connect(changes.append)
        await domains.destroy(host.session, uuid)
        await until(lambda: host.inventory.domains[uuid].state is DomainState.SHUTOFF)
        await domains.rename(host.session, uuid, "renamed")
        await until(lambda: host.inventory.domains[uuid].name == "renamed")
        await domains.set_title(host.session, uuid, "A title")
        await until(lambda: host.inventory.domains[uuid].title == "A title")
        await domains.undefine(host.session, uuid)
        await until(lambda: not host.inventory.domains)
        assert {key for change in changes for key in change.added | change.updated | change.removed} == {uuid}
        await hosts.close()

    asyncio.run(scenario())


def test_statistics_come_only_while_watched() -> None:
    async def scenario() -> None:
        hosts = HostList()
        host = hosts.add(URI)
        host.poll_interval_s = 0.5
        await host.connect()
        await until(lambda: len(host.inventory.domains) == 1)
        (uuid,) = host.inventory.domains
        await asyncio.sleep(0.1)
        assert not host.statistics.history(uuid, Metric.CPU)
        host.visible = frozenset({uuid})
        host.watched = True
        await until(lambda: len(host.statistics.history(uuid, Metric.CPU)) >= 2)
        assert not math.isnan(host.statistics.history(uuid, Metric.CPU)[-1])
        await until(lambda: uuid in host.addresses)
        host.watched = False
        await hosts.close()

    asyncio.run(scenario())


def test_a_list_knows_each_address_once() -> None:
    async def scenario() -> None:
        hosts = HostList()
        added: list[Host] = []
        hosts.added.connect(added.append)
        host = hosts.add(URI, label="Practice")
        assert hosts.add(URI) is host
        assert added == [host]
        hosts.rename(host.id, "Other")
        assert [saved.label for saved in hosts.saved()] == ["Other"]
        await host.connect()
        hosts.remove(host.id)
        assert hosts.hosts == []
        await until(lambda: host.state is SessionState.DISCONNECTED)
        await hosts.close()

    asyncio.run(scenario())


def test_a_host_that_cannot_be_reached_says_why() -> None:
    async def scenario() -> None:
        hosts = HostList()
        host = hosts.add("qemu+unix:///system?socket=/nonexistent/sock")
        with pytest.raises(HostelryError):
            await host.connect()
        assert host.state is SessionState.FAILED
        assert host.error is not None
        await hosts.close()

    asyncio.run(scenario())


def test_disconnecting_forgets_and_connecting_again_reads_anew() -> None:
    async def scenario() -> None:
        hosts = HostList()
        host = hosts.add(URI)
        for _ in range(3):
            await host.connect()
            await until(lambda: len(host.inventory.domains) == 1)
            await host.disconnect()
            assert not host.inventory.domains
        await hosts.close()

    asyncio.run(scenario())


def test_a_driver_without_events_is_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "subscribe_lifecycle", lambda _conn, _queue: None)
    monkeypatch.setattr(link, "subscribe_rest", lambda _conn, _queue: iter(()))
    monkeypatch.setattr(refresh, "POLL_S", 0.05)

    async def scenario() -> None:
        hosts = HostList()
        host = hosts.add(URI)
        await host.connect()
        await until(lambda: len(host.inventory.domains) == 1)
        assert not host.session.has_events
        (uuid,) = host.inventory.domains
        await domains.destroy(host.session, uuid)
        await until(lambda: host.inventory.domains[uuid].state is DomainState.SHUTOFF)
        await hosts.close()

    asyncio.run(scenario())


def test_one_kind_that_cannot_be_read_keeps_no_other_away(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_session: object) -> list[object]:
        raise Failed("Cannot list the networks.")

    monkeypatch.setattr(networks, "list_records", fail)

    async def scenario() -> None:
        hosts = HostList()
        host = hosts.add(URI)
        await host.connect()
        await until(lambda: len(host.inventory.pools) == 1 and len(host.inventory.nodedevs) > 0)
        assert not host.inventory.networks
        await hosts.close()

    asyncio.run(scenario())
