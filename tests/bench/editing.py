"""What an edit costs on the event loop: a key that is pressed, the plan of applying, what waits.  Run: python -m tests.bench.editing

On the machine of the corpus that has every device (tests/data/domains/every-device.xml), in the thread's own time.  "few" is one
setting that was changed, "many" one in each disk and in the memory.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from app.devices import catalogue
from app.devices.description import Field, items
from app.editing.pending import pending_of
from app.editing.session import EditSession
from app.hosts.host import Host
from app.xmldoc.document import Document
from tests.bench.list_view import Line

MACHINE = Path(__file__).parents[1] / "data" / "domains" / "every-device.xml"
KEY_MS, PLAN_MS, PENDING_MS = 5.0, 30.0, 50.0


def session() -> EditSession:
    """Running, and nothing edited."""
    text = MACHINE.read_text(encoding="utf-8")
    made = EditSession.for_new(Host("test:///default"), text)
    made.base, made.live = text, Document.parse(text)
    return made


def timed(rounds: int, work: Callable[[], object], *, first: bool = False) -> list[float]:
    """Milliseconds of each round, after one that makes what is made once.  first: with that one."""
    spent = []
    for _round in range(rounds + 1):
        began = time.thread_time()
        work()
        spent.append((time.thread_time() - began) * 1e3)
    return spent if first else spent[1:]


def many(document: Document) -> None:
    """One setting in each disk, and the memory."""
    for disk in document.find_all("devices/disk"):
        document.set("driver/@cache", "none", disk)
    document.set("memory", "123456")


def title_field() -> Field:
    """The title's."""
    return next(one for group in catalogue.GROUPS for one in items(group) if isinstance(one, Field) and one.path == "title")


def measure(rounds: int) -> list[Line]:
    """All lines of the table."""
    edited, number, title = session(), count(), title_field()
    lines = [
        Line("a key: edit()", timed(rounds, lambda: edited.edit("t", _titled(f"a{next(number)}"), merge_key="t")), KEY_MS),
        Line("a key: set()", timed(rounds, lambda: edited.set(title, edited.document.root, f"b{next(number)}")), KEY_MS),
    ]
    lines += _compared(edited, rounds, "few")
    edited.edit("many", many)
    return lines + _compared(edited, rounds, "many")


def _compared(edited: EditSession, rounds: int, words: str) -> list[Line]:
    plans: list[float] = []
    for number in range(rounds + 1):
        edited.edit("t", _titled(f"c{number}"), merge_key="t")
        plans += timed(0, edited.plan, first=True)
    live, base = edited.live, edited.document
    assert live is not None
    waits = timed(rounds, lambda: pending_of(live, base))
    return [
        Line(f"plan(), {words} changed", plans[1:], PLAN_MS),
        Line(f"pending, {words} differ (in a thread)", waits, PENDING_MS),
    ]


def _titled(text: str) -> Callable[[Document], object]:
    return lambda document: document.set("title", text)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    print(f"| {'':<52} | {'median':>7} | {'worst':>7} | {'bar':>9} | |\n|{'-' * 54}|{'-' * 9}|{'-' * 9}|{'-' * 11}|---|")
    print("\n".join(map(str, measure(options.rounds))))


if __name__ == "__main__":
    main()
