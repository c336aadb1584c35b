"""How the inventory tells what changed."""

from __future__ import annotations

from dataclasses import dataclass

from app.model.records import HostId, ObjectKind


@dataclass(frozen=True, slots=True)
class Change:
    """Keys that came, went or differ, of one kind on one host, after one batch; the sets are disjoint."""

    host_id: HostId
    kind: ObjectKind
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.updated)
