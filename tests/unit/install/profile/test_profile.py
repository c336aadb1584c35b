"""Profiles change what they say and nothing else, and the user's own survive."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import Exists, Failed, Invalid
from app.install.profile.builtin import PROFILES
from app.install.profile.profile import Edit, Profile, apply, taken, unfit
from app.install.profile.settings import SETTINGS
from app.install.profile.store import ProfileStore
from app.xmldoc import Document, paths
from tests.unit.install.profile.machines import LINUX, faults


def document(xml: str = LINUX) -> Document:
    return Document.parse(xml)


def by_id(id_: str) -> Profile:
    return next(profile for profile in PROFILES if profile.id == id_)


def test_the_test_machine_is_valid() -> None:
    assert faults(LINUX) == ""


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.id)
def test_built_in_profiles_give_valid_machines_and_say_what_they_change(profile: Profile) -> None:
    source = document()
    applied = apply(profile, source)
    assert faults(applied.document.to_text()) == "" and not applied.skipped
    assert applied.changes and source.to_text() == LINUX
    assert apply(profile, applied.document).changes == (), "the second time there is nothing to do"


def test_a_server_is_small_and_silent() -> None:
    made = apply(by_id("server"), document()).document
    assert (made.get("memory"), made.get("currentMemory"), made.get("vcpu")) == ("1048576", "1048576", "1")
    assert made.find("devices/sound") is None and made.get("devices/watchdog/@action") == "reset"
    assert (made.get("cpu/topology/@cores"), made.get("cpu/topology/@threads")) == ("1", "1")
    assert made.get("cpu/topology/@dies") is None and made.get("vcpu/@current") is None
    assert made.get("cpu/@mode") == "host-passthrough"
    assert len(made.find_all("devices/channel")) == 1, "the agent's channel was there already"


def test_each_disk_is_changed_and_no_cd() -> None:
    made = apply(by_id("throw-away"), document()).document
    disks = made.find_all("devices/disk")
    assert [made.get("driver/@cache", None, disk) for disk in disks] == ["unsafe", "unsafe", None]
    assert made.get("driver/@io", None, disks[1]) is None


def test_what_needs_kvm_is_left_out_without_it() -> None:
    applied = apply(by_id("windows-desktop"), document(LINUX.replace("type='kvm'", "type='qemu'")))
    assert applied.document.find("features/hyperv") is None and len(applied.skipped) == 1 and "KVM" in applied.skipped[0]
    assert applied.document.get("clock/@offset") == "localtime"
    assert apply(by_id("windows-desktop"), document()).document.get("features/hyperv/spinlocks/@retries") == "8191"


def test_numa_cells_are_not_broken() -> None:
    numa = "<numa><cell id='0' cpus='0-3' memory='4194304' unit='KiB'/></numa></cpu>"
    applied = apply(by_id("server"), document(LINUX.replace("</cpu>", numa)))
    assert applied.document.get("vcpu") == "4" and applied.document.get("memory") == "4194304" and "NUMA" in applied.skipped[0]


def test_another_graphics_card_forgets_the_old_ones_memory() -> None:
    made = apply(by_id("linux-desktop"), document()).document
    assert made.get("devices/video/model/@type") == "virtio" and made.get("devices/video/model/@vram") is None


def test_profiles_are_for_some_machines_only() -> None:
    assert unfit(by_id("server"), document(LINUX.replace("x86_64' machine='pc-q35-7.2", "aarch64' machine='virt")))
    assert unfit(by_id("server"), document(LINUX.replace("type='kvm'", "type='lxc'")))
    assert not unfit(by_id("server"), document())


@pytest.mark.parametrize(
    "path",
    ["name", "uuid", "devices/interface/mac/@address", "devices/disk/source/@file", "qemu:commandline/qemu:arg/@value", "a b", "os/nvram", "devices/emulator", "os/kernel", "devices/hostdev/@type",
     "metadata/hostelry:hostelry", "x:y", ""],
)  # fmt: skip
def test_what_belongs_to_one_machine_is_no_setting(path: str) -> None:
    assert Edit(path, "x").problem()
    applied = apply(Profile("p", "p", edits=(Edit(path, "x"),)), document())
    assert applied.changes == () and applied.skipped


def test_every_setting_can_be_taken_over() -> None:
    ids = [setting.id for setting in SETTINGS]
    assert len(set(ids)) == len(ids)
    for setting in SETTINGS:
        for path in (*setting.paths, setting.remove):
            assert paths.parse(path) and not Edit(path, "1").problem()
    rich = apply(by_id("windows-desktop"), document()).document
    plain = apply(Profile("p", "p", edits=taken(rich, ids)), document()).document
    assert faults(plain.to_text()) == ""
    for path in ("features/hyperv/vpindex/@state", "vcpu", "memory", "devices/sound/@model", "clock/@offset"):
        assert plain.get(path) == rich.get(path)
    emulated = Document.parse(LINUX.replace("type='kvm'", "type='qemu'"))
    assert apply(Profile("p", "p", edits=taken(rich, ids)), emulated).document.find("features/hyperv") is None
    bare = apply(Profile("p", "p", edits=taken(document(), ["sound", "hyperv", "watchdog"])), rich).document
    assert bare.find("features/hyperv") is None and bare.get("devices/sound/@model") == "ich6"


def test_own_profiles_are_kept_changed_and_forgotten(tmp_path: Path) -> None:
    store = ProfileStore(tmp_path / "c" / "profiles.json")
    made = store.add(" Mine ", (Edit("vcpu", "3"), Edit("driver/@io", None, "devices/disk")))
    assert made.name == "Mine" and made.own and store.load() == (made,)
    assert store.all()[: len(PROFILES)] == PROFILES
    with pytest.raises(Exists):
        store.add("mine", (Edit("vcpu", "3"),))
    with pytest.raises(Exists):
        store.add("Small Linux server", (Edit("vcpu", "3"),))
    other = store.save(Profile(made.id, "Other", edits=made.edits, own=True))
    assert store.load() == (other,)
    store.remove(made.id)
    assert store.load() == ()
    copy = store.save(Profile("server", "My server", edits=by_id("server").edits))
    assert copy.own and copy.id != "server" and store.load() == (copy,)


@pytest.mark.parametrize("edits", [(), (Edit("uuid", "x"),), (Edit("(", "x"),)])
def test_a_profile_that_is_none_is_not_kept(tmp_path: Path, edits: tuple[Edit, ...]) -> None:
    store = ProfileStore(tmp_path / "profiles.json")
    with pytest.raises(Invalid):
        store.add("x", edits)
    with pytest.raises(Invalid):
        store.add("a\nb", (Edit("vcpu", "1"),))
    assert store.load() == ()


def test_what_cannot_be_read_is_neither_used_nor_lost(tmp_path: Path) -> None:
    path = tmp_path / "profiles.json"
    path.write_text('{"later": 1, "profiles": {"a": 3, "b": {"name": "B", "edits": [{"path": 3}]}, "c": {"name": "C", "edits": '
                    '[{"path": "vcpu", "value": "2"}]}}}')
    store = ProfileStore(path)
    assert [profile.name for profile in store.load()] == ["C"]
    store.add("D", (Edit("vcpu", "1"),))
    assert '"later"' in path.read_text() and '"b"' in path.read_text()
    path.write_text("{ broken")
    assert store.load() == () and "kept as" in store.problem
    assert any("unreadable" in each.name for each in tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("a file")
    with pytest.raises(Failed):
        ProfileStore(tmp_path / "c" / "profiles.json").add("x", (Edit("vcpu", "1"),))
