"""Downloads from a server of the test's own: interrupted, resumed, changed, wrong, slow, dead."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import shutil
import threading
import time
from collections import namedtuple
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar, cast
from urllib.parse import quote

import pytest

from app.errors import Busy, Denied, Disconnected, HostelryError, Invalid, NoSpace, NotFound, TimedOut
from app.install import web
from app.install.catalogue import download, transfer
from app.install.catalogue.cache import Cache, Cached
from app.install.catalogue.download import Wanted, fetch
from app.install.digest import Digest
from app.install.tree.boot import fetch_boot
from app.install.tree.record import Tree
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from tests.unit.install.web_server import Web, serve

T = TypeVar("T")

DATA = random.Random(1).randbytes(300_000)
OTHER = random.Random(2).randbytes(300_000)
PATH = "/pub/image.iso"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setattr(transfer, "PAUSE_S", 0.01)
    with serve() as made:
        made.files[PATH] = DATA
        yield made


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "images")


def in_job(work: Callable[[Job], Awaitable[T]]) -> T:
    async def main() -> T:
        return await work(Job("download"))

    return asyncio.run(main())


def get(server: Web, cache: Cache, **words: object) -> Cached:
    return in_job(lambda job: fetch(Wanted(server.url + PATH, **words), job, cache=cache, silence_s=1.0))  # type: ignore[arg-type]


def ranges(server: Web) -> list[str | None]:
    """What was asked of the file itself."""
    return [asked for method, path, asked in server.asked if path == PATH and method == "GET"]


def sums(server: Web, data: bytes = DATA) -> None:
    server.files["/pub/SHA256SUMS"] = f"{'0' * 64}  other.iso\n{hashlib.sha256(data).hexdigest()} *image.iso\n".encode()


def test_a_file_comes_whole_with_its_checksum(server: Web, cache: Cache) -> None:
    sums(server)
    seen: list[tuple[float | None, str]] = []

    async def work(job: Job) -> Cached:
        def keep(job: Job) -> None:
            seen.append((job.fraction, job.text))

        job.changed.connect(keep)
        found = await fetch(Wanted(server.url + PATH), job, cache=cache)
        await asyncio.sleep(0)
        assert not job.left_behind
        return found

    found = in_job(work)
    assert found.path.read_bytes() == DATA and found.path.name == "image.iso"
    assert found.verified and found.about.digest == "sha256:" + hashlib.sha256(DATA).hexdigest()
    assert seen[-1][0] == 1.0 and any("image.iso" in text and "KiB" in text for _fraction, text in seen)
    assert [entry.path for entry in cache.all()] == [found.path] and cache.used() > len(DATA)


def test_what_the_cache_has_is_not_loaded_again(server: Web, cache: Cache) -> None:
    first = get(server, cache)
    assert not first.verified
    assert get(server, cache) == first and len(ranges(server)) == 1
    server.files[PATH] = OTHER
    assert get(server, cache).path.read_bytes() == OTHER
    server.statuses[PATH] = 503
    assert get(server, cache).path.read_bytes() == OTHER, "what is there serves while the server does not"


def test_a_broken_connection_is_resumed_by_itself(server: Web, cache: Cache) -> None:
    server.cut = 120_000
    assert get(server, cache).path.read_bytes() == DATA
    assert ranges(server) == [None, "bytes=120000-", "bytes=240000-"]


def test_a_server_that_always_breaks_off_is_given_up_and_resumed_later(server: Web, cache: Cache) -> None:
    server.cut = 20_000
    with pytest.raises(Disconnected) as error:
        get(server, cache)
    assert len(ranges(server)) == transfer.TRIES and "goes on" in error.value.next_step
    server.cut = 0
    assert get(server, cache).path.read_bytes() == DATA
    assert ranges(server)[-1] == "bytes=80000-"


async def cancelled_half_way(server: Web, cache: Cache) -> Job:
    runner = JobRunner()

    async def work(job: Job) -> str:
        return str(await fetch(Wanted(server.url + PATH), job, cache=cache))

    job = runner.run("download", work)
    slot = cache.slot(server.url + PATH)
    while slot.come() < 50_000:  # noqa: ASYNC110 - a file
        await asyncio.sleep(0.01)
    runner.cancel(job)
    await job.wait()
    await runner.close()
    return job


def test_a_cancelled_download_goes_on_where_it_was(server: Web, cache: Cache) -> None:
    sums(server)
    server.slow_s = 0.002
    job = asyncio.run(cancelled_half_way(server, cache))
    assert job.state is JobState.CANCELLED and "image.iso" in job.left_behind[0] and "Left behind" in job.result
    come = cache.slot(server.url + PATH).come()
    assert 50_000 <= come < len(DATA) and not cache.all()
    server.slow_s = 0
    found = get(server, cache)
    assert found.path.read_bytes() == DATA and found.verified and ranges(server)[-1] == f"bytes={come}-"


def test_a_cancel_does_not_wait_for_a_dead_server(server: Web, cache: Cache) -> None:
    server.stall = threading.Event()

    async def main() -> float:
        task = asyncio.ensure_future(fetch(Wanted(server.url + PATH), Job("x"), cache=cache, silence_s=60))
        while not ranges(server):  # noqa: ASYNC110 - another thread's list
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        started = time.monotonic()
        task.cancel()
        await asyncio.wait({task})
        return time.monotonic() - started

    assert asyncio.run(main()) < 2
    server.stall.set()
    server.stall = None
    assert get(server, cache).path.read_bytes() == DATA, "the lock is free again"


def test_a_file_that_changed_meanwhile_starts_anew(server: Web, cache: Cache) -> None:
    server.slow_s = 0.002
    asyncio.run(cancelled_half_way(server, cache))
    server.slow_s = 0
    server.files[PATH] = OTHER
    assert get(server, cache).path.read_bytes() == OTHER
    assert ranges(server)[-1] is not None, "it was asked for the rest, and sent the whole"


@pytest.mark.parametrize("what", ["ranges", "etags"])
def test_a_server_that_cannot_resume_sends_all_again(server: Web, cache: Cache, what: str) -> None:
    setattr(server, what, False)
    server.slow_s = 0.002
    asyncio.run(cancelled_half_way(server, cache))
    server.slow_s = 0
    assert get(server, cache).path.read_bytes() == DATA


def test_a_part_that_was_whole_already_is_only_checked(server: Web, cache: Cache) -> None:
    sums(server)
    get(server, cache)
    slot = cache.slot(server.url + PATH)
    slot.path.rename(slot.part)
    slot.note(replace(slot.about(), done=False))
    assert get(server, cache).verified and ranges(server)[-1] == f"bytes={len(DATA)}-"


def test_a_part_of_another_file_that_is_longer_starts_anew(server: Web, cache: Cache) -> None:
    get(server, cache)
    slot = cache.slot(server.url + PATH)
    slot.path.rename(slot.part)
    slot.note(replace(slot.about(), done=False))
    with slot.part.open("ab") as file:
        file.write(b"more")
    assert get(server, cache).path.read_bytes() == DATA


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_checksum_is_caught_and_the_file_removed(server: Web, cache: Cache, known: bool) -> None:
    sums(server, OTHER)
    digest = Digest("sha256", hashlib.sha256(OTHER).hexdigest()) if known else None
    with pytest.raises(Invalid) as error:
        get(server, cache, digest=digest)
    assert "checksum" in error.value.why and hashlib.sha256(DATA).hexdigest() in error.value.raw
    assert not cache.all() and not cache.slot(server.url + PATH).come()
    server.files[PATH] = OTHER
    assert get(server, cache, digest=digest).verified


def test_a_length_that_nobody_tells_is_no_hindrance(server: Web, cache: Cache) -> None:
    server.length = False
    found = get(server, cache)
    assert found.path.read_bytes() == DATA and found.about.size == len(DATA)


def test_silence_ends_it(server: Web, cache: Cache) -> None:
    server.stall = threading.Event()
    started = time.monotonic()
    with pytest.raises(TimedOut):
        in_job(lambda job: fetch(Wanted(server.url + PATH), job, cache=cache, silence_s=0.2))
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (403, Denied), (503, Disconnected), (400, HostelryError)]
)
def test_a_refusal_is_a_sentence(server: Web, cache: Cache, status: int, kind: type[HostelryError]) -> None:
    server.statuses[PATH] = status
    with pytest.raises(kind) as error:
        get(server, cache)
    assert error.value.why and error.value.next_step and not cache.all()


def test_redirects_lead_to_the_file(server: Web, cache: Cache) -> None:
    server.redirects[PATH] = "/mirror/x"
    server.files["/mirror/x"] = DATA
    server.cut = 200_000
    found = get(server, cache)
    assert found.path.name == "image.iso" and found.path.read_bytes() == DATA


def test_no_room_is_said_before_anything_is_loaded(server: Web, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 10, 100_000))
    with pytest.raises(NoSpace) as error:
        get(server, cache)
    assert "97.7 KiB are free" in error.value.why and not cache.slot(server.url + PATH).come()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_fills_up_is_said(server: Web, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    slot = cache.slot(server.url + PATH)
    slot.folder.mkdir(parents=True)
    slot.part.symlink_to("/dev/full")
    with pytest.raises(NoSpace) as error:
        get(server, cache)
    assert "full" in error.value.why


def test_a_page_for_people_is_no_file(server: Web, cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.unit.install import web_server

    plain = web_server.Handler.end_headers

    def html(self: web_server.Handler) -> None:
        self.send_header("Content-Type", "text/html; charset=utf-8")
        plain(self)

    monkeypatch.setattr(web_server.Handler, "end_headers", html)
    with pytest.raises(Invalid) as error:
        get(server, cache)
    assert "browser" in error.value.next_step


def test_two_of_one_file_do_not_write_into_each_other(server: Web, cache: Cache) -> None:
    server.slow_s = 0.001

    async def main() -> list[object]:
        wanted = Wanted(server.url + PATH)
        return await asyncio.gather(*(fetch(wanted, Job("x"), cache=cache) for _number in range(2)), return_exceptions=True)

    kinds = sorted(type(each).__name__ for each in asyncio.run(main()))
    assert kinds == [Busy.__name__, Cached.__name__]


def test_a_removed_download_is_gone(server: Web, cache: Cache) -> None:
    get(server, cache)
    cache.remove(server.url + PATH)
    assert not cache.all() and not list(cache.folder.iterdir())


@pytest.mark.parametrize("name", ["..", "about.json", "a%2f..%2fb", ".hidden", "%00x", "lock", "x" * 300, ""])
def test_no_address_leaves_its_folder(cache: Cache, name: str) -> None:
    slot = cache.slot(f"http://a/{name}")
    assert slot.path.parent == slot.folder and slot.path.name not in ("", ".", "..", "about.json", "lock")
    assert os.fspath(slot.path.resolve()).startswith(os.fspath(cache.folder.resolve()))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": 3}', '{"url": "http://a/b", "size": "x", "done": 1}'])
def test_a_note_that_makes_no_sense_is_none(cache: Cache, text: str) -> None:
    slot = cache.slot("http://a/b")
    slot.folder.mkdir(parents=True)
    (slot.folder / "about.json").write_text(text)
    slot.path.write_bytes(b"x")
    assert slot.cached() is None and slot.about().size == 0 and cache.all() == []


def test_a_trees_kernel_is_held_against_the_trees_checksum(server: Web, cache: Cache) -> None:
    server.files["/t/k"], server.files["/t/i"] = DATA, OTHER
    base = f"{server.url}/t/"
    digests = {f"{base}k": Digest("sha256", hashlib.sha256(DATA).hexdigest())}
    boot = in_job(lambda job: fetch_boot(Tree(base, f"{base}k", f"{base}i", digests=digests), job, cache=cache))
    assert boot.kernel.verified and not boot.initrd.verified and boot.initrd.path.read_bytes() == OTHER
    server.files["/t/k"] = OTHER
    with pytest.raises(Invalid):
        in_job(lambda job: fetch_boot(Tree(base, f"{base}k", f"{base}i", digests=digests), job, cache=cache))
    assert download.Wanted(base).look


@pytest.mark.parametrize("told", ["²", "9" * 5000, "-5", "1.5"])
def test_sizes_that_are_no_numbers_are_no_sizes(told: str) -> None:
    headers = Message()
    headers["Content-Length"] = told
    response = cast("web.Response", SimpleNamespace(headers=headers, status=200))
    assert transfer._marks("http://h/a", response).size == 0
    headers["Content-Range"] = f"bytes {told}-{told}/{told}"
    response = cast("web.Response", SimpleNamespace(headers=headers, status=206))
    assert transfer._marks("http://h/a", response, 5).size == 0
    assert transfer._start(response) <= 0


@pytest.mark.parametrize("letter", ["Ж", "😀", "-", ".", "a.-"])
def test_long_names_of_any_script_are_kept(cache: Cache, letter: str) -> None:
    slot = cache.slot("http://h/" + quote(letter * 200) + ".iso")
    with slot.locked():
        slot.part.touch()
    assert slot.path.name.endswith("iso")
    assert not slot.path.name.startswith(("-", "."))
    cache.remove(slot.url)
    assert not slot.folder.exists()
