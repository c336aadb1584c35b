"""pytest fixtures over the lab. tests/conftest.py loads them for every test folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ssh import folder
from tests.lab import guests, hosts, media, screen, spice_guest, ssh, world


@pytest.fixture(scope="module")
def shared_root_host() -> Iterator[hosts.RootHost]:
    """The module's isolated host; use `root_host`, which is empty for each test."""
    if reason := hosts.why_not():
        pytest.skip(reason)
    with hosts.RootHost("labhost") as host:
        yield host


@pytest.fixture
def root_host(shared_root_host: hosts.RootHost) -> Iterator[hosts.RootHost]:
    """An isolated host with qemu:///system, a default pool and a default network; its domains and images go after the test."""
    yield shared_root_host
    shared_root_host.remove_domains()


@pytest.fixture(scope="module")
def shared_session_world() -> Iterator[world.SessionWorld]:
    """The module's per-user world; use `session_world`, which is empty for each test."""
    if missing := world.missing_programs("libvirtd", "virsh", "qemu-system-x86_64"):
        pytest.skip(f"needs programs that are not installed: {', '.join(missing)}")
    with world.SessionWorld() as session:
        yield session


@pytest.fixture
def session_world(shared_session_world: world.SessionWorld) -> Iterator[world.SessionWorld]:
    """A per-user libvirt (qemu:///session) of its own; needs no root."""
    yield shared_session_world
    shared_session_world.remove_domains()


@pytest.fixture(params=["session", "root"])
def any_world(request: pytest.FixtureRequest) -> world.World:
    """Runs the test twice: in a session world and, as root, in an isolated host."""
    name = "root_host" if request.param == "root" else "session_world"
    found: world.World = request.getfixturevalue(name)
    return found


@pytest.fixture(scope="session")
def boot_sector() -> Path:
    """The boot sector guest's raw disk image (see `guests.define_boot_sector`)."""
    return media.boot_sector()


@pytest.fixture
def boot_guest(root_host: hosts.RootHost) -> guests.LabGuest:
    """A running boot sector guest on `root_host`."""
    return guests.define_boot_sector(root_host).start()


@pytest.fixture(scope="session")
def tiny_iso() -> Path:
    """The first ISO: boots the lab's Linux (blue screen, shell; `media.FIRST_TEXT`). Read-only: `world.put` gives a copy."""
    return media.tiny_iso()


@pytest.fixture(scope="session")
def second_iso() -> Path:
    """The second ISO: data alone; "readcd" in the guest shows it in green (`media.SECOND_TEXT`)."""
    return media.second_iso()


@pytest.fixture
def agent_guest(root_host: hosts.RootHost) -> guests.LabGuest:
    """A running guest with agent, lease on the default network and serial login, restored from a saved state in a second."""
    return guests.start_agent_guest(root_host, network=guests.DEFAULT_NET)


@pytest.fixture
def session_agent_guest(session_world: world.SessionWorld) -> guests.LabGuest:
    """The same in a per-user world, without root."""
    return guests.start_agent_guest(session_world)


@pytest.fixture(scope="module")
def spice_desktop() -> Iterator[spice_guest.SpiceGuest]:
    """The module's running desktop with the SPICE agent, in a per-user world of its own; as its tests left it.

    While a SPICE client of this process is connected, run its programs (`run`, `shell`) on another thread: QEMU waits for
    the client, which this thread serves.
    """
    if missing := world.missing_programs("libvirtd", "virsh", "qemu-system-x86_64"):
        pytest.skip(f"needs programs that are not installed: {', '.join(missing)}")
    with world.SessionWorld() as session:
        yield spice_guest.start(session)


@pytest.fixture(scope="module")
def shared_ssh_server() -> Iterator[ssh.SshServer]:
    """The module's host with an SSH server; use `ssh_server`."""
    if reason := hosts.why_not() or ssh.why_not():
        pytest.skip(reason)
    with hosts.RootHost("far", network=False) as host, ssh.SshServer(host) as server:
        yield server


@pytest.fixture
def ssh_server(shared_ssh_server: ssh.SshServer) -> Iterator[ssh.SshServer]:
    """A real sshd on an isolated host, which is empty for each test; connections that a test shared end with it."""
    shared_ssh_server.link.rtt_s = 0.0
    yield shared_ssh_server
    for control in folder.folder().glob("c-*"):
        folder.end_shared(control)
    shared_ssh_server.link.thaw()
    shared_ssh_server.link.drop()
    shared_ssh_server.host.remove_domains()


@pytest.fixture
def ssh_client(tmp_path: Path, ssh_server: ssh.SshServer) -> ssh.SshClient:
    """Someone who has been on that host before."""
    client = ssh.SshClient(tmp_path)
    client.trust(ssh_server)
    return client


@pytest.fixture
def display() -> Iterator[screen.Display]:
    """A private X display (1280x800) with a small window manager, XTEST mouse and keyboard, and pictures."""
    if missing := world.missing_programs("Xvfb"):
        pytest.skip(f"needs programs that are not installed: {', '.join(missing)}")
    with screen.Display() as shown:
        yield shown
