"""Menus that stand alone on the screen: AT-SPI's tree of a Qt program leaves context menus out; screen readers learn of them by the focus."""

from __future__ import annotations

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

REGISTRY = DBusAddress("/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "org.a11y.atspi.Registry")
OBJECT_EVENTS = "org.a11y.atspi.Event.Object"

Place = tuple[str, str]
"""Bus name and path of an accessible object."""


class FocusListener:
    """Hears which objects get the keyboard's focus."""

    def __init__(self, bus_address: str) -> None:
        self._bus: DBusConnection = open_dbus_connection(bus_address)
        rule = MatchRule(type="signal", interface=OBJECT_EVENTS, member="StateChanged")
        self._bus.send_and_get_reply(message_bus.AddMatch(rule))
        self._bus.send_and_get_reply(new_method_call(REGISTRY, "RegisterEvent", "s", ("object:state-changed:focused",)))

    def close(self) -> None:
        """Ends the connection."""
        self._bus.close()

    def heard(self) -> list[Place]:
        """Objects that were focused since the last call, the latest at the end."""
        found = []
        while (message := self._next()) is not None:
            fields = message.header.fields
            if fields.get(HeaderFields.member) == "StateChanged" and message.body[:2] == ("focused", 1):
                found.append((str(fields[HeaderFields.sender]), str(fields[HeaderFields.path])))
        return found

    def _next(self) -> Message | None:
        try:
            return self._bus.receive(timeout=0)
        except TimeoutError:
            return None
