"""USB devices of this computer: their names, and the disks that are in use here."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from app.console.spice import file_problems, usb_problems
from app.console.spice.reason import Reason
from app.console.spice.usb import _device
from app.console.spice.wire import USB_ROW, fits
from app.console.spice.worker.usb import _described
from app.console.usb import UsbDevice, mounted_from
from app.errors import Busy, Cancelled, Denied, Failed, HostelryError, Invalid, NoSpace, NotFound, Unsupported


def test_names_are_those_of_people() -> None:
    assert UsbDevice("046d:0825", "Logitech", "Webcam", 1, 2).name == "Logitech Webcam"
    assert UsbDevice("046d:0825", "Logitech", "Logitech Webcam", 1, 2).name == "Logitech Webcam"
    assert UsbDevice("046d:0825", "", "", 1, 2).name == "046d:0825"


def test_a_device_with_tabs_in_its_name_is_listed_too() -> None:
    said = SimpleNamespace(get_description=lambda _form: "Maker\tA\tstick\t[0951:1666]\t1\t7")
    assert _described(said) == ("0951:1666", "Maker", "A\tstick", 1, 7)


def test_a_device_is_what_the_process_tells_of_it() -> None:
    row = ["0951:1666", "Maker", "Stick", 1, 7, False, False, "spice", 0, "Some USB devices are blocked by host policy"]
    assert fits(row, USB_ROW)
    device = _device(row)
    assert device.key == "1-7-0951:1666" and device.name == "Maker Stick" and device.why_not
    assert not _device([*row[:7], "", 0, ""]).why_not


def plugged(sys: Path, name: str, bus: int, address: int, *blocks: str) -> None:
    device = sys / name
    device.mkdir(parents=True)
    (device / "busnum").write_text(f"{bus}\n")
    (device / "devnum").write_text(f"{address}\n")
    for block in blocks:
        disk, _, part = block.partition("/")
        (device / "host0" / "block" / disk / part).mkdir(parents=True)


def test_a_disk_that_is_mounted_here_is_found_by_its_place(tmp_path: Path) -> None:
    plugged(tmp_path / "sys", "1-4", 1, 4, "sdb/sdb1")
    plugged(tmp_path / "sys", "1-5", 1, 5, "sdc/sdc1")
    (tmp_path / "sys" / "1-4:1.0").mkdir()
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /media/My\\040Stick vfat rw 0 0\nbroken\n")
    assert mounted_from(1, 4, sys=tmp_path / "sys", mounts=mounts) == ["/media/My Stick"]
    assert mounted_from(1, 5, sys=tmp_path / "sys", mounts=mounts) == []
    assert mounted_from(2, 4, sys=tmp_path / "nowhere", mounts=mounts) == []
    assert mounted_from(1, 4, sys=tmp_path / "sys", mounts=tmp_path / "nothing") == []


def test_a_stick_whose_encrypted_volume_is_mounted_is_in_use(tmp_path: Path) -> None:
    plugged(tmp_path / "sys", "1-4", 1, 4, "sdb/sdb1")
    plugged(tmp_path / "sys", "1-5", 1, 5, "sdc/sdc1")
    plugged(tmp_path / "sys", "1-6", 1, 6, "sdd/sdd1")
    blocks = tmp_path / "class"
    for held in ("sdb1/holders/dm-0", "dm-0/holders/dm-1", "dm-1/holders/dm-0", "dm-1/dm", "sdc1/holders/md127"):
        (blocks / held).mkdir(parents=True)
    (blocks / "dm-1" / "dm" / "name").write_text("safe-my home\n")
    mounts = tmp_path / "mounts"
    mounts.write_text("/dev/mapper/safe-my\\040home /media/Safe ext4 rw 0 0\n/dev/md127 /srv ext4 rw 0 0\n")

    def places(address: int) -> list[str]:
        return mounted_from(1, address, sys=tmp_path / "sys", mounts=mounts, blocks=blocks)

    assert (places(4), places(5), places(6)) == (["/media/Safe"], ["/srv"], [])


def library_error(message: str, domain: str = "spice-client-error-quark", code: int = 0) -> Reason:
    return Reason(domain, code, message)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("There are no free USB channels", Busy),
        ("The connected VM is not configured for USB redirection", Unsupported),
        ("Some USB devices are blocked by host policy", Denied),
        ("Error setting USB device node ACL: 'Not authorized'", Denied),
        ("USB redirection channel connect cancelled", Cancelled),
        ("Could not open the device [-4]", Failed),
    ],
)
def test_each_reason_of_the_library_has_a_next_step(message: str, kind: type[HostelryError]) -> None:
    error = usb_problems.explain(library_error(message), "Stick")
    assert isinstance(error, kind)
    assert "Stick" in error.what and error.why and error.next_step


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("File transfer failed due to lack of free space on remote machine (1 MB free, 2 MB to transfer)", NoSpace),
        ("File transfer is disabled.", Denied),
        ("User's session is locked and cannot transfer files, unlock it and try again.", Denied),
        ("Session agent not connected.", Unsupported),
        ("The spice agent cancelled the file transfer", Cancelled),
        ("Der SPICE-Agent meldete einen Fehler", Failed),
    ],
)
def test_each_end_of_a_file_has_a_next_step(message: str, kind: type[HostelryError]) -> None:
    error = file_problems.explain(library_error(message), "a.bin")
    assert isinstance(error, kind)
    assert "a.bin" in error.what and error.why and error.next_step


def test_what_cannot_be_sent_is_told_before(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        file_problems.demand_readable(tmp_path)
    with pytest.raises(NotFound):
        file_problems.demand_readable(tmp_path / "gone")
    (tmp_path / "there").write_text("x")
    file_problems.demand_readable(tmp_path / "there")


def test_an_image_that_cannot_be_a_cd_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.iso").touch()
    for name in ("empty.iso", "gone.iso"):
        with pytest.raises(Failed) as caught:
            usb_problems.demand_image(tmp_path / name)
        assert name in caught.value.what and caught.value.next_step
