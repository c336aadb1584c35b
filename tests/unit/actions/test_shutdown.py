"""Shutting down: a guest which goes, and one which does not listen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import Unsupported
from app.jobs.job import JobState
from app.model.records import DomainState
from app.settings import options
from app.settings.option import Option
from app.virt import domains
from app.virt.domains import ShutdownMode
from tests.unit.actions.practice import OFF, RUNNING, Practice, practise


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ShutdownMode]]:
    """Guests that take note of the request and go on; the wait before the question is short."""
    asked: list[ShutdownMode] = []

    async def shutdown(_session: object, _uuid: str, mode: ShutdownMode = ShutdownMode.DEFAULT) -> None:
        asked.append(mode)
        if mode is ShutdownMode.AGENT:
            raise Unsupported("Cannot ask the machine to shut down.", why="The agent does not answer.")

    monkeypatch.setattr(domains, "shutdown", shutdown)
    monkeypatch.setattr(options, "SHUTDOWN_WAIT", Option("shutdown-wait-s", 0))
    yield asked


def test_a_guest_that_listens(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await practice.run("domain.shut-down", "on")
        assert practice.last_job.state is JobState.DONE
        assert (await practice.real("on")).state is DomainState.SHUTOFF
        assert practice.ui.offers == [] and practice.ui.questions == []

    practise(tmp_path, {"on": RUNNING}, test)


def test_several_are_counted_and_listed(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await practice.run("domain.shut-down", "a", "b", "off")
        (question,) = practice.ui.questions
        assert question.text == "Shut down 2 machines?"
        assert (await practice.real("a")).state is DomainState.RUNNING
        practice.ui.yes = True
        await practice.run("domain.shut-down", "a", "b", "off")
        assert [row.text for row in practice.last_job.rows] == ["It is off", "It is off"]

    practise(tmp_path, {"a": RUNNING, "b": RUNNING, "off": OFF}, test)


def test_one_that_ignores_it_is_offered_more(tmp_path: Path, deaf: list[ShutdownMode]) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.offer_answers = ["wait", "acpi", "force"]
        await practice.run("domain.shut-down", "on")
        assert [offer.id for offer in practice.ui.offers[0].offers] == ["wait", "agent", "acpi", "force"]
        assert "the host's default way." in practice.ui.offers[0].detail
        assert "the host's default way, the power button (ACPI)." in practice.ui.offers[2].detail
        assert deaf == [ShutdownMode.DEFAULT, ShutdownMode.ACPI]
        assert practice.last_job.state is JobState.DONE
        assert (await practice.real("on")).state is DomainState.SHUTOFF

    practise(tmp_path, {"on": RUNNING}, test)


def test_a_way_that_is_refused_leaves_the_others(tmp_path: Path, deaf: list[ShutdownMode]) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.offer_answers = ["agent", "force"]
        await practice.run("domain.shut-down", "on")
        assert [error.why for error in practice.ui.errors] == ["The agent does not answer."]
        assert deaf == [ShutdownMode.DEFAULT, ShutdownMode.AGENT]
        assert practice.last_job.state is JobState.DONE

    practise(tmp_path, {"on": RUNNING}, test)


def test_the_offer_goes_away_when_the_guest_goes(tmp_path: Path, deaf: list[ShutdownMode]) -> None:
    async def test(practice: Practice) -> None:
        running = asyncio.ensure_future(practice.run("domain.shut-down", "on"))
        await practice.seen(lambda: bool(practice.ui.offers))
        await domains.destroy(practice.host.session, practice.ref("on").uuid)
        await running
        assert practice.ui.withdrawn == practice.ui.offers
        assert practice.last_job.state is JobState.DONE

    practise(tmp_path, {"on": RUNNING}, test)


def test_cancelling_says_that_the_request_stays(tmp_path: Path, deaf: list[ShutdownMode]) -> None:
    async def test(practice: Practice) -> None:
        running = asyncio.ensure_future(practice.run("domain.shut-down", "on"))
        await practice.seen(lambda: bool(practice.ui.offers))
        practice.ctx.jobs.cancel(practice.last_job)
        await running
        assert practice.last_job.state is JobState.CANCELLED
        assert "cannot be taken back" in practice.last_job.result
        assert (await practice.real("on")).state is DomainState.RUNNING

    practise(tmp_path, {"on": RUNNING}, test)


def test_a_lost_connection_ends_the_waiting(tmp_path: Path, deaf: list[ShutdownMode]) -> None:
    async def test(practice: Practice) -> None:
        running = asyncio.ensure_future(practice.run("domain.shut-down", "on"))
        await practice.seen(lambda: bool(practice.ui.offers))
        await practice.host.session.close()
        await running
        (error,) = practice.ui.errors
        assert "Practice" in error.why and error.next_step

    practise(tmp_path, {"on": RUNNING}, test)


def test_several_that_ignore_it_are_one_question(tmp_path: Path, deaf: list[ShutdownMode]) -> None:
    names = [f"m{number}" for number in range(6)]

    async def test(practice: Practice) -> None:
        practice.ui.yes = True
        practice.ui.offer_answers = ["force"]
        await practice.run("domain.shut-down", *names)
        (offer,) = practice.ui.offers
        assert offer.text.startswith("6 machines have not shut down yet: “m0”")
        assert deaf == [ShutdownMode.DEFAULT] * 6
        assert {row.text for row in practice.last_job.rows} == {"It is off"}

    practise(tmp_path, dict.fromkeys(names, RUNNING), test)
