"""Which section has an editor of its own, by ``Section.editor``; the others are laid out from their items.

An editor is a widget with ``subject`` (may be set), ``covers() -> paths of the items that it shows``, ``refresh() -> bool`` and
``height_for(lay, width)``.  It changes nothing but the paths of its section's items.
"""

from __future__ import annotations

import importlib

from PySide6.QtWidgets import QWidget

from app.devices.description import Section
from ui.details.subject import Subject

EDITORS: dict[str, tuple[str, str]] = {
    "boot-order": ("boot", "BootEditor"),
    "topology": ("presets", "TopologyEditor"),
    "firmware": ("presets", "FirmwareEditor"),
    "hyperv": ("presets", "HypervEditor"),
    "disk": ("disk_source", "DiskSourceEditor"),
    "medium": ("disk_source", "DiskSourceEditor"),
    "pinning": ("pinning", "PinningEditor"),
    "host-device": ("host_device", "HostDeviceEditor"),
    "network": ("network", "NetworkEditor"),
    "display": ("display", "DisplayEditor"),
    "numa": ("numa", "NumaEditor"),
    "cpu-features": ("processor_features", "FeaturesEditor"),
    "notes": ("notes", "NotesEditor"),
    "metadata": ("metadata", "MetadataEditor"),
}
"""Module below ``ui.details.editors`` and class; imported at the first use."""


def editor_of(section: Section, subject: Subject, parent: QWidget) -> QWidget | None:
    """None if it has none, or this program does not know it."""
    known = EDITORS.get(section.editor)
    if known is None:
        return None
    module = importlib.import_module(f"ui.details.editors.{known[0]}")
    made: QWidget = getattr(module, known[1])(section, subject, parent)
    return made
