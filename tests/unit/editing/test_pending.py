"""What waits for the next start, and what only looks like it."""

from __future__ import annotations

import pytest

from app.editing.pending import pending_of
from app.editing.reading import of_what_runs
from app.virt.texts import Texts
from app.xmldoc.document import Document

MACHINE = "<domain><name>a</name>{}<devices><disk><target dev='vda'/></disk>{}</devices></domain>"


def _paths(live: str, base: str = "", cpus: int = 4) -> list[str]:
    documents = [Document.parse(MACHINE.format(text, "")) for text in (live, base)]
    return [one.path for one in pending_of(documents[0], documents[1], cpus)]


@pytest.mark.parametrize(
    ("live", "waits"),
    [
        ("<vcpupin vcpu='0' cpuset='0-3'/>", False),  # on all of the host's
        ("<vcpupin vcpu='0' cpuset='0-2'/>", True),
        ("<emulatorpin cpuset='0-1,2,3'/>", False),
        ("<iothreadpin iothread='1' cpuset='3'/>", True),
        ("<emulator_period>100000</emulator_period><emulator_quota>-1</emulator_quota>", False),
        ("<quota>17592186044415</quota>", False),
        ("<global_quota>50000</global_quota>", True),
        ("<period>50000</period>", True),
    ],
)
def test_what_was_taken_back_does_not_wait(live: str, waits: bool) -> None:
    assert bool(_paths(f"<cputune>{live}</cputune>")) is waits
    assert bool(_paths(f"<cputune>{live}</cputune>", f"<cputune>{live}</cputune>")) is False


def test_a_pin_counts_where_the_host_does_not_tell_its_processors() -> None:
    assert _paths("<cputune><emulatorpin cpuset='0-3'/></cputune>", cpus=0)


def test_a_machine_that_was_undefined_starts_anew_as_it_runs() -> None:
    old = MACHINE.format("<title>old</title>", "<sound model='ich6'/>")
    live = MACHINE.format("<title>new</title>", "<disk><target dev='vdb'/><alias name='virtio-disk1'/></disk>")
    mended = of_what_runs(Texts(old, live, persistent=False))
    document = Document.parse(mended.base)
    assert document.get("title") == "new"
    assert [document.get("target/@dev", "", one) for one in document.find_all("devices/disk")] == ["vda", "vdb"]
    assert document.find("devices/sound") is None
    assert document.find("devices/disk/alias") is None
    assert of_what_runs(mended) == mended
    assert pending_of(Document.parse(live), document) == ()
