"""Clipboard, keyboard lights and sound with servers that we did not write: QEMU, TigerVNC's Xvnc, x11vnc."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from Xlib.display import Display

from app.console.client import Lights
from app.console.sound import player
from app.console.trust.pins import Pins
from app.console.vnc.client import VncClient
from tests.fuzz.waiting import Pump
from tests.lab import guests, media, spice_guest
from tests.lab.desk import Desk, Story, type_and_see, until
from tests.lab.hosts import RootHost
from tests.lab.qemu_vnc import VncQemu
from tests.lab.secure_vnc import Guest, X11Vnc, XServer, guarded_qemu, port_of
from tests.lab.world import SessionWorld, find_program, missing_programs, wait_for
from ui.console import lock_lights
from ui.console.desktop_locks import x11_locks

pytestmark = pytest.mark.lab
Visit = Callable[[int], Guest]

EVERYWHERE = "Grüße, мир, 漢字 🙂\nзweite Zeile"

TONE_HZ = 440
BEEP = bytes.fromhex("FA B0B6E643 B8970A E642 88E0 E642 E461 0C03 E661 F4 EBFD")
"""A boot sector: the timer's third channel at 1193182/2711 Hz, to the speaker; then it halts."""


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """Visits; they end with the test."""
    made: list[Guest] = []

    def begin(port: int) -> Guest:
        made.append(Guest(port, Pins(tmp_path / "pins.json")))
        made[-1].connected()
        return made[-1]

    yield begin
    for guest in made:
        guest.leave()


def texts(guest: Guest) -> list[str]:
    """What the server's side copies from now on."""
    heard: list[str] = []
    guest.client.cut_text.connect(heard.append)
    return heard


def copy_there(display: str, text: str) -> subprocess.Popen[bytes]:
    """An X program that owns the clipboard of a display until it is killed."""
    command = [find_program("xclip"), "-quiet", "-selection", "clipboard", "-display", display, "-in"]
    program = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    assert program.stdin is not None
    program.stdin.write(text.encode())
    program.stdin.close()
    program.stdin = None
    return program


def pasted_there(display: str, kind: str = "UTF8_STRING") -> str:
    """What an X program gets from the clipboard of a display."""
    command = [find_program("xclip"), "-selection", "clipboard", "-display", display, "-out", "-target", kind]
    return subprocess.run(command, capture_output=True, timeout=20, check=False).stdout.decode(errors="replace")


needs_xclip = pytest.mark.skipif(bool(missing_programs("xclip", "Xtigervnc")), reason="needs xclip and TigerVNC's server")


@needs_xclip
def test_any_text_both_ways_with_tigervnc(tmp_path: Path, visit: Visit) -> None:
    with XServer(tmp_path, "-SecurityTypes", "None") as server:
        guest = visit(server.port)
        heard = texts(guest)
        program = copy_there(server.display, EVERYWHERE)
        try:
            guest.pump.until(lambda: heard)
            assert heard == [EVERYWHERE]
        finally:
            program.kill()
            program.wait()
        guest.client.send_text(EVERYWHERE[::-1])
        with_answers(guest, lambda: pasted_there(server.display) == EVERYWHERE[::-1])


def with_answers(guest: Guest, check: Callable[[], object]) -> None:
    """Both sides are served by threads of their own: this only waits."""
    guest.pump.until(check)


def paint(display: str) -> None:
    """The whole screen in one colour."""
    connection = Display(display)
    root = connection.screen().root
    root.change_attributes(background_pixel=0x3366AA)
    root.clear_area()
    connection.sync()
    connection.close()


@needs_xclip
@pytest.mark.skipif(bool(missing_programs("x11vnc")), reason="needs x11vnc")
def test_x11vnc_bears_what_is_offered(tmp_path: Path, visit: Visit) -> None:
    """libvncserver hangs up on a compressed text that ends as zlib's own do.  Whether x11vnc passes it on is its own affair."""
    with XServer(tmp_path, "-SecurityTypes", "None") as screen, X11Vnc(screen.display, tmp_path, "-nopw") as server:
        guest = visit(server.port)
        guest.client.send_text(EVERYWHERE)
        guest.client.send_text("Grüße")
        before = bytes(guest.client.framebuffer.pixels) if guest.client.framebuffer else b""
        paint(screen.display)
        guest.pump.until(lambda: guest.client.framebuffer and bytes(guest.client.framebuffer.pixels) != before)
        assert guest.connected()


def test_qemu_passes_any_text_on(boot_sector: Path, visit: Visit) -> None:
    """With the clipboard of a guest's agent there, but no agent: what one viewer copies, the other can paste."""
    agent = ("-chardev", "qemu-vdagent,id=agent,name=vdagent,clipboard=on", "-device", "virtio-serial", "-device",
             "virtserialport,chardev=agent,name=com.redhat.spice.0", "-vnc", "127.0.0.1:300,to=900,share=ignore")  # fmt: skip
    with VncQemu(boot_sector, extra=agent) as qemu:
        port = port_of(qemu)
        one, other = visit(port), visit(port)
        heard, echo = texts(other), texts(one)
        one.client.send_text(EVERYWHERE)
        other.pump.until(lambda: heard)
        assert heard == [EVERYWHERE]
        other.client.send_text("back")
        one.pump.until(lambda: echo)
        assert echo == ["back"], "its own text came back"


