"""The bar above a terminal; its menu is also the terminal's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from app.i18n import _
from ui.aio import spawn
from ui.icons import icon
from ui.plain import tip as plain_tip

if TYPE_CHECKING:
    from ui.console.terminal.text_view import TextView


class TextBar(QWidget):
    """window_wanted: in a window of its own, or back."""

    window_wanted = Signal()

    def __init__(self, view: TextView) -> None:
        super().__init__()
        self._view = view
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 2, 4, 2)
        self._row.setSpacing(2)
        self.more = QMenu(_("Console"), self)
        self.more.setToolTipsVisible(True)
        self._needs_line: list[QAction] = []
        self._fill()
        self.find_button = self._button("edit-find", _("Find"), _("Find in what was shown (Ctrl+Shift+F)"), view.open_find)
        self.log_button = self._button("document-save", _("Log"), "", lambda: None)
        self.log_button.setCheckable(True)
        self.log_button.clicked.connect(view.set_logging)
        self.more_button = self._button("application-menu", _("Console"), _("What else can be done"), lambda: None)
        self.more_button.setMenu(self.more)
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        filler = QWidget()
        filler.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.window_button = self._button(
            "window-new", "", _("This console in a window of its own, or back in the tab"), self.window_wanted.emit
        )
        for widget in (self.find_button, self.log_button, self.more_button, filler, self.window_button):
            self._row.addWidget(widget)
        self.show_logging(False)

    def add_chooser(self, button: QToolButton) -> None:
        """The list of the machine's consoles, at the left."""
        self._row.insertWidget(0, button)

    def set_live(self, live: bool) -> None:
        """What needs the line is disabled without one."""
        for action in self._needs_line:
            action.setEnabled(live)
            action.setToolTip(plain_tip("" if live else _("The console is not connected.")))

    def show_logging(self, on: bool) -> None:
        """Whether everything is written to a file."""
        self.log_button.setChecked(on)
        tip = _("Everything that comes is written to {file}").format(file=self._view.log_file) if on else _(
            "Write everything that comes to a file, which only you can read")  # fmt: skip
        self.log_button.setToolTip(plain_tip(tip))
        self.log_button.setAccessibleName(tip)

    def _fill(self) -> None:
        view = self._view
        self._add("edit-copy", _("Copy"), view.terminal.copy, "Ctrl+Shift+C")
        self._add("edit-paste", _("Paste…"), view.terminal.paste, "Ctrl+Shift+V", needs_line=True)
        self._add("edit-select-all", _("Select all"), view.terminal.select_all)
        self._add("edit-find", _("Find…"), view.open_find, "Ctrl+Shift+F")
        self.more.addSeparator()
        self._add("zoom-in", _("Larger letters"), lambda: view.zoom(1), "Ctrl++")
        self._add("zoom-out", _("Smaller letters"), lambda: view.zoom(-1), "Ctrl+-")
        self._add("zoom-original", _("Usual size"), lambda: view.zoom(0), "Ctrl+0")
        self.more.addSeparator()
        size = self._add("transform-scale", _("Tell the guest the size"), view.tell_size, needs_line=True)
        size.setToolTip(_("Types “stty rows … cols …” for the shell in the guest, as a serial line cannot tell its size"))
        self._add(
            "media-playback-pause", _("Send a break"), lambda: self._start(view.send_break()), needs_line=True
        ).setToolTip(_("For Linux the magic SysRq key (QEMU's chardev-send-break)"))  # fmt: skip
        self._add("edit-clear", _("Clear"), view.clear)
        self._add("view-refresh", _("Reset the terminal"), view.console.reset)
        self.more.addSeparator()
        self._add("document-save", _("Save as text…"), lambda: self._start(view.save()))
        self._add("folder-open", _("Show the log's folder"), view.open_log_folder)

    def _start(self, work: object) -> None:
        spawn(work, self._view, name="text console")  # type: ignore[arg-type]

    def _add(
        self, icon_name: str, text: str, press: Callable[[], object], keys: str = "", *, needs_line: bool = False
    ) -> QAction:  # fmt: skip
        # The keys are the terminal's own; here they are only shown.
        action = self.more.addAction(icon(icon_name), f"{text}\t{keys}" if keys else text)
        action.triggered.connect(lambda _checked=False: press())
        if needs_line:
            self._needs_line.append(action)
        return action

    def _button(self, icon_name: str, text: str, tip: str, press: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIcon(icon(icon_name))
        button.setText(text)
        style = Qt.ToolButtonStyle
        button.setToolButtonStyle(style.ToolButtonTextBesideIcon if text else style.ToolButtonIconOnly)
        button.setToolTip(tip)
        button.setAccessibleName(tip or text)
        button.clicked.connect(lambda _checked=False: press())
        return button
