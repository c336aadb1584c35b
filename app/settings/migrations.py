"""Old settings files brought to today's form, one tested function for each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Data = dict[str, Any]

VERSION = 2


def named_connections(data: Data) -> Data:
    """1 -> 2: connections were bare URIs; now each is an object with a label and its own choices."""
    if "connections" not in data:
        return data  # nothing was chosen yet; an empty list would say "none, on purpose"
    listed = data["connections"]
    entries = [{"uri": entry} if isinstance(entry, str) else entry for entry in listed] if isinstance(listed, list) else []
    return {**data, "connections": entries}


STEPS: dict[int, Callable[[Data], Data]] = {1: named_connections}
"""From version -> step to the next one."""


def migrate(data: Data) -> Data:
    """``data`` in today's form.  A file of a newer program is taken as it is: unknown keys are kept."""
    version = data.get("version", VERSION if not data else 1)
    if not isinstance(version, int) or version < 1:
        version = 1
    while version < VERSION:
        data = STEPS[version](data)
        version += 1
    return {**data, "version": version}
