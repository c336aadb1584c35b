"""The language of the filter box: words and ``field:value`` terms, all of which must fit.

``web`` finds guests whose name, title, host or IP address contains "web", in any case.  ``state:``, ``host:``,
``ip:``, ``name:`` and ``title:`` look at one thing; ``-`` before a term turns it round; quotes keep
spaces together (``"my guest"``, ``host:"rack 2"``).  An unknown field is an ordinary word ("52:54:00").
A term that is still being typed (``state:``) fits everything, so that the list does not jump.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.i18n import _
from app.model.records import STATE_WORDS, DomainRecord, DomainState

_TERM = re.compile(r"""(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))?""", re.IGNORECASE)


class Subject:
    """What the filter sees of one guest; made once for each record, as thousands are asked at each key press.

    text: name, title, host's label and addresses, casefolded.
    """

    __slots__ = ("addresses", "label", "record", "text")

    def __init__(self, record: DomainRecord, label: str, addresses: tuple[str, ...] = ()) -> None:
        self.record = record
        self.label = label
        self.addresses = addresses
        self.text = "\n".join((record.name, record.title, label, *addresses)).casefold()


Term = Callable[[Subject], bool]


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter; false if it lets everything through."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __call__(self, subject: Subject) -> bool:
        """True if the guest fits every term."""
        for term in self.terms:  # noqa: SIM110 (this loop runs for each guest at each key press)
            if not term(subject):
                return False
        return True


EVERYTHING = Filter()

SYNONYMS: dict[DomainState, tuple[str, ...]] = {
    DomainState.RUNNING: ("on", "up", "active"),
    DomainState.BLOCKED: ("running", "active"),
    DomainState.PAUSED: ("suspended",),
    DomainState.SHUTDOWN: ("shutdown",),
    DomainState.SHUTOFF: ("shutoff", "stopped", "down", "inactive"),
    DomainState.CRASHED: ("failed",),
    DomainState.PMSUSPENDED: ("pmsuspended", "sleeping"),
}
"""What people and virsh call the states; never translated, as it is typed from habit."""


def state_names(record: DomainRecord) -> tuple[str, ...]:
    """Every word by which ``state:`` finds the guest, casefolded."""
    word = STATE_WORDS[record.state]
    saved = ("saved",) if record.managed_save else ()
    return (word.casefold(), _(word).casefold(), *SYNONYMS.get(record.state, ()), *saved)


def parse(text: str) -> Filter:
    """The filter that ``text`` asks for; any text is a filter."""
    terms = (_term(*match.groups()) for match in _TERM.finditer(text) if match.group())
    found = tuple(term for term in terms if term is not None)
    return Filter(found) if found else EVERYTHING


def _term(minus: str, field: str | None, quoted: str | None, word: str | None) -> Term | None:
    value = quoted if quoted is not None else (word or "")
    key = (field or "").casefold()
    if key and key not in FIELDS:
        value, key = f"{field}:{value}", ""
    value = value.casefold()
    if not value:
        return None
    fits = FIELDS[key](value)
    return _negated(fits) if minus else fits


def _negated(term: Term) -> Term:
    return lambda subject: not term(subject)


def _text(value: str) -> Term:
    return lambda subject: value in subject.text


def _name(value: str) -> Term:
    return lambda subject: value in subject.record.name.casefold()


def _title(value: str) -> Term:
    return lambda subject: value in subject.record.title.casefold()


def _host(value: str) -> Term:
    return lambda subject: value in subject.label.casefold()


def _address(value: str) -> Term:
    return lambda subject: any(address.startswith(value) for address in subject.addresses)


def _state(value: str) -> Term:
    return lambda subject: any(name.startswith(value) for name in state_names(subject.record))


FIELDS: dict[str, Callable[[str], Term]] = {
    "": _text,
    "name": _name,
    "title": _title,
    "host": _host,
    "ip": _address,
    "state": _state,
}
