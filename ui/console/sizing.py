"""How large one machine's screen is shown, and how sharp: chosen by menu and keys, remembered for each machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from app.settings import options
from app.settings.store import Settings
from ui.console.feature import ConsoleFeature
from ui.console.geometry import ZOOMS, ScaleMode, next_zoom

if TYPE_CHECKING:
    from ui.console.console_bar import ConsoleBar
    from ui.console.console_view import ConsoleView

MODES = {"fit": ScaleMode.FIT, "integer": ScaleMode.INTEGER, "one": ScaleMode.ONE_TO_ONE, "follow": ScaleMode.FOLLOW}
"""Values of the option ``console-scaling``."""

MOST_MACHINES = 500
"""So many choices are remembered; the oldest are forgotten first."""


@dataclass(frozen=True, slots=True)
class SizeChoice:
    """zoom: device pixels per guest pixel, for ``ScaleMode.ZOOM``."""

    mode: ScaleMode = ScaleMode.FIT
    zoom: float = 1.0
    smooth: bool = True


def preferred(settings: Settings) -> SizeChoice:
    """How the screen of a machine is shown whose user has chosen nothing."""
    mode = MODES.get(settings.get(options.CONSOLE_SCALING), ScaleMode.FIT)
    return SizeChoice(mode, 1.0, settings.get(options.CONSOLE_SMOOTH))


def recall(settings: Settings, uuid: str) -> SizeChoice:
    """What was chosen for this machine; what makes no sense is as the preferences say."""
    default = preferred(settings)
    saved = settings.get(options.CONSOLE_SIZES).get(uuid)
    if not isinstance(saved, dict):
        return default
    mode, zoom, smooth = saved.get("mode"), saved.get("zoom", 1.0), saved.get("smooth", default.smooth)
    if mode not in {each.value for each in ScaleMode} or not isinstance(zoom, int | float) or not isinstance(smooth, bool):
        return default
    return SizeChoice(ScaleMode(mode), min(max(float(zoom), ZOOMS[0]), ZOOMS[-1]), smooth)


def remember(settings: Settings, uuid: str, choice: SizeChoice) -> None:
    """Keeps it; what is as the preferences say is forgotten, so that it follows them."""
    known = settings.get(options.CONSOLE_SIZES)
    known.pop(uuid, None)
    if choice != preferred(settings):
        known[uuid] = {"mode": choice.mode.value, "zoom": choice.zoom, "smooth": choice.smooth}
    for old in list(known)[:-MOST_MACHINES]:
        del known[old]
    settings.set(options.CONSOLE_SIZES, known)


class Sizing(ConsoleFeature):
    """changed: another size or sharpness was chosen, or another percentage came of it."""

    changed = Signal()

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self.choice = recall(console.ctx.settings, console.ref.uuid)
        self._add_keys()
        self._apply()

    def dress(self, bar: ConsoleBar) -> None:
        """The size menu works on this machine."""
        bar.mode_wanted.connect(self.set_mode)
        bar.zoom_wanted.connect(self.set_zoom)
        bar.zoom_step_wanted.connect(self.step)
        bar.smooth_wanted.connect(self.set_smooth)
        bar.scale_menu.aboutToShow.connect(self.show)
        self.show()

    def _add_keys(self) -> None:
        """On what goes to full screen with the picture; while the guest has the keyboard they are the guest's."""
        for keys, step in ((("Ctrl++", "Ctrl+="), 1), (("Ctrl+-",), -1), (("Ctrl+0",), 0)):
            action = QAction(self)
            action.setShortcuts([QKeySequence(each) for each in keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, step=step: self.step(step))
            self.console.place.addAction(action)

    # choosing

    def set_mode(self, mode: ScaleMode) -> None:
        """One of the modes; ``ZOOM`` keeps the size that is shown now."""
        zoom = self.zoom if mode is ScaleMode.ZOOM else 1.0
        self._choose(SizeChoice(mode, zoom, self.choice.smooth))

    def set_zoom(self, zoom: float) -> None:
        """Device pixels per guest pixel."""
        mode = ScaleMode.ONE_TO_ONE if zoom == 1 else ScaleMode.ZOOM
        self._choose(SizeChoice(mode, zoom, self.choice.smooth))

    def step(self, by: int) -> None:
        """1: larger, -1: smaller, 0: one to one."""
        self.set_zoom(next_zoom(self.zoom, by) if by else 1.0)

    def set_smooth(self, smooth: bool) -> None:
        """Smooth or sharp when scaled."""
        self._choose(SizeChoice(self.choice.mode, self.choice.zoom, smooth))

    @property
    def zoom(self) -> float:
        """Device pixels per guest pixel as it is shown now; 1 without a picture."""
        placement = self.console.display.picture.placement()
        return placement.scale if placement is not None else 1.0

    def _choose(self, choice: SizeChoice) -> None:
        self.choice = choice
        remember(self.console.ctx.settings, self.console.ref.uuid, choice)
        self._apply()

    def _apply(self) -> None:
        self.console.display.set_smooth(self.choice.smooth)
        self.console.display.set_mode(self.choice.mode, self.choice.zoom)
        self.show()
        self.changed.emit()

    def show(self) -> None:
        """Ticks what holds in every bar."""
        client = self.console.connector.client
        can_follow = client is None or client.features.resize_guest
        for bar in self.console.bars:
            bar.show_size(self.choice.mode, self.zoom, self.choice.smooth, can_follow)

    def live_changed(self, live: bool) -> None:
        """The client knows now whether its guest can follow."""
        self.show()
