"""What is wrong with a value, in words, at its field; and whether the field applies at all."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from app.devices.cpuset import members
from app.devices.description import Field, Kind, When
from app.devices.offers import Offers
from app.i18n import _
from app.xmldoc.document import Document, Element

Check = Callable[[Field, str], str]


def why_not(conditions: tuple[When, ...], document: Document, at: Element) -> str:
    """The reason of the first condition that does not hold; "" if all hold."""
    for condition in conditions:
        if not _holds(condition, document, at):
            return _(condition.why) or _("It does not apply to this machine.")
    return ""


def shown(conditions: tuple[When, ...], document: Document, at: Element) -> bool:
    """False if one of the conditions that hide does not hold."""
    return all(_holds(condition, document, at) for condition in conditions if condition.hide)


def _holds(condition: When, document: Document, at: Element) -> bool:
    rooted = condition.path.startswith("/")
    base = None if rooted else at
    path = condition.path.removeprefix("/")
    if path.rpartition("/")[2].startswith("@") or condition.values:
        value = document.get(path, None, base)
        found = value is not None if not condition.values else (value or None) in condition.values
    else:
        found = document.find(path, base) is not None
    return found != condition.negate


def problem(field: Field, value: str | None, document: Document, at: Element, offers: Offers) -> str:
    """A sentence, or "" if the value can be.  What the machine has already is never called wrong by what the host lists."""
    if not value:
        return _("Something must be here.") if field.required else ""
    found = _CHECKS.get(field.kind, _no_problem)(field, value)
    if not found and field.pattern and re.fullmatch(field.pattern, value) is None:
        found = _(field.pattern_help) or _("This cannot be a value here.")
    return found or _taken(field, value, document, at, offers)


def _taken(field: Field, value: str, document: Document, at: Element, offers: Offers) -> str:
    owner = offers.taken.get(field.taken, {}).get(value.lower() if field.kind is Kind.MAC else value)
    if owner:
        return _("“{name}” has it already.").format(name=owner)
    if field.distinct:
        for other in document.find_all(f"devices/{at.tag!s}"):
            if other is not at and (document.get(field.path, None, other) or "").lower() == value.lower():
                return _("Another device of this machine has it already.")
    return ""


def _no_problem(_field: Field, _value: str) -> str:
    return ""


def _number(field: Field, value: str) -> str:
    if re.fullmatch(r"-?[0-9]{1,100}", value) is None:  # no number of libvirt's is longer, and Python's own have a limit
        return _("This must be a whole number.")
    return _range(field, int(value))


def _size(field: Field, value: str) -> str:
    if re.fullmatch(r"[0-9]{1,100}", value) is None:
        return _("This must be a size, for example 4 GiB.")
    return _range(field, int(value))


def _range(field: Field, number: int) -> str:
    low, high = field.minimum, field.maximum
    if low is not None and high is not None and not low <= number <= high:
        return _("This must be between {low} and {high}.").format(low=low, high=high)
    if low is not None and number < low:
        return _("This must be at least {low}.").format(low=low)
    if high is not None and number > high:
        return _("This must be at most {high}.").format(high=high)
    return ""


def _mac(_field: Field, value: str) -> str:
    if re.fullmatch(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}", value) is None:
        return _("A MAC address is six pairs of hexadecimal digits: 52:54:00:12:34:56.")
    if int(value[:2], 16) & 1:
        return _("This is a group address: the first pair of a card's address is even.")
    return ""


def _uuid(_field: Field, value: str) -> str:
    try:
        uuid.UUID(value)
    except ValueError:
        return _("A UUID is 32 hexadecimal digits: 3f2b8a5e-1c1d-4b7e-9f11-0a2b3c4d5e6f.")
    return ""


def _path(_field: Field, value: str) -> str:
    """Absolute; VMware\'s files are named within their datastore: ``[store] folder/disk.vmdk``."""
    return (
        "" if value.startswith("/") or re.match(r"\[[^]]+\] ", value) else _("This must be a whole path, beginning with a slash.")
    )


def _cpuset(_field: Field, value: str) -> str:
    return "" if members(value) is not None else _("This must be a list of processors, for example 0-3,^2,8.")


_CHECKS: dict[Kind, Check] = {
    Kind.INTEGER: _number,
    Kind.SIZE: _size,
    Kind.MAC: _mac,
    Kind.UUID: _uuid,
    Kind.PATH: _path,
    Kind.CPUSET: _cpuset,
}
