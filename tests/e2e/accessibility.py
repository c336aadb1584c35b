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
    """A private session bus with the accessibility service, on which one program registers. It ends with the nest."""

    def __init__(self, nest: Nest, env: dict[str, str]) -> None:
        config, path = nest.root / "bus.conf", nest.root / "bus"
        config.write_text(BUS_CONFIG.format(path=path))
        self.address = f"unix:path={path}"
        nest.spawn([find_program("dbus-daemon"), f"--config-file={config}", "--nofork"], env)
        wait_for(path.exists, "the session bus")


class Tree:
    """The accessible objects of all programs on a bus."""

    def __init__(self, session_address: str) -> None:
        with open_dbus_connection(session_address) as session:
            reply = _call(session, DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
        self._bus = open_dbus_connection(reply[0])

    def close(self) -> None:
        """Ends the connection."""
        self._bus.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def widgets(self) -> Iterator[Widget]:
        """All objects that are shown, outermost first. Objects that vanish meanwhile are left out."""
        yield from self._below("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root", 0)

    def _below(self, owner: str, path: str, depth: int) -> Iterator[Widget]:
        try:
            children = self._ask(owner, path, ACCESSIBLE, "GetChildren")[0]
        except LabError:
            return
        for child_owner, child_path in children:
            try:
                widget = self._read(child_owner, child_path, depth)
            except LabError:
                continue
            if widget.shown:
                yield widget
            if widget.shown or depth < 1:  # the application itself is never "showing"
                yield from self._below(child_owner, child_path, depth + 1)

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
