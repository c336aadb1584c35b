"""A session that is interrupted: a job that is stopped, edits while one applies, a text that does not parse while others change."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.editing.session import EditSession
from app.errors import Cancelled, Invalid
from app.jobs.runner import JobRunner
from app.virt import domains
from app.virt.session import Session
from tests.unit.editing.machine import edited


def memory(session: EditSession, size: str) -> None:
    session.edit("memory", lambda document: document.set("memory", size))


def test_a_stopped_job_is_no_success(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        jobs = JobRunner()
        memory(session, "1048576")
        applying = asyncio.ensure_future(session.apply(jobs))
        while not jobs.jobs:  # noqa: ASYNC110 - it is added by the next turn of the loop
            await asyncio.sleep(0)
        assert jobs.cancel(jobs.jobs[-1])
        outcome = await applying
        assert not outcome.ok
        assert isinstance(outcome.error, Cancelled)
        assert session.edited
        await jobs.close()

    edited(tmp_path, test)


def test_what_is_edited_meanwhile_stays_an_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(session: EditSession) -> None:
        jobs, reached, going = JobRunner(), asyncio.Event(), asyncio.Event()
        real = domains.define

        async def slow(on: Session, text: str, **words: Any) -> str:
            reached.set()
            await going.wait()
            return await real(on, text, **words)

        monkeypatch.setattr(domains, "define", slow)
        memory(session, "1048576")
        applying = asyncio.ensure_future(session.apply(jobs))
        await reached.wait()
        session.edit("title", lambda document: document.set("title", "Mine"))
        going.set()
        assert (await applying).ok
        assert session.document.get("title") == "Mine"
        assert session.edited
        session.merge()
        assert not session.conflicts
        assert (session.document.get("title"), session.document.get("memory")) == ("Mine", "1048576")
        await session.apply(jobs)
        now = await domains.xml(session.host.session, session.ref.uuid, inactive=True)
        assert "<title>Mine</title>" in now
        await jobs.close()

    edited(tmp_path, test)


def test_a_broken_text_outlives_a_change_by_others(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        memory(session, "1048576")
        other = session.base.replace("The web", "Theirs")
        assert other != session.base
        await domains.define(session.host.session, other)
        await session.reload()
        assert session.foreign
        session.set_text("<domain><half")
        with pytest.raises(Invalid):
            session.merge()
        assert session.broken == "<domain><half"
        assert session.foreign
        session.undo()
        session.merge()
        assert (session.document.get("title"), session.document.get("memory")) == ("Theirs", "1048576")

    edited(tmp_path, test)


def test_a_broken_text_outlives_the_decision_of_a_conflict(tmp_path: Path) -> None:
    async def test(session: EditSession) -> None:
        session.edit("title", lambda document: document.set("title", "Ours"))
        await domains.define(session.host.session, session.base.replace("The web", "Theirs"))
        await session.reload()
        (conflict,) = session.merge()
        session.set_text("<domain><half")
        with pytest.raises(Invalid):
            session.resolve(conflict, "theirs")
        assert session.broken == "<domain><half"
        assert session.conflicts == (conflict,)

    edited(tmp_path, test)
