"""Nothing is deleted that another machine may stand on, however it names it."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

from app.actions.delete_survey import users_here
from app.hosts.place import on_this_computer
from app.model.records import HostRecord
from app.virt import disk_use, lookup
from app.virt.binding import libvirt
from app.virt.disk_use import Users
from tests.unit.actions.practice import OFF, Practice, practise, uuid_of


def overlay(path: Path, backing: str) -> Path:
    """A qcow2 header that names the file it stands on."""
    name = backing.encode()
    head = struct.pack(">4sIQIIQIIQQIIQ", b"QFI\xfb", 2, 104, len(name), 16, 1 << 20, 0, 1, 65536, 131072, 1, 0, 0)
    path.write_bytes(head.ljust(104, b"\0") + name)
    return path


def test_files_that_no_pool_knows_are_followed_to_their_base(tmp_path: Path) -> None:
    base = tmp_path / "base.qcow2"
    overlay(base, str(tmp_path / "root.img"))
    (tmp_path / "root.img").write_bytes(b"x")
    top = overlay(tmp_path / "web.qcow2", "base.qcow2")
    users = users_here(Users({str(top): frozenset({"web"})}))
    assert users.of(str(base)) == users.of(str(tmp_path / "root.img")) == ("web",)


def test_another_spelling_of_a_path_is_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    disk = tmp_path / "images/a.img"
    disk.write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "images")
    users = users_here(Users({str(tmp_path / "link/a.img"): frozenset({"web"})}))
    assert users.of(str(disk)) == ("web",)


def test_files_that_stand_on_each_other_end(tmp_path: Path) -> None:
    overlay(tmp_path / "a.qcow2", "b.qcow2")
    overlay(tmp_path / "b.qcow2", "a.qcow2")
    users_here(Users({str(tmp_path / "a.qcow2"): frozenset({"web"})}))


def test_a_machine_that_cannot_be_read_counts_as_not_checked(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        class Busy:
            def XMLDesc(self, _flags: int) -> str:  # noqa: N802 - libvirt's name
                raise libvirt.libvirtError("cannot acquire state change lock")

        def spoil(conn: libvirt.virConnect) -> None:
            lookup._domains[id(conn)][uuid_of("b")] = Busy()  # type: ignore[assignment]

        await practice.host.session.call(spoil)
        users = await disk_use.users(practice.host.session, [(uuid_of("a"), "a"), (uuid_of("b"), "b"), ("0" * 32, "gone")])
        assert users.unchecked == ("b",)

    practise(tmp_path, {"a": OFF, "b": OFF}, test)


def test_a_socket_may_lead_to_another_computer() -> None:
    here = HostRecord(hostname=socket.gethostname())
    assert on_this_computer("qemu:///system", None)
    assert on_this_computer("qemu+unix:///system?socket=/x", here)
    assert not on_this_computer("qemu+unix:///system?socket=/x", HostRecord(hostname="far.example"))
    assert not on_this_computer("qemu+unix:///system?socket=/x", None)
    assert not on_this_computer("qemu+ssh://host/system", here)
