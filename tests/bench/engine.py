"""The engine on a real daemon: listing after connect, round trips, events, a hung guest; beside virsh.  ``packaging/bench engine``.

Needs root (the lab's isolated hosts).  Times are of this process: from ``Session.open`` returning to the inventory's change, and from
another client's define to the inventory's change.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import libvirt

from app.hosts.host import Host
from app.model.changes import Change
from app.virt import domains
from tests.bench.machines import define
from tests.lab.faults import Link
from tests.lab.hosts import RootHost

SMALL = "<domain type='qemu'><name>{name}</name><memory unit='MiB'>32</memory><vcpu>1</vcpu><os><type arch='x86_64'>hvm</type></os></domain>"


@asynccontextmanager
async def connected(uri: str) -> AsyncIterator[Host]:
    """A host whose list has been read."""
    host = Host(uri)
    loaded = asyncio.Event()
    listening = host.loaded.connect(lambda _host: loaded.set())
    await host.connect()
    await asyncio.wait_for(loaded.wait(), 30)
    listening.disconnect()
    try:
        yield host
    finally:
        await host.disconnect()


async def time_to_list(uri: str, count: int) -> tuple[float, float]:
    """Seconds until connected, and from then until ``count`` guests with their states are in the inventory."""
    host = Host(uri)
    full = asyncio.Event()

    def changed(_change: Change) -> None:
        if len(host.inventory.domains) >= count:
            full.set()

    host.inventory.changed.connect(changed)
    began = time.perf_counter()
    await host.connect()
    opened = time.perf_counter()
    await asyncio.wait_for(full.wait(), 60)
    listed = time.perf_counter()
    await host.disconnect()
    return opened - began, listed - opened


def virsh_list(uri: str) -> float:
    """The whole process ``virsh list --all``, seconds."""
    began = time.perf_counter()
    subprocess.run(["virsh", "-c", uri, "-q", "list", "--all"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def setter(seen: asyncio.Event) -> Callable[[Change], None]:
    """A slot that notes that something was added."""

    def changed(change: Change) -> None:
        if change.added:
            seen.set()

    return changed


async def event_latencies(uri: str, times: int) -> list[float]:
    """Another client defines and undefines a guest; seconds from its call to our inventory's change."""
    other = libvirt.open(uri)
    spent: list[float] = []
    async with connected(uri) as host:
        await host.session.subscribed()
        for i in range(times):
            name = f"event-{i}-{uuid.uuid4().hex[:6]}"
            seen = asyncio.Event()
            listening = host.inventory.changed.connect(setter(seen))
            began = time.perf_counter()
            domain = await asyncio.to_thread(other.defineXML, SMALL.format(name=name))
            await asyncio.wait_for(seen.wait(), 10)
            spent.append(time.perf_counter() - began)
            listening.disconnect()
            await asyncio.to_thread(domain.undefine)
            await asyncio.sleep(0.1)
    other.close()
    return spent


async def with_a_hung_guest(host_world: RootHost, uri: str, hung: str, other: str) -> tuple[int, float]:
    """(samples that brought the others' counters within two poll intervals of a guest's hanging, seconds for an action on another)."""
    async with connected(uri) as host:
        host.poll_interval_s = 1.0
        by_name = {record.name: key for key, record in host.inventory.domains.items()}
        host.visible = frozenset(by_name.values())
        host.watched = True
        samples: list[frozenset[str]] = []
        host.statistics.sampled.connect(lambda _host, uuids: samples.append(frozenset(uuids)))
        await asyncio.sleep(3)
        pid = host_world.qemu_pid(hung)
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(0.5)
            samples.clear()
            await asyncio.sleep(4)
            fresh = sum(by_name[other] in uuids for uuids in samples)
            began = time.perf_counter()
            await domains.resume(host.session, by_name[other])
            acted = time.perf_counter() - began
        finally:
            os.kill(pid, signal.SIGCONT)
        await domains.suspend(host.session, by_name[other])
        return fresh, acted


def row(what: str, value: str, bar: str, reached: bool) -> None:
    print(f"| {what} | {value} | {bar} | {'reached' if reached else 'NOT reached'} |", flush=True)


def ms(values: list[float]) -> str:
    ranked = sorted(values)
    return f"{statistics.median(ranked) * 1e3:.0f} ms median, {ranked[int(0.95 * (len(ranked) - 1))] * 1e3:.0f} ms p95"


def measure(runs: int) -> None:
    """Prints one row a bar."""
    print("| what | measured | bar | |\n|---|---|---|---|")
    with RootHost("bench") as world:
        define(world.uri, 1000, 20, world.images)
        ours = [asyncio.run(time_to_list(world.uri, 1000)) for _ in range(runs)]
        virsh = statistics.median(virsh_list(world.uri) for _ in range(runs))
        listed = statistics.median(after for _before, after in ours)
        whole = statistics.median(sum(pair) for pair in ours)
        row("list of 1,000 after connect", f"{listed * 1e3:.0f} ms", "150 ms", listed <= 0.15)
        row("connect and list 1,000, over `virsh list --all`", f"{whole * 1e3:.0f} ms / {virsh * 1e3:.0f} ms = {whole / virsh:.2f}", "< 1", whole < virsh)
        near = statistics.median(sum(asyncio.run(time_to_list(world.uri, 1000))) for _ in range(runs))
        for rtt_s, bar in ((0.05, 1.0), (0.2, 2.0)):
            with Link(world.socket, rtt_s=rtt_s) as link:
                far = statistics.median(sum(asyncio.run(time_to_list(link.uri(), 1000))) for _ in range(runs))
            limit = bar if rtt_s == 0.05 else bar + near
            row(f"the same, {rtt_s * 1e3:.0f} ms away", f"{far:.2f} s ({(far - near) / rtt_s:.1f} round trips)", f"{limit:.1f} s", far <= limit)
        spent = asyncio.run(event_latencies(world.uri, 10 * runs))
        p95 = sorted(spent)[int(0.95 * (len(spent) - 1))]
        row("another client's change in the inventory", ms(spent), "30 ms p95", p95 <= 0.03)
        fresh, acted = asyncio.run(with_a_hung_guest(world, world.uri, "vm-00001", "vm-00002"))
        row("one guest hung: samples of another in 4 s at 1 s", f"{fresh}", ">= 2", fresh >= 2)
        row("one guest hung: an action on another", f"{acted * 1e3:.0f} ms", "500 ms", acted <= 0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    measure(parser.parse_args().runs)


if __name__ == "__main__":
    main()
