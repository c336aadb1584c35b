"""The seed's note in the metadata, and its way out."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.errors import Busy, NotFound, Unsupported
from app.install.seed import note as notes
from app.install.seed import removal
from app.install.seed.note import Note, State
from app.model.records import DomainRecord, DomainState
from app.virt import disk_use, domains, guest_agent, storage
from app.virt.disk_use import Users
from app.xmldoc import Document

NOTE = Note("/pool/hostelry-seed-12ab.iso", "sda")

DOMAIN = """<domain type='qemu'>
  <name>a</name>
  <os><type machine='pc-q35-7.2'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'><target dev='vda' bus='virtio'/></disk>
  </devices>
</domain>
"""


def test_the_note_lies_beside_what_others_wrote() -> None:
    text = notes.written("<hostelry>\n  <notes>mine</notes>\n</hostelry>", NOTE)
    assert notes.read(text) == NOTE and "<notes>mine</notes>" in text
    assert notes.read(notes.written(text, None)) is None and "mine" in notes.written(text, None)
    assert notes.written(notes.written("", NOTE), None) == ""


@pytest.mark.parametrize("text", ["", "<hostelry/>", "<hostelry><seed path='/x'/></hostelry>", "<hostelry><seed path='/x' target='a' state='?'/></hostelry>"])
def test_other_metadata_is_no_note(text: str) -> None:
    assert notes.read(text) is None


@pytest.mark.parametrize("path", ["/home/me/thesis.odt", "/pool/hostelry-seed-1.iso/../../x", "/a/../hostelry-seed-1.iso", "/x/my-hostelry-seed-1.iso"])
def test_only_files_of_this_program_are_deleted(path: str) -> None:
    assert not Note(path, "sda").deletable
    assert NOTE.deletable


def test_attaching_adds_a_drive_and_the_note() -> None:
    document = Document.parse(DOMAIN)
    note = removal.attach(document, NOTE.path)
    assert note == NOTE
    assert document.get("devices/disk[@device='cdrom']/source/@file") == NOTE.path
    again = Document.parse(document.to_text())
    assert again.get("metadata/hostelry:hostelry/hostelry:seed/@state") == "attached"


@pytest.mark.parametrize(
    ("state", "active", "done", "shut_down", "due"),
    [
        (State.ATTACHED, False, False, True, False),  # it never ran
        (State.STARTED, True, False, False, False),
        (State.STARTED, True, True, False, True),
        (State.ATTACHED, True, True, False, True),
        (State.STARTED, False, False, True, True),
        (State.STARTED, False, False, False, False),  # forced off
    ],
)
def test_when_it_goes(state: State, active: bool, done: bool, shut_down: bool, due: bool) -> None:
    assert removal.due(Note("/x", "sda", state), active=active, done=done, shut_down=shut_down) is due


def test_only_its_own_end_counts_as_one() -> None:
    assert removal.shut_itself_down(DomainRecord("u", "a", state=DomainState.SHUTOFF, reason=1))
    assert not removal.shut_itself_down(DomainRecord("u", "a", state=DomainState.SHUTOFF, reason=2))


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"v1": 3}', b'{"v1": null}', b"[" * 9999, b"\xff"])
def test_a_guest_may_say_what_it_likes(data: bytes) -> None:
    assert removal.parse_result(data) is None


class World:
    """A machine as libvirt has it, as far as the seed touches it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.metadata = notes.written("<hostelry><notes>n</notes></hostelry>", NOTE)
        self.xml = {True: self._with_seed(), False: self._with_seed()}
        self.deleted: list[str] = []
        self.result: bytes | None = None
        self.closed = 0
        self.users = Users()
        monkeypatch.setattr(domains, "list_states", self._list_states)
        monkeypatch.setattr(disk_use, "users", self._users)
        for module, name in ((domains, "metadata"), (domains, "set_metadata"), (domains, "xml"), (domains, "update_device")):
            monkeypatch.setattr(module, name, getattr(self, f"_{name}"))
        monkeypatch.setattr(storage, "delete_volume", self._delete)
        monkeypatch.setattr(guest_agent, "command", self._command)
        self.session: Any = SimpleNamespace(is_local=True)

    def _with_seed(self) -> str:
        document = Document.parse(DOMAIN)
        removal.attach(document, NOTE.path)
        return document.to_text()

    @property
    def note(self) -> Note | None:
        return notes.read(self.metadata)

    def media(self, live: bool) -> str | None:
        return Document.parse(self.xml[live]).get("devices/disk[@device='cdrom']/source/@file")

    def tend(self, **words: bool) -> removal.Finished | None:
        return asyncio.run(removal.tend(self.session, "u", **words))

    async def _list_states(self, _session: object) -> list[DomainRecord]:
        return [DomainRecord("u", "a"), DomainRecord("c", "copy")]

    async def _users(self, _session: object, guests: list[tuple[str, str]], **_words: float) -> Users:
        assert guests == [("c", "copy")]
        return self.users

    async def _metadata(self, _session: object, _uuid: str, _space: str = "") -> str:
        return self.metadata

    async def _set_metadata(self, _session: object, _uuid: str, text: str, **_words: str) -> None:
        self.metadata = text

    async def _xml(self, _session: object, _uuid: str, *, inactive: bool = False, secure: bool = False) -> str:
        return self.xml[not inactive]

    async def _update_device(self, _session: object, _uuid: str, xml: str, *, live: bool, config: bool, force: bool = False) -> None:
        for which in [True] * live + [False] * config:
            document = Document.parse(self.xml[which])
            document.remove("devices/disk[@device='cdrom']")
            document.insert(xml)
            self.xml[which] = document.to_text()

    async def _delete(self, _session: object, path: str) -> None:
        if path in self.deleted:
            raise NotFound("gone")
        self.deleted.append(path)

    async def _command(self, _session: object, _uuid: str, name: str, **arguments: Any) -> Any:
        if self.result is None:
            raise Unsupported("no agent")
        if name == "guest-file-open":
            return 7
        if name == "guest-file-close":
            self.closed += arguments["handle"] == 7
            return {}
        return {"buf-b64": base64.b64encode(self.result).decode()}


