"""Our SPICE client against QEMU's server: pictures by pixels, log-ins, certificates, take-over, and QEMU's sudden death."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.console.client import Buttons, ClientState, Credentials
from app.console.spice import monitors, process, session
from app.console.spice.kinds import Kind
from app.console.spice.problems import LibraryEnded, TakenOver
from app.console.trust.guard import Vouched
from app.console.trust.pins import Pins
from app.console.trust.question import TrustQuestion
from app.errors import AuthFailed, Denied, Disconnected, TimedOut
from tests.lab.qemu_spice import SpiceQemu, Viewer, served, until
from tests.lab.tls import Pki

A, B, C = 0x1E, 0x30, 0x2E


def painted(viewer: Viewer) -> bool:
    """The boot sector has painted all of the screen in one colour."""
    rgb = viewer.picture()[2]
    return rgb[:3] != bytes(3) and rgb == rgb[:3] * (len(rgb) // 3)


@pytest.fixture
def qemu(boot_sector: Path) -> Iterator[SpiceQemu]:
    with SpiceQemu(boot_sector) as machine:
        yield machine.ready()


@pytest.mark.parametrize("display", ["qxl-vga", "VGA", "virtio-vga"])
def test_the_picture_is_qemus_own(boot_sector: Path, display: str) -> None:
    async def story() -> None:
        with SpiceQemu(boot_sector, display=display) as qemu:
            viewer = await Viewer.of(qemu.ready())
            await viewer.connected()
            async with asyncio.timeout(30):
                for key in itertools.cycle((A, B, C)):  # what is tapped before the guest has its graphics is the firmware's
                    viewer.tap(key)
                    await viewer.shows(qemu)
                    if viewer.picture()[2].count(0) < 1000:
                        break
            viewer.client.close()

    served(story())


def test_a_password_right_wrong_and_asked_for(boot_sector: Path) -> None:
    async def story() -> None:
        with SpiceQemu(boot_sector, password="sesame") as qemu:
            bad = await Viewer.of(qemu, secret="wrong")
            await bad.closed()
            assert isinstance(bad.client.error, AuthFailed)
            slow = await Viewer.of(qemu)
            asked: list[bool] = []
            slow.client.credentials_needed.connect(lambda _name, password: asked.append(password))
            await until(lambda: asked)
            slow.client.answer(Credentials(password="sesame"))
            await slow.connected()
            slow.client.close()
            good = await Viewer.of(qemu, secret="sesame")
            await good.connected()
            good.client.close()

    served(story())


def test_another_viewer_is_told_from_the_end_of_qemu(qemu: SpiceQemu) -> None:
    async def story() -> None:
        first = await (await Viewer.of(qemu)).connected()
        before = first.picture()
        second = await (await Viewer.of(qemu)).connected()
        await first.closed()
        assert isinstance(first.client.error, TakenOver)
        assert first.picture() == before  # the last picture stays, in memory of our own
        qemu.process.kill()
        await second.closed()
        assert type(second.client.error) is Disconnected
        assert second.client.error.next_step

    served(story())


def test_a_stopped_qemu_is_given_up_and_blocks_nothing(qemu: SpiceQemu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "HANDSHAKE_S", 1.0)

    async def story() -> None:
        os.kill(qemu.process.pid, signal.SIGSTOP)
        viewer = await Viewer.of(qemu)
        await viewer.closed()
        assert isinstance(viewer.client.error, TimedOut)
        os.kill(qemu.process.pid, signal.SIGCONT)

    served(story())


def test_pointer_wheel_and_locks(qemu: SpiceQemu) -> None:
    async def story() -> None:
        viewer = await (await Viewer.of(qemu)).connected()
        client = viewer.client
        await until(lambda: not client.features.absolute_pointer)  # there is a mouse and no tablet
        client.pointer_relative(5, -5, Buttons.LEFT | Buttons.SIDE)
        client.wheel(0, 0, 0, -2)
        leds: list[int] = []
        client.leds_changed.connect(leds.append)
        client.set_leds(4)
        await until(lambda: leds and leds[-1] == 4)
        viewer.tap(0x3A)
        await until(lambda: leds[-1] == 0)
        client.close()

    served(story())


def display_channels(told: dict[str, Any]) -> list[object]:
    """Those that QEMU's server knows."""
    return [channel for channel in told.get("channels", []) if channel["channel-type"] == Kind.DISPLAY]


def test_a_hidden_screen_costs_nothing_and_comes_back(qemu: SpiceQemu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitors, "REST_S", 0.1)

    async def story() -> None:
        viewer = await (await Viewer.of(qemu)).connected()
        viewer.tap(A)
        await until(lambda: painted(viewer))
        before = viewer.picture()
        viewer.client.watch(False)
        while display_channels(await asyncio.to_thread(qemu.qmp, "query-spice")):
            pass
        viewer.tap(B)
        while (await asyncio.to_thread(qemu.picture)) == before:
            pass
        assert viewer.picture() == before
        assert viewer.client.state is ClientState.CONNECTED
        viewer.client.watch(True)
        await viewer.shows(qemu)
        viewer.client.close()

    served(story())


