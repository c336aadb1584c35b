"""The rest of what cloud-init is told: updates, packages, commands, addresses, language."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from app.i18n import _
from app.install.seed.form import Form, Network, Static
from app.install.seed.presets import PRESETS, Preset
from ui.wizard.first_start.documents import fixed_text
from ui.wizard.row import Row


class CloudRows(QWidget):
    """Folded.  edited: something is another; ``fit(form)`` puts the answers on a form."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preset, self.upgrade, self.agent = (
            QComboBox(),
            QCheckBox(_("Install &updates")),
            QCheckBox(_("Install the &guest agent")),
        )
        self.packages, self.commands = QLineEdit(), fixed_text(_("Commands"))
        self.address, self.gateway, self.servers = QLineEdit(), QLineEdit(), QLineEdit()
        self.timezone, self.language, self.keyboard = QLineEdit(), QLineEdit(), QLineEdit()
        self._preset = PRESETS[0]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        self.rows = {
            "preset": Row(grid, _("P&reset:"), self.preset),
            "packages": Row(grid, _("&Packages:"), self.packages),
            "upgrade": Row(grid, _("Updates:"), self.upgrade),
            "agent": Row(grid, _("Agent:"), self.agent),
            "commands": Row(grid, _("&Commands:"), self.commands),
            "network": Row(grid, _("A&ddress:"), self.address),
            "gateway": Row(grid, _("Gate&way:"), self.gateway),
            "servers": Row(grid, _("&Name servers:"), self.servers),
            "timezone": Row(grid, _("&Time zone:"), self.timezone),
            "locale": Row(grid, _("&Language:"), self.language),
            "keyboard": Row(grid, _("&Keyboard:"), self.keyboard),
        }
        self._dress()
        self._listen()

    def _dress(self) -> None:
        for preset in PRESETS:
            self.preset.addItem(_(preset.name), preset)
        self.agent.setChecked(True)
        self.agent.setToolTip(_("By it the program sees the machine's addresses, and when its first start is done"))
        self.packages.setPlaceholderText(_("For example: htop git"))
        self.commands.setToolTip(_("Lines for a shell, run as root at the first start"))
        self.commands.setFixedHeight(self.commands.fontMetrics().height() * 4)
        self.address.setPlaceholderText(_("Automatic (DHCP); or for example 192.168.122.10/24"))
        self.gateway.setPlaceholderText("192.168.122.1")
        self.servers.setPlaceholderText("192.168.122.1 9.9.9.9")
        self.timezone.setPlaceholderText("Europe/Berlin")
        self.language.setPlaceholderText("de_DE.UTF-8")
        self.keyboard.setPlaceholderText("de")
        self._fit_network()
        self._say_preset()

    def _listen(self) -> None:
        for line in (self.packages, self.address, self.gateway, self.servers, self.timezone, self.language, self.keyboard):
            line.textChanged.connect(lambda _text: self.edited.emit())
        self.address.textChanged.connect(lambda _text: self._fit_network())
        self.commands.textChanged.connect(self.edited)
        for box in (self.upgrade, self.agent):
            box.toggled.connect(lambda _on: self.edited.emit())
        self.preset.activated.connect(lambda _index: self._preset_chosen())

    def _fit_network(self) -> None:
        fixed = bool(self.address.text().strip())
        for name in ("gateway", "servers"):
            self.rows[name].show(fixed)

    def _say_preset(self) -> None:
        self.rows["preset"].say(_(self._preset.tip))

    def _preset_chosen(self) -> None:
        """What the old one added goes, what the user typed stays."""
        chosen = self.preset.currentData()
        if not isinstance(chosen, Preset):
            return
        form = chosen.applied(self._preset.removed(self._own(Form())))
        self._preset = chosen
        self.packages.setText(" ".join(form.packages))
        self.commands.setPlainText("\n".join(form.commands))
        self.upgrade.setChecked(form.upgrade)
        self._say_preset()
        self.edited.emit()

    def _own(self, form: Form) -> Form:
        commands = tuple(line for line in self.commands.toPlainText().splitlines() if line.strip())
        packages = tuple(self.packages.text().replace(",", " ").split())
        return replace(form, packages=packages, commands=commands, upgrade=self.upgrade.isChecked())

    def fit(self, form: Form) -> Form:
        """The form with everything of these rows; the preset's groups go to its users."""
        address = self.address.text().strip()
        network = Network()
        if address:
            servers = tuple(self.servers.text().replace(",", " ").split())
            network = Network((Static(address, self.gateway.text().strip()),), servers)
        users = tuple(replace(user, groups=(*user.groups, *self._preset.groups)) for user in form.users)
        zone, language, keyboard = (line.text().strip() for line in (self.timezone, self.language, self.keyboard))
        form = replace(form, timezone=zone, locale=language, keyboard=keyboard)
        return replace(self._own(form), users=users, network=network, guest_agent=self.agent.isChecked())
