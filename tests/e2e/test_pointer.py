"""A click lands on the guest's pixel that is seen there, at every scale of the desktop: by the pixels of the screen."""

from __future__ import annotations

import functools
import math
import re
import time
from collections.abc import Iterator

import pytest

from tests.e2e.driver import Driver
from tests.e2e.program import HOSTELRY, Program
from tests.lab import guests
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost
from tests.lab.nest import missing_programs
from tests.lab.screen import Box, Display, Picture
from tests.lab.world import wait_for

BLUE = (0, 0, 168)
"""The guest's background, up to its edges."""

RANGE = 0x8000
"""QEMU's tablet counts from 0 to 0x7FFF over the screen."""

WATCH = 'printf "\\033[2J" > /dev/tty1; sleep 1; for device in /dev/input/event*; do busybox od -An -v -tx1 -w24 "$device" > /dev/ttyS1 & done; echo WATCHING > /dev/ttyS1'
GUEST = (720, 400)
"""The guest's text screen."""

SPOTS = ((0.0, 0.0), (0.1, 0.7), (0.333, 0.25), (0.5, 0.5), (0.77, 0.9), (1.0, 1.0))
SCALES = (1.0, 1.25, 1.5, 2.0)


def text_of(guest: LabGuest) -> str:
    log = guest.world.images / f"{guest.name}.serial"
    return log.read_text(errors="replace") if log.exists() else ""


def last_pixel(guest: LabGuest) -> tuple[int, int]:
    """The pixel of the guest at which its tablet is.  QEMU rounds its counts down."""
    raw = [bytes.fromhex(line) for line in re.findall(r"((?: [0-9a-f]{2}){24})", text_of(guest))]
    axes = {one[18]: int.from_bytes(one[20:24], "little") for one in raw if one[16:18] == b"\3\0"}
    return math.ceil(axes.get(0, -1) * GUEST[0] / RANGE), math.ceil(axes.get(1, -1) * GUEST[1] / RANGE)


def lands(display: Display, place: tuple[int, ...], guest: LabGuest, pixel: tuple[int, ...]) -> bool:
    display.click(place[0], place[1])
    time.sleep(0.2)
    return last_pixel(guest) == pixel


def picture_box(picture: Picture) -> Box:
    """Where the guest's picture lies on the screen: the block of its background."""
    value = BLUE[0] << 16 | BLUE[1] << 8 | BLUE[2]
    rows = [row for row in range(picture.height) if picture.pixels[row * picture.width : (row + 1) * picture.width].count(value) > 100]
    middle = picture.pixels[rows[len(rows) // 2] * picture.width :][: picture.width]
    left, right = middle.index(value), picture.width - 1 - middle[::-1].index(value)
    return left, rows[0], right - left + 1, rows[-1] - rows[0] + 1


def settled_box(display: Display) -> Box:
    """Where the guest's picture lies once the window has come to rest."""
    last: list[Box] = [(0, 0, 0, 0)]

    def rests() -> bool:
        last.append(picture_box(display.picture()))
        return last[-1] == last[-2]

    wait_for(rests, "the window to rest", 10, 0.5)
    return last[-1]


def give(guest: LabGuest, kind: str) -> LabGuest:
    """A pointer of this kind; the guest tells what it does, and its screen is blue and empty."""
    device = guest.world.root / "pointer.xml"
    device.write_text(f"<input type='{kind}' bus='virtio'/>")
    guest.world.virsh("attach-device", guest.name, str(device), "--live")
    guests.agent_exec(guest, "/bin/busybox", "sh", "-c", WATCH)
    wait_for(lambda: "WATCHING" in text_of(guest), "the watchers", 20)
    return guest


@pytest.fixture
def wide() -> Iterator[Display]:
    """Room for the window at twice its size."""
    if missing := missing_programs("dbus-daemon", "Xvfb", "virsh"):
        pytest.skip(f"needs programs that are not installed: {', '.join(missing)}")
    with Display(2400, 1600) as display:
        yield display


def test_a_click_lands_on_the_pixel_that_is_seen_there(root_host: RootHost, agent_guest: LabGuest, wide: Display) -> None:
    guest = give(agent_guest, "tablet")
    for scale in SCALES:
        with Program(wide, [*HOSTELRY, "-c", "qemu:///system", "--console", guest.name], on=root_host,
                     env={"QT_SCALE_FACTOR": str(scale)}) as program:  # fmt: skip
            driver = Driver(program)
            driver.wait("The machine's screen")
            wide.wait_colour(BLUE, 0.1, f"the guest's screen at {scale}")
            box = settled_box(wide)
            for spot in SPOTS:
                place = tuple(box[axis] + round(spot[axis] * (box[2 + axis] - 1)) for axis in (0, 1))
                seen = tuple(int((place[axis] - box[axis] + 0.5) * GUEST[axis] / box[2 + axis]) for axis in (0, 1))
                click = functools.partial(lands, wide, place, guest, seen)
                wait_for(click, f"the guest's pointer at {seen}, at a scale of {scale}", 10)
            driver.close()


def way(guest: LabGuest) -> tuple[int, int]:
    """How far the guest's mouse has gone."""
    raw = [bytes.fromhex(line) for line in re.findall(r"((?: [0-9a-f]{2}){24})", text_of(guest))]
    moves = [(one[18], int.from_bytes(one[20:24], "little", signed=True)) for one in raw if one[16:18] == b"\2\0"]
    return sum(by for axis, by in moves if axis == 0), sum(by for axis, by in moves if axis == 1)


def test_a_captured_pointer_goes_as_far_as_the_hand_and_comes_back(
    root_host: RootHost, agent_guest: LabGuest, wide: Display
) -> None:
    give(agent_guest, "mouse")
    with Program(wide, [*HOSTELRY, "-c", "qemu:///system", "--console", agent_guest.name], on=root_host) as program:
        driver = Driver(program)
        driver.wait("The machine's screen")
        wide.wait_colour(BLUE, 0.1, "the guest's screen")
        box = settled_box(wide)
        wide.click(box[0] + 50, box[1] + 50)
        driver.wait("The guest has keyboard and pointer", part=True)
        time.sleep(0.5)
        begin = way(agent_guest)
        for _ in range(60):  # 1800 pixels, twice the width of the picture
            at = wide.root.query_pointer()
            wide.move(at.root_x + 30, at.root_y - 3)
            time.sleep(0.03)
        scale = box[2] / GUEST[0]
        wait_for(lambda: abs(way(agent_guest)[0] - begin[0] - 1800 / scale) < 3, "the way in the guest", 10)
        assert abs(way(agent_guest)[1] - begin[1] + 180 / scale) < 3
        wide.key("ctrl+alt")
        driver.wait("Click the screen", part=True)
        gone = way(agent_guest)
        wide.move(5, 5, steps=5)
        time.sleep(0.3)
        assert way(agent_guest) == gone and wide.root.query_pointer().root_x == 5
        driver.close()
