"""What the dialogs have in common: an icon beside a text, a list of names, a fold with raw text, the buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _
from ui.icons import icon
from ui.plain import tip as plain_tip

TEXT_WIDTH_EM = 34
"""A comfortable line length; long file names are broken anywhere."""


class PlainDialog(QDialog):
    """An icon at the left, texts and more at the right, buttons below; used with ``ui.aio.ask``."""

    def __init__(self, parent: QWidget | None, title: str, icon_name: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.body = QVBoxLayout()
        self.body.setSpacing(self.fontMetrics().height() // 2)
        self.buttons = QDialogButtonBox()
        picture = QLabel()
        picture.setPixmap(icon(icon_name).pixmap(_large(self), self.devicePixelRatioF()))
        picture.setAccessibleName("")
        picture.setAlignment(Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.setSpacing(self.fontMetrics().height())
        row.addWidget(picture, 0)
        row.addLayout(self.body, 1)
        outer = QVBoxLayout(self)
        outer.addLayout(row, 1)
        outer.addWidget(self.buttons)

    def add_text(self, text: str, *, strong: bool = False) -> QLabel:
        """A paragraph which wraps, and can be marked and copied."""
        label = text_label(text, self)
        if strong:
            font = label.font()
            font.setBold(True)
            label.setFont(font)
        self.body.addWidget(label)
        return label

    def add_button(self, text: str, role: QDialogButtonBox.ButtonRole, *, default: bool = False, hint: str = "") -> QPushButton:
        """A button with a verb.  Only one is the default, and never one that may lose data.

        The default takes the focus; a dialog with a field, or whose default is disabled, gives it to another afterwards.
        """
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.setDefault(default)
        button.setToolTip(plain_tip(hint))
        self.buttons.addButton(button, role)
        if default:
            button.setFocus()
        return button


def text_label(text: str, parent: QWidget) -> QLabel:
    """Plain text that wraps at a comfortable width, also in the middle of a long path."""
    label = QLabel(breakable(text), parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(label.fontMetrics().averageCharWidth() * TEXT_WIDTH_EM * 3 // 2)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    policy.setHeightForWidth(True)
    label.setSizePolicy(policy)
    return label


def breakable(text: str) -> str:
    """Lets long words (paths, UUIDs) break: a zero-width space after slashes and every 40 characters."""
    words = []
    for word in text.split(" "):
        words.append(_broken(word) if len(word) > 40 else word)
    return " ".join(words)


def _broken(word: str) -> str:
    word = word.replace("/", "/\u200b")
    pieces = word.split("\u200b")
    return "\u200b".join(_chunks(piece) for piece in pieces)


def _chunks(piece: str, size: int = 40) -> str:
    return "\u200b".join(piece[start : start + size] for start in range(0, len(piece), size)) or piece


def name_list(names: Sequence[str], accessible: str) -> QListWidget:
    """Names in a box that scrolls when there are many; not more than eight lines high."""
    box = QListWidget()
    box.addItems(list(names))
    box.setAccessibleName(accessible)
    box.setSelectionMode(QListWidget.SelectionMode.NoSelection)
    box.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    line = box.sizeHintForRow(0) if names else box.fontMetrics().height()
    box.setFixedHeight(line * min(8, max(1, len(names))) + 2 * box.frameWidth() + 2)
    return box


class Fold(QWidget):
    """“Details”: opens on raw text in a fixed-width font, with a button that copies it."""

    def __init__(self, text: str, parent: QWidget | None = None, *, title: str = "") -> None:
        super().__init__(parent)
        self._button = QToolButton()
        self._button.setText(title or _("Details"))
        self._button.setCheckable(True)
        self._button.setAutoRaise(True)
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setArrowType(Qt.ArrowType.RightArrow)
        self._button.toggled.connect(self._open)
        self.copy = QPushButton(icon("edit-copy"), _("Copy"))
        self.copy.setAutoDefault(False)
        self.copy.setToolTip(_("Copy everything that is said here, for a bug report or a search"))
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(_("Details"))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(self.fontMetrics().height() * 8)
        self.text.hide()
        self._arrange()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._button)
        top.addStretch()
        top.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.text)

    def set_open(self, is_open: bool) -> None:
        """Unfolds or folds it."""
        self._button.setChecked(is_open)

    def _open(self, is_open: bool) -> None:
        self._button.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.text.setVisible(is_open)
        window = self.window()
        if is_open:
            window.resize(max(window.width(), window.fontMetrics().averageCharWidth() * 80), window.sizeHint().height())
        else:
            window.adjustSize()


def copy_text(text: str) -> None:
    """To the clipboard."""
    QGuiApplication.clipboard().setText(text)


def _large(widget: QWidget) -> QSize:
    side = widget.style().pixelMetric(QStyle.PixelMetric.PM_LargeIconSize, None, widget)
    return QSize(side, side)
