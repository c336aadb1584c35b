"""First start of a cloud image: who may log in, and what is set up."""

from __future__ import annotations

import getpass
import re

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.i18n import _
from app.install.seed import check, passwords
from app.install.seed.finding import Finding
from app.install.seed.form import Form, Sudo, User
from ui.aio import spawn
from ui.wizard.first_start.cloud_rows import CloudRows
from ui.wizard.first_start.documents import DocumentTabs
from ui.wizard.first_start.keys import KeyList
from ui.wizard.first_start.secret_line import SecretLine
from ui.wizard.fold import Fold
from ui.wizard.row import Row

_SOON_MS = 60
_ROWS = {"users": "user", "hostname": "hostname", "keys": "keys"}


class CloudSection(QWidget):
    """edited: another form; ``form()`` is it, None where the user wants none."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.on = QCheckBox(_("Set it &up at its first start (cloud-init)"))
        self.on.setChecked(True)
        self.hostname, self.user, self.password = QLineEdit(), QLineEdit(_me()), SecretLine(passwords.hashed)
        self.keys, self.more, self.documents = KeyList(), CloudRows(), DocumentTabs()
        self.ssh_password = QCheckBox(_("Allow log-ins over SSH by this password"))
        self._body = QWidget()
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        self.rows = {
            "hostname": Row(grid, _("&Host name:"), self.hostname),
            "user": Row(grid, _("&User:"), self.user),
            "password": Row(grid, _("Pass&word:"), self.password),
            "ssh_password": Row(grid, "", self.ssh_password),
            "keys": Row(grid, _("SSH &keys:"), self.keys, focus=self.keys.list),
            **self.more.rows,
        }
        self.ssh_password.setAccessibleName(self.ssh_password.text())
        self.fold = Fold(_("More settings"), self.more)
        self.preview = Fold(_("Documents"), self.documents)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addWidget(self.fold)
        column.addWidget(self.preview)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.on)
        outer.addWidget(self._body)
        self._loaded = False
        self._named = ""
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.refresh)
        self._listen()

    def _listen(self) -> None:
        for line in (self.hostname, self.user):
            line.textChanged.connect(lambda _text: self._soon.start())
        for signal in (self.password.edited, self.keys.edited, self.more.edited, self.documents.edited):
            signal.connect(self._soon.start)
        self.ssh_password.toggled.connect(lambda _on: self._soon.start())
        self.on.toggled.connect(self._toggled)
        self.preview.toggled.connect(lambda _on: self._soon.start())

    def begin(self, name: str) -> None:
        """It is shown for a machine of that name."""
        if self.hostname.text() in ("", self._named):
            self._named = _host_name(name)
            self.hostname.setText(self._named)
        if not self._loaded:
            self._loaded = True
            spawn(self.keys.load(), self)
        self.refresh()

    def _toggled(self, on: bool) -> None:
        self._body.setVisible(on)
        self.edited.emit()

    def form(self) -> Form | None:
        """As it stands now; a password that is still being typed is not in it."""
        if not self.on.isChecked():
            return None
        name, keys = self.user.text().strip(), self.keys.lines()
        users = (User(name, keys=keys, sudo=Sudo.FREELY, hashed_password=self.password.hashed),) if name else ()
        form = Form(
            hostname=self.hostname.text().strip(),
            users=users,
            default_user=not users,
            default_user_keys=() if users else keys,
            ssh_password=self.ssh_password.isChecked() and bool(self.password.hashed),
            raw=self.documents.raw(),
        )
        return self.more.fit(form)

    def refresh(self) -> None:
        """The preview, and what is wrong at the rows."""
        self._soon.stop()
        form = self.form()
        self.rows["ssh_password"].show(bool(self.password.hashed))
        if form is not None:
            if self.preview.is_open:
                self.documents.show_form(form)
            self._say(check.findings(form))
        self.edited.emit()

    def _say(self, found: list[Finding]) -> None:
        reasons = {"user": _("May become root without a password; empty: the image's own account."),
                   "password": _("Kept as a hash only.")}  # fmt: skip
        told: dict[str, Finding] = {}
        for one in found:
            told.setdefault(_ROWS.get(one.field, one.field), one)
        for name, row in self.rows.items():
            one_ = told.get(name)
            if name != "preset" and name not in ("gateway", "servers", "ssh_password"):
                row.say(reasons.get(name, ""), one_.text if one_ else "", blocks=bool(one_ and one_.blocks))

    def blocking(self) -> list[Finding]:
        """With which no machine is to be made."""
        form = self.form()
        return check.blocking(form) if form is not None else []


def _me() -> str:
    """The name of who sits here, where a guest would take it."""
    try:
        name = getpass.getuser().lower()
    except (KeyError, OSError):
        return "user"
    return name if re.fullmatch(r"[a-z_][a-z0-9_-]{0,31}", name) and name != "root" else "user"


def _host_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-")[:63]
