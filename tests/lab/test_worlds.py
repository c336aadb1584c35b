"""The worlds themselves: daemons of their own that leave nothing behind."""

from __future__ import annotations

from tests.lab import guests
from tests.lab.hosts import RootHost
from tests.lab.world import World


def test_a_guest_runs_paints_and_powers_off(any_world: World) -> None:
    guest = guests.define_boot_sector(any_world).start()
    guest.wait_paint()
    guest.press_until("KEY_Q", "shut off")


def test_guests_outlive_a_killed_daemon(any_world: World) -> None:
    guest = guests.define_boot_sector(any_world).start()
    pid = guest.qemu_pid()
    any_world.kill_daemon()
    any_world.start_daemon()
    assert guest.state == "running"
    assert guest.qemu_pid() == pid


def test_default_pool_and_network_are_active(root_host: RootHost) -> None:
    assert root_host.virsh("pool-list", "--name").split() == ["default"]
    assert root_host.virsh("net-list", "--name").split() == ["default"]
