"""What every ``ConsoleClient`` has, however it gets its picture: state, signals, and how news of the picture is told."""

from __future__ import annotations

from dataclasses import replace

from app.console.client import ClientState, Cursor, Features
from app.console.framebuffer import Framebuffer
from app.errors import HostelryError
from app.signal import Signal


class BaseClient:
    """See ``ConsoleClient``.  Everything here is on the event loop's thread."""

    def __init__(self, features: Features) -> None:
        self.framebuffer: Framebuffer | None = None
        self.state = ClientState.CONNECTING
        self.error: HostelryError | None = None
        self.features = features
        self.name = ""
        self.state_changed: Signal[[ClientState]] = Signal()
        self.resized: Signal[[Framebuffer]] = Signal()
        self.damaged: Signal[[]] = Signal()
        self.cursor_changed: Signal[[Cursor]] = Signal()
        self.pointer_mode_changed: Signal[[bool]] = Signal()
        self.leds_changed: Signal[[int]] = Signal()
        self.bell: Signal[[]] = Signal()
        self.cut_text: Signal[[str]] = Signal()
        self.credentials_needed: Signal[[bool, bool]] = Signal()

    def change_state(self, state: ClientState, error: HostelryError | None = None) -> None:
        """CLOSED stays."""
        if self.state is not ClientState.CLOSED:
            self.state, self.error = state, error
            self.state_changed.emit(state)

    def take_framebuffer(self, framebuffer: Framebuffer) -> None:
        """A new picture, or another size."""
        self.framebuffer = framebuffer
        self.resized.emit(framebuffer)

    def show_damage(self) -> None:
        """The first damage makes it a picture."""
        if self.state is ClientState.CONNECTING:
            self.change_state(ClientState.CONNECTED)
        if self.state is ClientState.CONNECTED:
            self.damaged.emit()

    def set_pointer_mode(self, absolute: bool) -> None:
        """Tablet or mouse."""
        self.features = replace(self.features, absolute_pointer=absolute)
        self.pointer_mode_changed.emit(absolute)
