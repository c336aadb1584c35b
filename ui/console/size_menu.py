"""The bar's menu of sizes: how the picture meets the window, zoom, smooth or sharp."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.i18n import N_, _
from ui.console.geometry import ScaleMode
from ui.icons import icon

if TYPE_CHECKING:
    from ui.console.console_bar import ConsoleBar

MODES = (
    (ScaleMode.FIT, N_("Fit the window"), N_("As large as the window allows")),
    (ScaleMode.INTEGER, N_("Largest whole multiple"), N_("Each pixel of the guest is a square of pixels here: always sharp")),
    (ScaleMode.ONE_TO_ONE, N_("Real size (1:1)"), N_("One pixel of the guest is one pixel here; scroll to see the rest")),
    (ScaleMode.FOLLOW, N_("The guest follows the window"), N_("The guest changes its resolution to the window's")),
)

PERCENTS = (50, 75, 100, 125, 150, 200, 300, 400)


class SizeMenu(QMenu):
    """Tells the bar what is wanted; shows what holds."""

    def __init__(self, bar: ConsoleBar) -> None:
        super().__init__(_("Size of the picture"), bar)
        self._bar = bar
        self.setToolTipsVisible(True)
        self._group = QActionGroup(self)
        self._group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self._modes = {mode: self._add_mode(mode, _(text), _(tip)) for mode, text, tip in MODES}
        self.addSeparator()
        self._zoom = self.addMenu(icon("zoom-in"), _("Zoom"))
        self._percents = self._fill_zoom()
        self.addSeparator()
        self._smooth = self.addAction(_("Smooth when scaled"))
        self._smooth.setCheckable(True)
        self._smooth.triggered.connect(bar.smooth_wanted.emit)

    def _add_mode(self, mode: ScaleMode, text: str, tip: str) -> QAction:
        action = self.addAction(text)
        action.setCheckable(True)
        action.setToolTip(tip)
        self._group.addAction(action)
        action.triggered.connect(lambda: self._bar.mode_wanted.emit(mode))
        return action

    def _fill_zoom(self) -> dict[int, QAction]:
        for name, text, keys, step in (
            ("zoom-in", _("Larger"), "Ctrl++", 1), ("zoom-out", _("Smaller"), "Ctrl+-", -1)
        ):  # fmt: skip
            # The keys are shown, not taken: the picture has them.
            action = self._zoom.addAction(icon(name), f"{text}\t{keys}")
            action.triggered.connect(lambda _checked=False, step=step: self._bar.zoom_step_wanted.emit(step))
        self._zoom.addSeparator()
        return {percent: self._add_percent(percent) for percent in PERCENTS}

    def _add_percent(self, percent: int) -> QAction:
        text = _("{percent} %").format(percent=percent)
        action = self._zoom.addAction(f"{text}\tCtrl+0" if percent == 100 else text)
        action.setCheckable(True)
        action.triggered.connect(lambda: self._bar.zoom_wanted.emit(percent / 100))
        return action

    def show_size(self, mode: ScaleMode, zoom: float, smooth: bool, can_follow: bool) -> None:
        """See ``ConsoleBar.show_size``."""
        for each, action in self._modes.items():
            action.setChecked(each is mode)
        percent = round(zoom * 100)
        self._zoom.setTitle(_("Zoom ({percent} %)").format(percent=percent))
        for each_percent, action in self._percents.items():
            action.setChecked(each_percent == percent and mode.scrolls)
        self._smooth.setChecked(smooth)
        self._modes[ScaleMode.FOLLOW].setToolTip(
            _("The guest changes its resolution to the window's") if can_follow else
            _("This guest's display cannot be resized from outside; the picture is fitted instead."))  # fmt: skip
