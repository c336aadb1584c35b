"""Our defaults beside virt-install's: what differs is explained, and what must be the same is."""

from __future__ import annotations

import asyncio
import shutil

import pytest

from tests.bench import defaults
from tests.lab.hosts import RootHost

SYSTEMS = ("debian11", "win11", "win7")


def test_every_difference_from_virt_install_is_explained(root_host: RootHost) -> None:
    if shutil.which("virt-install") is None:
        pytest.skip("virt-install is not installed (package virtinst)")
    found = asyncio.run(defaults.compare(root_host, SYSTEMS))
    assert set(found) == set(SYSTEMS)
    assert defaults.unexplained(found) == set()
    same = {"disk", "network", "machine", "cpu", "pm", "console", "input", "rng"}
    assert not {fact for told in found.values() for fact in told} & same
    page = defaults.PAGE.read_text()
    assert all(f"**{fact}**: {defaults.REASONS[fact]}" in page for told in found.values() for fact in told)
