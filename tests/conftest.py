"""What all tests share: the lab's fixtures and the markers of its folders."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["tests.lab.fixtures"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests below tests/lab and tests/e2e carry their folder's name as a marker."""
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        if folder in ("lab", "e2e"):
            item.add_marker(folder)
