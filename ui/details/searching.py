"""What the search box finds: settings of every group and device, also those that are not set."""

from __future__ import annotations

from app.devices.description import Field, items
from app.i18n import _
from ui.details.entries import Entry
from ui.details.finding import Found, entry_found
from ui.details.wording import tip_of

CHOICES_MOST = 30


def found(text: str, entries: list[Entry]) -> list[Found]:
    """The best first: names that begin so, names that have it, libvirt's names, help."""
    words = text.lower().split()
    if not words:
        return []
    ranked: list[tuple[int, int, Found]] = []
    for entry in entries:
        _add(ranked, _rank(words, entry.title, entry.key, entry.summary), entry_found(entry))
        seen: set[tuple[str, str]] = set()
        for item in items(entry.description):
            if (item.path, item.label) in seen:
                continue
            seen.add((item.path, item.label))
            rank = _rank(words, _(item.label), item.path, " ".join((_(item.help), item.words, _choices(item))))
            if rank < 0:
                rank = _rank(words, f"{entry.title} {_(item.label)}", "", "")
                rank = rank + 1 if rank >= 0 else rank
            line = Found(
                entry.key,
                item.path,
                _("{setting} – {page}").format(setting=_(item.label), page=entry.title),
                tip_of(item),
                entry.icon,
            )
            _add(ranked, rank, line)
    return [line for _rank_, _number, line in sorted(ranked, key=lambda one: one[:2])]


def _add(ranked: list[tuple[int, int, Found]], rank: int, line: Found) -> None:
    if rank >= 0:
        ranked.append((rank, len(ranked), line))


def _choices(item: object) -> str:
    return (
        " ".join(f"{choice.value} {_(choice.words)}" for choice in item.choices[:CHOICES_MOST]) if isinstance(item, Field) else ""
    )


def _rank(words: list[str], label: str, path: str, rest: str) -> int:
    """-1: not all words are there."""
    label, path, rest = label.lower(), path.lower(), rest.lower()
    if label.startswith(" ".join(words)):
        return 0
    if all(word in label for word in words):
        return 1
    if all(word in label or word in path for word in words):
        return 2
    return 3 if all(word in label or word in path or word in rest for word in words) else -1
