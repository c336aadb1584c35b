"""The desktop's own keys for a guest, on X11 with a window manager: who gets them, and that there is always a way out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from Xlib import XK, X
from Xlib.protocol import event as xevent

from tests.e2e.conftest import Start
from tests.e2e.driver import Driver
from tests.e2e.sights import ready
from tests.lab import guests
from tests.lab.guests import LabGuest
from tests.lab.hosts import RootHost
from tests.lab.screen import Display
from tests.lab.world import wait_for

A, TAB, LEFT_ALT, LEFT_SUPER, D = 30, 15, 56, 125, 32
SETTINGS = {"console-system-keys": "always", "console-host-shortcuts": ["Super+D"]}
WATCH = 'for device in /dev/input/event*; do busybox od -An -v -tx1 -w24 "$device" > /dev/ttyS1 & done'


def keys(guest: LabGuest) -> list[tuple[int, int]]:
    """The guest's key events so far: evdev code, and 1 down, 0 up, 2 repeated."""
    text = (guest.world.images / f"{guest.name}.serial").read_text(errors="replace")
    raw = [bytes.fromhex(line) for line in re.findall(r"((?: [0-9a-f]{2}){24})", text)]
    return [(int.from_bytes(one[18:20], "little"), one[20]) for one in raw if one[16:18] == b"\1\0"]


class Other:
    """A window of another program."""

    def __init__(self, display: Display) -> None:
        self.display = display
        screen = display.x.screen()
        self.window = screen.root.create_window(40, 40, 200, 100, 0, screen.root_depth, event_mask=X.KeyPressMask)
        self.window.set_wm_name("other")
        self.window.map()
        display.x.sync()

    def activate(self) -> None:
        """As a task bar does."""
        atom = self.display.x.intern_atom("_NET_ACTIVE_WINDOW")
        message = xevent.ClientMessage(window=self.window, client_type=atom, data=(32, [2, X.CurrentTime, 0, 0, 0]))
        self.display.root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self.display.x.sync()
        wait_for(lambda: self.active, "the other window in front", 5)

    @property
    def active(self) -> bool:
        atom = self.display.x.intern_atom("_NET_ACTIVE_WINDOW")
        found = self.display.root.get_full_property(atom, X.AnyPropertyType)
        return found is not None and found.value[0] == self.window.id


class Locker:
    """What a screen locker does: a window over everything, then the keyboard."""

    def __init__(self, display: Display) -> None:
        self.display = display
        screen = display.x.screen()
        self.window = screen.root.create_window(
            0, 0, display.width, display.height, 0, screen.root_depth, override_redirect=1, event_mask=X.KeyPressMask)  # fmt: skip
        self.window.map()
        display.x.sync()

    def locks(self) -> bool:
        got = self.window.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        return bool(got == X.GrabSuccess)

    def unlock(self) -> None:
        self.display.x.ungrab_keyboard(X.CurrentTime)
        self.window.destroy()
        self.display.x.sync()


@pytest.fixture
def window(start_program: Start, root_host: RootHost, agent_guest: LabGuest, display: Display) -> Iterator[Driver]:
    """The program with the guest's console in front and captured; the guest tells its keys."""
    other = Other(display)
    driver = start_program("--connect", "qemu:///system", on=root_host, settings=SETTINGS)
    ready(driver)
    driver.double_click(f"{agent_guest.name}, Running", "tree item")
    guests.agent_exec(agent_guest, "/bin/busybox", "sh", "-c", WATCH)
    driver.wait("Click the screen", part=True)
    driver.click("The machine's screen")

    def told() -> bool:
        display.key("a")
        return (A, 1) in keys(agent_guest)

    wait_for(told, "a key in the guest", 20, 0.3)
    yield driver
    other.window.destroy()


def hold(display: Display, name: str, down: bool) -> None:
    display._fake(X.KeyPress if down else X.KeyRelease, display.x.keysym_to_keycode(XK.string_to_keysym(name)))


def test_the_desktops_keys_go_to_the_guest_until_the_release_key(window: Driver, agent_guest: LabGuest, display: Display) -> None:
    other = Other(display)
    window.click("The machine's screen")
    before = len(keys(agent_guest))
    display.key("alt+tab")
    wait_for(lambda: {(LEFT_ALT, 1), (TAB, 1), (TAB, 0), (LEFT_ALT, 0)} <= set(keys(agent_guest)[before:]), "Alt+Tab", 10)
    assert not other.active
    before = len(keys(agent_guest))
    display.key("ctrl+alt")
    window.wait("Click the screen", part=True)
    wait_for(lambda: keys(agent_guest)[before:].count((LEFT_ALT, 0)) == 1, "Alt to be let go", 10)
    display.key("alt+tab")
    wait_for(lambda: other.active, "the other window in front", 10)
    assert (TAB, 1) not in keys(agent_guest)[before:]


def test_a_popup_takes_the_keys_and_the_guest_has_them_again_after_it(
    window: Driver, agent_guest: LabGuest, display: Display
) -> None:
    display.key("ctrl+alt")  # this guest has the pointer, too
    window.wait("Click the screen", part=True)
    before = display.popups()
    window.click("Send keys", "button menu")
    wait_for(lambda: display.popups() - before, "the menu", 10)
    count = len(keys(agent_guest))
    display.key("esc")
    wait_for(lambda: not display.popups() - before, "the menu to go", 10)
    assert len(keys(agent_guest)) == count
    window.click("The machine's screen")

    def told() -> bool:
        display.key("super+a")
        return (LEFT_SUPER, 1) in keys(agent_guest)[count:]

    wait_for(told, "Super in the guest", 10, 0.3)


def test_a_key_that_is_held_goes_up_when_another_window_comes_to_the_front(
    window: Driver, agent_guest: LabGuest, display: Display
) -> None:
    other = Other(display)
    window.click("The machine's screen")
    before = len(keys(agent_guest))
    hold(display, "Shift_L", True)
    wait_for(lambda: (42, 1) in keys(agent_guest)[before:], "Shift in the guest", 10)
    other.activate()
    wait_for(lambda: (42, 0) in keys(agent_guest)[before:], "Shift to go up in the guest", 10)
    hold(display, "Shift_L", False)
    assert window.wait("Click the screen", part=True)


def test_a_screen_locker_gets_the_keyboard(window: Driver, agent_guest: LabGuest, display: Display) -> None:
    locker = Locker(display)
    wait_for(locker.locks, "the locker to have the keyboard", 5, 0.1)
    locker.unlock()
    count = len(keys(agent_guest))

    def told() -> bool:
        display.key("super+a")
        return (LEFT_SUPER, 1) in keys(agent_guest)[count:]

    wait_for(told, "Super in the guest again", 10, 0.3)


def test_a_shortcut_of_the_host_is_never_the_guests(window: Driver, agent_guest: LabGuest, display: Display) -> None:
    """openbox shows the desktop at Super+D."""
    atom = display.x.intern_atom("_NET_SHOWING_DESKTOP")

    def showing() -> bool:
        found = display.root.get_full_property(atom, X.AnyPropertyType)
        return found is not None and bool(found.value[0])

    count = len(keys(agent_guest))
    display.key("super+d")
    wait_for(showing, "the desktop", 10)
    assert (D, 1) not in keys(agent_guest)[count:]
    wait_for(lambda: (LEFT_SUPER, 0) in keys(agent_guest)[count:], "Super to go up in the guest", 10)
