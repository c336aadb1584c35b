"""Finds widgets on the screen by AT-SPI, as a screen reader does: by accessible name and role. It only looks, it does nothing.

The program needs no hook for this, and a control that has no accessible name is not found, as a blind user would not find it.
Plain D-Bus over jeepney: AT-SPI's own library binds a process to one bus for good.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from tests.e2e.focus import FocusListener, Place
from tests.lab.nest import LabError, Nest, find_program, wait_for
from tests.lab.screen import Box

ACCESSIBLE, COMPONENT, PROPERTIES = "org.a11y.atspi.Accessible", "org.a11y.atspi.Component", "org.freedesktop.DBus.Properties"
STATES = {
    1: "active",
    4: "checked",
    5: "collapsed",
    8: "enabled",
    10: "expanded",
    12: "focused",
    23: "selected",
    24: "sensitive",
    25: "showing",
}
"""Numbers of AtspiStateType (atspi-constants.h) to names; what is not here is not asked for."""

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth><standard_session_servicedirs/>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/><allow user="*"/></policy></busconfig>"""


@dataclass(frozen=True)
class Widget:
    """One accessible object as it was when it was looked at."""

    name: str
    role: str
    """AT-SPI's role name: "push button", "menu item", "table cell", "tree item", "text", "page tab", ..."""
    box: Box
    states: frozenset[str]
    depth: int = 0

    @property
    def centre(self) -> tuple[int, int]:
        """Its middle on the screen."""
        x, y, width, height = self.box
        return x + width // 2, y + height // 2

    @property
    def shown(self) -> bool:
        """Whether it is on the screen with a size."""
        return "showing" in self.states and self.box[2] > 0 and self.box[3] > 0


class SessionBus:
    """A private session bus with the accessibility service, on which one program registers. It ends with the nest.

    `drop`: the command that makes an ordinary user of root; the service takes its own user's programs and root's only.
    """

    def __init__(self, nest: Nest, env: dict[str, str], drop: list[str]) -> None:
        config, path = nest.root / "bus.conf", nest.root / "home/.bus"
        config.write_text(BUS_CONFIG.format(path=path))
        self.address = f"unix:path={path}"
        nest.spawn([*drop, find_program("dbus-daemon"), f"--config-file={config}", "--nofork"], env)
        wait_for(path.exists, "the session bus")


class Tree:
    """The accessible objects of all programs on a bus."""

    def __init__(self, session_address: str) -> None:
        with open_dbus_connection(session_address) as session:
            reply = _call(session, DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
        self._bus = open_dbus_connection(reply[0])
        self._focus = FocusListener(reply[0])
        self._menus: list[Place] = []

    def close(self) -> None:
        """Ends the connection."""
        self._focus.close()
        self._bus.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def widgets(self) -> Iterator[Widget]:
        """All objects that are shown, outermost first. Objects that vanish meanwhile are left out."""
        yield from self._below("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root", 0)
        for place in self._context_menus():
            yield from self._one(*place, 1)

    def _context_menus(self) -> list[Place]:
        """Menus without an owner in the tree; known once the focus has been in them."""
        for item in self._focus.heard():
            if (menu := self._lone_menu(item)) and menu not in self._menus:
                self._menus.append(menu)
        self._menus = [menu for menu in self._menus if self._exists(menu)]
        return self._menus

    def _exists(self, place: Place) -> bool:
        try:
            return bool(self._ask(*place, ACCESSIBLE, "GetRoleName"))
        except LabError:
            return False

    def _lone_menu(self, item: Place) -> Place | None:
        """The outermost menu above a focused object, if that is a menu's item and no menu bar holds the menu."""
        try:
            if self._ask(*item, ACCESSIBLE, "GetRoleName")[0] != "menu item":
                return None
            menu, above = item, self._parent(item)
            while self._ask(*above, ACCESSIBLE, "GetRoleName")[0] in ("popup menu", "menu item"):
                menu, above = above, self._parent(above)
            held = self._ask(*above, ACCESSIBLE, "GetRoleName")[0] == "menu bar"
        except LabError:
            return None
        return None if held or menu == item else menu

    def _parent(self, place: Place) -> Place:
        owner, path = self._ask(*place, PROPERTIES, "Get", "ss", (ACCESSIBLE, "Parent"))[0][1]
        return owner, path

    def _below(self, owner: str, path: str, depth: int) -> Iterator[Widget]:
        try:
            children = self._ask(owner, path, ACCESSIBLE, "GetChildren")[0]
        except LabError:
            return
        for child_owner, child_path in children:
            yield from self._one(child_owner, child_path, depth)

    def _one(self, owner: str, path: str, depth: int) -> Iterator[Widget]:
        try:
            widget = self._read(owner, path, depth)
        except LabError:
            return
        if widget.shown:
            yield widget
        if widget.shown or depth < 1:  # the application itself is never "showing"
            yield from self._below(owner, path, depth + 1)

    def _read(self, owner: str, path: str, depth: int) -> Widget:
        low, high = self._ask(owner, path, ACCESSIBLE, "GetState")[0]
        bits = low | high << 32
        states = frozenset(name for number, name in STATES.items() if bits >> number & 1)
        if "showing" not in states:
            return Widget("", "", (0, 0, 0, 0), states, depth)
        role = self._ask(owner, path, ACCESSIBLE, "GetRoleName")[0]
        name = self._ask(owner, path, PROPERTIES, "Get", "ss", (ACCESSIBLE, "Name"))[0][1]  # Qt knows no GetAll here
        return Widget(name, role, tuple(self._ask(owner, path, COMPONENT, "GetExtents", "u", (0,))[0]), states, depth)

    def _ask(
        self, owner: str, path: str, interface: str, method: str, signature: str | None = None, body: tuple[Any, ...] = ()
    ) -> Any:
        return _call(self._bus, DBusAddress(path, owner, interface), method, signature, body)


def _call(
    bus: DBusConnection, address: DBusAddress, method: str, signature: str | None = None, body: tuple[Any, ...] = ()
) -> Any:
    try:
        reply = bus.send_and_get_reply(new_method_call(address, method, signature, body), timeout=10)
    except (OSError, TimeoutError) as error:
        raise LabError(f"AT-SPI {method}: {error or 'no answer'}") from None
    if reply.header.message_type == MessageType.error:
        raise LabError(f"AT-SPI {method}: {reply.body}")
    return reply.body
