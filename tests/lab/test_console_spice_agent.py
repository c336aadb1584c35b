"""What the SPICE agent of a real desktop gives: clipboard, files, sizes.  One guest for the whole file."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import struct
import zlib
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.console.sound import player, recorder
from app.console.spice.wire import MAX_BYTES
from app.errors import Cancelled, Disconnected, Invalid, NoSpace
from tests.lab import media
from tests.lab.desk import until
from tests.lab.spice_guest import SpiceGuest
from tests.lab.spice_visit import Story, Visit, visit
from ui.console.usb_menu import REDIRDEV

Tell = Callable[..., None]


@pytest.fixture
def visited(qapp: QApplication, spice_desktop: SpiceGuest) -> Tell:
    """Runs a story with a new connection to the desktop."""

    def run(story: Story, **how: object) -> None:
        visit(qapp, spice_desktop, story, **how)  # type: ignore[arg-type]

    return run


def png(width: int, height: int, grey: int) -> bytes:
    """A picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([grey]) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


# Clipboard.


def test_text_and_pictures_go_to_the_guest(visited: Tell) -> None:
    async def story(visit: Visit) -> None:
        for text in ("plain", "Grüße, 東京 ✓ 🎉\nsecond line"):
            visit.client.send_text(text)
            await visit.pasted(text.encode())
        picture = png(64, 48, 77)
        visit.client.send_image(picture)
        await visit.pasted(picture, "image/png")
        visit.client.send_text("")
        await visit.pasted(b"", "image/png")

    visited(story)


def test_text_and_pictures_come_from_the_guest(visited: Tell) -> None:
    async def story(visit: Visit) -> None:
        texts: list[str] = []
        pictures: list[bytes] = []
        visit.client.cut_text.connect(texts.append)
        visit.client.cut_image.connect(pictures.append)
        for text in ("plain", "Grüße, 東京 ✓ 🎉\nsecond line", "x" * 60_000):
            await asyncio.to_thread(visit.guest.copy, text.encode())
            await until(partial(texts.__contains__, text))
        picture = png(800, 600, 130)
        await asyncio.to_thread(visit.guest.copy, picture, "image/png")
        await until(lambda: picture in pictures)

    visited(story)


def test_what_was_copied_before_the_agent_came_is_offered_to_it(visited: Tell) -> None:
    async def story(visit: Visit) -> None:
        await visit.pasted("copied early ✓".encode())

    visited(story, prepare=lambda client: client.send_text("copied early ✓"))


def test_a_clipboard_that_is_switched_off_takes_nothing(visited: Tell) -> None:
    async def story(visit: Visit) -> None:
        texts: list[str] = []
        visit.client.cut_text.connect(texts.append)
        visit.client.take_clipboard(False)
        await asyncio.to_thread(visit.guest.copy, b"a secret")
        await visit.guest_says("tail -5 /var/log/vdagentd", "")
        visit.client.take_clipboard(True)
        await asyncio.to_thread(visit.guest.copy, b"no secret")
        await until(lambda: texts)
        assert texts == ["no secret"]

    visited(story)


def test_what_is_too_large_is_left_where_it_is(visited: Tell) -> None:
    async def story(visit: Visit) -> None:
        texts: list[str] = []
        visit.client.cut_text.connect(texts.append)
        visit.client.send_text("before")
        await visit.pasted(b"before")
        visit.client.send_text("x" * (MAX_BYTES + 1))
        await visit.pasted(b"")
        await visit.shell(f"head -c {MAX_BYTES + 4096} /dev/zero | tr '\\0' y > /tmp/big; xclip -i -selection clipboard -t UTF8_STRING"
                          " < /tmp/big > /dev/null 2>&1; rm /tmp/big", timeout_s=90)  # fmt: skip
        await asyncio.to_thread(visit.guest.copy, b"after")
        await until(lambda: texts)
        assert texts == ["after"]

    visited(story)


# Files.


def _note(told: list[tuple[int, int]], done: int, total: int) -> None:
    told.append((done, total))


