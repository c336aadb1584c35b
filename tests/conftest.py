"""What all tests share: the lab's fixtures and the markers of its folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.lab import world

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # windows of tests/ui; programs of tests/e2e get a display of their own

# How long an example takes says more of the computer than of the code; the first text builds tables of all characters.
settings.register_profile("hostelry", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hostelry")

pytest_plugins = ["tests.lab.fixtures", "tests.lab.guards"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests below tests/lab and tests/e2e carry their folder's name as a marker."""
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in ("lab", "e2e"):
            item.add_marker(folder)


def pytest_sessionstart() -> None:
    """Removes what crashed runs have left, and makes /dev/kvm usable where nothing else does that."""
    world.sweep()
    world.repair_kvm_node()
