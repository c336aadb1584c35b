"""What a server says must not hold the program up: regular expressions keep every other thread waiting while they search."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from app.install import digest
from app.install.catalogue import checksums
from app.install.tree import find, treeinfo

_TREE = "[general]\narch = x86_64\n[images-x86_64]\nkernel = a/linux\ninitrd = a/initrd\n"
_BLANKS = " " * (treeinfo.LARGEST - 200)
_LIST = "a" * 64 + "  x" + " " * (checksums.LARGEST - 100) + "y"
_MENU = "url=http://x" * (treeinfo.LARGEST // 12)


@pytest.mark.parametrize(
    "read",
    [
        lambda: treeinfo.parse(_TREE + "a" + _BLANKS + "b\n"),
        lambda: treeinfo.parse(_TREE + "a" + _BLANKS + "= b\n"),
        lambda: treeinfo.parse(_TREE + "a" + "\v" * len(_BLANKS) + "b\n"),
        lambda: digest.parse(_LIST, "y"),
        lambda: digest.parse(_LIST.replace("  x", "  *x").replace(" y", "\ty"), "y"),
        lambda: digest.parse("SHA256 (" + ") = " * (checksums.LARGEST // 4), "y"),
        lambda: find.medium_named(_MENU),
    ],
    ids=["treeinfo", "treeinfo value", "treeinfo tabs", "checksums", "checksums tab", "checksums BSD", "boot menu"],
)
def test_hostile_texts_are_read_in_bounded_time(read: Callable[[], object]) -> None:
    began = time.process_time()
    read()
    assert time.process_time() - began < 2


def test_names_with_blanks_are_found_as_before() -> None:
    value = "a" * 64
    assert digest.parse(f"{value}  my disc.iso\t\r\n", "my disc.iso") == digest.Digest("sha256", value)
    assert digest.parse(f"{value} *disc.iso", "disc.iso") == digest.Digest("sha256", value)
    assert digest.parse(f"\\{value}   disc.iso ", "disc.iso") == digest.Digest("sha256", value)
    assert digest.parse(value, "disc.iso", alone=True) == digest.Digest("sha256", value)
    info = treeinfo.parse(_TREE.replace("= a/linux", "  =\t a/linux  \r"), "x86_64")
    assert info is not None
    assert (info.kernel, info.initrd) == ("a/linux", "a/initrd")


def test_the_medium_of_a_boot_menu() -> None:
    menu = 'linux /casper/vmlinuz iso-url=https://h.example/a/noble.iso ip=dhcp "url=http://x"'
    assert find.medium_named(menu) == ("iso-url=https://h.example/a/noble.iso", "https://h.example/a/noble.iso")
    assert find.medium_named("url=file:///etc/passwd.iso url=http://h/a.img") is None
