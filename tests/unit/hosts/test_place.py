"""Whose files a host's are, by its address."""

from __future__ import annotations

import pytest

from app.hosts.place import on_this_computer


@pytest.mark.parametrize("uri", ["qemu:///system", "qemu:///session", "qemu+unix:///system"])
def test_addresses_without_a_host_are_this_computer(uri: str) -> None:
    assert on_this_computer(uri, None)


@pytest.mark.parametrize("uri", ["qemu+ssh://host/system", "qemu+tcp://10.0.0.1/system", "test:///default"])
def test_other_hosts_and_the_practice_driver_are_not(uri: str) -> None:
    assert not on_this_computer(uri, None)


def test_a_socket_may_lead_anywhere_until_the_host_has_said_its_name() -> None:
    assert not on_this_computer("qemu+unix:///system?socket=/run/forwarded", None)
