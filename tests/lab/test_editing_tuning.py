"""What a running machine may use, changed while it runs: each limit, share and pin told by virsh, live and for the next start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.editing.outcome import Fate, Outcome
from app.editing.pending import Pending
from app.editing.session import EditSession
from app.jobs.runner import JobRunner
from app.xmldoc.document import Document
from tests.lab import hosts
from tests.lab.editing_stage import change, editing, hot_host, inactive, live, shell, start, wait_shell
from tests.lab.guests import LabGuest
from tests.lab.world import wait_for


@pytest.fixture(scope="module")
def hot() -> Iterator[LabGuest]:
    if why := hosts.why_not():
        pytest.skip(why)
    with hot_host() as host:
        yield start(host, change=lambda xml: xml.replace("<graphics type='vnc'", "<graphics type='vnc' passwd='sesame0'"))


def now(outcome: Outcome) -> None:
    """Everything took effect at once."""
    assert outcome.ok, outcome.words()
    assert {result.fate for result in outcome.results} == {Fate.NOW}, outcome.words()


def told(guest: LabGuest, *command: str, config: bool = False) -> dict[str, str]:
    """What a command of virsh says, by name: "name : value" lines; how it runs, or the definition."""
    text = guest.world.virsh(command[0], guest.name, *command[1:], "--config" if config else "--live")
    return {name.strip(): value.strip() for name, colon, value in (line.partition(":") for line in text.splitlines()) if colon}


def both(guest: LabGuest, *command: str) -> list[dict[str, str]]:
    """The same of both."""
    return [told(guest, *command), told(guest, *command, config=True)]


def settings(values: dict[str, str | None]) -> Callable[[Document], None]:
    """Sets each path; None removes it."""

    def edit(document: Document) -> None:
        for path, value in values.items():
            document.set(path, value)

    return edit


def settled(guest: LabGuest) -> None:
    """Nothing waits for the next start."""

    async def test(session: EditSession, _jobs: JobRunner) -> None:
        assert [(one.path, one.live, one.next) for one in session.pending] == []

    editing(guest, test)


def test_memory_limits(hot: LabGuest) -> None:
    limits = {"memtune/hard_limit": "4194304", "memtune/soft_limit": "2097152", "memtune/swap_hard_limit": "8388608"}
    now(change(hot, settings(dict(limits))))
    for said in both(hot, "memtune"):
        assert (said["hard_limit"], said["soft_limit"], said["swap_hard_limit"]) == ("4194304", "2097152", "8388608")
    settled(hot)
    now(change(hot, settings({"memtune": None})))
    for said in both(hot, "memtune"):
        assert {said["hard_limit"], said["soft_limit"], said["swap_hard_limit"]} == {"unlimited"}
    settled(hot)


def test_limits_of_the_hosts_drives(hot: LabGuest) -> None:
    drive = _drive()
    row = "<device><path>{}</path><read_bytes_sec>{}</read_bytes_sec><write_iops_sec>{}</write_iops_sec></device>"
    now(change(hot, lambda document: document.insert(row.format(drive, 20000000, 300), "blkiotune")))
    for said in both(hot, "blkiotune"):
        assert (said["device_read_bytes_sec"], said["device_write_iops_sec"]) == (f"{drive},20000000", f"{drive},300")
    now(change(hot, settings({"blkiotune/device/read_bytes_sec": "30000000", "blkiotune/device/write_iops_sec": None})))
    for said in both(hot, "blkiotune"):
        assert (said["device_read_bytes_sec"], said["device_write_iops_sec"]) == (f"{drive},30000000", "")
    now(change(hot, settings({"blkiotune": None})))
    for said in both(hot, "blkiotune"):
        assert said["device_read_bytes_sec"] == ""
    settled(hot)


def _drive() -> str:
    """A drive of the host; only its name is used, nothing is read or written."""
    drives = sorted(one.name for one in Path("/sys/block").iterdir() if not one.name.startswith(("loop", "ram", "zram")))
    if not drives:
        pytest.skip("the host has no drive")
    return f"/dev/{drives[0]}"


def test_pins(hot: LabGuest) -> None:
    def pin(document: Document) -> None:
        document.insert("<vcpupin vcpu='0' cpuset='1'/>", "cputune")
        document.insert("<vcpupin vcpu='1' cpuset='0'/>", "cputune")
        document.insert("<emulatorpin cpuset='1'/>", "cputune")
        document.insert("<iothreadpin iothread='1' cpuset='0'/>", "cputune")

    now(change(hot, pin))
    for mode in ("--live", "--config"):
        vcpus = _table(hot.world.virsh("vcpupin", "hot", mode))
        assert (vcpus["0"], vcpus["1"]) == ("1", "0")
        assert _last(hot.world.virsh("emulatorpin", "hot", mode)) == "1"
        assert _table(hot.world.virsh("iothreadinfo", "hot", mode))["1"] == "0"
    settled(hot)
    now(change(hot, settings({"cputune/vcpupin[@vcpu='0']": None, "cputune/emulatorpin": None, "cputune/iothreadpin": None})))
    whole = _table(hot.world.virsh("vcpupin", "hot", "--live"))["2"]
    for mode in ("--live", "--config"):
        vcpus = _table(hot.world.virsh("vcpupin", "hot", mode))
        assert (vcpus["0"], vcpus["1"]) == (whole, "0")
        assert _last(hot.world.virsh("emulatorpin", "hot", mode)) == whole
        assert _table(hot.world.virsh("iothreadinfo", "hot", mode))["1"] == whole
    settled(hot)


def _table(text: str) -> dict[str, str]:
    """The rows of one of virsh's tables: the first word, and the last."""
    return {row[0]: row[-1] for line in text.splitlines() if len(row := line.split()) >= 2}


