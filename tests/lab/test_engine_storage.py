"""Pools and volumes of a real host; uploads with holes, progress and a stop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.errors import Cancelled, Exists, Invalid, NotFound
from app.virt import networks, nodedevs, storage, upload
from app.virt.session import Session
from tests.lab.hosts import RootHost
from tests.lab.world import World

VOLUME = "<volume><name>{name}</name><capacity>{size}</capacity><allocation>0</allocation><target><format type='{form}'/></target></volume>"


class Steps:
    """A job's part that uploads need."""

    def __init__(self) -> None:
        self.abort: Callable[[], Awaitable[None]] | None = None
        self.fractions: list[float | None] = []

    def report(self, fraction: float | None = None, text: str | None = None) -> None:
        self.fractions.append(fraction)


def make_folder(world: World, folder: Path) -> None:
    folder.mkdir()
    world.give(folder)


async def pool_of(session: Session, world: World, folder: Path) -> str:
    """A started directory pool over a folder of the world."""
    make_folder(world, folder)
    uuid = await storage.define(session, f"<pool type='dir'><name>lab</name><target><path>{folder}</path></target></pool>")
    await storage.start(session, uuid)
    return uuid


async def drop_pool(session: Session, uuid: str) -> None:
    await storage.stop(session, uuid)
    await storage.undefine(session, uuid)


def test_volumes_come_and_go(any_world: World) -> None:
    async def scenario() -> None:
        session = Session(any_world.uri)
        await session.open()
        pool = await pool_of(session, any_world, any_world.images / "pool")
        disk = await storage.create_volume(session, pool, VOLUME.format(name="a.qcow2", size=1 << 30, form="qcow2"))
        assert (disk.format, disk.capacity) == ("qcow2", 1 << 30)
        with pytest.raises(Exists):
            await storage.create_volume(session, pool, VOLUME.format(name="a.qcow2", size=1 << 30, form="qcow2"))
        assert [volume.name for volume in await storage.list_volumes(session, pool)] == ["a.qcow2"]
        found = await storage.volume_by_path(session, disk.path)
        assert found is not None
        assert found.pool == pool
        assert await storage.volume_by_path(session, "/nowhere/x") is None
        await storage.delete_volume(session, disk.path)
        assert await storage.list_volumes(session, pool) == []
        with pytest.raises(NotFound):
            await storage.delete_volume(session, disk.path)
        await drop_pool(session, pool)
        await session.close()

    asyncio.run(scenario())


def test_upload_keeps_content_and_holes(session_world: World, tmp_path: Path) -> None:
    source = tmp_path / "big.img"
    with source.open("wb") as file:
        file.write(b"begin" * 100_000)
        file.seek(200 << 20)
        file.write(b"end" * 1000)
        file.truncate(256 << 20)

    def check(copy: Path) -> None:
        assert copy.read_bytes() == source.read_bytes()
        assert copy.stat().st_blocks * 512 < 16 << 20

    async def scenario() -> None:
        session = Session(session_world.uri)
        await session.open()
        pool = await pool_of(session, session_world, session_world.images / "up")
        volume = await storage.create_volume(session, pool, VOLUME.format(name="up.img", size=256 << 20, form="raw"))
        steps = Steps()
        await storage.upload(session, str(source), volume.path, steps)
        assert steps.fractions[-1] == 1.0
        check(Path(volume.path))
        await drop_pool(session, pool)
        await session.close()

    asyncio.run(scenario())


def test_upload_can_be_stopped_and_a_missing_file_is_said(session_world: World, tmp_path: Path) -> None:
    source = tmp_path / "big.img"
    with source.open("wb") as file:
        for _ in range(300):
            file.write(bytes(range(256)) * 4096)

    async def scenario() -> None:
        session = Session(session_world.uri)
        await session.open()
        pool = await pool_of(session, session_world, session_world.images / "stop")
        volume = await storage.create_volume(session, pool, VOLUME.format(name="s.img", size=300 << 20, form="raw"))
        steps = Steps()
        going = asyncio.ensure_future(storage.upload(session, str(source), volume.path, steps))
        while not steps.abort:  # noqa: ASYNC110 - set by the upload when it begins
            await asyncio.sleep(0)
        await steps.abort()
        with pytest.raises(Cancelled):
            await going
        with pytest.raises(NotFound):
            await storage.upload(session, str(tmp_path / "none"), volume.path)
        await storage.delete_volume(session, volume.path)
        await drop_pool(session, pool)
        await session.close()

    asyncio.run(scenario())


def test_networks_and_devices(root_host: RootHost) -> None:
    async def scenario() -> None:
        session = Session(root_host.uri)
        await session.open()
        network = next(record for record in await networks.list_records(session) if record.name == "default")
        assert network.active
        assert "<network" in await networks.xml(session, network.uuid)
        assert await networks.leases(session, network.uuid) == []
        await networks.set_autostart(session, network.uuid, False)
        await networks.set_autostart(session, network.uuid, True)
        devices = await nodedevs.list_records(session)
        assert "computer" in {device.name for device in devices}
        assert (await nodedevs.read(session, "computer")).capabilities == ("system",)
        await session.close()

    asyncio.run(scenario())


def test_a_file_that_shrinks_while_it_is_uploaded_is_no_success(
    session_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "shrinks.img"
    source.write_bytes(b"x" * (4 << 20))
    really = upload._open

    def opened(path: str, what: str) -> upload._Source:
        found = really(path, what)
        os.truncate(path, 1 << 20)
        return found

    monkeypatch.setattr(upload, "_open", opened)

    async def scenario() -> None:
        session = Session(session_world.uri)
        await session.open()
        pool = await pool_of(session, session_world, session_world.images / "shrink")
        volume = await storage.create_volume(session, pool, VOLUME.format(name="s.img", size=4 << 20, form="raw"))
        with pytest.raises(Invalid):
            await storage.upload(session, str(source), volume.path)
        await storage.delete_volume(session, volume.path)
        await drop_pool(session, pool)
        await session.close()

    asyncio.run(scenario())
