"""Several machines' screens by mouse and keyboard: the wall, and full screen from one machine to the other."""

from __future__ import annotations

import io

import pytest
from PySide6.QtGui import QImage

from tests.e2e.conftest import Start
from tests.e2e.driver import Driver
from tests.e2e.sights import SCREEN
from tests.lab import guests
from tests.lab.hosts import RootHost

Colour = tuple[int, int, int]


def colour_of(guest: guests.LabGuest) -> Colour:
    """What fills its screen, by libvirt's word."""
    image = QImage.fromData(io.BytesIO(guest.screenshot()).getvalue())
    pixel = image.pixelColor(image.width() // 2, image.height() // 2)
    return pixel.red(), pixel.green(), pixel.blue()


@pytest.fixture
def painted(root_host: RootHost) -> dict[str, Colour]:
    """Two machines and the colours of their screens."""
    found = {}
    for name, key in (("one", "KEY_1"), ("two", "KEY_3")):
        guest = guests.define_boot_sector(root_host, name).start()
        guest.wait_paint()
        guest.send_keys(key)
        found[name] = guest
    return {name: colour_of(guest) for name, guest in found.items()}


@pytest.mark.timeout(180)
def test_the_wall_and_full_screen(start_program: Start, root_host: RootHost, painted: dict[str, Colour]) -> None:
    window = start_program(on=root_host)
    window.wait("one, Running", "tree item", part=True)
    window.menu("View", "Wall of screens")
    sees_both_on_the_wall(window, painted)
    window.double_click("one: Running, on This computer", "list item")
    window.wait_colour(painted["one"], 0.9, "its screen", within=middle(window))
    window.menu("View", "Full screen")
    width, height = 1280, 800
    window.wait_colour(painted["one"], 0.9, "the whole screen", within=(300, 100, width - 600, height - 200))
    goes_to_the_other(window)
    window.wait_colour(painted["two"], 0.9, "the other one on the whole screen", within=(300, 100, width - 600, height - 200))
    window.screen.move(width // 2, 300)
    window.screen.move(width // 2, 0, steps=5)
    window.click("Leave full screen", "push button")
    window.wait("two", "page tab")
    window.wait_colour(painted["two"], 0.9, "its page", within=middle(window))


def middle(window: Driver) -> tuple[int, int, int, int]:
    x, y, w, h = window.wait(SCREEN).box
    return (x + w // 4, y + h * 3 // 8, w // 2, h // 4)


def sees_both_on_the_wall(window: Driver, painted: dict[str, Colour]) -> None:
    for name, colour in painted.items():
        x, y, w, h = window.wait(f"{name}: Running, on This computer", "list item").box
        window.wait_colour(colour, 0.9, f"{name} on the wall", within=(x + w // 4, y + h // 4, w // 2, h // 4))


def goes_to_the_other(window: Driver) -> None:
    """By the bar that comes out at the top."""
    window.key("ctrl+alt")
    window.screen.move(640, 300)
    window.screen.move(640, 0, steps=5)
    window.popup_menu(window.wait("Show another machine in full screen"), "two")
