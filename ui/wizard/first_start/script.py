"""Installation without questions: the answers that the installer's script wants, and the script before it is used."""

from __future__ import annotations

import getpass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QTabWidget, QVBoxLayout, QWidget

from app.errors import HostelryError
from app.i18n import N_, _
from app.install.background import in_thread
from app.install.media import Medium, MediumKind
from app.install.osinfo import System
from app.install.seed.finding import Finding
from app.install.unattended.answers import Answers, asked, findings
from app.install.unattended.offer import PROFILE_WORDS, InstallMedium, Offer, medium, offers
from app.install.unattended.use import Wish
from ui.aio import spawn
from ui.wizard.first_start.documents import fixed_text
from ui.wizard.fold import Fold
from ui.wizard.row import Hint, Row

_SOON_MS = 120
_SHOWN = ("user", "real_name", "password", "admin_password", "product_key", "hostname", "language", "keyboard", "timezone")
_LABELS = {
    "user": N_("&User:"),
    "real_name": N_("&Full name:"),
    "password": N_("Pass&word:"),
    "admin_password": N_("&Administrator's password:"),
    "product_key": N_("Product &key:"),
    "hostname": N_("&Host name:"),
    "language": N_("&Language:"),
    "keyboard": N_("Key&board:"),
    "timezone": N_("&Time zone:"),
}
_SECRET = ("password", "admin_password")


class ScriptSection(QWidget):
    """Hidden for systems without scripts.  edited: other answers; ``wish()``: them, None for an installation by hand."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on = QCheckBox(_("Install it without &questions"))
        self.profile = QComboBox()
        self.fields = {name: QLineEdit() for name in _SHOWN}
        self._system, self._path = "", ""
        self._offers: tuple[Offer, ...] = ()
        self._medium = InstallMedium()
        self._arch = ""
        self._body = QWidget()
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        self.rows = {"profile": Row(grid, _("Ki&nd:"), self.profile)}
        self.rows |= {name: Row(grid, _(_LABELS[name]), field) for name, field in self.fields.items()}
        self.hint, self._tabs = Hint(), QTabWidget()
        self._tabs.setDocumentMode(True)
        self.preview = Fold(_("The installer's script"), self._tabs)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addWidget(self.hint)
        column.addWidget(self.preview)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.on)
        outer.addWidget(self._body)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self._start()

    def _start(self) -> None:
        for name in _SECRET:
            self.fields[name].setEchoMode(QLineEdit.EchoMode.Password)
        self.fields["user"].setText(_me())
        self.fields["real_name"].setText(_me())
        self.fields["language"].setText("en_US")
        self.fields["keyboard"].setText("us")
        for field in self.fields.values():
            field.textEdited.connect(lambda _text: self._soon.start())
        self.profile.activated.connect(lambda _index: self.refresh())
        self.on.toggled.connect(self._toggled)
        self.preview.toggled.connect(lambda _on: self.refresh())
        self._body.hide()
        self.hide()

    async def follow(self, system: System, disc: Medium | None, name: str) -> None:
        """Another system or medium: whether it has scripts is looked up in a thread."""
        path = disc.path if disc is not None and disc.kind is MediumKind.ISO and disc.exact else ""
        if not self.fields["hostname"].isModified():
            self.fields["hostname"].setText(name)
        if (system.name.id, path) == (self._system, self._path):
            return
        self._system, self._path, self._arch = system.name.id, path, disc.arch if disc else ""
        if not path or not system.name.id:
            self._show_offers((), InstallMedium())
            return
        try:
            found = await in_thread(lambda: (offers(system.name.id), medium(path)), timeout_s=20.0, what="")
        except HostelryError:
            return  # an installation by hand needs none of it
        if path == self._path:
            self._show_offers(*found)

    def _show_offers(self, found: tuple[Offer, ...], about: InstallMedium) -> None:
        self._offers, self._medium = found if about.takes_scripts else (), about
        self.profile.clear()
        for offer in self._offers:
            self.profile.addItem(_(PROFILE_WORDS[offer.profile]), offer)
        self.setVisible(bool(self._offers))
        if not self._offers:
            self.on.setChecked(False)
        self.refresh()

    @property
    def offer(self) -> Offer | None:
        """The chosen profile's."""
        found = self.profile.currentData()
        return found if isinstance(found, Offer) else None

    def answers(self) -> Answers:
        """What the fields say; secrets are in the fields only until the machine is made."""
        texts = {name: field.text().strip() if name not in _SECRET else field.text() for name, field in self.fields.items()}
        return Answers(**texts, arch=self._arch or "x86_64")

    def wish(self) -> Wish | None:
        """What the job needs."""
        offer = self.offer
        if not self.on.isChecked() or offer is None:
            return None
        return Wish(self._system, offer, self.answers(), self._medium)

    def forget_secrets(self) -> None:
        """The machine is made."""
        for name in _SECRET:
            self.fields[name].clear()

    def blocking(self) -> list[Finding]:
        """What is missing or wrong."""
        offer = self.offer
        if not self.on.isChecked() or offer is None:
            return []
        return [one for one in findings(self.answers(), offer) if one.blocks]

    def _toggled(self, on: bool) -> None:
        self._body.setVisible(on)
        self.refresh()
        self.edited.emit()

    def refresh(self) -> None:
        """Fields of the profile, what is wrong with them, the preview."""
        offer = self.offer
        if offer is None:
            return
        wanted = set(asked(offer))
        wrong = {one.field: one for one in reversed(findings(self.answers(), offer))}
        self.rows["profile"].show(len(self._offers) > 1)
        for name in _SHOWN:
            one = wrong.get(name)
            self.rows[name].show(name in wanted)
            self.rows[name].say("", one.text if one and self.fields[name].isModified() else "", blocks=bool(one and one.blocks))
        self.fields["product_key"].setPlaceholderText(offer.key_format.replace("$", "X"))
        text = _("The installer downloads packages: the machine needs a network.")
        self.hint.say(text if offer.internet else "", "dialog-information" if offer.internet else "")
        if self.preview.is_open and self.on.isChecked():
            spawn(self._show_script(), self)
        self.edited.emit()

    async def _show_script(self) -> None:
        wish = self.wish()
        if wish is None:
            return
        try:
            script = await in_thread(wish.script, timeout_s=20.0, what=_("The script cannot be made."))
        except HostelryError as error:
            self.hint.say(str(error), "dialog-error")
            return
        self._tabs.clear()
        for name, text in script.shown().items():
            edit = fixed_text(name)
            edit.setReadOnly(True)
            edit.setPlainText(text)
            self._tabs.addTab(edit, name)


def _me() -> str:
    try:
        return getpass.getuser() if getpass.getuser() != "root" else "user"
    except (KeyError, OSError):
        return "user"
