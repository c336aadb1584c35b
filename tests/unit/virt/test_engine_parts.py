"""The event loop, the workers, hedged calls and the small readers."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import libvirt
import pytest

from app.virt import kvm
from app.virt.events import VirEventThread
from app.virt.hedge import hedged
from app.virt.safe_xml import parse
from app.virt.workers import Workers


def test_handles_of_the_event_thread() -> None:
    VirEventThread.ensure_started()
    ours, theirs = socket.socketpair()
    got: list[tuple[int, bytes]] = []
    heard = threading.Event()

    def on_event(_watch: int, _fd: int, events: int, _opaque: object) -> None:
        got.append((events, ours.recv(100)))
        heard.set()

    watch = libvirt.virEventAddHandle(ours.fileno(), libvirt.VIR_EVENT_HANDLE_READABLE, on_event, None)
    theirs.send(b"one")
    assert heard.wait(5)
    libvirt.virEventUpdateHandle(watch, 0)
    heard.clear()
    theirs.send(b"two")
    assert not heard.wait(0.1)
    libvirt.virEventUpdateHandle(watch, libvirt.VIR_EVENT_HANDLE_READABLE)
    assert heard.wait(5)
    libvirt.virEventRemoveHandle(watch)
    assert got == [(1, b"one"), (1, b"two")]
    ours.close()
    theirs.close()


def test_timers_of_the_event_thread() -> None:
    VirEventThread.ensure_started()
    fired: list[int] = []
    enough = threading.Event()

    def on_timer(timer: int, _opaque: object) -> None:
        fired.append(timer)
        if len(fired) >= 3:
            enough.set()
            libvirt.virEventUpdateTimeout(timer, -1)

    timer = libvirt.virEventAddTimeout(-1, on_timer, None)
    assert not enough.wait(0.05)
    libvirt.virEventUpdateTimeout(timer, 1)
    assert enough.wait(5)
    libvirt.virEventRemoveTimeout(timer)
    assert fired == [timer] * 3


def test_adding_from_many_threads() -> None:
    VirEventThread.ensure_started()
    done = threading.Barrier(9, timeout=10)

    def work() -> None:
        for _ in range(50):
            reader, writer = os.pipe()
            heard = threading.Event()

            def on_event(_watch: int, fd: int, _events: int, _opaque: object, heard: threading.Event = heard) -> None:
                os.read(fd, 1)
                heard.set()

            watch = libvirt.virEventAddHandle(reader, 1, on_event, None)
            os.write(writer, b"x")
            assert heard.wait(5)
            libvirt.virEventRemoveHandle(watch)
            os.close(reader)
            os.close(writer)
        done.wait()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    done.wait()
    for thread in threads:
        thread.join()


class Outcomes:
    """Collects what workers bring."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.changed = threading.Condition()

    def done(self, result: object, error: BaseException | None) -> None:
        with self.changed:
            self.got.append(error if error is not None else result)
            self.changed.notify_all()

    def wait(self, count: int) -> list[Any]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.got) >= count, 5)
            return list(self.got)


def test_workers_run_so_many_at_once_and_no_more() -> None:
    workers, outcomes = Workers(2, "libvirt test"), Outcomes()
    gate = threading.Semaphore(0)
    running: list[int] = []

    def work(number: int) -> int:
        running.append(number)
        gate.acquire()
        return number

    for number in range(4):
        workers.submit(partial(work, number), outcomes.done)
    gate.release()
    outcomes.wait(1)
    assert len(running) <= 3
    for _ in range(3):
        gate.release()
    assert sorted(outcomes.wait(4)) == [0, 1, 2, 3]
    workers.close()
    workers.wait_idle()


def test_abandoned_work_gives_its_place_to_others() -> None:
    workers, outcomes = Workers(1, "libvirt test"), Outcomes()
    gate = threading.Event()
    stuck = workers.submit(lambda: gate.wait() and "late", outcomes.done)
    workers.submit(lambda: "second", outcomes.done)
    while not stuck.running:
        pass
    workers.abandon(stuck)
    assert outcomes.wait(1) == ["second"]
    assert workers.abandoned == 1
    gate.set()
    workers.close()
    workers.wait_idle()
    assert outcomes.got == ["second"]


def test_polls_leave_places_for_actions() -> None:
    workers, outcomes = Workers(4, "libvirt test"), Outcomes()
    gate = threading.Event()
    for _ in range(6):
        workers.submit(gate.wait, outcomes.done, background=True)
    workers.submit(lambda: "action", outcomes.done)
    assert outcomes.wait(1) == ["action"]
    gate.set()
    outcomes.wait(7)
    workers.close()
    workers.wait_idle()


def test_a_late_call_is_asked_again_and_left_behind() -> None:
    async def scenario() -> None:
        asked: list[int] = []

        async def ask() -> str:
            asked.append(len(asked))
            if len(asked) == 1:
                await asyncio.sleep(3600)
            return "answer"

        assert await hedged(ask, 0.01) == ("answer", True)
        assert asked == [0, 1]

        async def quick() -> str:
            return "at once"

        assert await hedged(quick, 10) == ("at once", False)

    asyncio.run(scenario())


def test_xml_with_entities_is_refused() -> None:
    assert parse("<a><b/></a>").tag == "a"
    for text in ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a", ""):
        with pytest.raises(ParseError):
            parse(text)


@pytest.mark.parametrize(
    ("flags", "modules", "device", "fine"),
    [
        ("fpu vmx", ["kvm", "kvm_intel"], True, True),
        ("fpu svm", ["kvm", "kvm_amd"], True, True),
        ("fpu hypervisor", ["kvm", "kvm_pvm"], True, False),
        ("fpu hypervisor", ["kvm", "kvm_intel"], True, False),
        ("fpu vmx", ["kvm", "kvm_intel"], False, False),
    ],
)
def test_what_speaks_against_kvm(tmp_path: Path, flags: str, modules: list[str], device: bool, fine: bool) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text(f"processor : 0\nflags\t\t: {flags}\n")
    for module in modules:
        (tmp_path / "sys/module" / module).mkdir(parents=True)
    if device:
        (tmp_path / "dev").mkdir()
        (tmp_path / "dev/kvm").touch()
    facts = kvm.local_facts(tmp_path)
    assert facts.flags == frozenset(flags.split())
    facts = kvm.LocalFacts("x86_64", facts.flags, facts.modules, facts.device)
    assert (kvm.judge_local(facts) == "") is fine
