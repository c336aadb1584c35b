"""One screen of a SPICE machine as a ``ConsoleClient``: its picture, with keyboard and pointer shared by all screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.console.base_client import BaseClient
from app.console.client import Buttons, ClientState, Credentials, Features
from app.console.spice.pictures import View

if TYPE_CHECKING:
    from app.console.spice.inputs import Inputs
    from app.console.spice.monitors import Monitors


class SpiceScreen(BaseClient):
    """See ``ConsoleClient``.  number: 0 is the screen that the connection was made for.  view: where its picture comes from."""

    def __init__(self, number: int, inputs: Inputs, monitors: Monitors) -> None:
        self.number = number
        self.inputs, self.monitors = inputs, monitors
        self.view: View | None = None
        super().__init__(Features(scancodes=True))

    # ConsoleClient.

    def start(self) -> None:
        """A further screen begins with its machine's first one; showing it asks the guest for it."""

    def close(self) -> None:
        """The guest may switch a further screen off; the connection is the first screen's."""
        self.monitors.switch_off(self.number)

    def answer(self, credentials: Credentials | None) -> None:
        """The first screen asks."""

    def key(self, scancode: int, keysym: int, pressed: bool) -> None:
        """By position; a key without a known one is not sent."""
        self.inputs.key(scancode, pressed)

    def pointer(self, x: int, y: int, buttons: Buttons) -> None:
        """The server wants pixels of the whole surface."""
        if self.view is not None:
            self.inputs.position(x + self.view.x, y + self.view.y, self.view.display, buttons)

    def pointer_relative(self, dx: int, dy: int, buttons: Buttons) -> None:
        """Motion."""
        self.inputs.motion(dx, dy, buttons)

    def wheel(self, x: int, y: int, dx: int, dy: int) -> None:
        """Up and down; SPICE has no other."""
        self.inputs.wheel(dy)

    def resize_guest(self, width: int, height: int) -> None:
        """Asks the guest's agent; kept until there is one."""
        self.monitors.resize(self.number, width, height)

    def watch(self, watched: bool) -> None:
        """See ``Monitors.watch``."""
        self.monitors.watch(self.number, watched)

    def send_text(self, text: str) -> None:
        """The clipboard belongs to the first screen."""

    def set_leds(self, leds: int) -> None:
        """Asks the guest for these keyboard locks; bits as in ``leds_changed``."""
        self.inputs.set_leds(leds)

    # For the connection.

    def show_damage(self) -> None:
        """The first one makes it a picture."""
        if self.state is ClientState.CONNECTING:
            self.monitors.has_picture()
        super().show_damage()

    def set_features(self, features: Features) -> None:
        """Tells by ``state_changed`` when something else is offered while connected."""
        if features != self.features:
            moved = features.absolute_pointer != self.features.absolute_pointer
            self.features = features
            if moved:
                self.pointer_mode_changed.emit(features.absolute_pointer)
            if self.state is ClientState.CONNECTED:
                self.state_changed.emit(self.state)
