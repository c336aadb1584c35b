"""The settings of a machine: list, forms, search, and the bar that applies what was edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from app.devices.description import DeviceType
from app.editing.places import at_place
from app.editing.session import EditSession
from app.errors import HostelryError
from app.i18n import _
from app.settings import options
from ui.aio import spawn
from ui.details import seams, searching
from ui.details.apply_bar import ApplyBar
from ui.details.applying import Applying
from ui.details.entries import Badge, Entry, Listing
from ui.details.entry_list import EntryList
from ui.details.entry_menu import entry_menu
from ui.details.finding import FindBox, Found
from ui.details.form import Folds, Form
from ui.details.pages import DetailPages
from ui.details.subject import BaseText, Drafts
from ui.icons import icon
from ui.plain import tip as plain_tip
from ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from app.actions.context import Context
    from ui.xml.xml_page import XmlPage

SOON_MS = 40
"""List and bar follow typing in this time; the form does at once."""

LIST_PX = 250


class DetailsView(QWidget):
    """About one ``EditSession``.  ready: the machine was read and is shown.  beside_wanted: the screen beside it, on or off."""

    ready = Signal()
    beside_wanted = Signal(bool)

    def __init__(self, session: EditSession, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.ctx = session, ctx
        self.drafts, self._base, self._listing = Drafts(), BaseText(), Listing()
        self.loaded = False
        folds = Folds(
            [str(name) for name in ctx.settings.get(options.DETAILS_UNFOLDED)],
            lambda names: ctx.settings.set(options.DETAILS_UNFOLDED, names),
        )
        self.pages = DetailPages(session, self.drafts, self._base, folds)
        self.list = EntryList()
        self.search = FindBox()
        self.bar = ApplyBar()
        self.applying = Applying(self)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.refresh_around)
        self._order: list[str] = []
        self._xml: XmlPage | None = None
        self._arrange()
        self._connect()

    # putting together

    def _arrange(self) -> None:
        self.add = QPushButton(icon("list-add"), _("Add ha&rdware…"))
        self.add.setAutoDefault(False)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(6, 6, 0, 6)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(self.add)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.pages)
        self.pages.tab_after = self.add
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        left.setMinimumWidth(150)
        self.pages.setMinimumWidth(260)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.stack)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([LIST_PX, 700])
        self.empty = EmptyState()
        self.whole = QStackedWidget()
        self.whole.addWidget(self.splitter)
        self.whole.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self._make_head())
        outer.addWidget(self.whole, 1)
        outer.addWidget(self.bar)

    def _make_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(6, 2, 8, 2)
        self.undo = _tool("edit-undo", _("Undo"))
        self.redo = _tool("edit-redo", _("Redo"))
        self.history = _tool(
            "document-open-recent", _("History"), _("Earlier definitions of this machine: compare, restore"), words=True
        )
        self.command = _tool("utilities-terminal", _("Copy as command"), _("The changes as commands for a terminal"))
        self.as_xml = _tool("format-text-code", _("XML"), _("The whole definition as text"), words=True)
        self.as_xml.setCheckable(True)
        self.beside = _tool("video-display", _("Screen beside"), _("Show the machine's screen beside its settings"), words=True)
        self.beside.setCheckable(True)
        for widget in (self.undo, self.redo, self.command):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.history, self.as_xml, self.beside):
            row.addWidget(widget)
        return row

    def _connect(self) -> None:
        self._links = [self.session.changed.connect(self._changed), self.session.offers_changed.connect(self._offers_changed)]
        self.list.chosen.connect(self._show_entry)
        self.list.removed.connect(self.remove)
        self.list.menu_wanted.connect(self._show_menu)
        self.pages.edited.connect(self._soon.start)
        self.pages.go.connect(self.list.choose)
        self.search.look = lambda text: searching.found(text, self.session, self.list.entries.entries())
        self.search.picked.connect(self.go_to)
        self.undo.clicked.connect(lambda _checked=False: self.take_back())
        self.redo.clicked.connect(lambda _checked=False: self.session.redo())
        self.beside.clicked.connect(self.beside_wanted)
        self.as_xml.toggled.connect(self._show_xml)
        self.add.clicked.connect(lambda _checked=False: spawn(self.applying.add_hardware(), self, name="add hardware"))
        self.history.clicked.connect(lambda _checked=False: spawn(self.applying.show_history(), self, name="history"))
        self.command.clicked.connect(lambda _checked=False: self.applying.copy_command())
        for signal, work in self.applying.answers(self.bar):
            signal.connect(lambda work=work: spawn(work(), self, name="details"))

    # reading

    async def load(self) -> None:
        """Reads the machine and shows it; what stands in the way is said, with a way to try again."""
        if not self.session.new:
            try:
                await self.session.load()
            except HostelryError as error:
                retry = ("view-refresh", _("Try again"), lambda: spawn(self.load(), self, name="load details"))
                self.empty.say("dialog-error", _("The machine's settings cannot be read."), str(error), (retry,))
                self.whole.setCurrentWidget(self.empty)
                return
        self.loaded = True
        self.whole.setCurrentWidget(self.splitter)
        self.refresh_around()
        self._choose_first()
        self.ready.emit()

    def _choose_first(self) -> None:
        if self.list.current_entry() is not None:
            return
        rows: dict[str, Any] = self.ctx.settings.get(options.DETAILS_ROWS)
        wanted = str(rows.get(self.session.ref.uuid, ""))
        entries = self.list.entries.entries()
        if not self.list.choose(wanted) and entries:
            self.list.choose(entries[0].key)

    # showing

    def _show_entry(self, entry: Entry) -> None:
        if self.as_xml.isChecked():
            self.as_xml.setChecked(False)
        self.pages.show_entry(entry)
        known: dict[str, Any] = self.ctx.settings.get(options.DETAILS_ROWS)
        rows = dict(known)
        if rows.get(self.session.ref.uuid) != entry.key:
            rows.pop(self.session.ref.uuid, None)
            rows[self.session.ref.uuid] = entry.key
            self.ctx.settings.set(options.DETAILS_ROWS, dict(list(rows.items())[-200:]))

    def _changed(self) -> None:
        """The document is another: the form at once, what is around it soon."""
        if not self.loaded:
            return
        self.pages.refresh()
        self._soon.start()

    def _offers_changed(self) -> None:
        if self.loaded:
            self.pages.refresh()
            self._soon.start()

    def refresh_around(self) -> None:
        """List, bar and buttons."""
        session = self.session
        if session.gone:
            back = ("document-open-recent", _("History…"), lambda: spawn(self.applying.show_history(), self, name="history"))
            self.empty.say("edit-delete", _("The machine was removed."), _("The history can bring its definition back."), (back,))
            self.whole.setCurrentWidget(self.empty)
            self.bar.hide()
            return
        if self.loaded:
            self.whole.setCurrentWidget(self.splitter)
        entries = self._listing.entries(session, self._base.of(session), self.drafts.faults(), session.pending)
        self._show_entries(entries)
        self.undo.setEnabled(bool(session.can_undo or len(self.drafts)))
        self.redo.setEnabled(bool(session.can_redo))
        self.undo.setToolTip(
            plain_tip(_("Undo: {what} (Ctrl+Z)").format(what=session.can_undo) if session.can_undo else _("Nothing to undo"))
        )
        self.redo.setToolTip(
            plain_tip(
                _("Redo: {what} (Ctrl+Shift+Z)").format(what=session.can_redo) if session.can_redo else _("Nothing to redo")
            )
        )
        self.command.setEnabled(session.edited)
        self.add.setEnabled(not session.read_only and not session.broken)
        changes = max(1, self._listing.changes) if session.edited else 0
        pressed = self.bar.has_keyboard
        self.bar.say(changes, len(self.drafts), len(session.pending), foreign=session.foreign, busy=self.applying.busy)
        if pressed and not self.bar.has_keyboard:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)  # not to whatever comes next on the page

    def _show_entries(self, entries: list[Entry]) -> None:
        order = [f"{entry.key} {entry.description.id}" for entry in entries]
        current = self.list.current_entry()
        if order != self._order:
            self._order = order
            self.pages.forget_elements()
        self.list.entries.show(entries)
        now = self.list.current_entry()
        if now is None and current is not None and self.loaded:
            self._choose_near(current)
        elif now is not None and (current is None or now.title != current.title or now.key != current.key):
            self.pages.show_entry(now)

    def _alike(self, entry: Entry) -> list[Entry]:
        return [one for one in self.list.entries.entries() if one.description is entry.description]

    def _choose_near(self, gone: Entry) -> None:
        alike = self._alike(gone)
        near = alike or self.list.entries.entries()
        if near:
            self.list.choose(near[-1 if alike else 0].key)

    def _show_xml(self, on: bool) -> None:
        if on and self._xml is None:
            self._xml = seams.xml_view(self.session, self)
            self.stack.addWidget(self._xml)
        self.stack.setCurrentWidget(self._xml if on and self._xml is not None else self.pages)
        if on and self._xml is not None:
            self._xml.setFocus(Qt.FocusReason.OtherFocusReason)

    # going to a setting

    def go_to(self, found: Found) -> QWidget | None:
        """Its entry's page, scrolled to it and lit."""
        if found.key.startswith(searching.ADD):
            kind = found.key.removeprefix(searching.ADD)
            spawn(self.applying.add_hardware(kind), self, name="add hardware")
            return None
        if not self.list.choose(found.key):
            return None
        form = self.form
        if form is None or not found.path:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return form.reveal(found.path)

    @property
    def form(self) -> Form | None:
        """The page in front."""
        return self.pages.form

    def show_wrong(self) -> None:
        """The first field whose text makes no value."""
        for place in self.drafts.places():
            for entry in self.list.entries.entries():
                if Badge.WRONG in entry.badges and _is_in(place, entry.place):
                    self.list.choose(entry.key)
                    rows = self.form.rows() if self.form is not None else []
                    row = next((row for row in rows if row.wrong), None)
                    if row is not None:
                        row.widget.setFocus(Qt.FocusReason.OtherFocusReason)
                        return

    # changing

    def take_back(self) -> None:
        """Undo: a text that makes no value goes first."""
        if self.drafts.drop_last():
            self._changed()
        else:
            self.session.undo()

    def remove(self, entry: Entry) -> None:
        """Takes a device out of the document; undo brings it back."""
        kind = entry.description
        element = at_place(self.session.document, entry.place)
        if not isinstance(kind, DeviceType) or not kind.removable or element is None or not entry.place:
            return
        before = self._alike(entry)
        place = [one.key for one in before].index(entry.key) if entry.key in [one.key for one in before] else 0
        self.session.edit(_("Remove {device}").format(device=entry.title), lambda document: document.remove_element(element))
        self.refresh_around()
        if left := self._alike(entry):
            self.list.choose(left[min(place, len(left) - 1)].key)

    def duplicate(self, entry: Entry) -> None:
        """A second device like it, with an address, name and MAC of its own."""
        from ui.details.copying import duplicate  # noqa: PLC0415

        element = at_place(self.session.document, entry.place)
        if element is None:
            return
        session = self.session
        session.edit(_("Duplicate {device}").format(device=entry.title), lambda document: duplicate(document, element))
        self.refresh_around()
        last = [one for one in self.list.entries.entries() if one.description is entry.description][-1]
        self.list.choose(last.key)

    def _show_menu(self, entry: Entry, where: QPoint) -> None:
        self.menu_of(entry).popup(where)

    def menu_of(self, entry: Entry) -> QMenu:
        """What can be done to one row."""
        return entry_menu(self, entry)

    # keys

    def event(self, event: QEvent) -> bool:
        """Its own keys come before the window's of the same name."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Delete is for a row or a value here, never for the machine
            ours = event.key() == Qt.Key.Key_Delete or self._own_key(event) is not None
            event.setAccepted(ours)
            if ours:
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        own = self._own_key(event)
        if own is None:
            super().keyPressEvent(event)
        else:
            own()

    def _own_key(self, event: QKeyEvent) -> Callable[[], object] | None:
        keys, standard = QKeySequence(event.keyCombination()), QKeySequence.StandardKey
        if event.matches(standard.Find):
            return self._find
        if event.matches(standard.Undo):
            return self.take_back
        if event.matches(standard.Redo) or keys in (QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")):
            return self.session.redo
        if event.matches(standard.Save) or keys in (QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")):
            return self.apply_soon
        return None

    def _find(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def apply_soon(self) -> None:
        """Ctrl+S."""
        if self.bar.apply.isVisible() and self.bar.apply.isEnabled():
            spawn(self.applying.apply(), self, name="apply")

    @property
    def holds_edits(self) -> bool:
        """Something would be lost if it were closed now."""
        return self.loaded and not self.session.gone and (self.session.edited or bool(len(self.drafts)))

    def end(self) -> None:
        """Stops following the machine."""
        self._soon.stop()
        if self._xml is not None:
            self._xml.end()
        for link in self._links:
            link.disconnect()
        self.session.close()


def _is_in(place: str, owner: str) -> bool:
    """Whether an element is the owner's or below it; of the root everything but devices."""
    return place == owner or place.startswith(f"{owner}/") if owner else not place.startswith("devices/")


def _tool(icon_name: str, text: str, tip: str = "", *, words: bool = False) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(icon_name))
    button.setText(text)
    button.setAccessibleName(text)
    button.setToolTip(tip or text)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
    button.setToolButtonStyle(style)
    return button
