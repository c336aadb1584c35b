"""Clones, templates and profiles through their actions, on the practice host."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.install.profile import template
from app.install.profile.store import ProfileStore
from app.virt import domains
from app.xmldoc import Document
from tests.unit.actions.practice import OFF, RUNNING, Practice, practise, uuid_of

CARD = "<interface type='network'><mac address='52:54:00:11:22:33'/><source network='default'/></interface>"


async def document(practice: Practice, uuid: str) -> Document:
    return Document.parse(await domains.xml(practice.host.session, uuid, inactive=True, secure=True))


def named(practice: Practice, name: str) -> str:
    """The UUID of the machine of that name; "" without."""
    return next((one.uuid for one in practice.host.inventory.domains.values() if one.name == name), "")


def test_clone_renews_what_two_machines_must_not_share(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.choice, practice.ui.text = "full", "b"
        practice.ui.try_texts = ("", "a", "b")
        await practice.run("domain.clone", "a")
        assert practice.ui.errors == []
        assert [bool(problem) for problem in practice.ui.checks] == [True, True, False]
        await practice.seen(lambda: bool(named(practice, "b")))
        made = await document(practice, named(practice, "b"))
        old = await document(practice, uuid_of("a"))
        assert made.get("uuid") != old.get("uuid")
        assert made.get("devices/interface/mac/@address") != old.get("devices/interface/mac/@address")
        assert made.get("memory") == old.get("memory")

    practise(tmp_path, {"a": OFF}, test, devices=CARD)


def test_clone_is_given_up_and_refused(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.choice = None
        await practice.run("domain.clone", "a")
        assert practice.ctx.jobs.jobs == []
        assert "shut down first" in practice.reason("domain.clone", "b")
        assert practice.reason("domain.template", "b")
        assert practice.reason("domain.clone", "a", "b") == "This works on one machine at a time"

    practise(tmp_path, {"a": OFF, "b": RUNNING}, test)


def test_a_machine_becomes_a_template(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.choice = "itself"
        await practice.run("domain.template", "a")
        assert practice.ui.errors == []
        made = await document(practice, uuid_of("a"))
        assert template.is_template(made)
        assert made.get("uuid") == uuid_of("a")

    practise(tmp_path, {"a": OFF}, test, devices=CARD)


def test_a_copy_becomes_a_template(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.choice, practice.ui.text = "copy", "base"
        await practice.run("domain.template", "a")
        assert practice.ui.errors == []
        await practice.seen(lambda: bool(named(practice, "base")))
        assert template.is_template(await document(practice, named(practice, "base")))
        assert not template.is_template(await document(practice, uuid_of("a")))

    practise(tmp_path, {"a": OFF}, test)


def test_profile_is_shown_before_it_is_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))

    async def test(practice: Practice) -> None:
        practice.ui.choice = "server"
        await practice.run("domain.apply-profile", "a")
        assert any("1 GiB" in words or "1048576" in words for words in practice.ui.questions[-1].items)
        assert (await document(practice, uuid_of("a"))).get("memory") == "65536"
        practice.ui.yes = True
        await practice.run("domain.apply-profile", "a")
        assert practice.ui.errors == []
        assert (await document(practice, uuid_of("a"))).get("memory") == "1048576"

    practise(tmp_path, {"a": OFF}, test)


def test_settings_are_kept_as_a_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))

    async def test(practice: Practice) -> None:
        practice.ui.text = "Like a"
        await practice.run("domain.save-profile", "a")
        assert practice.ui.errors == []
        (own,) = [one for one in ProfileStore().all() if one.own]
        assert own.name == "Like a"
        assert {edit.path: edit.value for edit in own.edits}["vcpu"] == "1"

    practise(tmp_path, {"a": OFF}, test)