def checksum(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def test_files_arrive_whole_with_progress_and_any_name(visited: Tell, tmp_path: Path) -> None:
    files = [tmp_path / "Übersicht „neu“ 東京.bin", tmp_path / "plain.txt", tmp_path / "empty"]
    files[0].write_bytes(bytes(range(256)) * 12_000)
    files[1].write_text("hello")
    files[2].write_bytes(b"")

    async def story(visit: Visit) -> None:
        told: dict[str, list[tuple[int, int]]] = {file.name: [] for file in files}
        for file in files[:2]:
            await visit.client.send_file(file, partial(_note, told[file.name]))
        await asyncio.gather(*(visit.client.send_file(file, lambda done, total: None) for file in files[1:]))
        size = files[0].stat().st_size
        assert told[files[0].name][-1] == (size, size)
        assert [done for done, _total in told[files[0].name]] == sorted(done for done, _total in told[files[0].name])
        there = await visit.shell("cd /root/Downloads && md5sum *")
        for file in files:
            assert f"{checksum(file)}  {file.name}" in there

    visited(story)


def test_a_transfer_that_is_stopped_leaves_nothing(visited: Tell, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(bytes(64 << 20))

    async def story(visit: Visit) -> None:
        begun = asyncio.Event()
        work = asyncio.ensure_future(visit.client.send_file(large, lambda done, total: begun.set()))
        await begun.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        await visit.guest_says("ls /root/Downloads/large 2>&1", "No such file")
        small = tmp_path / "small"
        small.write_text("after that")
        await visit.client.send_file(small, lambda done, total: None)

    visited(story)


def test_a_guest_without_room_says_so(visited: Tell, tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(8 << 30)

    async def story(visit: Visit) -> None:
        with pytest.raises(NoSpace) as caught:
            await visit.client.send_file(huge, lambda done, total: None)
        assert "huge" in caught.value.what and caught.value.next_step

    visited(story)


def test_folders_and_a_lost_connection_are_told(visited: Tell, tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(bytes(64 << 20))

    async def story(visit: Visit) -> None:
        with pytest.raises(Invalid):
            await visit.client.send_file(tmp_path, lambda done, total: None)
        begun = asyncio.Event()
        work = asyncio.ensure_future(visit.client.send_file(large, lambda done, total: begun.set()))
        await begun.wait()
        visit.client.close()
        with pytest.raises((Disconnected, Cancelled)):
            await work

    visited(story)


# Sizes.


def shows(visit: Visit, width: int, height: int) -> bool:
    framebuffer = visit.client.framebuffer
    return framebuffer is not None and (framebuffer.width, framebuffer.height) == (width, height)


def test_the_guest_follows_the_window(visited: Tell) -> None:
    async def story(visit: Visit) -> None:
        for width, height in ((1280, 720), (801, 633), (1024, 768)):
            visit.client.resize_guest(width, height)
            await visit.guest_says("xdpyinfo", f"{width & ~1}x{height} pixels")
            await until(partial(shows, visit, width & ~1, height))

    visited(story)


# Sound.

TONE_HZ = 440


def loudest_hz(samples: bytes, rate: int, channels: int) -> float:
    """The frequency of a tone: of the second of sound in which it is loudest."""
    sound = np.frombuffer(samples, np.int16).reshape(-1, channels)[:, 0].astype(float)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * rate / len(sound))


def test_a_tone_of_the_guest_is_heard_here(visited: Tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What GStreamer would give to the sound card goes to a file instead."""
    heard = tmp_path / "heard"
    caps = "audio/x-raw,format=S16LE,rate=48000,channels=2"
    monkeypatch.setattr(player, "SINK", f"audioconvert ! audioresample ! {caps} ! filesink buffer-mode=2 location={heard}")

    async def story(visit: Visit) -> None:
        await until(lambda: visit.client.features.audio)
        visit.client.set_audio(True)
        async with tone(visit, TONE_HZ):
            await until(lambda: heard.exists() and heard.stat().st_size > SECOND)
            visit.client.set_audio(False)
            await until(quiet_now(heard))
        visit.client.set_audio(True)
        async with tone(visit, TONE_HZ * 2):  # the file begins anew
            await until(lambda: heard.stat().st_size < SECOND)
            await until(lambda: heard.stat().st_size > SECOND)

    visited(story)
    assert abs(loudest_hz(heard.read_bytes(), 48_000, 2) - TONE_HZ * 2) < 10


SECOND = 48_000 * 4


@contextlib.asynccontextmanager
async def tone(visit: Visit, hertz: int) -> AsyncIterator[None]:
    """The guest plays it meanwhile, however slow it is."""
    play = f"exec speaker-test -D plughw:0,0 -c 2 -r 48000 -t sine -f {hertz}"
    await asyncio.to_thread(visit.guest.begin, f"echo $$ > /tmp/tone.pid; {play}")
    try:
        yield
    finally:
        await visit.shell("kill $(cat /tmp/tone.pid); true")


def quiet_now(file: Path) -> Callable[[], bool]:
    """Whether a file has stopped growing: twelve looks in a row find the same size."""
    sizes: list[int] = []

    def check() -> bool:
        sizes.append(file.stat().st_size)
        return len(sizes) > 12 and len(set(sizes[-12:])) == 1

    return check


def test_the_microphone_is_heard_in_the_guest_once_it_is_opened(visited: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "SOURCE", f"audiotestsrc is-live=true freq={TONE_HZ} volume=0.5")
    record = "arecord -D plughw:0,0 -q -f S16_LE -c 2 -r 48000 -d 2 -t raw /tmp/recorded"

    async def story(visit: Visit) -> None:
        await visit.shell(record)
        assert not (await asyncio.to_thread(visit.guest.run, "/bin/cat", "/tmp/recorded")).strip(b"\0")
        visit.client.set_microphone(True)
        await visit.shell(record)
        sound = await asyncio.to_thread(visit.guest.run, "/bin/cat", "/tmp/recorded")
        assert abs(loudest_hz(sound, 48_000, 2) - TONE_HZ) < 10

    visited(story)


# USB.


def test_a_cd_image_of_this_computer_is_a_drive_in_the_guest(visited: Tell, second_iso: Path) -> None:
    """The library's emulated drive goes the way of a real device: channel, usbredir, the guest's USB host and its driver."""

    async def story(visit: Visit) -> None:
        client = visit.client
        assert client.features.usb
        free = client.usb_free
        device = await client.insert_usb_cd(second_iso)
        assert device.connected and device.emulated and second_iso.name in device.name
        assert client.usb_free == free - 1
        await visit.guest_says("mount -t iso9660 -o ro /dev/sr0 /mnt 2>/dev/null; cat /mnt/*.txt", media.SECOND_TEXT)
        await visit.shell("umount /mnt")
        await client.disconnect_usb(device)
        assert client.usb_free == free
        await visit.guest_says("ls /dev/sr0 2>&1", "No such file")

    visited(story)


# Shared folder.

REQUEST = "PUT /new.txt HTTP/1.1", "Host: localhost", "Content-Length: 5", "Connection: close", "", "hello"
PUT = "printf '" + "\\r\\n".join(REQUEST) + "' | nc -w 5 127.0.0.1 9843"


def test_a_folder_is_seen_in_the_guest_as_long_as_it_is_shared(visited: Tell, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        (folder / "in").mkdir(parents=True)
        (folder / "in" / "file.txt").write_text(f"this is the {folder.name} folder")
    (tmp_path / "secret").write_text("not shared")
    fetch = "curl -sS -m 5 http://127.0.0.1:9843/in/file.txt 2>&1"

    async def story(visit: Visit) -> None:
        client = visit.client
        assert client.features.folder
        client.share_folder(first)
        await visit.guest_says(fetch, "this is the first folder")
        assert "not shared" not in await visit.shell("curl -s -m 5 --path-as-is http://127.0.0.1:9843/../secret; true")
        await visit.shell(f"{PUT}; true")
        assert not (first / "new.txt").exists()
        client.share_folder(second, read_only=False)
        await visit.guest_says(fetch, "this is the second folder")
        await visit.shell(PUT)
        await until(lambda: (second / "new.txt").read_text() == "hello")
        client.share_folder(None)
        await visit.guest_says(f"{fetch} || echo gone", "gone")
        client.share_folder(first)
        await visit.guest_says(fetch, "this is the first folder")

    visited(story)


def test_a_channel_that_is_added_to_a_running_machine_is_usable_at_once(visited: Tell, tmp_path: Path) -> None:
    device = tmp_path / "redirdev.xml"
    device.write_text(REDIRDEV)

    async def story(visit: Visit) -> None:
        client = visit.client
        before = client.usb_free
        await asyncio.to_thread(visit.guest.world.virsh, "attach-device", visit.guest.name, str(device), "--live")
        await until(lambda: client.usb_free == before + 1)

    visited(story)
