"""Any setting is found by what people call it and by what libvirt calls it."""

import time
from pathlib import Path

import pytest

from app.devices.catalogue import ALL
from app.devices.description import Field, items
from app.devices.offers import Offers
from app.devices.searching import Hit, fold, search
from app.xmldoc.document import Document

DOMAINS = Path(__file__).parents[2] / "data" / "domains"
QEMU = Offers(driver="QEMU")


def machine(name: str) -> Document:
    return Document.parse((DOMAINS / f"{name}.xml").read_bytes())


def first(text: str, document: Document) -> Hit:
    found = search(text, document, QEMU)
    assert found, text
    return found[0]


@pytest.mark.parametrize(
    ("text", "description", "path"),
    [
        ("secure boot", "os", "os/firmware/feature[@name='secure-boot']/@enabled"),
        ("migratable", "cpu", "cpu/@migratable"),
        ("nosharepages", "memory", "memoryBacking/nosharepages"),
        ("KSM", "memory", "memoryBacking/nosharepages"),
        ("tb-cache", "features", "features/tcg/tb-cache"),
        ("balloon now", "memory", "currentMemory"),
        ("cputune/shares", "cputune", "cputune/shares"),
        ("emulatorpin", "cputune", "cputune/emulatorpin/@cpuset"),
        ("TIMEZONE", "clock", "clock/@timezone"),
        ("hugepages", "memory", "memoryBacking/hugepages"),
        ("notes", "overview", "metadata/hostelry:hostelry/hostelry:notes"),
    ],
)
def test_a_setting_is_first_by_its_names(text: str, description: str, path: str) -> None:
    hit = first(text, machine("debian12-virt-manager"))
    assert (hit.description, hit.item.path if hit.item else "") == (description, path)


def test_each_device_has_its_own_hit_and_its_name_narrows() -> None:
    document = machine("many-disks")
    every = [
        hit
        for hit in search("discard", document, QEMU)
        if hit.description == "disk" and isinstance(hit.item, Field) and hit.item.path == "driver/@discard"
    ]
    assert len({id(hit.element) for hit in every}) == 26
    one = first("vdc discard", document)
    assert one.element is not None and document.get("target/@dev", at=one.element) == "vdc"


def test_what_is_not_there_yet_is_found_without_element() -> None:
    hit = first("watchdog", machine("minimal"))
    assert (hit.description, hit.element) == ("watchdog", None)


def test_a_containers_settings_are_no_hits_on_qemu() -> None:
    assert not [hit for hit in search("idmap", machine("minimal"), QEMU) if hit.description == "container"]
    assert [hit for hit in search("idmap", machine("lxc-full"), Offers(driver="LXC")) if hit.description == "container"]


def test_every_word_must_match() -> None:
    assert search("secure zebra", machine("minimal"), QEMU) == []
    assert search("  ", machine("minimal"), QEMU) == []


def test_accents_and_case_do_not_count() -> None:
    assert (fold("Größe ÉTÉ"), fold("ёж")) == ("grosse ete", "еж")


def test_settings_are_found_by_their_paths() -> None:
    """In a machine that has hardly anything: the others are found as what it lacks."""
    document = machine("minimal")
    missed = []
    for one in ALL:
        for item in list(items(one))[::12]:  # each search takes a moment; every twelfth of each page will do
            if (
                item.path
                and not any(hit.item is item for hit in search(item.path, document, Offers()))
                and not _hidden(item.when)
            ):
                missed.append(f"{one.id}: {item.path}")
    assert missed == []


def _hidden(when: tuple[object, ...]) -> bool:
    return any(getattr(one, "hide", False) for one in when)


def test_it_keeps_up_with_typing() -> None:
    document = machine("every-device")
    search("cache", document, QEMU)
    began = time.process_time()
    for _again in range(3):
        search("cache", document, QEMU)
    assert (time.process_time() - began) / 3 < 0.5


@pytest.mark.parametrize(("driver", "there"), [("TEST", True), ("test", True), ("Test", True), ("QEMU", True), ("ESX", False), ("", True)])
def test_a_driver_may_write_its_name_as_it_likes(driver: str, there: bool) -> None:
    found = search("numatune placement", machine("minimal"), Offers(driver=driver))
    assert any(hit.description == "numa" for hit in found) is there