def _last(text: str) -> str:
    return text.rsplit(maxsplit=1)[-1]


def test_io_threads_come_and_go(hot: LabGuest) -> None:
    now(change(hot, settings({"iothreads": "3"})))
    for mode in ("--live", "--config"):
        assert {"1", "2", "3"} <= _table(hot.world.virsh("iothreadinfo", "hot", mode)).keys()
    settled(hot)

    def one(document: Document) -> None:
        document.set("iothreads", "1")
        for row in document.find_all("iothreadids/iothread")[1:]:
            document.remove_element(row)

    now(change(hot, one))
    for mode in ("--live", "--config"):
        assert not {"2", "3"} & _table(hot.world.virsh("iothreadinfo", "hot", mode)).keys()
    settled(hot)


def test_quotas_of_the_emulator_and_of_all(hot: LabGuest) -> None:
    quotas = {"global_quota": "90000", "emulator_quota": "40000", "iothread_quota": "30000"}
    periods = {name.replace("quota", "period"): "100000" for name in quotas}
    now(change(hot, settings({f"cputune/{name}": value for name, value in (quotas | periods).items()})))
    for said in both(hot, "schedinfo"):
        assert {name: said[name] for name in quotas} == quotas
    settled(hot)
    now(change(hot, settings(dict.fromkeys(f"cputune/{name}" for name in quotas | periods))))
    for said in both(hot, "schedinfo"):
        assert not {said[name] for name in quotas} & set(quotas.values())
    settled(hot)


def test_the_balloons_reports(hot: LabGuest) -> None:
    now(change(hot, settings({"devices/memballoon/stats/@period": "3"})))
    assert (live(hot).get("devices/memballoon/stats/@period"), inactive(hot).get("devices/memballoon/stats/@period")) == ("3", "3")
    wait_for(lambda: "usable" in hot.world.virsh("dommemstat", "hot"), "the guest's own numbers", 20, 0.5)
    now(change(hot, settings({"devices/memballoon/stats": None})))
    assert (live(hot).get("devices/memballoon/stats/@period"), inactive(hot).get("devices/memballoon/stats/@period")) == (None, None)
    settled(hot)


