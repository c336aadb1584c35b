"""How much of libvirt's domain schema the forms and the inspector reach: ``python -m app.devices.coverage``.

A form reaches an element or attribute if a field or a column of a table reads and writes it, or makes it on the way.  The
inspector reaches it if it brings a machine there and can set or show it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.devices.catalogue import ALL
from app.devices.description import Description, DeviceType, Field, Table, items
from app.xmldoc import paths
from app.xmldoc.document import Document
from app.xmldoc.schema import Schema, load
from app.xmldoc.schema.inspector import Inspector
from app.xmldoc.schema.places import places

ROOT = "domain"
_EMPTY = "<domain/>"


@dataclass(frozen=True, slots=True)
class Reach:
    """One place of the schema ("domain/devices/disk/@type") and what gets there."""

    place: str
    form: bool
    inspector: bool


def reached(schema: Schema, descriptions: Iterable[Description] = ALL, *, inspect: bool = True) -> list[Reach]:
    """Every place of the schema, sorted.  inspect: False leaves the inspector out, which takes seconds."""
    forms = form_places(descriptions)
    return [Reach(place, place in forms, inspect and inspected(schema, place)) for place in sorted(places(schema))]


def form_places(descriptions: Iterable[Description] = ALL) -> frozenset[str]:
    """Every place that a field or column of ``descriptions`` reads, writes, or makes on the way."""
    return frozenset(place for one in descriptions for place in _of(one))


def inspected(schema: Schema, place: str) -> bool:
    """Whether the inspector gets to ``place`` from a machine that has nothing, and has a row for it there."""
    document = Document.parse(_EMPTY)
    inspector = Inspector(document, schema)
    try:
        element = inspector.reach(place)
    except (LookupError, ValueError):
        return False
    name = place.rpartition("/")[2]
    if not name.startswith("@"):
        return True
    return any(row.kind == "attribute" and row.name == name.removeprefix("@") and row.present for row in inspector.rows(element))


def _of(description: Description) -> Iterator[str]:
    base = f"{ROOT}/devices/{description.tag}" if isinstance(description, DeviceType) else ROOT
    yield base
    for item in items(description):
        if isinstance(item, Field):
            yield from field_places(base, item)
        else:
            yield from _table_places(base, item)


def _table_places(base: str, table: Table) -> Iterator[str]:
    yield from _along(base, table.path)
    row = _joined(base, table.path)
    for column in table.columns:
        yield from field_places(row, column)


def field_places(base: str, field: Field) -> Iterator[str]:
    """The places of one field below ``base``, its unit too."""
    yield from _along(base, field.path)
    if field.has_unit:
        yield f"{_joined(base, field.path, holder=True)}/@unit"


def _along(base: str, path: str) -> Iterator[str]:
    """Every element on the way, what its predicates ask for, and the attribute at the end."""
    parsed = paths.parse(path)
    place = base
    for step in parsed.steps:
        place = f"{place}/{step.name}"
        yield place
        yield from (f"{place}/{'@' if one.attribute else ''}{one.name}" for one in step.predicates if one.name)
    if parsed.attribute:
        yield f"{place}/@{parsed.attribute}"


def _joined(base: str, path: str, *, holder: bool = False) -> str:
    parsed = paths.parse(path)
    place = "/".join([base, *(step.name for step in parsed.steps)])
    return f"{place}/@{parsed.attribute}" if parsed.attribute and not holder else place


def lines(found: list[Reach], *, missing: bool = False, form_only: bool = False) -> Iterator[str]:
    """The report.  missing: only what something does not reach.  form_only: nothing of the inspector."""
    for one in found:
        if missing and one.form and (form_only or one.inspector):
            continue
        inspector = "" if form_only else f"{'inspector' if one.inspector else '-':<10}"
        yield f"{'form' if one.form else '-':<5}{inspector}{one.place}"
    total = len(found)
    yield ""
    yield _share("forms", sum(one.form for one in found), total)
    if not form_only:
        yield _share("inspector", sum(one.inspector for one in found), total)


def _share(name: str, count: int, total: int) -> str:
    return f"{name}: {count} of {total} places, {100 * count / total:.1f} %"


def main(arguments: list[str] | None = None) -> int:
    """1 if the inspector misses a place."""
    parser = argparse.ArgumentParser(prog="python -m app.devices.coverage", description=__doc__)
    parser.add_argument("--missing", action="store_true", help="show only what the forms or the inspector do not reach")
    parser.add_argument("--form-only", action="store_true", help="look at the forms only, which is faster")
    chosen = parser.parse_args(arguments)
    found = reached(load("domain"), inspect=not chosen.form_only)
    sys.stdout.write("\n".join(lines(found, missing=chosen.missing, form_only=chosen.form_only)) + "\n")
    return 0 if chosen.form_only or all(one.inspector for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
