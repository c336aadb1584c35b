"""A machine's tab: its console, its overview and its settings, side by side or one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QIcon
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from app.actions.conditions import is_active
from app.actions.context import Offer, Question, Selection
from app.i18n import N_, _
from app.model.changes import Change
from app.model.reasons import state_word
from app.model.records import DomainRecord, DomainRef, ObjectKind
from app.settings import options
from ui.aio import spawn
from ui.icons import icon
from ui.plain import tip as plain_tip
from ui.widgets.elided import ElidedLabel
from ui.widgets.icon_label import IconLabel
from ui.widgets.media_menu import MediaMenu
from ui.widgets.state_icon import state_icon
from ui.windows.overview import Overview
from ui.windows.page import Page, PageKey
from ui.windows.panes import Panes

if TYPE_CHECKING:
    from app.actions.context import Context
    from app.hosts.host import Host
    from ui.console.console_view import ConsoleView
    from ui.console.full_screen import FullScreenWindow
    from ui.details.view import DetailsView

VIEWS: dict[str, tuple[str, str, str]] = {
    "console": (N_("Console"), "video-display", N_("Only the machine's screen")),
    "both": (N_("Both"), "view-split-left-right", N_("Screen and overview side by side")),
    "settings": (N_("Settings"), "preferences-system", N_("Everything that the machine has, beside its screen (Alt+Return)")),
    "overview": (N_("Overview"), "view-statistics", N_("Only facts, load and notes; the console stays connected")),
}
OVERVIEW_PX = 390
DETAILS_PX, DETAILS_LEAST_PX = 760, 420
WIDE_PX = 900
"""From this width on the settings have the screen beside them, unless the user does not want it."""


class GuestPage(Page):
    """Changing the view, or moving the page to another window, leaves the console connected.

    view_chosen: the user chose one of ``VIEWS``.
    """

    view_chosen = Signal(str)

    def __init__(self, host: Host, ref: DomainRef, ctx: Context, *, view: str = "console") -> None:
        super().__init__(PageKey(ref.host_id, ref.uuid))
        self.host, self.ref, self._ctx = host, ref, ctx
        self._console: ConsoleView | None = None
        self.details: DetailsView | None = None
        self._last = host.inventory.domains.get(ref.uuid) or DomainRecord(ref.uuid, ref.uuid)
        self._ran = is_active(self._last)
        self.view = view if view in VIEWS else "console"
        self.overview = Overview(host, ref, ctx, self._media_button())
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._console_place = QSplitter(Qt.Orientation.Horizontal)
        self.panes = Panes(self._console_place, self.title())
        self._arrange()
        self._links = [host.inventory.changed.connect(self._inventory_changed), host.changed.connect(self._host_changed)]
        self.set_view(self.view)
        self._refresh()

    def _arrange(self) -> None:
        self._console_place.setChildrenCollapsible(False)
        self.splitter.addWidget(self._console_place)
        self.splitter.addWidget(self.overview)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setChildrenCollapsible(False)
        self._console_place.setMinimumWidth(160)
        self.overview.setMinimumWidth(240)
        self.splitter.setSizes([1000, OVERVIEW_PX])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        column.addWidget(self.splitter, 1)

    def _make_head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(6)
        self._state_icon, self._name, self._state = IconLabel(), ElidedLabel(), ElidedLabel()
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        self._state.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        row.addWidget(self._state_icon)
        row.addWidget(self._name, 2)
        row.addWidget(self._state, 1)
        row.addStretch(0)
        self._views = QActionGroup(self)
        for name, (text, icon_name, tip) in VIEWS.items():
            row.addWidget(self._view_button(name, _(text), icon_name, _(tip)))
        return head

    def _view_button(self, name: str, text: str, icon_name: str, tip: str) -> QToolButton:
        action = self._views.addAction(icon(icon_name), text)
        action.setCheckable(True)
        action.setToolTip(plain_tip(tip))
        action.setData(name)
        action.triggered.connect(lambda: self._choose_view(name))
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    # views

    def _choose_view(self, name: str) -> None:
        self.set_view(name)
        self.view_chosen.emit(name)

    def set_view(self, name: str) -> None:
        """One of ``VIEWS``."""
        before, self.view = self.view, name
        for action in self._views.actions():
            action.setChecked(action.data() == name)
        if name == "settings":
            self._show_details(before)
        elif self.details is not None:
            self.details.hide()
        if name in ("console", "both"):
            self._make_console()
        if name != "settings":
            self._console_place.setVisible(name != "overview")
        self.overview.setVisible(name in ("both", "overview"))
        if name == "overview":
            QTimer.singleShot(0, self, self._ask_picture)
        else:
            self.overview.picture.hide()

    def _show_details(self, before: str) -> None:
        """The settings; a screen that was shown stays beside them, and one of a wide window comes, if there is anything on it."""
        details = self.details or self._make_details()
        seen = before in ("console", "both") and self._console is not None
        self._show_beside(self._has_room_beside and (seen or self.width() >= WIDE_PX))
        details.show()
        details.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _has_room_beside(self) -> bool:
        """A machine that is off has nothing to show; its settings take the whole width."""
        wanted: bool = self._ctx.settings.get(options.DETAILS_BESIDE)
        return wanted and is_active(self.record)

    def _make_details(self) -> DetailsView:
        from app.editing.session import EditSession  # noqa: PLC0415 (not needed for the list)
        from ui.details.view import DetailsView  # noqa: PLC0415

        session = EditSession(self.host, self.ref, hosts=self._ctx.hosts.hosts, history=self._ctx.history)
        self.details = DetailsView(session, self._ctx)
        self.details.setMinimumWidth(DETAILS_LEAST_PX)
        self.splitter.addWidget(self.details)
        self.splitter.setStretchFactor(self.splitter.indexOf(self.details), 1)
        share = max(DETAILS_LEAST_PX, min(DETAILS_PX, self.width() * 2 // 3))
        self.splitter.setSizes([max(200, self.width() - share), OVERVIEW_PX, share])
        self.details.beside_wanted.connect(self._beside_chosen)
        spawn(self.details.load(), self.details, name="load details")
        return self.details

    def _beside_chosen(self, on: bool) -> None:
        self._ctx.settings.set(options.DETAILS_BESIDE, on)
        self._show_beside(on)

    def _show_beside(self, on: bool) -> None:
        if on:
            self._make_console()
        self._console_place.setVisible(on)
        if self.details is not None:
            self.details.beside.setChecked(on)

    def show_settings(self) -> None:
        """The settings, beside a screen that is shown."""
        if self.view != "settings":
            self.set_view("settings")

    @property
    def holds_edits(self) -> bool:
        """Settings that are not applied."""
        return self.details is not None and self.details.holds_edits

    async def may_close(self) -> bool:
        """What is to become of settings that are not applied."""
        if not self.holds_edits or self.details is None:
            return True
        offers = (
            Offer("apply", _("Apply the changes"), _("Then close")),
            Offer("drop", _("Close without applying"), _("The machine stays as it is; the changes are lost"), danger=True),
        )
        text = _("The settings of “{name}” were changed.").format(name=self.title())
        question = Question(_("Changes are not applied"), text, "")
        chosen = await self._ctx.ui.choose(question, offers)
        return chosen == "drop" or (chosen == "apply" and await self.details.applying.apply())

    def _ask_picture(self) -> None:
        if self.view == "overview" and self.host.state.name == "CONNECTED":
            spawn(self.overview.read_picture(), self.overview, name="screenshot")

    @property
    def console(self) -> ConsoleView | None:
        """None until a view with the console was shown."""
        return self._console

    def show_console(self) -> None:
        """The console in front with the keyboard, whatever was shown."""
        if self._console is not None:
            self._console.display.welcome()
        self._bring_console()

    def _bring_console(self) -> None:
        """In front; who had the keyboard keeps it."""
        if self.view == "overview" or self._console_place.isHidden():
            self.set_view("console")
        if self._console is not None:
            self._console.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_full_screen(self, window: FullScreenWindow | None = None) -> None:
        self._bring_console()
        if self._console is not None:
            self._console.set_full_screen(True, window)

    def _make_console(self) -> None:
        if self._console is not None:
            return
        from ui.console.console_view import ConsoleView  # noqa: PLC0415 (not needed for the list)

        self._console = ConsoleView(self.host, self.ref, self._ctx)
        self._console_place.insertWidget(0, self._console)
        self._console.beside_wanted.connect(self.panes.add)
        self._console.use_media(self._media_button)
        self._console.switch_wanted.connect(self.switch_wanted)

    def _media_button(self) -> QToolButton:
        button = QToolButton()
        button.setText(_("Media"))
        button.setIcon(icon("media-optical"))
        button.setToolTip(_("Insert, change or eject discs"))
        button.setAccessibleName(_("Media"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAutoRaise(True)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(MediaMenu(self._ctx, self.ref, button))
        return button

    # state

    @property
    def record(self) -> DomainRecord:
        """What is known of it, also when its host is away."""
        found = self.host.inventory.domains.get(self.ref.uuid)
        if found is not None:
            self._last = found
        return self._last

    def title(self) -> str:
        return self.record.title or self.record.name

    def icon(self) -> QIcon:
        return state_icon(self.record, known=self._connected)

    def tip(self) -> str:
        return _("{name}: {state}, on {host}").format(name=self.title(), state=self._state_words(), host=self.host.label)

    @property
    def _connected(self) -> bool:
        return self.host.state.name == "CONNECTED"

    def _state_words(self) -> str:
        return state_word(self.record) if self._connected else _("host not connected")

    def _inventory_changed(self, change: Change) -> None:
        if change.kind is not ObjectKind.DOMAIN:
            return
        if self.ref.uuid in change.removed and self._connected:
            self.gone.emit()
        elif self.ref.uuid in change.updated | change.added:
            self._refresh()
            self._started_or_stopped()

    def _started_or_stopped(self) -> None:
        """A machine that starts while its settings are shown gets its screen beside them."""
        ran, self._ran = self._ran, is_active(self.record)
        if self.view == "settings" and self._ran and not ran and self._has_room_beside and self.width() >= WIDE_PX:
            self._show_beside(True)

    def _host_changed(self, _host: Host) -> None:
        self._refresh()

    def _refresh(self) -> None:
        size = self.style().pixelMetric(self.style().PixelMetric.PM_SmallIconSize)
        self._state_icon.show_icon(self.icon(), size)
        self._name.setText(self.title())
        self._state.setText(_("{state} · {host}").format(state=self._state_words(), host=self.host.label))
        self.changed.emit()

    def drop_target(self) -> DomainRef:
        return self.ref

    def selection(self) -> Selection:
        return Selection(domains=(self.ref,))

    def state(self) -> dict[str, object]:
        return {"view": self.view, "name": self.record.name}

    def end(self) -> None:
        super().end()
        for link in self._links:
            link.disconnect()
        self.overview.end()
        self.panes.end()
        if self.details is not None:
            self.details.end()
        if self._console is not None:
            self._console.end()