def test_a_display_password(hot: LabGuest) -> None:
    password = "devices/graphics/@passwd"
    now(change(hot, settings({password: "sesame1"})))
    for mode in ([], ["--inactive"]):
        assert "passwd='sesame1'" in hot.world.virsh("dumpxml", "hot", "--security-info", *mode)
    settled(hot)
    outcome = change(hot, settings({password: "sesame2"}))
    now(outcome)
    assert "sesame" not in outcome.words()


def test_limits_of_a_network_card(hot: LabGuest) -> None:
    """Told and kept for the next start where the host's kernel cannot shape traffic."""
    mac = live(hot).get("devices/interface/mac/@address") or ""
    outcome = change(hot, settings({"devices/interface/bandwidth/inbound/@average": "2048"}))
    assert told(hot, "domiftune", mac, config=True)["inbound.average"] == "2048"
    (result,) = outcome.results
    if result.fate is Fate.NOW:
        assert told(hot, "domiftune", mac)["inbound.average"] == "2048"
        settled(hot)
    else:
        assert result.error is not None
        assert result.error.raw, outcome.words()
        assert told(hot, "domiftune", mac)["inbound.average"] == "0"
        assert [one.path for one in _pending(hot)] == ["devices/interface/bandwidth/inbound/@average"]
    change(hot, settings({"devices/interface/bandwidth": None}))
    assert told(hot, "domiftune", mac, config=True)["inbound.average"] == "0"
    settled(hot)


def _pending(guest: LabGuest) -> list[Pending]:
    found: list[Pending] = []

    async def test(session: EditSession, _jobs: JobRunner) -> None:
        found.extend(session.pending)

    editing(guest, test)
    return found


def test_memory_is_taken_out_again(hot: LabGuest) -> None:
    """Before any processor was unplugged, which these guests do not survive."""
    dimm = "<memory model='dimm'><target><size unit='MiB'>128</size><node>0</node></target></memory>"
    now(change(hot, lambda document: document.insert(dimm)))
    wait_shell(hot, "ls -d /sys/bus/acpi/devices/PNP0C80* /sys/firmware/memmap 2>&1; cat /sys/devices/system/memory/block_size_bytes", "8")
    outcome = change(hot, settings({"devices/memory": None}))
    (result,) = outcome.results
    assert inactive(hot).find("devices/memory") is None
    if result.fate is Fate.NOW:
        assert live(hot).find("devices/memory") is None
        settled(hot)
    else:
        assert result.error is not None, outcome.words()
        assert live(hot).find("devices/memory") is not None
    assert shell(hot, "echo alive").strip() == "alive"


def test_the_storage_weight(hot: LabGuest) -> None:
    """Where the kernel has no weights this is told, and the definition keeps it."""
    outcome = change(hot, settings({"blkiotune/weight": "700"}))
    (result,) = outcome.results
    assert told(hot, "blkiotune", config=True)["weight"] == "700"
    if result.fate is Fate.NOW:
        assert told(hot, "blkiotune")["weight"] == "700"
    else:
        assert result.error is not None
        assert result.error.raw, outcome.words()
    outcome = change(hot, settings({"blkiotune": None}))
    (result,) = outcome.results
    assert result.error is None, outcome.words()


def test_numa_nodes(hot: LabGuest) -> None:
    """Not every mode lets a running machine move; then libvirt's reason is told, and the definition has it."""
    outcome = change(hot, settings({"numatune/memory/@mode": "strict", "numatune/memory/@nodeset": "0"}))
    assert told(hot, "numatune", config=True)["numa_nodeset"] == "0"
    assert outcome.error is None, outcome.words()
    fates = {result.change.path: result for result in outcome.results}
    nodes = fates["numatune/memory/@nodeset"]
    if nodes.fate is Fate.NOW:
        assert told(hot, "numatune")["numa_nodeset"] == "0"
    else:
        assert nodes.error is not None
        assert nodes.error.raw, outcome.words()
    change(hot, settings({"numatune": None}))
    assert inactive(hot).find("numatune") is None
