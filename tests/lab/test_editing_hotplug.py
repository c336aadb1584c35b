"""Plugging in and out of a running machine by an edited definition: seen by virsh and inside the guest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.editing.outcome import Fate, Outcome
from app.editing.session import EditSession
from app.jobs.runner import JobRunner
from app.xmldoc.document import Document, Element
from tests.lab import guests, hosts
from tests.lab.editing_stage import change, editing, hot_host, inactive, live, shell, start, wait_shell
from tests.lab.guests import LabGuest
from tests.lab.media import FIRST_TEXT, SECOND_TEXT
from tests.lab.world import wait_for

READ_DISC = "mount -t iso9660 -o ro /dev/sr0 /mnt && cat /mnt/*.txt | tr '\\n' ' '; umount /mnt"


@pytest.fixture(scope="module")
def hot() -> Iterator[LabGuest]:
    if why := hosts.why_not():
        pytest.skip(why)
    with hot_host() as host:
        yield start(host)


def now(outcome: Outcome) -> None:
    """Everything took effect at once."""
    assert outcome.ok, outcome.words()
    assert {result.fate for result in outcome.results} == {Fate.NOW}, outcome.words()


def both(guest: LabGuest, path: str) -> tuple[str | None, str | None]:
    """A value in the running machine and in the definition."""
    return live(guest).get(path), inactive(guest).get(path)


def test_a_disk_comes_and_goes(hot: LabGuest) -> None:
    path = guests.make_disk(hot.world, "more.qcow2", "64M")
    now(change(hot, lambda document: document.insert(guests.disk(path, dev="vdb"))))
    at = "devices/disk[@device='disk']"
    assert "vdb" in hot.world.virsh("domblklist", "hot")
    assert "vdb" in hot.world.virsh("domblklist", "hot", "--inactive")
    wait_shell(hot, "cat /proc/partitions", "vdb")
    slots = [doc.get("address/@slot", None, one) for doc in (live(hot), inactive(hot)) for one in doc.find_all(at) if _dev(one) == "vdb"]
    assert len(slots) == 2
    assert len(set(slots)) == 1  # the same place on the bus now and after the next start
    now(change(hot, lambda document: document.remove_element(next(one for one in document.find_all(at) if _dev(one) == "vdb"))))
    assert "vdb" not in hot.world.virsh("domblklist", "hot") + hot.world.virsh("domblklist", "hot", "--inactive")
    wait_for(lambda: "vdb" not in shell(hot, "cat /proc/partitions"), "the disk to go in the guest", 10, 0.3)


def _dev(disk: Element) -> str:
    target = disk.find("target")
    return str(target.get("dev")) if target is not None else ""


def test_a_network_card_comes_and_goes(hot: LabGuest) -> None:
    mac = "52:54:00:aa:bb:01"
    card = f"<interface type='network'><mac address='{mac}'/><source network='default'/><model type='virtio'/></interface>"
    now(change(hot, lambda document: document.insert(card)))
    assert mac in hot.world.virsh("domiflist", "hot")
    assert mac in hot.world.virsh("domiflist", "hot", "--inactive")
    wait_shell(hot, "cat /sys/class/net/*/address", mac)
    now(change(hot, lambda document: document.remove("devices/interface[2]")))
    assert mac not in hot.world.virsh("domiflist", "hot") + hot.world.virsh("domiflist", "hot", "--inactive")
    wait_for(lambda: mac not in shell(hot, "cat /sys/class/net/*/address"), "the card to go in the guest", 10, 0.3)


def test_usb_devices_come_and_go(hot: LabGuest) -> None:
    path = guests.make_disk(hot.world, "stick.qcow2", "32M")
    stick = guests.disk(path, dev="sdx", bus="usb")

    def plug(document: Document) -> None:
        document.insert(stick)
        document.insert("<input type='tablet' bus='usb'/>")

    now(change(hot, plug))
    wait_shell(hot, "cat /proc/partitions", "sd")
    wait_shell(hot, "cat /sys/bus/usb/devices/*/product", "QEMU USB Tablet")

    def unplug(document: Document) -> None:
        document.remove_element(next(one for one in document.find_all("devices/disk") if _dev(one) == "sdx"))
        document.remove("devices/input[@bus='usb']")

    now(change(hot, unplug))
    assert "sdx" not in hot.world.virsh("domblklist", "hot")
    wait_for(lambda: "Tablet" not in shell(hot, "cat /sys/bus/usb/devices/*/product"), "the tablet to go in the guest", 10, 0.3)


def test_memory_is_plugged_in(hot: LabGuest) -> None:
    before = int(shell(hot, "awk '/MemTotal/{print $2}' /proc/meminfo"))
    dimm = "<memory model='dimm'><target><size unit='MiB'>128</size><node>0</node></target></memory>"
    now(change(hot, lambda document: document.insert(dimm)))
    assert both(hot, "devices/memory/target/size") == ("131072", "131072")
    shell(hot, "for one in /sys/devices/system/memory/memory*/state; do echo online > $one; done")
    wait_for(
        lambda: int(shell(hot, "awk '/MemTotal/{print $2}' /proc/meminfo")) >= before + 120 * 1024, "the guest's memory", 15, 0.5
    )


def test_a_processor_is_plugged_in(hot: LabGuest) -> None:
    assert shell(hot, "ls -d /sys/devices/system/cpu/cpu[0-9]*").count("cpu/cpu") == 2
    now(change(hot, lambda document: document.set("vcpu/@current", "3")))
    assert "3" in hot.world.virsh("vcpucount", "hot", "--current", "--live")
    assert "3" in hot.world.virsh("vcpucount", "hot", "--current", "--config")
    wait_for(lambda: shell(hot, "ls -d /sys/devices/system/cpu/cpu[0-9]*").count("cpu/cpu") == 3, "the processor", 15, 0.5)


def test_the_balloon(hot: LabGuest) -> None:
    whole = int(live(hot).get("memory") or 0)
    now(change(hot, lambda document: document.set("currentMemory", str(whole - 65536))))
    wait_for(lambda: int(live(hot).get("currentMemory") or 0) == whole - 65536, "the balloon", 15, 0.3)
    assert inactive(hot).get("currentMemory") == str(whole - 65536)
    now(change(hot, lambda document: document.set("currentMemory", str(whole))))


def test_a_medium_is_changed(hot: LabGuest, tiny_iso: Path, second_iso: Path) -> None:
    first, second = hot.world.put(tiny_iso), hot.world.put(second_iso)
    drive = "devices/disk[@device='cdrom']/source/@file"
    now(change(hot, lambda document: document.set(drive, str(first))))
    assert both(hot, drive) == (str(first), str(first))
    wait_shell(hot, READ_DISC, FIRST_TEXT)
    now(change(hot, lambda document: document.set(drive, str(second))))
    assert both(hot, drive) == (str(second), str(second))
    wait_shell(hot, READ_DISC, SECOND_TEXT)
    now(change(hot, lambda document: document.remove("devices/disk[@device='cdrom']/source")))
    assert both(hot, drive) == (None, None)


def test_disk_limits_link_and_shares(hot: LabGuest) -> None:
    def limit(document: Document) -> None:
        document.set("devices/disk[@device='disk']/iotune/total_bytes_sec", "3000000")
        document.set("devices/interface/link/@state", "down")
        document.set("cputune/shares", "512")
        document.set("cputune/quota", "50000")
        document.set("cputune/period", "100000")

    now(change(hot, limit))
    assert "3000000" in hot.world.virsh("blkdeviotune", "hot", "vda")
    assert "down" in hot.world.virsh("domif-getlink", "hot", live(hot).get("devices/interface/mac/@address") or "")
    wait_for(lambda: shell(hot, "cat /sys/class/net/eth0/carrier").strip() in ("0", ""), "the link to go in the guest", 10, 0.3)
    told = hot.world.virsh("schedinfo", "hot").split()
    for name, value in (("cpu_shares", "512"), ("vcpu_quota", "50000"), ("vcpu_period", "100000")):
        assert told[told.index(name) + 2] == value

    def free(document: Document) -> None:
        document.remove("devices/disk[@device='disk']/iotune")
        document.remove("devices/interface/link")
        document.remove("cputune/quota")
        document.remove("cputune/period")

    outcome = change(hot, free)
    assert outcome.ok, outcome.words()
    assert "total_bytes_sec: 0" in " ".join(hot.world.virsh("blkdeviotune", "hot", "vda").split())
    wait_shell(hot, "cat /sys/class/net/eth0/carrier", "1")
    told = hot.world.virsh("schedinfo", "hot").split()
    assert told[told.index("vcpu_quota") + 2] in ("-1", "17592186044415", "0")


def test_what_cannot_be_live_waits_and_is_there_after_the_next_start(hot: LabGuest) -> None:
    """At the end: the machine is started anew."""

    def later(document: Document) -> None:
        document.set("devices/video/model/@vram", "32768")
        document.insert("<sound model='ich6'/>")
        document.set("on_crash", "destroy" if document.get("on_crash") != "destroy" else "preserve")

    outcome = change(hot, later)
    assert outcome.ok, outcome.words()
    assert {result.fate for result in outcome.results} == {Fate.NEXT}
    waiting: list[str] = []

    async def look(session: EditSession, _jobs: JobRunner) -> None:
        waiting.extend(one.path for one in session.pending)

    editing(hot, look)
    assert {"devices/sound", "on_crash", "devices/video/model/@vram"} <= set(waiting)
    hot.world.virsh("destroy", "hot")
    hot.start()
    assert live(hot).get("devices/sound/@model") == "ich6"
    assert live(hot).get("devices/video/model/@vram") == "32768"
    waiting.clear()
    editing(hot, look)
    assert waiting == []
