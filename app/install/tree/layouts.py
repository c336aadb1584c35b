"""Where the distributions keep the installer's kernel and ramdisk, for trees that do not describe themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

DEB_ARCH = {"x86_64": "amd64", "aarch64": "arm64", "i686": "i386", "armv7l": "armhf", "ppc64le": "ppc64el"}
"""Where Debian's word differs from QEMU's."""


@dataclass(frozen=True, slots=True)
class Place:
    """kernel, initrd: below ``base`` (a full address that ends in "/").  family: whose installer it is."""

    family: str
    base: str
    kernel: str
    initrd: str


def places(url: str, arch: str) -> Iterator[Place]:
    """All that are worth a look, the likeliest first.  ``url`` ends in "/"."""
    yield from _debian(url, DEB_ARCH.get(arch, arch))
    for family, kernel, initrd in (
        ("fedora", "images/pxeboot/vmlinuz", "images/pxeboot/initrd.img"),
        ("fedora", "ppc/ppc64/vmlinuz", "ppc/ppc64/initrd.img"),
        ("fedora", "images/kernel.img", "images/initrd.img"),  # s390x
        ("suse", f"boot/{arch}/loader/linux", f"boot/{arch}/loader/initrd"),
        ("suse", f"boot/{arch}/linux", f"boot/{arch}/initrd"),
        ("suse", "boot/i386/loader/linux", "boot/i386/loader/initrd") if arch == "i686" else ("", "", ""),
        ("arch", f"arch/boot/{arch}/vmlinuz-linux", f"arch/boot/{arch}/initramfs-linux.img"),
        ("arch", f"iso/latest/arch/boot/{arch}/vmlinuz-linux", f"iso/latest/arch/boot/{arch}/initramfs-linux.img"),
        ("mageia", f"isolinux/{arch}/vmlinuz", f"isolinux/{arch}/all.rdz"),
        ("alpine", "vmlinuz-virt", "initramfs-virt"),
        ("alpine", "netboot/vmlinuz-virt", "netboot/initramfs-virt"),
        ("alpine", f"releases/{arch}/netboot/vmlinuz-virt", f"releases/{arch}/netboot/initramfs-virt"),
    ):
        if family:
            yield Place(family, url, kernel, initrd)


def _debian(url: str, arch: str) -> Iterator[Place]:
    """Of Debian and Ubuntu: the address may be that of the suite, of the installer, or of its images."""
    rests: tuple[str, ...]
    if urlsplit(url).path.rstrip("/").endswith(("/netboot", "/images")):
        rests = ("", "netboot/")
    elif f"installer-{arch}" in url:
        rests = ("current/images/netboot/", "current/legacy-images/netboot/", "images/netboot/")
    elif "/dists/" in url:
        start = f"main/installer-{arch}/current/"
        rests = (f"{start}images/netboot/", f"{start}legacy-images/netboot/")
    else:
        rests = ("install/netboot/", "netboot/", "images/netboot/")
    for rest in rests:
        for folder in (f"{rest}debian-installer/{arch}/", f"{rest}ubuntu-installer/{arch}/"):
            yield Place("debian", url, f"{folder}linux", f"{folder}initrd.gz")
    for folder in (f"netboot/{arch}/", f"{arch}/"):  # Ubuntu's live server, since 23.10 ("Publishing netboot artifacts")
        yield Place("ubuntu-live", url, f"{folder}linux", f"{folder}initrd")


def suite(url: str) -> str:
    """The address of the suite ("…/dists/bookworm/") that an address of Debian's or Ubuntu's belongs to; "" without one."""
    before, mark, after = url.partition("/dists/")
    name = after.partition("/")[0]
    return f"{before}{mark}{name}/" if mark and name else ""
