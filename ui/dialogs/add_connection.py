"""Add or change a connection: the kind, its few fields, the address that comes of them, and a try on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.errors import Cancelled, HostelryError
from app.i18n import _
from app.settings.connections import SavedConnection
from app.ssh.config import KnownHost
from app.virt import uris
from app.virt.credentials import CredentialAsker
from app.virt.session import Session
from app.virt.uris import FIELD_LABELS, KINDS, ConnectionKind, Field
from ui.aio import cancel_owned, spawn
from ui.icons import icon
from ui.plain import label as plain_label
from ui.widgets.host_edit import HostEdit
from ui.widgets.path_edit import PathEdit
from ui.widgets.try_line import TryLine

WIDTH_PX = 560
_PATHS = (Field.PATH, Field.KEYFILE, Field.SOCKET)


class AddConnectionDialog(QDialog):
    """``connection`` is what to save after ``accept``; the address can also be typed by hand.

    saved: URIs that are in the list already (but the one that is edited).
    ask: answers questions for passwords while trying.  ssh_hosts: names to suggest.  worked: it was tried and connected.
    """

    address_changed = Signal(str)

    def __init__(
        self,
        parent: QWidget | None,
        saved: list[str],
        *,
        ask: CredentialAsker | None = None,
        edit: SavedConnection | None = None,
        ssh_hosts: Sequence[KnownHost] = (),
    ) -> None:
        super().__init__(parent)
        self._saved, self._ask, self._edit = saved, ask, edit
        self._trying: Session | None = None
        self._by_hand = False
        self.host = HostEdit(ssh_hosts)
        self.worked = False
        self.setWindowTitle(_("Change connection") if edit else _("Add connection"))
        self._make_fields()
        self._make_buttons()
        self._arrange()
        self._start_with(edit)

    # parts

    def _make_fields(self) -> None:
        self.kind = QComboBox()
        for row in KINDS:
            self.kind.addItem(_(row.label), row.id)
            self.kind.setItemData(self.kind.count() - 1, _(row.tip), Qt.ItemDataRole.ToolTipRole)
        self.fields: dict[Field, QLineEdit | PathEdit] = {}
        for part in Field:
            if part is Field.URI:
                continue
            edit = self.host if part is Field.HOST else PathEdit() if part in _PATHS else QLineEdit()
            edit.textChanged.connect(self._field_changed)
            self.fields[part] = edit
        self.uri, self.label = QLineEdit(), QLineEdit()
        self.uri.setToolTip(_("libvirt’s URI of the connection; made from the fields above, and yours to change"))
        self.autoconnect = QCheckBox(_("Connect when the program &starts"))
        self.autoconnect.setChecked(True)
        self.says = plain_label()
        self.says.setWordWrap(True)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        self.uri.textEdited.connect(self._uri_edited)

    def _make_buttons(self) -> None:
        self.buttons = QDialogButtonBox()
        self.connect_button = QPushButton(icon("network-connect"), _("&Connect"))
        self.connect_button.setToolTip(_("Tries the connection and adds it if it works"))
        self.connect_button.setDefault(True)
        self.save_button = QPushButton(icon("document-save"), _("&Save without connecting"))
        self.buttons.addButton(self.connect_button, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.ActionRole)
        cancel = self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        cancel.clicked.connect(self.reject)
        for button in (cancel, self.save_button):
            button.setAutoDefault(False)
        self.connect_button.clicked.connect(lambda: spawn(self.try_and_accept(), self, name="try a connection"))
        self.save_button.clicked.connect(self._save)
        self.try_line = TryLine()
        self.try_line.cancelled.connect(self._cancel_try)

    def _arrange(self) -> None:
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.addRow(_("&Kind"), self.kind)
        for part, edit in self.fields.items():
            self._form.addRow(_(FIELD_LABELS[part]), edit)
            edit.setAccessibleName(_(FIELD_LABELS[part]))
        self._form.addRow(_("&Address"), self.uri)
        self._form.addRow(_("&Name in the list"), self.label)
        self._form.addRow("", self.autoconnect)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addLayout(self._form)
        column.addWidget(self.says)
        column.addWidget(self.try_line)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def _start_with(self, edit: SavedConnection | None) -> None:
        if edit is None:
            self.kind.setCurrentIndex(self.kind.findData("ssh"))
        else:
            self._show_uri(edit.uri)
            self.uri.setText(edit.uri)
            self.label.setText(edit.label)
            self.autoconnect.setChecked(edit.autoconnect)
        self._kind_changed()

    # fields and address

    @property
    def kind_row(self) -> ConnectionKind:
        """The chosen kind."""
        return uris.kind(self.kind.currentData())

    def _values(self) -> dict[Field, str]:
        values = {part: edit.text() for part, edit in self.fields.items()}
        values[Field.URI] = self.uri.text()
        return values

    def _kind_changed(self, _index: int = 0) -> None:
        row = self.kind_row
        for part, edit in self.fields.items():
            self._form.setRowVisible(edit, part in row.needs + row.takes)
        self.host.suggest(row.scheme.endswith("+ssh"))
        self.kind.setToolTip(_(row.tip))
        self._by_hand = False
        self._field_changed()
        self._fit()

    def _field_changed(self, _text: str = "") -> None:
        row = self.kind_row
        self._show_placeholders(row)
        wrong = uris.problem(row, self._values())
        if Field.URI not in row.needs and not self._by_hand:
            self.uri.setText("" if wrong else uris.make(row, self._values()))
        self._judge(wrong)

    def _show_placeholders(self, row: ConnectionKind) -> None:
        """What holds for a field that stays empty: ssh's own configuration knows the user, port and key of its hosts."""
        known = self.host.known() if row.scheme.endswith("+ssh") else None
        found = {Field.USER: known.user, Field.PORT: known.port, Field.KEYFILE: known.key_file} if known else {}
        for part, edit in self.fields.items():
            text = "" if part in row.needs else _("optional")
            if found.get(part):
                text = _("{value} (from your SSH configuration)").format(value=found[part])
            edit.setPlaceholderText(text)

    def _uri_edited(self, text: str) -> None:
        """By hand: the fields follow as far as the address can be taken apart."""
        self._by_hand = True
        self._show_uri(text)
        self._judge(uris.problem(uris.kind("custom"), {Field.URI: text}))

    def _show_uri(self, text: str) -> None:
        parts = uris.parse(text)
        if parts.kind.id == "custom" and self.kind_row.id != "custom" and self._edit is None:
            return
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(parts.kind.id))
        self.kind.blockSignals(False)
        for part, edit in self.fields.items():
            edit.blockSignals(True)
            edit.setText(parts.values.get(part, ""))
            edit.blockSignals(False)
            self._form.setRowVisible(edit, part in parts.kind.needs + parts.kind.takes)

    def _judge(self, wrong: str) -> None:
        """Says what is missing; the buttons work only when nothing is."""
        uri = self.uri.text().strip()
        text = _(wrong)
        if not text and uri in self._saved:
            text = _("This connection is in the list already.")
        fine = bool(uri) and not text
        self.says.setText(text)
        self.says.setVisible(bool(text))
        for button in (self.connect_button, self.save_button):
            button.setEnabled(fine and self._trying is None)
        self.label.setPlaceholderText(_(uris.suggested_label(uri)) if uri else "")
        self.address_changed.emit(uri)

    @property
    def connection(self) -> SavedConnection:
        """What the user entered."""
        base = self._edit or SavedConnection("")
        uri = self.uri.text().strip()
        label = self.label.text().strip()
        return replace(base, uri=uri, label=label, autoconnect=self.autoconnect.isChecked())

    # trying

    async def try_and_accept(self) -> None:
        """Connects once; closes the dialog if that works, else says why not and what to do."""
        session = Session(self.uri.text().strip(), ask=self._ask)
        self._set_trying(session)
        self.try_line.begin(_("Connecting to {uri}…").format(uri=session.uri))
        try:
            await session.open()
        except HostelryError as error:
            self._failed(error)
            return
        finally:
            self._set_trying(None)
            await session.close()
        self.try_line.clear()
        self.worked = True
        self.accept()

    def _failed(self, error: HostelryError) -> None:
        if isinstance(error, Cancelled):
            self.try_line.clear()
        else:
            self.try_line.failed(error)
        self._fit()
        self.connect_button.setFocus()

    def _fit(self) -> None:
        """As high as what is shown; the width stays."""
        width = max(self.width(), WIDTH_PX) if self.isVisible() else WIDTH_PX
        self.ensurePolished()
        layout = self.layout()
        if layout is not None:
            layout.activate()
            height = max(layout.heightForWidth(width), layout.minimumSize().height())
            self.resize(width, height)

    def _set_trying(self, session: Session | None) -> None:
        self._trying = session
        for index in range(self._form.rowCount()):
            field = self._form.itemAt(index, QFormLayout.ItemRole.FieldRole)
            widget = field.widget() if field is not None else None
            if widget is not None:
                widget.setEnabled(session is None)
        self._judge("")

    def _cancel_try(self) -> None:
        if self._trying is not None:
            self._trying.cancel()

    def _save(self) -> None:
        self.accept()

    def reject(self) -> None:
        """Escape or Cancel while trying gives up the try first."""
        if self._trying is not None:
            self._trying.cancel()
            return
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._trying is not None:
            self._trying.cancel()
        cancel_owned(self)
        super().closeEvent(event)
