"""The speaker of a PC through QEMU's D-Bus display and GStreamer: the frequency that arrives is the one that was set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.console.client import ClientState
from app.console.sound import player
from tests.lab import guests
from tests.lab.guests import LabGuest
from tests.lab.test_console_dbus import DBUS, Viewer
from tests.lab.test_console_sharing import BEEP, TONE_HZ, loudest_hz
from tests.lab.world import SessionWorld

WITH_SOUND = "<graphics type='dbus' p2p='yes'><audio id='1'/></graphics>"
SPEAKER = """<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:arg value='-machine'/>
<qemu:arg value='pcspk-audiodev=audio1'/></qemu:commandline></domain>"""
"""libvirt's own word for the speaker is an option that QEMU has no longer."""

SECOND = 44100 * 4


@pytest.fixture
def beeping(session_world: SessionWorld, tmp_path: Path) -> LabGuest:
    """A machine that does nothing else."""
    (tmp_path / "beep.img").write_bytes(BEEP.ljust(510, b"\0") + b"\x55\xaa")
    image = session_world.put(tmp_path / "beep.img")
    devices = guests.disk(image, fmt="raw", dev="hda", bus="ide") + "<audio id='1' type='dbus'/>"
    xml = guests.domain_xml("beep", devices=devices, memory_mib=16, accel_name="tcg", graphics=WITH_SOUND)
    session_world.define(xml.replace("</domain>", SPEAKER))
    return LabGuest(session_world, "beep").start()


def test_the_guests_tone_is_heard(beeping: LabGuest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = tmp_path / "heard"
    monkeypatch.setattr(player, "SINK", f"filesink location={heard} buffer-mode=unbuffered")
    viewer = Viewer(beeping).connected()
    failed: list[object] = []
    viewer.client.sound_failed.connect(failed.append)
    viewer.client.set_audio(True)
    viewer.pump.until(lambda: viewer.client.name and viewer.client.features.clipboard)
    if not viewer.client.features.audio:
        finish(viewer)
        assert beeping.state == "running", "asking for sound would have killed it"
        pytest.skip("this QEMU dies when it is asked for sound (see app/console/dbus/sound.py), so it is not asked")
    viewer.pump.until(lambda: failed or (heard.exists() and heard.stat().st_size > SECOND))
    assert not failed
    viewer.client.set_audio(False)
    finish(viewer)
    samples = np.frombuffer(heard.read_bytes()[:SECOND], dtype="<i2")[::2].astype(float)
    assert abs(loudest_hz(samples[samples.nonzero()[0][0] :]) - TONE_HZ) < 5


def test_a_machine_without_it_offers_none(session_world: SessionWorld) -> None:
    viewer = Viewer(guests.define_boot_sector(session_world, graphics=DBUS).start()).connected()
    viewer.client.set_audio(True)
    viewer.pump.until(lambda: viewer.client.name)
    assert not viewer.client.features.audio and viewer.client.state is ClientState.CONNECTED
    finish(viewer)


def finish(viewer: Viewer) -> None:
    viewer.client.close()
    viewer.pump.until(lambda: viewer.client.state is ClientState.CLOSED)
    assert viewer.client.join(10)
