"""Trees of every layout, on a server of the test's own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from app.errors import Disconnected, Invalid, NotFound
from app.install import osinfo
from app.install.digest import Digest
from app.install.tree import treeinfo
from app.install.tree.arguments import arguments
from app.install.tree.find import find, find_now
from tests.unit.install.web_server import Web, serve

FEDORA = f"""[header]
version = 1.2
[checksums]
images/pxeboot/initrd.img = sha256:{1:064x}
images/pxeboot/vmlinuz = sha256:{2:064x}
images/boot.iso = md5:aaaa
[general]
arch = x86_64
family = Fedora
version = 36
variant = Server
[images-x86_64]
boot.iso = images/boot.iso
kernel = images/pxeboot/vmlinuz
initrd = images/pxeboot/initrd.img
[images-xen]
kernel = xen/vmlinuz
initrd = xen/initrd
"""

RELEASE = "Origin: Debian\nLabel: Debian\nSuite: oldstable\nVersion: 11.9\nCodename: bullseye\n"


@pytest.fixture
def server() -> Iterator[Web]:
    with serve() as made:
        yield made


def put(server: Web, *paths: str) -> None:
    server.files |= dict.fromkeys(paths, b"x")


def test_a_described_tree_is_found_with_its_checksums(server: Web) -> None:
    server.files["/f/.treeinfo"] = FEDORA.encode()
    tree = find_now(f"{server.url}/f")
    assert tree.kernel == f"{server.url}/f/images/pxeboot/vmlinuz" and tree.initrd.endswith("/f/images/pxeboot/initrd.img")
    assert tree.arguments == f"inst.repo={server.url}/f/" and tree.arch == "x86_64"
    assert tree.digests[tree.kernel] == Digest("sha256", f"{2:064x}")
    assert find_now(f"{server.url}/f/.treeinfo") == tree


@pytest.mark.skipif(bool(osinfo.missing()), reason="libosinfo or its database is not installed")
def test_the_system_is_recognised(server: Web) -> None:
    server.files["/f/treeinfo"] = FEDORA.encode()
    assert find_now(f"{server.url}/f").os_id == "http://fedoraproject.org/fedora/36"
    base = "/debian/dists/bullseye/"
    server.files[base + "Release"] = RELEASE.encode()
    put(server, *(f"{base}main/installer-amd64/current/images/netboot/debian-installer/amd64/{name}" for name in ("linux", "initrd.gz")))
    assert find_now(server.url + base).os_id == "http://debian.org/debian/11"


def test_a_server_that_hides_dotted_files_is_asked_for_the_other(server: Web) -> None:
    server.statuses["/f/.treeinfo"] = 403
    server.files["/f/treeinfo"] = FEDORA.encode()
    assert find_now(f"{server.url}/f/").title


IMAGES = "main/installer-amd64/current/images/netboot/debian-installer/amd64/"


@pytest.mark.parametrize(
    ("kernel", "initrd", "asked", "told"),
    [
        ("dists/x/" + IMAGES + "linux", "dists/x/" + IMAGES + "initrd.gz", "dists/x/", "mirror/http/directory=/m mirror/suite=x"),
        ("dists/x/" + IMAGES + "linux", "dists/x/" + IMAGES + "initrd.gz", "dists/x/main/installer-amd64/", "mirror/suite=x"),
        ("dists/x/" + IMAGES + "linux", "dists/x/" + IMAGES + "initrd.gz", "dists/x/main/installer-amd64/current/images/netboot/", "suite=x"),
        (
            "dists/focal/main/installer-amd64/current/legacy-images/netboot/ubuntu-installer/amd64/linux",
            "dists/focal/main/installer-amd64/current/legacy-images/netboot/ubuntu-installer/amd64/initrd.gz",
            "dists/focal/",
            "mirror/suite=focal",
        ),
        ("images/pxeboot/vmlinuz", "images/pxeboot/initrd.img", "", "inst.repo=URL"),
        ("boot/x86_64/loader/linux", "boot/x86_64/loader/initrd", "", "install=URL"),
        ("iso/latest/arch/boot/x86_64/vmlinuz-linux", "iso/latest/arch/boot/x86_64/initramfs-linux.img", "", "archiso_http_srv=URLiso/latest/"),
        ("isolinux/x86_64/vmlinuz", "isolinux/x86_64/all.rdz", "", "automatic=method:http,server:"),
        ("releases/x86_64/netboot/vmlinuz-virt", "releases/x86_64/netboot/initramfs-virt", "", "alpine_repo=BASE/main"),
    ],
)
def test_each_layout_is_found_and_the_kernel_told(server: Web, kernel: str, initrd: str, asked: str, told: str) -> None:
    put(server, f"/m/{kernel}", f"/m/{initrd}")
    tree = find_now(f"{server.url}/m/{asked}")
    assert (tree.kernel, tree.initrd) == (f"{server.url}/m/{kernel}", f"{server.url}/m/{initrd}")
    assert told.replace("URL", f"{server.url}/m/").replace("BASE", f"{server.url}/m") in tree.arguments


def test_ubuntus_live_server_is_told_where_its_medium_is(server: Web) -> None:
    put(server, "/noble/netboot/amd64/linux", "/noble/netboot/amd64/initrd")
    menu = b'menuentry "Install" {\n linux linux iso-url=https://m/noble/u-live-server-amd64.iso ip=dhcp ---\n}'
    server.files["/noble/netboot/amd64/grub/grub.cfg"] = menu
    for address in ("noble/", "noble/netboot/"):
        tree = find_now(f"{server.url}/{address}")
        assert tree.arguments == "iso-url=https://m/noble/u-live-server-amd64.iso ip=dhcp" and tree.kernel.endswith("amd64/linux")
    server.files["/noble/netboot/amd64/grub/grub.cfg"] = b"linux iso-url=file:///etc/x.iso ---"
    assert find_now(f"{server.url}/noble/").arguments == "ip=dhcp"


def test_other_architectures_have_other_places(server: Web) -> None:
    put(server, *(f"/d/dists/x/main/installer-arm64/current/images/netboot/debian-installer/arm64/{name}" for name in ("linux", "initrd.gz")))
    assert "arm64" in find_now(f"{server.url}/d/dists/x/", "aarch64").kernel
    with pytest.raises(NotFound):
        find_now(f"{server.url}/d/dists/x/", "x86_64")


def test_an_address_without_a_tree_says_so(server: Web) -> None:
    put(server, "/images/pxeboot/vmlinuz")  # the ramdisk is missing
    with pytest.raises(NotFound) as error:
        find_now(server.url)
    assert error.value.next_step
    with pytest.raises(Invalid):
        find_now("file:///tmp")
    with pytest.raises(Disconnected):
        asyncio.run(find("http://127.0.0.1:1/"))


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "http://other/x", "//other/x", "a/../../x"])
def test_a_description_does_not_lead_elsewhere(path: str) -> None:
    assert treeinfo.parse(FEDORA.replace("images/pxeboot/vmlinuz\n", f"{path}\n")) is None


@pytest.mark.parametrize("text", ["", "x", "[a", "[general]\nfamily=x\n", "[images-x86_64]\nkernel=a\n", "\0" * 99])
def test_other_texts_describe_nothing(text: str) -> None:
    assert treeinfo.parse(text) is None


def test_old_installers_have_old_words() -> None:
    assert arguments("rhel", "http://a/", version="6.5") == "method=http://a/"
    assert arguments("rhel", "http://a/", version="9.0") == "inst.repo=http://a/"
    assert arguments("fedora", "http://a/", argument="ks") == "ks=http://a/"
    assert "mirror/https/hostname=a.org" in arguments("debian", "https://a.org/debian/dists/sid/")


class Ftp(threading.Thread):
    """As much of an FTP server as a client needs to read files."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__()
        self.files = files
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self) -> None:
        while True:
            try:
                control, _address = self.listener.accept()
            except OSError:
                return
            with control:
                self.serve(control)

    def serve(self, control: socket.socket) -> None:
        lines, folder, data = control.makefile("r", newline="\r\n"), "", None

        def say(text: str) -> None:
            control.sendall(text.encode() + b"\r\n")

        say("220 hello")
        for line in lines:
            word, _blank, rest = line.strip().partition(" ")
            if word == "CWD":
                wanted = rest if rest.startswith("/") else f"{folder}/{rest}"
                there = any(name.startswith(f"{wanted}/") for name in self.files)
                folder = wanted if there else folder
                say("250 ok" if there else "550 no such folder")
            elif word == "PWD":
                say(f'257 "{folder or "/"}"')
            elif word in ("EPSV", "PASV"):
                data = socket.create_server(("127.0.0.1", 0))
                port = data.getsockname()[1]
                say(f"229 ok (|||{port}|)" if word == "EPSV" else f"227 ok (127,0,0,1,{port >> 8},{port & 255})")
            elif word == "RETR" and data is not None:
                content = self.files.get(f"{folder}/{rest}")
                if content is None:
                    say("550 no such file")
                    data.close()
                    continue
                say("150 coming")
                stream, _address = data.accept()
                with stream, data:
                    stream.sendall(content)
                say("226 done")
            elif word == "QUIT":
                break
            else:
                say({"USER": "331 password", "PASS": "230 in", "TYPE": "200 ok"}.get(word, "500 what"))
        lines.close()
        if data is not None:
            data.close()


def test_trees_are_found_by_ftp_too() -> None:
    server = Ftp({"/pub/f/.treeinfo": FEDORA.encode()})
    server.start()
    try:
        tree = find_now(f"ftp://127.0.0.1:{server.port}/pub/f/")
        assert tree.kernel == f"ftp://127.0.0.1:{server.port}/pub/f/images/pxeboot/vmlinuz"
        with pytest.raises(NotFound):
            find_now(f"ftp://127.0.0.1:{server.port}/pub/none/")
    finally:
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        server.join(5)
