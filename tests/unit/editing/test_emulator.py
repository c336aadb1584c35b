"""The emulator program is a setting of the machine, though it stands among the devices; systems are offered by their names."""

from __future__ import annotations

from pathlib import Path

from app.editing.offers import offers
from app.editing.plan import Way, plan
from app.editing.session import EditSession
from app.install import osinfo
from app.xmldoc.document import Document
from tests.unit.editing.machine import edited

MACHINE = "<domain><name>a</name><devices><emulator>/usr/bin/old</emulator><disk/></devices></domain>"


def test_another_emulator_is_told_as_a_setting() -> None:
    old, new = Document.parse(MACHINE), Document.parse(MACHINE)
    new.set("devices/emulator", "/opt/qemu")
    (change,) = plan(old, new, Document.parse(MACHINE)).changes
    assert change.words == "Emulator program: /usr/bin/old → /opt/qemu"
    assert (change.way, change.description) == (Way.NEXT_START, "os")
    new.remove("devices/emulator")
    (change,) = plan(old, new, None).changes
    assert change.words == "Remove Emulator program"


def test_systems_are_offered(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        found = await offers(session.host, session.document)
        known = {one.id: one.name for one in osinfo.names()}
        assert {one.value: one.words for one in found.names["systems"]} == known

    edited(tmp_path, test)
