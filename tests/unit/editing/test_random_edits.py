"""Random legal edits of the corpus's machines: there is always a plan, and libvirt takes all of it or nothing."""

from __future__ import annotations

import asyncio
from copy import deepcopy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from app.devices.lookup import devices
from app.devices.offers import Offers
from app.devices.values import read, write
from app.editing.command import commands_of
from app.editing.merge import merge
from app.editing.outcome import Fate
from app.editing.pending import pending_of
from app.editing.plan import Way, plan
from app.editing.session import EditSession
from app.errors import HostelryError
from app.hosts.host import Host
from app.jobs.runner import JobRunner
from app.model.records import DomainRef
from app.virt import domains
from app.xmldoc.diff import differences
from app.xmldoc.document import Document
from app.xmldoc.indent import append_indented
from tests.unit.devices.corpus import machines, other_value, spots

FILES = machines()
EDITS = st.lists(st.tuples(st.sampled_from(("set", "set", "set", "clear", "remove", "double")), st.integers(0, 9999)), min_size=1, max_size=6)
SLOW = (HealthCheck.too_slow,)


def _edit(document: Document, kind: str, number: int) -> None:
    """One change such as the forms make."""
    if kind in ("set", "clear"):
        there = [one for one in spots(document) if one.applies and (kind == "set" or read(document, one.field, one.at) is not None)]
        if there:
            spot = there[number % len(there)]
            now = read(document, spot.field, spot.at)
            value = other_value(spot, now, document, Offers()) if kind == "set" else None
            note(f"{kind} {spot}: {now!r} -> {value!r}")
            write(document, spot.field, spot.at, value)
    elif found := devices(document):
        device = found[number % len(found)]
        note(f"{kind} {document.fragment(device)}")
        if kind == "remove":
            document.remove_element(device)
        else:
            copy = deepcopy(device)
            copy.tail = None
            parent = device.getparent()
            assert parent is not None
            append_indented(parent, copy)


def _edited(text: str, edits: list[tuple[str, int]]) -> Document:
    document = Document.parse(text)
    for kind, number in edits:
        _edit(document, kind, number)
    return document


@given(st.sampled_from(FILES), EDITS, EDITS)
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
def test_there_is_a_plan_for_any_edit(path: Path, edits: list[tuple[str, int]], others: list[tuple[str, int]]) -> None:
    text = Document.parse(path.read_bytes()).to_text()
    old, new = Document.parse(text), _edited(text, edits)
    running = _edited(text, others)
    for live in (None, old, running):
        found = plan(old, new, live)
        assert bool(found.changes) == bool(differences(old, new))
        assert {one.way for one in found.changes} <= ({Way.OFF} if live is None else {Way.NOW, Way.NEXT_START})
        assert all(one.words and (one.reason or one.way is not Way.NEXT_START) for one in found.changes)
        assert set(found.now) | set(found.later) == set(found.changes) or live is None
        assert all(one.line for one in commands_of(found, "test:///default"))
    assert all(one.label and one.path for one in pending_of(running, new))
    merged = merge(old, new, running)
    assert all(one.words() for one in merged.conflicts)
    plan(running, merged.document, running)


# -- libvirt's answer ----------------------------------------------------------------------------------


def _for_the_test_driver(path: Path) -> str:
    """Its kind of machine, else as it is."""
    document = Document.parse(path.read_bytes())
    document.set("@type", "test")
    document.set("os/type", "hvm")
    document.set("os/type/@arch", "i686")
    for name in ("os/type/@machine", "os/@firmware", "os/firmware", "@id", "uuid"):
        document.remove(name)
    return document.to_text()


@cache
def _definable() -> tuple[str, ...]:
    """Those that the test driver takes, as it gives them back."""

    async def ask() -> list[str]:
        host = Host("test:///default")
        await host.connect()
        found = []
        for path in FILES:
            try:
                uuid = await domains.define(host.session, _for_the_test_driver(path), validate=False)
            except HostelryError:
                continue
            found.append(await domains.xml(host.session, uuid, inactive=True, secure=True))
        await host.disconnect()
        return found

    return tuple(asyncio.run(ask()))


def test_the_test_driver_takes_many() -> None:
    assert len(_definable()) > 20


@given(st.integers(0, 999), EDITS, st.booleans(), st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
def test_all_or_nothing(number: int, edits: list[tuple[str, int]], running: bool, validate: bool) -> None:
    text = _definable()[number % len(_definable())]

    async def run(driver: Path) -> None:
        host = Host(f"test://{driver}")
        await host.connect()
        uuid = await domains.define(host.session, text)
        if running:
            await domains.start(host.session, uuid)
        await host.refresh()
        session, jobs = EditSession(host, DomainRef(host.id, uuid)), JobRunner()
        try:
            await session.load()
            await _apply(session, jobs, edits, validate=validate)
        finally:
            session.close()
            await jobs.close()
            await host.disconnect()

    with TemporaryDirectory() as folder:
        driver = Path(folder) / "node.xml"
        driver.write_text("<node/>")
        asyncio.run(run(driver))


async def _apply(session: EditSession, jobs: JobRunner, edits: list[tuple[str, int]], *, validate: bool) -> None:
    for kind, place in edits:
        session.edit(kind, lambda document, kind=kind, place=place: _edit(document, kind, place))  # type: ignore[misc]
    base, edited = session.base, session.text
    changes = session.plan().changes
    outcome = await session.apply(jobs, validate=validate)
    note(outcome.words())
    now = await domains.xml(session.host.session, session.ref.uuid, inactive=True, secure=True)
    assert session.foreign == ""
    if outcome.error is not None:
        assert (now, session.base, session.text) == (base, base, edited)
        assert outcome.results == ()
    else:
        assert session.base == session.text == now
        assert len(outcome.results) == len(changes)
        assert all(result.fate is not Fate.REFUSED for result in outcome.results)
        assert all(result.error is None or result.fate is Fate.NEXT for result in outcome.results)
