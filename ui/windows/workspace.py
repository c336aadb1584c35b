"""The middle of the main window: tabs above, the list of machines beside the open page.

Tab 0 is the list in its full width, with all columns.  On any other tab the same list stands at the
left as a narrow side bar, which can be folded away; nothing is built twice.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.i18n import _
from ui.icons import icon
from ui.plain import tip as plain_tip
from ui.widgets.tab_bar import TabBar
from ui.windows.page import Page, PageKey


class Workspace(QWidget):
    """Owns the pages in tabs.

    current_changed: another tab is in front.  closed: a page was closed (and is ended).
    close_asked: the user wants to close one that holds edits.
    pulled_out: the user dragged a tab out of the bar.  narrowed: True while the list is the narrow side bar.
    """

    current_changed = Signal()
    closed = Signal(PageKey)
    close_asked = Signal(PageKey)
    pulled_out = Signal(PageKey, QPoint)
    narrowed = Signal(bool)

    def __init__(self, home: QWidget, *, side_bar_width: int, side_bar_shown: bool) -> None:
        super().__init__()
        self.bar = TabBar(self)
        self.stack = QStackedWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.home = home
        self._width, self._shown = side_bar_width, side_bar_shown
        self._pages: dict[PageKey, Page] = {}
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        self.bar.setAccessibleName(_("Open machines"))
        self.bar.addTab(icon("view-list-tree"), _("Machines"))
        self.bar.fix_first()
        self.splitter.addWidget(self.home)
        self.splitter.addWidget(self.stack)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setCollapsible(1, False)
        self.stack.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        self.bar.currentChanged.connect(self._show_current)
        self.bar.tabCloseRequested.connect(self.close_index)
        self.bar.files_dropped.connect(self._dropped_on_tab)
        self.bar.pulled_out.connect(lambda index, where: self.pulled_out.emit(self.bar.tabData(index), where))
        self.splitter.splitterMoved.connect(self._splitter_moved)
        for keys, step in ((QKeySequence.StandardKey.NextChild, 1), (QKeySequence.StandardKey.PreviousChild, -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda step=step: self.step(step))

    # pages

    def page(self, key: PageKey) -> Page | None:
        """The page in a tab here."""
        return self._pages.get(key)

    def current(self) -> Page | None:
        """The page in front; None on the list's own tab."""
        key = self.bar.tabData(self.bar.currentIndex())
        return self._pages.get(key) if key is not None else None

    def pages(self) -> list[Page]:
        """In the order of the tabs."""
        return [self._pages[self.bar.tabData(i)] for i in range(1, self.bar.count())]

    def add(self, page: Page, *, show: bool = True) -> None:
        """A new tab at the end."""
        self._pages[page.key] = page
        self.stack.addWidget(page)
        page.changed.connect(self._refresh_tabs)
        index = self.bar.addTab(page.icon(), _label(page))
        self.bar.setTabData(index, page.key)
        self.bar.setTabToolTip(index, plain_tip(page.tip()))
        if show:
            self.show_page(page.key)

    def show_page(self, key: PageKey) -> None:
        """Brings its tab to the front."""
        self.bar.setCurrentIndex(self._index(key))

    def show_home(self) -> None:
        """The list in its full width."""
        self.bar.setCurrentIndex(0)

    def _dropped_on_tab(self, index: int, files: list[Path]) -> None:
        """As if it had been dropped on the page."""
        page = self._pages.get(self.bar.tabData(index))
        if page is not None:
            page.files_dropped.emit(page.drop_target(), files)

    def take(self, key: PageKey) -> Page:
        """Removes the tab; the page lives on and belongs to the caller."""
        page = self._pages.pop(key)
        page.changed.disconnect(self._refresh_tabs)
        self._keep_focus_off_consoles()
        self.bar.removeTab(next(i for i in range(1, self.bar.count()) if self.bar.tabData(i) == key))
        self.stack.removeWidget(page)
        page.setParent(None)
        return page

    def close_index(self, index: int) -> None:
        """Closes a tab; the first one stays, and one with edits asks."""
        page = self._pages.get(self.bar.tabData(index)) if index > 0 else None
        if page is not None and page.holds_edits:
            self.close_asked.emit(page.key)
        elif page is not None:
            self.close_page(page.key)

    def close_page(self, key: PageKey) -> None:
        """Ends and deletes a page."""
        if key in self._pages:
            page = self.take(key)
            page.end()
            page.deleteLater()
            self.closed.emit(key)

    def step(self, by: int) -> None:
        """To the next or previous tab, round the end."""
        self.bar.setCurrentIndex((self.bar.currentIndex() + by) % self.bar.count())

    def _index(self, key: PageKey) -> int:
        return next((i for i in range(1, self.bar.count()) if self.bar.tabData(i) == key), 0)

    def _refresh_tabs(self) -> None:
        for index in range(1, self.bar.count()):
            page = self._pages.get(self.bar.tabData(index))
            if page is not None:
                self.bar.setTabText(index, _label(page))
                self.bar.setTabIcon(index, page.icon())
                self.bar.setTabToolTip(index, plain_tip(page.tip()))

    # the list at the side

    @property
    def side_bar_width(self) -> int:
        """Last width of the narrow list."""
        return self._width

    @property
    def side_bar_shown(self) -> bool:
        """False if the user folded it away."""
        return self._shown

    def set_side_bar_shown(self, shown: bool) -> None:
        """Shows or folds the list beside a page."""
        self._shown = shown
        self._show_current()

    def _show_current(self, _index: int = 0) -> None:
        page = self.current()
        self._keep_focus_off_consoles()
        if page is not None:
            self.stack.setCurrentWidget(page)
        narrow = page is not None
        self.stack.setVisible(narrow)
        self.home.setVisible(not narrow or self._shown)
        self.narrowed.emit(narrow)
        if narrow and self._shown:
            self.splitter.setSizes([self._width, max(1, self.width() - self._width)])
        self.current_changed.emit()

    def _keep_focus_off_consoles(self) -> None:
        """Else Qt gives the hidden page's focus to the next console, which takes the whole keyboard unasked."""
        focus = QApplication.focusWidget()
        if focus is None or not self.home.isAncestorOf(focus):
            self.bar.setFocus(Qt.FocusReason.OtherFocusReason)

    def _splitter_moved(self, position: int, _index: int) -> None:
        if self.current() is None:
            return
        if position == 0:
            self.set_side_bar_shown(False)
        else:
            self._width = position


def _label(page: Page) -> str:
    """A tab's text: ampersands of names are no mnemonics."""
    return page.title().replace("&", "&&")