def test_from_the_first_start_to_the_end_by_the_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    world.tend(active=True)
    assert world.note is not None and world.note.state is State.STARTED and not world.deleted
    world.result = json.dumps({"v1": {"datasource": "DataSourceNoCloud", "errors": ["a"]}}).encode()
    assert world.tend(active=True) == removal.Finished("DataSourceNoCloud", ("a",))
    assert world.note is None and "<notes>n</notes>" in world.metadata
    assert world.media(True) is None and world.media(False) is None
    assert world.deleted == [NOTE.path] and world.closed == 1


def test_without_an_agent_it_goes_when_the_guest_has_shut_down(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    world.tend(active=False, shut_down=True)
    assert not world.deleted, "it never ran"
    world.tend(active=True)
    world.tend(active=False, shut_down=False)
    assert not world.deleted, "it was forced off"
    world.tend(active=False, shut_down=True)
    assert world.deleted == [NOTE.path] and world.media(False) is None and world.note is None


def test_another_medium_in_the_drive_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    world.xml[False] = world.xml[False].replace(NOTE.path, "/other.iso")
    world.deleted.append(NOTE.path)  # somebody deleted it already
    asyncio.run(removal.remove(world.session, "u", NOTE, active=False))
    assert world.media(False) == "/other.iso" and world.note is None


def test_a_seed_that_another_machine_has_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of a machine that never ran has its drive and its note."""
    world = World(monkeypatch)
    world.users = Users({NOTE.path: frozenset({"copy"})})
    asyncio.run(removal.remove(world.session, "u", NOTE, active=False))
    assert world.note is None and world.media(False) is None
    assert not world.deleted


def test_while_not_all_machines_tell_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch)
    world.users = Users({}, ("hung",))
    with pytest.raises(Busy, match="hung"):
        asyncio.run(removal.remove(world.session, "u", NOTE, active=False))
    assert world.note == NOTE and not world.deleted


def test_a_local_seed_is_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    world = World(monkeypatch)
    path = tmp_path / "hostelry-seed-1.iso"
    path.touch()
    asyncio.run(removal.remove(world.session, "u", Note(str(path), "sda", volume=False), active=False))
    assert not path.exists() and not world.deleted
