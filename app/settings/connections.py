"""The saved connections: which hosts the window shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

ACCEL_CHOICES = ("auto", "kvm", "emulation")
"""``auto``: as found out on the host (app.virt.kvm)."""


@dataclass(frozen=True, slots=True)
class SavedConnection:
    """One host by its libvirt URI; ``label`` is the user's name for it, empty: made from the URI."""

    uri: str
    label: str = ""
    autoconnect: bool = True
    accel: str = "auto"

    def to_json(self) -> dict[str, Any]:
        """The form in settings.json."""
        return {"uri": self.uri, "label": self.label, "autoconnect": self.autoconnect, "accel": self.accel}

    def with_accel(self, accel: str) -> SavedConnection:
        """The same with another choice of KVM or emulation."""
        return replace(self, accel=accel if accel in ACCEL_CHOICES else "auto")


def from_json(raw: Any) -> list[SavedConnection]:
    """What a file's list says; entries that make no sense and second entries of one URI are left out."""
    found: dict[str, SavedConnection] = {}
    for entry in raw if isinstance(raw, list) else []:
        connection = _one(entry)
        if connection is not None:
            found.setdefault(connection.uri, connection)
    return list(found.values())


def _one(entry: Any) -> SavedConnection | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("uri"), str) or not entry["uri"]:
        return None
    accel = entry.get("accel")
    return SavedConnection(
        uri=entry["uri"],
        label=entry["label"] if isinstance(entry.get("label"), str) else "",
        autoconnect=entry.get("autoconnect") is not False,
        accel=accel if accel in ACCEL_CHOICES else "auto",
    )
