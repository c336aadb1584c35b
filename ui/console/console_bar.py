"""The bar above a console: keys, size, media, screenshot, full screen, and how to get the keyboard back."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from app.i18n import _
from ui.console.bar_room import SIGN, WORDS, Ruler, given_up
from ui.console.geometry import ScaleMode
from ui.console.key_menu import CTRL_ALT_DELETE, KeyMenu
from ui.console.size_menu import SizeMenu
from ui.icons import icon
from ui.plain import tip as plain_tip
from ui.widgets.elided import ElidedLabel
from ui.widgets.hover import leave_with_menu

HINT_EMS = 24
"""Room that is kept for the hint in a window, in characters; in full screen it is whole."""


class BarMenu(Enum):
    """Menus of the bar, to which features add entries."""

    KEYS = "keys"
    SIZE = "size"
    PICTURE = "picture"
    SCREENS = "screens"
    """This computer's screens for the full screen; what features add for several monitors of a machine."""


class ConsoleBar(QWidget):
    """Emits what the user wants; knows nothing of the machine.  Every button is reachable by Tab."""

    keys_wanted = Signal(object)
    mode_wanted = Signal(object)
    zoom_wanted = Signal(float)
    """Device pixels per guest pixel."""
    zoom_step_wanted = Signal(int)
    smooth_wanted = Signal(bool)
    full_screen_wanted = Signal(bool)
    release_wanted = Signal()
    media_set = Signal(object)
    room_wanted = Signal()
    """``words_width`` is another."""

    def __init__(self, parent: QWidget | None = None, *, full_screen: bool = False) -> None:
        super().__init__(parent)
        self.full_screen = full_screen
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4, 2, 4, 2)
        self._row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)  # see minimumSizeHint
        self._row.setSpacing(2)
        self.hint = ElidedLabel()
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.release_button = self._button(
            "", _("Release"), _("Take keyboard and pointer back from the guest"), self.release_wanted.emit
        )
        self.delete_button = self._button("key-delete", _("Ctrl+Alt+Del"), _("Send Ctrl+Alt+Del to the guest"), self._send_delete)
        self._ruler, self._release_key = Ruler(), ""
        self._live_tips: dict[QToolButton, str] = {}
        self._unfolded: list[QToolButton] = []
        self.words_width = 0
        """The width at which every button has its words."""
        self.media_button: QToolButton | None = None
        keys, shots = KeyMenu(self), QMenu(_("Picture of the screen"), self)
        self.scale_menu = SizeMenu(self)
        screens = QMenu(_("Full screen on"), self)
        if not full_screen:
            self.scale_menu.addMenu(screens)
        self.menus = {BarMenu.KEYS: keys, BarMenu.SIZE: self.scale_menu, BarMenu.PICTURE: shots, BarMenu.SCREENS: screens}
        self.keys_button = self._menu_button("input-keyboard", _("Keys"), _("Send keys"), keys)
        self.scale_button = self._menu_button("transform-scale", _("Size"), _("Size of the picture"), self.scale_menu)
        self.shot_button = self._menu_button("camera-photo", _("Picture"), _("Save or copy a picture of the screen"), shots)
        leave = _("Leave full screen") if full_screen else _("Full screen")
        self.full_button = self._button(
            "view-restore" if full_screen else "view-fullscreen",
            leave,
            leave,
            lambda: self.full_screen_wanted.emit(not full_screen),
        )
        self._foldable = [self.keys_button, self.scale_button, self.shot_button]
        if not full_screen:  # the way out keeps its words
            self._foldable.append(self.full_button)
        for widget in (self.delete_button, self.keys_button, self.scale_button, self.shot_button):
            self._row.addWidget(widget)
        self._row.addWidget(self.hint, 1)
        self._row.addWidget(self.release_button)
        self._row.addWidget(self.full_button)
        self.show_capture(False, False, "")

    def add_button(
        self, icon_name: str, text: str, tip: str, press: Callable[[], object], *,
        menu: QMenu | None = None, needs_picture: bool = True,
    ) -> QToolButton:  # fmt: skip
        """A feature's own button, after the menus; ``needs_picture``: disabled while the screen is not connected."""
        button = self._menu_button(icon_name, text, tip, menu) if menu else self._button(icon_name, text, tip, press)
        self._row.insertWidget(self._row.indexOf(self.hint), button)
        self._foldable.append(button)
        if needs_picture:
            self._live_tips[button] = tip
        self._fold()
        return button

    def insert_first(self, button: QToolButton) -> None:
        """A button at the very left, which keeps its words as long as possible."""
        self._row.insertWidget(0, button)
        self._unfolded.append(button)
        self._fold()

    def add_pin(self, pinned: bool, pin: Callable[[bool], object]) -> None:
        """Keeps a bar of the full screen from hiding itself."""
        button = self._button("pin", "", _("Keep this bar in sight"), lambda: None)
        button.setCheckable(True)
        button.setChecked(pinned)
        button.toggled.connect(pin)
        self._row.insertWidget(self._row.indexOf(self.full_button), button)

    def set_media_button(self, button: QToolButton) -> None:
        """The media menu, in its place."""
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        leave_with_menu(button)
        self._row.insertWidget(self._row.indexOf(self.keys_button), button)
        self._foldable.insert(1, button)
        self._fold()
        self.media_button = button
        self.media_set.emit(button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words beside the signs as long as they fit."""
        super().resizeEvent(event)
        self._fold()

    def event(self, event: QEvent) -> bool:
        """A button came, went or says something else."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fold()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """Narrow: the signs alone; the words are no reason to keep the window wide."""
        words, steps = self._width_of_all(), self._steps()
        saved = sum(max(0, before - after) for _button, before, after in steps)
        return QSize(words - saved, super().minimumSizeHint().height())

    def _fold(self) -> None:
        """As if all had words, so that the answer does not depend on what is shown now; the last ones lose theirs first."""
        hint = self._hint_width()
        needed = self._width_of_all() + hint
        steps = self._steps()
        taken = given_up([(before, after) for _button, before, after in steps], needed, self.width())
        for number, (button, _before, _after) in enumerate(steps):
            self._shorten(button, number < taken)
        if needed != self.words_width:
            self.words_width = needed
            self.room_wanted.emit()

    def _shorten(self, button: QToolButton, short: bool) -> None:
        if button is self.release_button:
            text = self._release_key if short else self._release_words()
            if button.text() != text:
                button.setText(text)
        elif button.toolButtonStyle() != (SIGN if short else WORDS):
            button.setToolButtonStyle(SIGN if short else WORDS)

    def _steps(self) -> list[tuple[QToolButton, int, int]]:
        """Who gives its words up, in this order, with its width before and after; the key that gives the keyboard back stays."""
        last = [self.full_button] if self.full_screen else []
        kept = [button for button in self._unfolded if not button.icon().isNull()]
        order = [*reversed(self._foldable), self.release_button, self.delete_button, *reversed(kept), *last]
        return [
            (button, self._words_of(button), self._short_of(button))
            for button in order
            if not button.isHidden() or button is self.release_button
        ]

    def _words_of(self, button: QToolButton) -> int:
        if button is self.release_button:
            return self._ruler.width(button, Qt.ToolButtonStyle.ToolButtonTextOnly, self._release_words())
        return self._ruler.width(button, WORDS if button.text() else SIGN)

    def _short_of(self, button: QToolButton) -> int:
        if button is self.release_button:
            return self._ruler.width(button, Qt.ToolButtonStyle.ToolButtonTextOnly, self._release_key)
        return self._ruler.width(button, SIGN)

    def _width_of_all(self) -> int:
        """With words, without the hint; room is kept for the release key, so that nothing jumps when it comes."""
        items = (item.widget() for index in range(self._row.count()) if (item := self._row.itemAt(index)) is not None)
        seen = [each for each in items if isinstance(each, QToolButton) and (not each.isHidden() or each is self.release_button)]
        margins = self._row.contentsMargins()
        return sum(self._words_of(button) + self._row.spacing() for button in seen) + margins.left() + margins.right()

    def _hint_width(self) -> int:
        if not self.full_screen:
            return self.fontMetrics().averageCharWidth() * HINT_EMS
        return max(self.fontMetrics().horizontalAdvance(text) for text in _hints()) + self._row.spacing() + 2

    def _release_words(self) -> str:
        return _("Release ({keys})").format(keys=self._release_key)

    def keep_words(self, button: QToolButton) -> None:
        """It is among the last whose text gives way to its icon; one without an icon keeps it."""
        if button in self._foldable:
            self._foldable.remove(button)
            self._unfolded.append(button)
        button.setToolButtonStyle(WORDS)
        self._fold()

    def set_live(self, live: bool) -> None:
        """What needs a picture is disabled without one, with the reason."""
        reason = "" if live else _("The machine's screen is not connected.")
        for button, tip in (
            (self.delete_button, _("Send Ctrl+Alt+Del to the guest")),
            (self.keys_button, _("Send keys")),
            (self.shot_button, _("Save or copy a picture of the screen")),
            *self._live_tips.items(),
        ):
            button.setEnabled(live)
            button.setToolTip(plain_tip(reason or tip))

    def show_size(self, mode: ScaleMode, zoom: float, smooth: bool, can_follow: bool) -> None:
        """Ticks what holds; ``zoom``: device pixels per guest pixel, as it is shown."""
        self.scale_menu.show_size(mode, zoom, smooth, can_follow)

    def show_capture(self, captured: bool, pointer: bool, release_key: str) -> None:
        """Says how to get keyboard and pointer back, whenever the guest has them."""
        free, keyboard, both = _hints()
        if pointer:
            text = both
            whole = _("The guest has keyboard and pointer. Press {keys} to release them.").format(keys=release_key)
        elif captured:
            text = keyboard
            whole = _("The guest has the keyboard. Press {keys} to release it.").format(keys=release_key)
        else:
            text = whole = free if release_key else ""
        self.hint.setText(text)
        self.hint.setToolTip(plain_tip(whole))
        self.hint.setAccessibleName(whole)
        # The key that gives the keyboard back is readable however narrow the bar is.
        self._release_key = release_key
        self.release_button.setVisible(captured or pointer)
        self._fold()

    def _send_delete(self) -> None:
        self.keys_wanted.emit(CTRL_ALT_DELETE)

    def _button(self, icon_name: str, text: str, tip: str, press: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        # Buttons take the focus by Tab only: a click on one must not take the keyboard from the guest for good.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if icon_name:
            button.setIcon(icon(icon_name))
        button.setText(text)
        button.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text and icon_name else
            Qt.ToolButtonStyle.ToolButtonTextOnly if text else Qt.ToolButtonStyle.ToolButtonIconOnly)  # fmt: skip
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(lambda _checked=False: press())
        return button

    def _menu_button(self, icon_name: str, text: str, tip: str, menu: QMenu) -> QToolButton:
        button = self._button(icon_name, text, tip, lambda: None)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        leave_with_menu(button)
        return button


def _hints() -> tuple[str, str, str]:
    """While the guest has nothing, the keyboard, keyboard and pointer."""
    return (
        _("Click the screen to type into the guest."),
        _("The guest has the keyboard."),
        _("The guest has keyboard and pointer."),
    )
