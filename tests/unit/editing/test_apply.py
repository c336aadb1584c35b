"""Applying on the test driver: what it can do live, what waits, what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from app.editing.history import History
from app.editing.outcome import Fate
from app.editing.plan import Act, Way, plan
from app.editing.session import EditSession
from app.errors import Busy, Failed, Invalid
from app.jobs.job import JobState
from app.jobs.runner import JobRunner
from app.virt import domains, tuning
from app.virt.session import Session
from app.xmldoc.document import Document
from tests.unit.editing.machine import edited, until


def test_a_machine_that_is_off_gets_its_definition(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        jobs = JobRunner()
        session.history = History(tmp_path / "history")
        before = session.base
        session.edit("memory", lambda document: document.set("memory", "1048576"))
        session.edit("title", lambda document: document.set("title", "New"))
        assert [(one.way, one.act) for one in session.plan().changes] == [(Way.OFF, Act.NOTHING)] * len(session.plan().changes)
        outcome = await session.apply(jobs)
        assert outcome.ok, outcome.words()
        assert {result.fate for result in outcome.results} == {Fate.DEFINED}
        now = await domains.xml(session.host.session, session.ref.uuid, inactive=True, secure=True)
        assert "<memory unit='KiB'>1048576</memory>" in now
        assert session.base == session.text == now
        assert not session.edited
        replaced, made = sorted((tmp_path / "history").glob("*/*/*.xml"))
        assert "topsecret" not in replaced.read_text() + made.read_text()
        assert "524288" in replaced.read_text() and "1048576" in made.read_text()
        session.undo()  # the applying
        assert session.edited
        assert session.text == before
        await jobs.close()

    edited(tmp_path, test)


def test_what_is_refused_stays_as_an_edit(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        jobs = JobRunner()
        session.edit("memory", lambda document: document.set("memory", "1048576"))
        session.edit("reboot", lambda document: document.set("on_reboot", "bogus"))
        text, base = session.text, session.base
        outcome = await session.apply(jobs, validate=False)
        assert outcome.error is not None
        assert not outcome.ok
        assert outcome.results == ()
        assert (session.text, session.base) == (text, base)
        assert outcome.suspect is not None
        assert outcome.suspect.path == "on_reboot"
        assert jobs.jobs[-1].state is JobState.FAILED
        assert await domains.xml(session.host.session, session.ref.uuid, inactive=True, secure=True) == base
        await jobs.close()

    edited(tmp_path, test)


def test_our_own_check_names_the_setting(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        jobs = JobRunner()
        session.edit("uuid", lambda document: document.set("memory", "1048576"))
        session.edit("vcpu", lambda document: document.set("vcpu", "many"))
        outcome = await session.apply(jobs)
        assert isinstance(outcome.error, Invalid)
        assert outcome.suspect is not None
        assert outcome.suspect.path == "vcpu"
        await jobs.close()

    edited(tmp_path, test)


def test_a_running_machine_takes_what_it_can(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        jobs = JobRunner()
        session.edit("balloon", lambda document: document.set("currentMemory", "262144"))
        session.edit("memory", lambda document: document.set("memory", "1048576"))
        ways = {change.path: change.way for change in session.plan().changes}
        assert ways == {"currentMemory": Way.NOW, "memory": Way.NEXT_START}
        outcome = await session.apply(jobs)
        fates = {result.change.path: result.fate for result in outcome.results}
        assert fates == {"currentMemory": Fate.NOW, "memory": Fate.NEXT}, outcome.words()
        live = Document.parse(await domains.xml(session.host.session, session.ref.uuid))
        assert (live.get("currentMemory"), live.get("memory")) == ("262144", "524288")
        assert [(one.path, one.live, one.next) for one in session.pending] == [("memory", "512 MiB", "1 GiB")]
        assert {row.state for row in jobs.jobs[-1].rows} == {JobState.DONE}
        await jobs.close()

    edited(tmp_path, test, running=True)


def test_live_changes_that_fail_are_told_and_wait(tmp_path: Path) -> None:
    """The test driver cannot attach devices."""

    async def test(session: EditSession) -> None:
        jobs = JobRunner()
        session.edit("add", lambda document: document.insert("<interface type='user'><mac address='52:54:00:00:00:01'/></interface>"))
        outcome = await session.apply(jobs)
        (result,) = outcome.results
        assert (result.fate, result.change.act) == (Fate.NEXT, Act.ATTACH)
        assert result.error is not None
        assert not outcome.ok
        assert str(result.error) in outcome.words()
        assert [one.path for one in session.pending] == ["devices/interface"]
        await jobs.close()

    edited(tmp_path, test, running=True)


def test_never_the_last_writer_wins(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        jobs = JobRunner()
        session.edit("memory", lambda document: document.set("memory", "1048576"))
        elsewhere = session.base.replace("The web", "Elsewhere")
        await domains.define(session.host.session, elsewhere)
        outcome = await session.apply(jobs)  # before the event was heard
        assert isinstance(outcome.error, Busy)
        assert "Elsewhere" in session.foreign
        assert "Elsewhere" in await domains.xml(session.host.session, session.ref.uuid, inactive=True)
        session.merge()
        outcome = await session.apply(jobs)
        assert outcome.ok, outcome.words()
        now = Document.parse(await domains.xml(session.host.session, session.ref.uuid, inactive=True))
        assert (now.get("title"), now.get("memory")) == ("Elsewhere", "1048576")
        await jobs.close()

    edited(tmp_path, test)


def test_another_name_is_given_to_a_machine_that_is_off(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        jobs = JobRunner()
        session.edit("name", lambda document: document.set("name", "other"))
        outcome = await session.apply(jobs)
        assert outcome.ok, outcome.words()
        await until(lambda: session.host.inventory.domains[session.ref.uuid].name == "other")
        await jobs.close()

    edited(tmp_path, test)


def test_a_new_machine_is_defined(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        jobs = JobRunner()
        xml = session.base.replace("web", "second").replace(session.ref.uuid, "22222222-2222-3333-4444-555555555555")
        xml = xml.replace("<title>", "<nonsense/><title>")
        new = EditSession.for_new(session.host, xml)
        assert new.new
        assert new.edited
        new.edit("x", lambda document: document.set("title", "Mine"))
        outcome = await new.apply(jobs, validate=False)
        assert outcome.ok, outcome.words()
        assert outcome.dropped == ("nonsense",)
        assert not new.new
        assert not new.edited
        assert new.document.get("title") == "Mine"
        new.close()
        await jobs.close()

    edited(tmp_path, test)


def test_nothing_happens_while_a_text_is_broken(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        jobs = JobRunner()
        session.set_text(session.text + "<")
        outcome = await session.apply(jobs)
        assert isinstance(outcome.error, Invalid)
        assert session.broken
        await jobs.close()

    edited(tmp_path, test)


def test_the_plan_says_devices_in_words() -> None:
    old = Document.parse(
        "<domain><devices><interface type='user'><mac address='52:54:00:00:00:01'/></interface><sound model='ac97'/></devices></domain>"
    )
    new = Document.parse("<domain><devices><interface type='user'><mac address='52:54:00:00:00:01'/><link state='down'/></interface></devices></domain>")
    live = Document.parse(old.to_text())
    found = plan(old, new, live).changes
    assert [(one.path, one.act) for one in found] == [("devices/interface/link/@state", found[0].act), ("devices/sound", Act.NOTHING)]
    assert found[1].way is Way.NEXT_START
    assert found[1].reason


def test_changes_that_go_by_one_call_fail_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither limit took effect, though only one of them carried the call."""
    called: list[Mapping[str, int | str | bool]] = []

    async def set_memory_limits(_session: Session, _uuid: str, values: Mapping[str, int | str | bool]) -> None:
        called.append(values)
        raise Failed("No limits here.")

    monkeypatch.setattr(tuning, "set_memory_limits", set_memory_limits)

    async def test(session: EditSession) -> None:
        jobs = JobRunner()

        def limit(document: Document) -> None:
            document.set("memtune/hard_limit", "2097152")
            document.set("memtune/soft_limit", "1048576")

        session.edit("limits", limit)
        outcome = await session.apply(jobs)
        assert called == [{"hard_limit": 2097152, "soft_limit": 1048576}]
        assert [(result.fate, str(result.error)) for result in outcome.results] == [(Fate.NEXT, "No limits here.")] * 2
        await jobs.close()

    edited(tmp_path, test, running=True)
