"""Asks what to type into a guest, in which layout, and says before what that layout cannot type."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QCompleter, QDialogButtonBox, QFormLayout, QLabel, QPlainTextEdit, QWidget

from app.console.keys import layout as layouts
from app.console.keys.layout_names import LayoutName, layout_names
from app.console.keys.typing import MAX_TEXT, Plan, described, duration_s, plan
from app.errors import HostelryError
from app.i18n import N_, _, ngettext
from ui.aio import spawn
from ui.dialogs.dialog_parts import PlainDialog, text_label

Role = QDialogButtonBox.ButtonRole

SPEEDS = (
    (5, N_("Very slow (5 keys a second)")), (15, N_("Slow (15 keys a second)")), (30, N_("Usual (30 keys a second)")),
    (45, N_("Fast (45 keys a second)")),
)  # fmt: skip

PAUSE_MS = 150
"""After a change of the text, before it is looked at."""

NAMED = 6
"""Characters that are named; the others are counted."""


class TypeDialog(PlainDialog):
    """``plan``: how to type what was chosen, once accepted.  ``secret``: the text is not shown (a password manager's)."""

    def __init__(
        self, machine: str, text: str, layout: str, speed: int, *, secret: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, _("Type text"), "input-keyboard")
        self.plan = Plan((), (), 0)
        self._secret = text if secret else ""
        self.add_text(_("Type text into “{name}”").format(name=machine), strong=True)
        self.text = QPlainTextEdit("" if secret else text)
        self.text.setAccessibleName(_("Text to type"))
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(_("A password from the clipboard. It is not shown here.") if secret else _("Text to type"))
        self.text.setReadOnly(secret)
        self.body.addWidget(self.text, 1)
        self.layout_box = self._make_layouts(layout)
        self.speed_box = self._make_speeds(speed)
        self.missing_box = self._make_missing()
        self._arrange()
        self.told = text_label("", self)
        self.body.addWidget(self.told)
        cancel = self.add_button(_("Cancel"), Role.RejectRole)
        self.type_button = self.add_button(_("Type"), Role.AcceptRole, default=True)
        cancel.clicked.connect(self.reject)
        self.type_button.clicked.connect(self.accept)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self.text.textChanged.connect(self._later)
        self._missing_label.hide()
        self.missing_box.hide()
        spawn(self._name_layouts(), self, name="console: names of layouts")
        self._look()
        self.text.setFocus()  # at last: a disabled button hands the focus to Cancel, which Space presses
        self.text.selectAll()

    @property
    def layout_name(self) -> str:
        """Of the guest, as ``layout.load`` takes it."""
        return str(self.layout_box.currentData() or "us")

    @property
    def speed(self) -> int:
        """Keys a second."""
        return int(self.speed_box.currentData())

    def _arrange(self) -> None:
        form = QFormLayout()
        form.addRow(_("&Keyboard layout in the guest:"), self.layout_box)
        form.addRow(_("&Speed:"), self.speed_box)
        self._missing_label = QLabel(_("&Characters without a key:"))
        self._missing_label.setBuddy(self.missing_box)
        form.addRow(self._missing_label, self.missing_box)
        self.body.addLayout(form)

    def _make_layouts(self, chosen: str) -> QComboBox:
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(box.model(), box)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        box.setCompleter(completer)
        box.setToolTip(_("What the guest's own settings say, not this computer's (XKB layout)"))
        box.addItem(chosen, chosen)
        box.currentIndexChanged.connect(lambda _row: self._look())
        line = box.lineEdit()
        if line is not None:  # words that name no layout give way to the one that is chosen
            line.editingFinished.connect(lambda: box.setEditText(box.itemText(box.currentIndex())))
        return box

    def _make_speeds(self, speed: int) -> QComboBox:
        box = QComboBox()
        for each, text in SPEEDS:
            box.addItem(_(text), each)
        box.setCurrentIndex(max(0, box.findData(speed)))
        box.currentIndexChanged.connect(lambda _row: self._look())
        return box

    def _make_missing(self) -> QComboBox:
        box = QComboBox()
        box.addItem(_("Leave them out"), False)
        box.addItem(_("Type them by number"), True)
        hint = _("Ctrl+Shift+U, the number, Space: understood by GTK and IBus in Linux guests")
        box.setItemData(1, hint, Qt.ItemDataRole.ToolTipRole)
        box.currentIndexChanged.connect(lambda _row: self._look())
        return box

    async def _name_layouts(self) -> None:
        """Reading the list of layouts takes a while on a slow disk."""
        try:
            names: Sequence[LayoutName] = await asyncio.to_thread(layout_names)
        except HostelryError:
            return  # what is wrong is said where the layout is loaded
        chosen = self.layout_name
        blocked = self.layout_box.blockSignals(True)
        self.layout_box.clear()
        for name, text in names:
            self.layout_box.addItem(text, name)
        if self.layout_box.findData(chosen) < 0:
            self.layout_box.insertItem(0, chosen, chosen)
        self.layout_box.setCurrentIndex(self.layout_box.findData(chosen))
        self.layout_box.blockSignals(blocked)

    def _later(self) -> None:
        self.type_button.setEnabled(False)
        self._timer.start(PAUSE_MS)

    def _look(self) -> None:
        self.type_button.setEnabled(False)
        spawn(self._plan(), self, name="console: plan the typing")

    async def _plan(self) -> None:
        asked = text, name, by_number = self._asked()
        try:
            made = await asyncio.to_thread(lambda: plan(text, layouts.load(name), by_number=by_number))
        except HostelryError as error:
            self.told.setText(f"{error.what} {error.why} {error.next_step}".strip())
            return
        if asked == self._asked():
            self._show(made, len(text))

    def _asked(self) -> tuple[str, str, bool]:
        return self._secret or self.text.toPlainText(), self.layout_name, bool(self.missing_box.currentData())

    def _show(self, made: Plan, length: int) -> None:
        self.plan = made
        self._missing_label.setVisible(bool(made.refused))
        self.missing_box.setVisible(bool(made.refused))
        self.type_button.setEnabled(bool(made.strokes))
        self.type_button.setText(_("Type the rest") if made.skipped else _("Type"))
        self.told.setText("\n".join(self._sentences(made, length)))

    def _sentences(self, made: Plan, length: int) -> list[str]:
        seconds = round(duration_s(made.strokes, self.speed))
        says = [ngettext("{count} character will be typed.", "{count} characters will be typed.", len(made.strokes)).format(
            count=len(made.strokes))]  # fmt: skip
        if seconds > 3:
            says[0] += " " + _("It takes about {seconds} seconds.").format(seconds=seconds)
        if made.refused:
            named = ", ".join(described(char) for char in made.refused[:NAMED])
            more = len(made.refused) - NAMED
            says.append(_("This layout has no key for: {characters}.").format(characters=named))
            if more > 0:
                says.append(ngettext("And {count} other.", "And {count} others.", more).format(count=more))
        if length > MAX_TEXT:
            says.append(_("Only the first {count} characters are typed.").format(count=MAX_TEXT))
        return says
