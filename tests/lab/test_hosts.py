"""Several isolated hosts at once, and the odd ones: without control groups, with a QEMU of little rights, with a LAN."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import faults, guests, hosts
from tests.lab.hosts import Lan, RootHost
from tests.lab.world import LabError, missing_programs


@pytest.fixture(autouse=True)
def needs_root() -> Iterator[None]:
    if reason := hosts.why_not():
        pytest.skip(reason)
    yield


def test_two_hosts_side_by_side_on_a_lan() -> None:
    with Lan() as lan, RootHost("alpha", lan=lan) as alpha, RootHost("beta", lan=lan) as beta:
        for host in (alpha, beta):
            guests.define_boot_sector(host, "same-name").start()
        assert alpha.virsh("hostname") == "alpha"
        assert beta.virsh("hostname") == "beta"
        assert alpha.qemu_pid("same-name") != beta.qemu_pid("same-name")
        assert alpha.address
        assert "eth0" in beta.run_inside("ip", "route", "get", alpha.address)
        alpha.virsh("destroy", "same-name")
        assert beta.state("same-name") == "running"


def test_a_host_without_control_groups_runs_guests() -> None:
    with RootHost("plain", cgroups=False, network=False) as host:
        assert guests.define_boot_sector(host).start().state == "running"


def test_qemu_with_a_distributions_rights_cannot_read_private_files() -> None:
    with RootHost("strict", qemu_user="libvirt-qemu", network=False) as host:
        guest = guests.define_boot_sector(host).start()
        assert guest.state == "running"
        guest.world.virsh("destroy", guest.name)
        private = host.root / "private"
        private.mkdir(mode=0o700)
        (host.images / "boot.img").rename(private / "boot.img")
        (host.images / "boot.img").symlink_to(private / "boot.img")
        with pytest.raises(LabError, match="Permission denied"):
            guest.start()


def test_sasl_asks_for_a_password() -> None:
    if missing_programs("saslpasswd2"):
        pytest.skip("needs saslpasswd2 (package sasl2-bin)")
    with (
        RootHost("locked", listen_tcp=True, sasl={"alice": "open sesame"}, network=False) as host,
        faults.Link(("127.0.0.1", 16509), listen=("127.0.0.1", 0), inside=host) as link,
        pytest.raises(LabError, match="authentication"),
    ):
        host.virsh("-c", f"qemu+tcp://127.0.0.1:{link.port}/system", "hostname")
