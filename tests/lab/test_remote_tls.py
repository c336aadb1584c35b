"""Hosts over TLS and TCP: certificates that fit and that do not, and the screens of their guests."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import errors
from app.console.graphics import TcpRoute, choose, parse_graphics, reach_of, routes
from app.virt import domains
from app.virt.session import Session
from tests.lab import faults, guests, hosts
from tests.lab.hosts import RootHost
from tests.lab.test_remote_ssh import failure, works
from tests.lab.tls import Pki
from tests.lab.world import missing_programs


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    if missing := missing_programs("certtool"):
        pytest.skip(f"needs programs that are not installed: {', '.join(missing)} (package gnutls-bin)")
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def host(pki: Pki) -> Iterator[RootHost]:
    if reason := hosts.why_not():
        pytest.skip(reason)
    with RootHost("secure", listen_tcp=True, network=False, libvirtd_conf=pki.libvirtd_conf) as made:
        yield made


@pytest.fixture
def tls(host: RootHost) -> Iterator[faults.Link]:
    with faults.Link(("127.0.0.1", 16514), listen=("127.0.0.1", 0), inside=host) as link:
        yield link


def uri(link: faults.Link, folder: Path, name: str = "127.0.0.1") -> str:
    return f"qemu+tls://{name}:{link.port}/system?pkipath={folder}"


def test_certificates_that_fit(tls: faults.Link, pki: Pki) -> None:
    works(uri(tls, pki.client))


def test_no_certificates(tls: faults.Link, tmp_path: Path) -> None:
    error = failure(uri(tls, tmp_path))
    assert isinstance(error, errors.AuthFailed)
    assert "certificates" in error.why and error.next_step


def test_a_client_of_another_authority(tls: faults.Link, tmp_path: Path) -> None:
    error = failure(uri(tls, Pki(tmp_path / "other").client))
    assert isinstance(error, errors.AuthFailed)
    assert "certificates" in error.why


def test_a_certificate_for_another_name(host: RootHost, tls: faults.Link, pki: Pki) -> None:
    """127.0.0.2 is the same machine, but the certificate does not name it."""
    with faults.Link(("127.0.0.1", 16514), listen=("127.0.0.2", 0), inside=host) as other:
        error = failure(uri(other, pki.client, "127.0.0.2"))
    assert isinstance(error, errors.AuthFailed)
    assert "another name" in error.why


def test_a_port_that_speaks_no_tls(host: RootHost, pki: Pki) -> None:
    with faults.Link(("127.0.0.1", 16509), listen=("127.0.0.1", 0), inside=host) as plain:
        error = failure(uri(plain, pki.client))
    assert error.why and error.next_step


@pytest.mark.parametrize(("listen", "reached"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_screens_over_tcp_are_reached_where_they_listen(host: RootHost, listen: str, reached: bool) -> None:
    graphics = f"<graphics type='vnc' port='-1' autoport='yes' listen='{listen}'/>"
    guest = guests.define_boot_sector(host, graphics=graphics).start()

    async def story(address: str) -> None:
        session = Session(address)
        await session.open()
        info = choose(parse_graphics(await domains.xml(session, guest.uuid)))
        if reached:
            assert routes(info, reach_of(address)) == [TcpRoute("127.0.0.1", info.port, local=False)]
        else:
            with pytest.raises(errors.Unsupported) as raised:
                routes(info, reach_of(address))
            assert "over SSH" in raised.value.next_step
        await session.close()

    try:
        with faults.Link(("127.0.0.1", 16509), listen=("127.0.0.1", 0), inside=host) as line:
            asyncio.run(story(f"qemu+tcp://127.0.0.1:{line.port}/system"))
    finally:
        host.remove_domains()
