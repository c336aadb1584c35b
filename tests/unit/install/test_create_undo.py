"""Making a machine that is stopped, or fails, at any step: nothing is left behind unknown, nothing in use is deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.errors import Failed
from app.hosts.host import Host
from app.install import defaults, storage_work
from app.install.create import create
from app.install.gather import gather
from app.install.plan import NetworkKind, NetworkPlan, Plan
from app.install.sources.plain import Nothing
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from app.model.records import DomainState
from app.virt import domains, storage
from app.virt.session import Session

NODE = (
    "<node><domain type='test'><name>there</name><memory>65536</memory><os><type>hvm</type></os></domain>"
    "<pool type='dir'><name>default</name><uuid>dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566</uuid>"
    "<capacity>107374182400</capacity><target><path>/default</path></target></pool></node>"
)


@dataclass
class Making:
    """A practice host, a plan for it, and what came of a try."""

    host: Host
    plan: Plan

    async def names(self) -> set[str]:
        return {record.name for record in await domains.list_states(self.host.session)}

    async def volumes(self) -> list[str]:
        (pool,) = await storage.list_records(self.host.session)
        return [volume.name for volume in await storage.list_volumes(self.host.session, pool.uuid)]

    async def stopped(self, reached: asyncio.Event) -> Job:
        """Cancelled as soon as the step is reached."""
        runner = JobRunner()

        async def work(job: Job) -> str:
            await create(self.host, self.plan, job)
            return ""

        job = runner.run("make", work)
        await reached.wait()
        assert runner.cancel(job)
        await job.wait()
        await runner.close()
        return job


def making(folder: Path, test: Callable[[Making], Awaitable[None]]) -> None:
    async def run() -> None:
        node = folder / "node.xml"
        node.write_text(NODE)
        host = Host(f"test://{node}")
        await host.connect()
        await host.refresh()
        try:
            survey = await gather(host)
            plan = defaults.recommend_source(Nothing(), survey)
            plan = plan.choose("network", NetworkPlan(NetworkKind.NONE)).choose("name", "new")
            await test(Making(host, plan))
        finally:
            await host.disconnect()

    asyncio.run(run())


def late(module: Any, name: str, monkeypatch: pytest.MonkeyPatch, reached: asyncio.Event) -> None:
    """libvirt does it, and its answer comes late: a call that was made goes on when its caller is cancelled."""
    real = getattr(module, name)

    async def slow(*args: Any, **words: Any) -> Any:
        done = asyncio.ensure_future(real(*args, **words))
        reached.set()
        await asyncio.sleep(0.3)
        return await asyncio.shield(done)

    monkeypatch.setattr(module, name, slow)


@pytest.mark.parametrize(("module", "name"), [(domains, "define"), (domains, "start"), (storage, "create_volume")])
def test_a_stop_while_libvirt_works_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    async def test(making: Making) -> None:
        reached = asyncio.Event()
        late(module, name, monkeypatch, reached)
        job = await making.stopped(reached)
        await asyncio.sleep(0.4)
        assert job.state is JobState.CANCELLED
        assert await making.names() == {"there"}
        assert await making.volumes() == []
        assert job.left_behind == []

    making(tmp_path, test)


def test_a_machine_that_came_up_all_the_same_is_forced_off_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its storage goes: a machine that runs on would lose its disk under itself."""

    async def test(making: Making) -> None:
        real = domains.start
        states: list[DomainState] = []

        async def start(session: Session, uuid: str) -> None:
            await real(session, uuid)
            raise Failed("no answer")

        async def delete(session: Session, path: str) -> None:
            states.extend(record.state for record in await domains.list_states(session) if record.name == "new")
            await gone(session, path)

        gone = storage.delete_volume
        monkeypatch.setattr(domains, "start", start)
        monkeypatch.setattr(storage, "delete_volume", delete)
        with pytest.raises(Failed):
            await create(making.host, making.plan, Job("make"))
        assert DomainState.RUNNING not in states
        assert await making.names() == {"there"}
        assert await making.volumes() == []

    making(tmp_path, test)


def test_what_a_machine_uses_stays_while_it_cannot_be_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(making: Making) -> None:
        async def refuse(*_args: Any, **_words: Any) -> None:
            raise Failed("no")

        monkeypatch.setattr(domains, "start", refuse)
        monkeypatch.setattr(domains, "undefine", refuse)
        job = Job("make")
        with pytest.raises(Failed):
            await create(making.host, making.plan, job)
        assert await making.names() == {"there", "new"}
        assert len(await making.volumes()) == 1
        assert len(job.left_behind) == 2, "both are named"

    making(tmp_path, test)


def test_a_mistake_of_the_program_takes_back_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(making: Making) -> None:
        async def wrong(*_args: Any, **_words: Any) -> None:
            raise OSError("unforeseen")

        monkeypatch.setattr(domains, "start", wrong)
        with pytest.raises(OSError, match="unforeseen"):
            await create(making.host, making.plan, Job("make"))
        assert await making.names() == {"there"}
        assert await making.volumes() == []

    making(tmp_path, test)


def test_a_finished_image_gets_its_name_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_args: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", no_links)
    (tmp_path / "new.qcow2").write_text("another's")
    part = tmp_path / ".1.part"
    part.write_text("image")
    path = storage_work._settle(str(part), str(tmp_path), "new", "qcow2")
    assert path == str(tmp_path / "new-2.qcow2")
    assert Path(path).read_text() == "image"
    assert (tmp_path / "new.qcow2").read_text() == "another's"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["new-2.qcow2", "new.qcow2"]


def test_an_image_without_a_place_leaves_no_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = tmp_path / ".1.part"
    part.write_text("image")
    with pytest.raises(Failed):
        storage_work._settle(str(part), str(tmp_path / "gone"), "new", "qcow2")
    assert list(tmp_path.iterdir()) == []