# The library's process.


def alive(pid: int) -> bool:
    """Also as one that nobody has waited for."""
    return Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGABRT, signal.SIGSTOP])
def test_a_library_that_crashes_or_hangs_ends_one_screen_and_not_the_program(
    qemu: SpiceQemu, monkeypatch: pytest.MonkeyPatch, how: signal.Signals
) -> None:
    monkeypatch.setattr(process, "PING_S", 0.2)
    monkeypatch.setattr(process, "SILENT_S", 1.0)

    async def story() -> None:
        viewer = await (await Viewer.of(qemu)).connected()
        before = viewer.picture()
        pid = viewer.client.connection.process.pid
        os.kill(pid, how)
        await viewer.closed()
        error = viewer.client.error
        assert isinstance(error, LibraryEnded) and error.why and error.next_step
        assert error.raw == (process.SILENT if how == signal.SIGSTOP else how.name)
        assert viewer.picture() == before, "the last picture stays"
        assert not alive(pid)
        again = await (await Viewer.of(qemu)).connected()
        again.client.close()

    served(story())


@pytest.mark.parametrize("shown", [False, True])
def test_a_screen_that_is_closed_leaves_no_process(qemu: SpiceQemu, shown: bool) -> None:
    """At once, also where it has only just begun."""

    async def story() -> None:
        viewer = await Viewer.of(qemu)
        if shown:
            await viewer.connected()
        own = viewer.client.connection.process
        await until(lambda: own.pid)
        viewer.client.close()
        await until(lambda: not alive(own.pid), process.LEAVE_S - 1 if shown else 20)

    served(story())


# Encryption.


@pytest.fixture
def pki(tmp_path: Path) -> Pki:
    return Pki(tmp_path / "pki")


@pytest.fixture(autouse=True)
def pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pins:
    """The user's home and pins are the test's."""
    monkeypatch.setenv("HOME", str(tmp_path))
    own = Pins(tmp_path / "pins.json")
    monkeypatch.setattr("app.console.spice.tls.user_pins", lambda: own)
    return own


def test_a_known_authority_is_enough(boot_sector: Path, pki: Pki, tmp_path: Path) -> None:
    home = tmp_path / ".pki/libvirt-spice"
    home.mkdir(parents=True)
    (home / "cacert.pem").write_bytes((pki.folder / "cacert.pem").read_bytes())

    async def story() -> None:
        with SpiceQemu(boot_sector, pki=pki) as qemu:
            viewer = await (await Viewer.of(qemu.ready())).connected()
            assert viewer.client.vouched is Vouched.AUTHORITY
            viewer.tap(A)
            await viewer.shows(qemu)
            viewer.client.close()

    served(story())


@pytest.mark.parametrize("yes", [True, False])
def test_a_stranger_is_asked_about_once(boot_sector: Path, pki: Pki, yes: bool) -> None:
    async def story() -> None:
        with SpiceQemu(boot_sector, pki=pki) as qemu:
            viewer = await Viewer.of(qemu)
            viewer.client.trust_asked.connect(lambda _question: viewer.client.trust(yes))
            if not yes:
                await viewer.closed()
                assert isinstance(viewer.client.error, Denied)
                return
            await viewer.connected()
            assert viewer.client.vouched is Vouched.USER
            viewer.client.close()
            again = await (await Viewer.of(qemu)).connected()
            again.client.close()

    served(story())


def test_closed_while_it_is_asked(boot_sector: Path, pki: Pki) -> None:
    async def story() -> None:
        with SpiceQemu(boot_sector, pki=pki) as qemu:
            viewer = await Viewer.of(qemu)
            asked: list[TrustQuestion] = []
            viewer.client.trust_asked.connect(asked.append)
            await until(lambda: asked)
            viewer.client.close()
            assert viewer.client.state is ClientState.CLOSED
            await asyncio.sleep(0.1)

    served(story())


@pytest.mark.parametrize("reachable", [True, False])
def test_a_server_that_wants_encryption_gets_it(boot_sector: Path, pki: Pki, reachable: bool) -> None:
    """As with libvirt's defaultMode='secure': the way without encryption is tried first, as nobody reads along here."""

    async def story() -> None:
        with SpiceQemu(boot_sector, "tls-channel=default", pki=pki) as qemu:
            secure = qemu.link if reachable else None
            viewer = Viewer(await qemu.plain_link(), qemu.plain_link, tls_port=qemu.port, secure=secure)
            viewer.client.trust_asked.connect(lambda _question: viewer.client.trust(True))
            if not reachable:
                await viewer.closed()
                assert isinstance(viewer.client.error, Denied)
                return
            await viewer.connected()
            await viewer.shows(qemu.ready())
            viewer.client.close()

    served(story())
