"""Says in the bar how a screen's connection is protected, where that is worth a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtWidgets import QToolButton, QToolTip

from app.console.capabilities import Guarded
from app.console.client import ConsoleClient
from app.console.trust.guard import Vouched
from app.i18n import N_, _
from ui.console.console_bar import ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.icons import icon

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView


class _Words(NamedTuple):
    icon: str
    text: str
    tip: str


WORDS = {
    Vouched.NOBODY: _Words(
        "security-low", N_("Not encrypted"),
        N_("Whoever is on the network in between can see this screen and what is typed. Connect to the host over SSH, or"
           " switch TLS on there ({option} in libvirt's qemu.conf)."),
    ),
    Vouched.ANONYMOUS: _Words(
        "security-medium", N_("Server not verified"),
        N_("The connection is encrypted, but its server does not prove who it is (anonymous TLS)."),
    ),
    Vouched.USER: _Words("security-high", N_("Encrypted"), N_("Encrypted, to the server whose certificate you have trusted.")),
    Vouched.AUTHORITY: _Words("security-high", N_("Encrypted"), N_("Encrypted, to a server whose certificate was verified.")),
}  # fmt: skip
"""Nothing for a connection that nobody can listen to: on this machine, or through SSH."""

TLS_OPTIONS = {"spice": "spice_tls", "vnc": "vnc_tls"}
"""By the protocol, what switches encryption on in libvirt's qemu.conf."""


class Protection(ConsoleFeature):
    """A button in every bar; pressed, it says more."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self._buttons: list[tuple[ConsoleBar, QToolButton]] = []

    def dress(self, bar: ConsoleBar) -> None:
        """Hidden until there is something to say."""
        tip = _("How this connection is protected")
        button = bar.add_button("security-high", "", tip, lambda: self._explain(button), needs_picture=False)
        self._buttons.append((bar, button))
        bar.destroyed.connect(lambda: self._buttons.remove((bar, button)))
        self._show()

    def client_changed(self, client: ConsoleClient | None) -> None:
        """Nothing is known yet."""
        self._show()

    def live_changed(self, live: bool) -> None:
        """Now it is."""
        self._show()

    def words(self) -> _Words | None:
        """What is to be said about the connection that is shown."""
        client = self.console.connector.client
        if not self.console.connector.connected or not isinstance(client, Guarded):
            return None
        vouched, private = client.vouched, self.console.connector.private
        words = None if private and vouched is Vouched.NOBODY else WORDS.get(vouched)
        option = TLS_OPTIONS.get(self.console.connector.protocol, "vnc_tls")
        return words and words._replace(text=_(words.text), tip=_(words.tip).format(option=option))

    def _show(self) -> None:
        words = self.words()
        for bar, button in self._buttons:
            button.setVisible(words is not None)
            if words is not None:
                button.setIcon(icon(words.icon))
                button.setText(words.text)
                button.setToolTip(words.tip)
                button.setAccessibleName(words.text)
                button.setAccessibleDescription(words.tip)
            if words is not None and words.icon != "security-high":
                bar.keep_words(button)  # what is not safe is said, however narrow the window is

    def _explain(self, button: QToolButton) -> None:
        QToolTip.showText(button.mapToGlobal(button.rect().bottomLeft()), button.toolTip(), button)
