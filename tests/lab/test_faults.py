"""The lab's faults do what they say."""

from __future__ import annotations

import socket
import time

import pytest

from tests.lab import faults, guests, hosts
from tests.lab.hosts import RootHost
from tests.lab.world import LabError, SessionWorld, wait_for


def test_a_slow_link_delays_what_passes() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        faults.Link(server.getsockname()[:2], rtt_s=0.2) as link,
        socket.socket(socket.AF_UNIX) as client,
    ):
        client.connect(str(link.path))
        with server.accept()[0] as far:
            started = time.monotonic()
            client.sendall(b"hello")
            assert far.recv(5) == b"hello"
            assert time.monotonic() - started >= 0.1  # half a round trip


def test_libvirt_works_over_a_slow_link(session_world: SessionWorld) -> None:
    with faults.Link(session_world.socket, rtt_s=0.02, rate=1_000_000, jitter_s=0.01) as link:
        assert session_world.virsh("-c", link.uri("session"), "uri").startswith("qemu")
        assert link.connections == 1


def test_a_frozen_link_holds_everything_back_and_a_dropped_one_breaks() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    with server, faults.Link(server.getsockname()[:2]) as link, socket.socket(socket.AF_UNIX) as client:
        client.connect(str(link.path))
        far = server.accept()[0]
        with far:
            link.freeze()
            client.sendall(b"hello")
            far.settimeout(0.2)
            with pytest.raises(TimeoutError):
                far.recv(5)
            link.thaw()
            far.settimeout(5)
            assert far.recv(5) == b"hello"
            link.drop()
            client.settimeout(5)
            assert client.recv(1) == b""


def test_a_black_hole_accepts_and_is_silent() -> None:
    with faults.BlackHole(tcp=True) as hole, socket.create_connection(("127.0.0.1", hole.port), 2) as client:
        client.settimeout(0.2)
        with pytest.raises(TimeoutError):
            client.recv(1)


def test_a_hung_daemon_answers_after_it_goes_on(session_world: SessionWorld) -> None:
    with faults.hung_daemon(session_world), pytest.raises(Exception, match="timed out"):
        session_world.virsh("uri", timeout_s=0.5)
    assert session_world.virsh("uri")


def test_a_small_filesystem_runs_full(root_host: RootHost) -> None:
    with faults.small_filesystem(root_host) as folder:
        with pytest.raises(LabError, match="No space left"):
            root_host.run_inside("dd", "if=/dev/zero", f"of={folder}/x", "bs=1M", "count=8")
        faults.grow(root_host, folder, "32m")
        root_host.run_inside("dd", "if=/dev/zero", f"of={folder}/x", "bs=1M", "count=8")


def test_a_killed_guest_is_noticed(root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host).start()
    root_host.kill_qemu(guest.name)
    wait_for(lambda: guest.state == "shut off", "libvirt to notice")


def test_a_hosts_tcp_port_is_reached_through_a_link() -> None:
    if reason := hosts.why_not():
        pytest.skip(reason)
    with (
        hosts.RootHost("tcp", listen_tcp=True, network=False) as host,
        faults.Link(("127.0.0.1", 16509), listen=("127.0.0.1", 0), inside=host) as link,
    ):
        assert host.virsh("-c", f"qemu+tcp://127.0.0.1:{link.port}/system", "hostname").strip() == "tcp"