AGENT = "<channel type='qemu-vdagent'><source><clipboard copypaste='yes'/></source><target type='virtio' name='com.redhat.spice.0'/></channel>"


def desktop_with_vnc(world: SessionWorld) -> spice_guest.SpiceGuest:
    """The lab's desktop with its agent, on VNC: libvirt's ``qemu-vdagent`` in place of SPICE's channel."""
    world.put(media.kernel("generic"), "vmlinuz-generic")
    world.put(spice_guest.initrd(), "spice.img")
    xml = spice_guest.desktop_xml(world, "desktop", video="vga", graphics=f"<graphics type='vnc' socket='{world.root}/vnc'/>")
    for spice, vnc in ((spice_guest.AGENT, AGENT), (spice_guest.USB, ""), (spice_guest.WEBDAV, ""), (spice_guest.SOUND, "")):
        xml = xml.replace(spice, vnc)
    world.define(xml)
    guest = spice_guest.SpiceGuest(world, "desktop")
    guest.start()
    spice_guest.wait_ready(guest)
    return guest


def offered(client: VncClient, desktop: spice_guest.SpiceGuest) -> bytes:
    """QEMU does not tell an agent that has just come what was offered before: as the window does, again and again."""
    client.send_text(EVERYWHERE)
    return desktop.paste()


def test_any_text_both_ways_with_a_guests_agent() -> None:
    with SessionWorld() as world:
        desktop = desktop_with_vnc(world)
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(f"{world.root}/vnc")
        pump = Pump()
        client = VncClient(sock, wake=pump, local=True)
        heard: list[str] = []
        client.cut_text.connect(heard.append)
        client.start()
        try:
            pump.until(lambda: client.framebuffer)
            wait_for(lambda: offered(client, desktop) == EVERYWHERE.encode() or None, "the text in the guest")
            desktop.copy(EVERYWHERE[::-1].encode())
            pump.until(lambda: EVERYWHERE[::-1] in heard)
        finally:
            client.close()
            assert client.join(10)


def test_the_guests_lights_are_told_and_follow_a_tap(boot_sector: Path, visit: Visit) -> None:
    """The firmware lights them."""
    with guarded_qemu(boot_sector, "share=ignore") as qemu:
        qemu.ready()
        guest = visit(port_of(qemu))
        seen: list[int] = []
        guest.client.leds_changed.connect(seen.append)
        for code, sym in ((0x3A, 0xFFE5), (0x1E, 0x61)):  # it looks at its lights when it is asked for the next key
            guest.client.key(code, sym, True)
            guest.client.key(code, sym, False)
        guest.pump.until(lambda: seen and Lights(seen[-1]) & Lights.CAPS)


def test_the_guests_caps_lock_follows_the_desktops(
    tell: Callable[[Story], None], root_host: RootHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_lights, "desktop_locks", lambda: Lights.CAPS)
    serial = f"<serial type='file'><source path='{root_host.images}/boot.serial'/><target port='0'/></serial>"
    guest = guests.define_boot_sector(root_host, extra_devices=serial).start()
    log = root_host.images / "boot.serial"
    wait_for(lambda: log.exists() and b"READY" in log.read_bytes(), "the guest to wait for keys")

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        lights = next(feature for feature in view.features if isinstance(feature, lock_lights.LockLights))
        await until(lambda: view.situation().live)
        view.display.setFocus()
        await until(lambda: view.display.captured)
        await type_and_see(view, Qt.Key.Key_A)  # its firmware looks at the lights when it is asked for the next key
        await until(lambda: lights._labels[0][1].text() == "Caps Lock")

    tell(story)


@needs_xclip
def test_the_lights_of_an_x_desktop(tmp_path: Path) -> None:
    with XServer(tmp_path, "-SecurityTypes", "None") as server:
        assert x11_locks(server.display) == Lights.NONE
        subprocess.run([find_program("xdotool"), "key", "Caps_Lock"], check=True, env={**os.environ, "DISPLAY": server.display})
        assert x11_locks(server.display) == Lights.CAPS


def test_the_guests_tone_is_heard(tmp_path: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """The speaker of a PC, through QEMU, the protocol and GStreamer, into a file: its frequency is the one that was set."""
    heard = tmp_path / "heard"
    monkeypatch.setattr(player, "SINK", f"filesink location={heard} buffer-mode=unbuffered")
    (tmp_path / "beep.img").write_bytes(BEEP.ljust(510, b"\0") + b"\x55\xaa")
    sound = ("-audiodev", "none,id=snd", "-machine", "pcspk-audiodev=snd", "-vnc", "127.0.0.1:300,to=900,audiodev=snd")
    with VncQemu(tmp_path / "beep.img", extra=sound) as qemu:
        guest = visit(port_of(qemu))
        failed: list[object] = []
        guest.client.sound_failed.connect(failed.append)
        guest.pump.until(lambda: guest.client.features.audio)
        guest.client.set_audio(True)
        guest.pump.until(lambda: failed or (heard.exists() and heard.stat().st_size > 44100 * 4))
        assert not failed
        guest.client.set_audio(False)
        samples = np.frombuffer(heard.read_bytes()[: 44100 * 4], dtype="<i2")[::2].astype(float)
    assert abs(loudest_hz(samples[samples.nonzero()[0][0] :]) - TONE_HZ) < 5


def loudest_hz(samples: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Of samples at 44100 a second."""
    strength = np.abs(np.fft.rfft(samples - samples.mean()))
    return float(strength.argmax() * 44100 / len(samples))
