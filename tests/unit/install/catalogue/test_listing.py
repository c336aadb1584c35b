"""The list of downloads, from libosinfo's real database, and the lists of checksums as publishers write them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.install import osinfo
from app.install.catalogue import checksums
from app.install.catalogue.listing import Kind, downloads, matching
from app.install.digest import Digest, parse
from tests.unit.install.web_server import Web, serve

needs_database = pytest.mark.skipif(bool(osinfo.missing()), reason="libosinfo or its database is not installed")

A, B = "a" * 64, "b" * 128


@needs_database
def test_supported_systems_come_first_and_the_newest_of_them() -> None:
    found = downloads()
    assert len(found) > 500
    ended = [entry.ended for entry in found]
    assert ended == sorted(ended)
    dates = [entry.system.released for entry in found if not entry.ended and not entry.system.prerelease and entry.system.released]
    assert dates == sorted(dates, reverse=True)


@needs_database
def test_each_entry_can_be_downloaded_and_named() -> None:
    for entry in downloads():
        assert entry.url.split(":")[0] in ("http", "https", "ftp") and entry.file_name and entry.title, entry
    kinds = {entry.kind for entry in downloads()}
    assert {Kind.INSTALLER, Kind.LIVE, Kind.CLOUD} <= kinds
    cloud = [entry for entry in downloads() if entry.kind is Kind.CLOUD]
    assert all(entry.format != "iso" for entry in cloud) and any(entry.user for entry in cloud)
    assert not any("-disc4." in entry.url for entry in downloads())


@needs_database
def test_words_and_architecture_narrow_it() -> None:
    found = matching("aarch64", "debian cloud", old=True)
    assert found and all(entry.arch == "aarch64" and "debian" in entry.url.lower() for entry in found)
    assert not any(entry.ended for entry in matching("x86_64"))
    assert matching("x86_64", "no such system") == ()


@pytest.mark.parametrize(
    ("text", "alone", "digest"),
    [
        (f"{A}  a.iso\n", False, Digest("sha256", A)),
        (f"{A} *a.iso", False, Digest("sha256", A)),
        (f"{A}  ./x/a.iso\n{B}  other.iso", False, Digest("sha256", A)),
        (f"SHA512 (a.iso) = {B}\nSHA256 (a.iso) = {A}", False, Digest("sha512", B)),
        (f"# a.iso: 5 bytes\nSHA256 (a.iso) = {A.upper()}", False, Digest("sha256", A)),
        (f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{A}  a.iso\n-----BEGIN PGP SIGNATURE-----", False, Digest("sha256", A)),
        (f"{A}\n", True, Digest("sha256", A)),
        (f"{A}\n", False, None),
        (f"{A}  b.iso\n", True, None),
        (f"{A}  a.iso.torrent\n", False, None),
        ("d41d8cd98f00b204e9800998ecf8427e  a.iso\n", False, None),
        (f"SHA256 (a.iso) = {B}", False, None),
        ("<html>", True, None),
    ],
)
def test_lists_are_read_as_publishers_write_them(text: str, alone: bool, digest: Digest | None) -> None:
    assert parse(text, "a.iso", alone=alone) == digest


def test_a_path_must_fit_as_a_whole() -> None:
    text = f"{A}  ./netboot/gtk/linux\n{A.replace('a', 'c')}  ./netboot/amd64/linux\n"
    assert parse(text, "netboot/amd64/linux") == Digest("sha256", "c" * 64)


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Fedora-Cloud-Base-36-1.5.x86_64.qcow2", "Fedora-Cloud-36-1.5-x86_64-CHECKSUM"),
        ("Fedora-Server-dvd-x86_64-36-1.5.iso", "Fedora-Server-36-1.5-x86_64-CHECKSUM"),
        ("Fedora-Workstation-Live-x86_64-36-1.5.iso", "Fedora-Workstation-36-1.5-x86_64-CHECKSUM"),
        ("FreeBSD-13.1-RELEASE-amd64-dvd1.iso", "CHECKSUM.SHA256-FreeBSD-13.1-RELEASE-amd64"),
        ("debian-11.5.0-amd64-netinst.iso", "SHA256SUMS"),
        ("AlmaLinux-9-GenericCloud-latest.x86_64.qcow2", "CHECKSUM"),
        ("openSUSE-Leap-15.3.x86_64-NoCloud.qcow2", "openSUSE-Leap-15.3.x86_64-NoCloud.qcow2.sha256"),
        ("Rocky-9-GenericCloud.latest.x86_64.qcow2", "Rocky-9-GenericCloud.latest.x86_64.qcow2.CHECKSUM"),
    ],
)
def test_publishers_lists_are_known_by_name(name: str, listed: str) -> None:
    assert f"https://m/x/{listed}" in list(checksums.places(f"https://m/x/{name}"))


@pytest.fixture
def server() -> Iterator[Web]:
    with serve() as made:
        yield made


def test_a_list_is_found_beside_the_file(server: Web) -> None:
    server.files["/x/a.iso.sha256"] = f"{A}\n".encode()
    assert checksums.find_now(f"{server.url}/x/a.iso") == Digest("sha256", A)
    assert checksums.find_now(f"{server.url}/y/a.iso") is None


def test_a_list_that_is_not_about_the_file_is_passed_over(server: Web) -> None:
    server.files["/x/SHA256SUMS"] = f"{A}  b.iso\n".encode()
    server.files["/x/CHECKSUM"] = f"SHA512 (a.iso) = {B}\n".encode()
    assert checksums.find_now(f"{server.url}/x/a.iso") == Digest("sha512", B)


def test_lists_of_open_servers_are_first_asked_for_encrypted() -> None:
    assert next(iter(checksums.places("http://m/x/a.iso"))).startswith("https://m/x/")
