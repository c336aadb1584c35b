"""Writes the lab's CD images with pycdlib: bootable by BIOS (isolinux) and UEFI (GRUB), or plain data."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pycdlib

from tests.lab import packages

BOOT = "quiet mitigations=off no_timer_check lab.colour=44 console=ttyS0 console=tty0"

ISOLINUX_CFG = f"DEFAULT live\nPROMPT 0\nTIMEOUT 10\nLABEL live\n KERNEL /vmlinuz\n APPEND initrd=/initrd.img {BOOT}\n"

GRUB_CFG = f"""set timeout=1
menuentry "Lab guest" {{
    linux /vmlinuz {BOOT}
    initrd /initrd.img
}}
"""


class Image:
    """An ISO 9660 image with Rock Ridge names (no Joliet: its volume id has 16 characters, installers' have more)."""

    def __init__(self, volume_id: str) -> None:
        self._iso = pycdlib.PyCdlib()
        self._iso.new(interchange_level=3, rock_ridge="1.09", vol_ident=volume_id, pub_ident_str="HOSTELRY LAB")
        self._folders: set[str] = set()

    def add(self, path: str, data: bytes) -> None:
        """Adds a file, for example "boot/grub/grub.cfg", with its folders."""
        folder, _, name = path.rpartition("/")
        self._add_folder(folder)
        self._iso.add_fp(io.BytesIO(data), len(data), _iso_name(path) + ";1", rr_name=name)

    def _add_folder(self, path: str) -> None:
        if path and path not in self._folders:
            parent, _, name = path.rpartition("/")
            self._add_folder(parent)
            self._folders.add(path)
            self._iso.add_directory(_iso_name(path), rr_name=name)

    def boot_bios(self, path: str) -> None:
        """Makes an added file the BIOS boot image (isolinux)."""
        self._iso.add_eltorito(
            _iso_name(path) + ";1",
            bootcatfile="/ISOLINUX/BOOT.CAT;1",
            rr_bootcatname="boot.cat",
            boot_load_size=4,
            boot_info_table=True,
        )

    def boot_uefi(self, path: str) -> None:
        """Makes an added file (a FAT image) the UEFI boot image."""
        self._iso.add_eltorito(_iso_name(path) + ";1", efi=True, platform_id=0xEF)

    def write(self, path: Path) -> None:
        """Writes the image."""
        self._iso.write(str(path))
        self._iso.close()


def _iso_name(path: str) -> str:
    """ISO 9660's own spelling: capitals, no leading dot, one dot at most."""
    return "/" + "/".join(part.lstrip(".").upper().replace("-", "_") for part in path.split("/"))


def efi_image(scratch: Path) -> bytes:
    """A FAT image with GRUB as /EFI/BOOT/BOOTX64.EFI; this build of GRUB looks for /boot/grub/grub.cfg beside /.disk/info."""
    grub = packages.find_in(packages.unpacked("grub", "grub-efi-amd64-bin"), "monolithic/gcdx64.efi")
    mtools = packages.find_in(packages.unpacked("mtools", "mtools"), "bin/mtools")
    image = scratch / "efi.img"
    image.write_bytes(bytes(grub.stat().st_size // 4096 * 4096 + (1 << 20)))
    for argv in (
        ["mformat", "-i", str(image), "::"],
        ["mmd", "-i", str(image), "::/EFI", "::/EFI/BOOT"],
        ["mcopy", "-i", str(image), str(grub), "::/EFI/BOOT/BOOTX64.EFI"],
    ):
        subprocess.run([str(mtools), "-c", *argv], check=True, capture_output=True)
    return image.read_bytes()


def isolinux_files() -> dict[str, bytes]:
    """isolinux and the one module that it needs."""
    loader = packages.find_in(packages.unpacked("isolinux", "isolinux", "syslinux-common"), "ISOLINUX/isolinux.bin")
    module = packages.find_in(packages.unpacked("isolinux", "isolinux", "syslinux-common"), "bios/ldlinux.c32")
    return {"isolinux/isolinux.bin": loader.read_bytes(), "isolinux/ldlinux.c32": module.read_bytes()}


def write_live(path: Path, volume_id: str, kernel: Path, initrd: Path, texts: dict[str, bytes]) -> None:
    """A CD that boots the lab's Linux, with further files `texts`."""
    image = Image(volume_id)
    files = (
        isolinux_files()
        | {
            "isolinux/isolinux.cfg": ISOLINUX_CFG.encode(),
            "boot/grub/grub.cfg": GRUB_CFG.encode(),
            ".disk/info": volume_id.encode(),
            "vmlinuz": kernel.read_bytes(),
            "initrd.img": initrd.read_bytes(),
            "efi.img": efi_image(path.parent),
        }
        | texts
    )
    for name, data in files.items():
        image.add(name, data)
    image.boot_bios("isolinux/isolinux.bin")
    image.boot_uefi("efi.img")
    image.write(path)


def write_data(path: Path, volume_id: str, texts: dict[str, bytes]) -> None:
    """A CD with files alone."""
    image = Image(volume_id)
    for name, data in texts.items():
        image.add(name, data)
    image.write(path)
