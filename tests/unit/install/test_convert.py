"""Images are brought into QEMU's own formats, by an argument list that no file name can bend."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from app.errors import Cancelled, Failed, Unsupported
from app.install import convert, disk_image
from app.jobs.job import Job

pytestmark = pytest.mark.skipif(shutil.which("qemu-img") is None, reason="qemu-img is not installed")


def image(folder: Path, form: str, name: str = "a", size: int = 4 << 20) -> Path:
    """An image of that format with something in it."""
    raw = folder / "source.raw"
    raw.write_bytes(os.urandom(size))
    path = folder / f"{name}.{form}"
    subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", form, "--", str(raw), str(path)], check=True)
    return path


def test_the_arguments_are_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    made = convert.command("--help", "raw", "nbd:host", "qcow2")
    assert made[1:] == [
        "convert",
        "-p",
        "-U",
        "-f",
        "raw",
        "-O",
        "qcow2",
        "--",
        str(tmp_path / "--help"),
        str(tmp_path / "nbd:host"),
    ]


@pytest.mark.parametrize("form", convert.READABLE)
@pytest.mark.parametrize("target", convert.WRITABLE)
def test_every_format_becomes_ours_with_its_content(tmp_path: Path, form: str, target: str) -> None:
    source, out = image(tmp_path, form, "an -f odd; name"), tmp_path / "out"
    job, seen = Job("convert"), list[float | None]()
    job.changed.connect(lambda each: seen.append(each.fraction))
    asyncio.run(convert.convert(str(source), form, str(out), target, job))
    assert disk_image.read(str(out)).format == target
    compared = ["qemu-img", "compare", "-f", form, "-F", target, "--", str(source), str(out)]
    assert subprocess.run(compared, check=False, capture_output=True).returncode == 0
    assert seen[-1] == 1.0
    assert job.abort is None


def test_a_stop_ends_qemu_img_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = image(tmp_path, "vdi"), tmp_path / "out"
    slow = tmp_path / "qemu-img"
    slow.write_text(f'#!/bin/sh\necho part > "{out}"\nprintf "    (12.50/100%%)\\r"\nexec sleep 60\n')
    slow.chmod(0o755)
    monkeypatch.setattr(convert, "command", lambda *_args: [str(slow)])

    async def work() -> None:
        job = Job("convert")
        running = asyncio.ensure_future(convert.convert(str(source), "vdi", str(out), "qcow2", job))
        begun = asyncio.Event()
        job.changed.connect(lambda each: begun.set() if each.fraction == 0.125 else None)
        await begun.wait()
        assert job.abort is not None
        await job.abort()
        with pytest.raises(Cancelled):
            await running
        assert not out.exists()

    asyncio.run(asyncio.wait_for(work(), 20))


def test_a_cancelled_conversion_leaves_nothing_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = image(tmp_path, "vdi"), tmp_path / "out"
    slow = tmp_path / "qemu-img"
    slow.write_text(f'#!/bin/sh\necho part > "{out}"\nprintf "    (12.50/100%%)\\r"\nexec sleep 60\n')
    slow.chmod(0o755)
    monkeypatch.setattr(convert, "command", lambda *_args: [str(slow)])

    async def work() -> None:
        job, begun = Job("convert"), asyncio.Event()
        job.changed.connect(lambda each: begun.set() if each.fraction == 0.125 else None)
        running = asyncio.ensure_future(convert.convert(str(source), "vdi", str(out), "qcow2", job))
        await begun.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert not out.exists()

    asyncio.run(asyncio.wait_for(work(), 20))


def test_what_cannot_be_read_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    source, out = image(tmp_path, "qcow2"), tmp_path / "out"
    with source.open("r+b") as file:
        file.seek(64 << 10)  # its tables
        file.write(b"\xff" * (256 << 10))
    with pytest.raises(Failed) as caught:
        asyncio.run(convert.convert(str(source), "qcow2", str(out), "raw", Job("convert")))
    assert caught.value.next_step and not out.exists()


def test_without_qemu_img_the_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(Unsupported) as caught:
        asyncio.run(convert.convert("/a", "vmdk", str(tmp_path / "b"), "qcow2", Job("convert")))
    assert "qemu-utils" in caught.value.why


def test_formats_that_nobody_should_use_are_refused() -> None:
    assert "parallels" in convert.why_not("/a", "parallels")
    assert convert.why_not("/a", "vmdk") == ""
