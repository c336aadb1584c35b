"""Editing one document: undo, texts that do not parse, changes by others."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.devices.description import Field, Kind
from app.editing.places import at_place, place_of
from app.editing.session import EditSession
from app.errors import Invalid
from app.virt import domains
from app.xmldoc.document import Document
from tests.unit.editing.machine import edited, until

MEMORY = Field("memory", "Memory", Kind.SIZE, has_unit=True)


def test_nothing_edited_is_byte_for_byte_what_libvirt_said(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        assert session.document.to_text() == session.base
        assert not session.edited
        assert session.differences() == []
        assert session.diff_text() == ""
        assert (session.can_undo, session.can_redo) == ("", "")

    edited(tmp_path, test)


def test_a_step_is_undone_and_done_again(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        told: list[str] = []
        connection = session.changed.connect(lambda: told.append(session.document.get("memory") or ""))
        session.set(MEMORY, session.document.root, str(1 << 30))
        session.edit("Title", lambda document: document.set("title", "Other"))
        assert session.can_undo == "Title"
        session.undo()
        assert session.document.get("title") == "The web"
        session.undo()
        assert session.text == session.base
        session.redo()
        session.redo()
        assert (session.document.get("title"), session.document.get("memory")) == ("Other", "1048576")
        assert told == ["1048576", "1048576", "1048576", "524288", "1048576", "1048576"]
        connection.disconnect()

    edited(tmp_path, test)


def test_typing_in_a_field_is_one_step(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        for size in (1, 10, 102, 1024):
            session.set(MEMORY, session.document.root, str(size << 20))
        session.undo()
        assert not session.edited
        assert session.can_undo == ""

    edited(tmp_path, test)


def test_a_change_that_fails_leaves_everything(tmp_path: Path) -> None:
    def fails(document: Document) -> None:
        document.set("title", "half")
        raise ValueError("no")

    async def test(session: EditSession) -> None:
        with pytest.raises(ValueError, match="no"):
            session.edit("x", fails)
        assert session.text == session.base
        assert session.can_undo == ""

    edited(tmp_path, test)


def test_a_broken_text_is_kept_and_the_document_stays(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        broken = session.text.replace("</title>", "<")
        session.set_text(broken)
        assert session.broken == session.text == broken
        assert session.document.get("title") == "The web"
        with pytest.raises(Invalid):
            session.edit("x", lambda document: document.set("title", "a"))
        session.set_text(session.base.replace("The web", "Mended"))
        assert session.broken == ""
        assert session.document.get("title") == "Mended"
        session.set_text(broken)
        session.undo()
        assert (session.broken, session.document.get("title")) == ("", "Mended")
        session.undo()
        assert session.text == session.base

    edited(tmp_path, test)


def test_revert_can_be_undone(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        session.edit("x", lambda document: document.set("title", "a"))
        session.revert()
        assert not session.edited
        session.undo()
        assert session.document.get("title") == "a"

    edited(tmp_path, test)


def test_passwords_are_hidden_in_differences(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        assert session.document.get("devices/graphics/@passwd") == "topsecret"
        session.edit("x", lambda document: document.set("devices/graphics/@passwd", "other"))
        session.edit("y", lambda document: document.set("title", "a"))
        shown = session.diff_text() + "\n".join(one.words() for one in session.differences())
        assert "topsecret" not in shown
        assert "other" not in shown
        assert len(session.differences()) == 2

    edited(tmp_path, test)


def test_a_change_by_others_is_taken_if_nothing_was_edited(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        await domains.define(session.host.session, session.base.replace("The web", "Elsewhere"))
        await until(lambda: session.document.get("title") == "Elsewhere")
        assert session.foreign == ""
        assert not session.edited

    edited(tmp_path, test)


def test_a_change_by_others_is_merged_with_edits(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        session.edit("memory", lambda document: document.set("memory", "1048576"))
        await domains.define(session.host.session, session.base.replace("The web", "Elsewhere"))
        await until(lambda: session.foreign)
        assert "The web → Elsewhere" in session.foreign
        assert session.document.get("title") == "The web"
        assert session.merge() == ()
        assert (session.document.get("title"), session.document.get("memory")) == ("Elsewhere", "1048576")
        assert [one.place for one in session.differences()] == ["memory"]
        session.undo()
        assert session.document.get("title") == "Elsewhere"  # undo takes back what was done here only
        assert not session.edited

    edited(tmp_path, test)


def test_a_conflict_is_decided(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        session.edit("title", lambda document: document.set("title", "Here"))
        await domains.define(session.host.session, session.base.replace("The web", "Elsewhere"))
        await until(lambda: session.foreign)
        (conflict,) = session.merge()
        assert (conflict.base, conflict.ours, conflict.theirs) == ("The web", "Here", "Elsewhere")
        assert session.document.get("title") == "Here"
        session.edit("memory", lambda document: document.set("memory", "1048576"))
        session.resolve(conflict, "theirs")
        assert (session.document.get("title"), session.document.get("memory")) == ("Elsewhere", "1048576")
        assert session.conflicts == ()

    edited(tmp_path, test)


def test_a_machine_that_is_removed_is_told(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        await domains.undefine(session.host.session, session.ref.uuid)
        await until(lambda: session.gone)

    edited(tmp_path, test)


def test_an_element_is_found_again_by_its_place(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        source = session.document.find("devices/disk/source")
        assert source is not None
        place = place_of(source)
        session.edit("x", lambda document: document.insert("<disk type='block'><target dev='vdb'/></disk>"))
        session.undo()
        session.redo()
        found = at_place(session.document, place)
        assert found is not None
        assert found is not source
        assert found.get("file") == "/a.img"
        assert at_place(session.document, "devices/disk[3]") is None

    edited(tmp_path, test)
