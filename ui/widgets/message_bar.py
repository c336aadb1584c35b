"""Messages that float in a corner of the window; they stop nobody's work and move nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QEnterEvent,
    QGuiApplication,
    QHideEvent,
    QPalette,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QStyle, QToolButton, QVBoxLayout, QWidget

from app.actions.interface import Notice, NoticeKind, Offer
from app.i18n import _
from ui.dialogs.dialog_parts import breakable
from ui.icons import icon
from ui.plain import tip as plain_tip

SHOWN_MS = 10_000
"""How long a message without buttons stays; one with buttons stays until it is answered."""

AT_MOST = 4
"""Older messages without buttons make room."""

MANY, LONG = 2, 60
"""More buttons than this stand below the text, and those of a longer text (in characters)."""

WIDTH_EMS, GAP_PX = 76, 12
"""Most characters in a line, and the distance from the edges of what is covered."""

_ICONS = {
    NoticeKind.JOB_DONE: "dialog-ok-apply",
    NoticeKind.JOB_FAILED: "dialog-error",
    NoticeKind.MACHINE_STOPPED: "dialog-warning",
    NoticeKind.OFFER: "dialog-question",
    NoticeKind.HINT: "dialog-information",
}

Answer = Callable[[str | None], None]
"""Gets an offer's id, or None when the message was closed."""


class InlineMessage(QFrame):
    """One message with its buttons; tinted by the palette's highlight."""

    def __init__(self, notice: Notice, answer: Answer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = notice
        self._answer: Answer | None = answer
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setAccessibleName(notice.text)
        self.setAccessibleDescription(notice.detail)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        texts, buttons = self._texts(), QHBoxLayout()
        for offer in notice.offers:
            buttons.addWidget(self._button(offer))
        many = bool(notice.offers) and (len(notice.offers) > MANY or len(notice.text) + len(notice.detail) > LONG)
        row = QHBoxLayout(self)
        row.addWidget(self._picture(), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        if many:
            buttons.addStretch()
        (texts if many else row).addLayout(buttons)
        row.addWidget(self._closer(), 0, Qt.AlignmentFlag.AlignTop)
        self._tint()
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(lambda: self.answer(None))

    def showEvent(self, event: QShowEvent) -> None:
        """Counts only while it can be seen: a message is not lost behind a hidden window."""
        super().showEvent(event)
        if not self.notice.offers:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stays while it is being read."""
        super().enterEvent(event)
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.notice.offers:
            self._timer.start()

    def answer(self, offer_id: str | None) -> None:
        """Says what was chosen, once, and goes away."""
        answer, self._answer = self._answer, None
        if answer is not None:
            self.hide()
            self.deleteLater()
            answer(offer_id)

    def changeEvent(self, event: QEvent) -> None:
        """Follows the desktop from light to dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._tint()

    def _tint(self) -> None:
        palette = QGuiApplication.palette()
        base, accent = palette.color(QPalette.ColorRole.Window), palette.color(QPalette.ColorRole.Highlight)
        palette.setColor(QPalette.ColorRole.Window, _mixed(base, accent, 0.18))
        self.setPalette(palette)

    def _picture(self) -> QLabel:
        label = QLabel()
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
        label.setPixmap(icon(_ICONS[self.notice.kind]).pixmap(side, side))
        return label

    def _texts(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        for text in (self.notice.text, self.notice.detail):
            if text:
                label = QLabel(breakable(text))
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setWordWrap(True)
                policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
                policy.setHeightForWidth(True)
                label.setSizePolicy(policy)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                column.addWidget(label)
        return column

    def _button(self, offer: Offer) -> QToolButton:
        button = QToolButton()
        button.setText(offer.text)
        button.setToolTip(plain_tip(offer.hint))
        button.setAccessibleName(offer.text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if offer.danger:
            button.setIcon(icon("dialog-warning"))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(lambda: self.answer(offer.id))
        return button

    def _closer(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon("window-close"))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(_("Close this message"))
        button.setToolTip(_("Close this message"))
        button.clicked.connect(lambda: self.answer(None))
        return button


class MessageBar(QWidget):
    """A stack of messages, the newest on top; nothing is seen of it when empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(_("Messages"))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.messages: list[InlineMessage] = []
        self._area: QWidget | None = None
        self.hide()

    def float_over(self, area: QWidget) -> None:
        """From now on it lies over the lower right corner of ``area``, as a child of the same widget, and follows its size."""
        self._area = area
        self.setParent(area.parentWidget())
        area.installEventFilter(self)
        self.setVisible(bool(self.messages))
        self._place()

    def add(self, notice: Notice, answer: Answer = lambda _id: None) -> InlineMessage:
        """Shows it; one with the same key goes first, answered with None."""
        for old in [old for old in self.messages if notice.key and old.notice.key == notice.key]:
            old.answer(None)
        message = InlineMessage(notice, lambda offer_id: self._answered(message, offer_id, answer), self)
        self.messages.insert(0, message)
        self._layout.insertWidget(0, message)
        self._make_room()
        message.show()
        self.show()
        self._place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(message, f"{notice.text} {notice.detail}".strip()))
        return message

    def _answered(self, message: InlineMessage, offer_id: str | None, answer: Answer) -> None:
        self.messages.remove(message)
        self._layout.removeWidget(message)
        self.setVisible(bool(self.messages))
        self._place()
        answer(offer_id)

    def _make_room(self) -> None:
        passing = [message for message in self.messages if not message.notice.offers]
        for old in passing[AT_MOST:]:
            old.answer(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._area and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """A larger font, or a longer text, wants another height."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self) -> None:
        """Grows upwards from the corner, as wide as its buttons need; a narrow area is filled from side to side."""
        if self._area is None or not self.messages:
            return
        area = self._area.geometry()
        wanted = max(WIDTH_EMS * self.fontMetrics().averageCharWidth(), self._layout.minimumSize().width())
        width = min(area.width() - 2 * GAP_PX, wanted)
        height = self._layout.totalHeightForWidth(width) if self._layout.hasHeightForWidth() else self._layout.sizeHint().height()
        left, top = area.right() - GAP_PX - width, area.bottom() - GAP_PX - height
        self.raise_()
        self.setGeometry(QRect(left, max(area.top(), top), width, height))


def _mixed(base: QColor, accent: QColor, share: float) -> QColor:
    """``share`` of the accent in the base; keeps the contrast of the text for any palette."""
    rest = 1 - share
    return QColor.fromRgbF(
        base.redF() * rest + accent.redF() * share,
        base.greenF() * rest + accent.greenF() * share,
        base.blueF() * rest + accent.blueF() * share,
    )
