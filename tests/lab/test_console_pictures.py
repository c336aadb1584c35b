"""Pictures of real guests' screens: text read from them, a film of them, the wall of several."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage

from app.console.capabilities import Measured
from app.console.framebuffer import Rect
from app.console.reading import reader
from app.console.video.recorder import Recorder
from app.model.records import DomainRef
from tests.lab import guests, media
from tests.lab.desk import Desk, Story, pixels, type_and_see, until
from tests.lab.hosts import RootHost
from tests.unit.console.film import decode_webm
from ui.console.console_view import ConsoleView
from ui.console.meter import Meter
from ui.console.recording import Recording
from ui.wall.shots import Shots


def read(view: ConsoleView) -> reader.ScreenText:
    screen = view.display.picture.framebuffer
    assert screen is not None
    picture = reader.Picture(bytes(screen.pixels), screen.width, screen.height, screen.stride)
    return reader.read(picture, Rect(0, 0, screen.width, screen.height))


def _more_than(film: Recorder, count: int) -> Callable[[], bool]:
    return lambda: film.frames > count


def near(colour: QColor, pixel: numpy.ndarray) -> bool:
    return bool(abs(pixel - [colour.red(), colour.green(), colour.blue()]).max() < 24)


def test_text_of_a_linux_console_is_read_exactly(tell: Callable[[Story], None], root_host: RootHost) -> None:
    guest = guests.define_linux(root_host).start()

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live)
        await asyncio.to_thread(guest.wait_serial, media.READY_TEXT)
        await asyncio.to_thread(guest.type_text, "echo 0123456789.fghimtvwxyz/end\n")
        await until(lambda: "0123456789.fghimtvwxyz/end" in read(view).text.split("\n"))
        assert read(view).exact

    tell(story)


def test_a_film_of_a_guest_that_changes_its_colours(
    tell: Callable[[Story], None], root_host: RootHost, tmp_path: Path
) -> None:
    guest = guests.define_boot_sector(root_host).start()

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live)
        await asyncio.to_thread(guest.wait_paint)
        recording = next(each for each in view.features if isinstance(each, Recording))
        recording._start(tmp_path / "film.webm")
        film = recording.recorder
        assert film is not None
        await until(lambda: film.frames)
        view.display.setFocus()
        await until(lambda: view.display.captured)
        shown = []
        for key in (Qt.Key.Key_1, Qt.Key.Key_3, Qt.Key.Key_5):
            before = film.frames
            await type_and_see(view, key)
            await until(_more_than(film, before))
            await asyncio.sleep(0.2)
            shown.append(view.display.screenshot().pixelColor(100, 100))
        length_s = film.elapsed_s
        root_host.virsh("destroy", guest.name)
        await until(lambda: recording.recorder is None)
        frames = decode_webm(tmp_path / "film.webm")
        seen = [frame.pixels[100, 100].astype(int) for frame in frames]
        at = 0
        for colour in shown:  # in this order
            at = next(number for number in range(at, len(seen)) if near(colour, seen[number]))
        assert not near(shown[0], seen[at])
        assert frames[-1].at_s >= length_s

    tell(story)


def test_the_walls_pictures_are_those_of_the_guests(tell: Callable[[Story], None], root_host: RootHost) -> None:
    ours = [guests.define_boot_sector(root_host, name).start() for name in ("one", "two")]
    for guest in ours:
        guest.wait_paint()
    ours[1].send_keys("KEY_X")
    root_host.virsh("suspend", ours[1].name)

    async def story(desk: Desk) -> None:
        await until(lambda: all(guest.uuid in desk.host.inventory.domains for guest in ours))
        refs = [DomainRef(desk.host.id, guest.uuid) for guest in ours]
        shots, got = Shots(desk.ctx), dict[DomainRef, QImage]()
        shots.came.connect(got.__setitem__)
        shots.want(refs, QSize(160, 100))
        await until(lambda: len(got) == 2)
        for guest, ref in zip(ours, refs, strict=True):
            whole = QImage.fromData(guest.screenshot())
            expected = whole.pixelColor(whole.width() // 2, whole.height() // 2)
            colour = got[ref].pixelColor(got[ref].width() // 2, got[ref].height() // 2)
            assert near(expected, numpy.array([colour.red(), colour.green(), colour.blue()]))
        shots.want((), QSize(1, 1))
        await asyncio.sleep(0.1)
        taken = shots.taken
        await asyncio.sleep(0.5)
        assert shots.taken == taken

    tell(story)


def test_the_meter_counts_what_spice_brings(tell: Callable[[Story], None], root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host, graphics="<graphics type='spice'><listen type='none'/></graphics>").start()
    guest.wait_paint()

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live)
        client = view.connector.client
        assert isinstance(client, Measured)
        before = client.traffic()
        view.display.setFocus()
        await until(lambda: view.display.captured)
        await type_and_see(view, Qt.Key.Key_1)
        await until(lambda: client.traffic().received_bytes > before.received_bytes)
        assert client.traffic().updates > before.updates
        meter = next(each for each in view.features if isinstance(each, Meter))
        meter.show(True)
        assert meter.label is not None and "SPICE" in meter.label.text()

    tell(story)


def test_a_paused_guest_is_dimmed_each_time(tell: Callable[[Story], None], root_host: RootHost) -> None:
    guest = guests.define_boot_sector(root_host).start()

    def dimmed(view: ConsoleView) -> bool:
        """What is painted differs from what the guest shows."""
        shown, spot = view.display.screenshot(), view.display.picture.placement()
        assert spot is not None
        painted = view.display.grab().toImage().pixelColor(spot.x + spot.w // 2, spot.y + spot.h // 2)
        return painted != shown.pixelColor(shown.width() // 2, shown.height() // 2)

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().live and pixels(view))
        await asyncio.to_thread(guest.wait_paint)
        for _time in range(3):
            root_host.virsh("suspend", guest.name)
            await until(lambda: not view.situation().live)
            view.connector.client.watch(True)  # type: ignore[union-attr]
            await asyncio.sleep(0.2)
            assert dimmed(view)
            root_host.virsh("resume", guest.name)
            await until(lambda: view.situation().live and not dimmed(view))

    tell(story)
