"""The medium at the top of the page: what it is, and how to choose another."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import _
from app.install.media import Medium, MediumKind
from app.install.sizes import format_size
from ui.dialogs.dialog_parts import breakable
from ui.icons import icon
from ui.plain import tip as plain_tip
from ui.wizard.row import Hint

_ICONS = {MediumKind.ISO: "media-optical", MediumKind.DISK: "drive-harddisk", MediumKind.UNKNOWN: "dialog-warning"}


class MediumCard(QFrame):
    """Takes drops too.  chosen: a path; address: a URL; cleared: no medium; browse: the user wants a file dialog.

    ``column``: where the chooser of sources is put, below the medium.
    """

    chosen = Signal(str)
    address = Signal(str)
    cleared = Signal()
    browse = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAcceptDrops(True)
        self._icon_name = "media-optical"
        self._picture = QLabel()
        self.title = QLabel()
        self._detail = QLabel()
        self.hint = Hint()
        self.button = QPushButton(icon("document-open"), _("C&hoose file…"))
        self.recent = QToolButton()
        self._menu = QMenu(self)
        self._arrange()
        self.show_nothing()

    def _arrange(self) -> None:
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        for label in (self.title, self._detail):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.recent.setText(_("&Recent"))
        self.recent.setIcon(icon("document-open-recent"))
        self.recent.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.recent.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.recent.setMenu(self._menu)
        self.recent.setToolTip(_("Media that were used lately, and a machine without a medium"))
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.browse)
        texts = QVBoxLayout()
        for widget in (self.title, self._detail, self.hint):
            texts.addWidget(widget)
        buttons = QVBoxLayout()
        buttons.addWidget(self.button)
        buttons.addWidget(self.recent)
        self.recent.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout()
        row.setSpacing(self.fontMetrics().height() // 2)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addLayout(buttons)
        self.column = QVBoxLayout(self)
        self.column.addLayout(row)

    def set_recent(self, paths: list[str]) -> None:
        """Fills the menu of recent media."""
        self._menu.clear()
        for path in paths:
            action = self._menu.addAction(icon("media-optical"), Path(path).name.replace("&", "&&"))
            action.setToolTip(plain_tip(path))
            action.triggered.connect(lambda _checked=False, path=path: self.chosen.emit(path))
        if paths:
            self._menu.addSeparator()
        self._menu.setToolTipsVisible(True)
        self._menu.addAction(icon("computer-new"), _("No medium")).triggered.connect(self.cleared)

    def show_nothing(self) -> None:
        """No medium is chosen."""
        self._show("computer", _("No medium"), _("Drop an ISO file, a disk image or an address here, or choose below."))
        self.hint.say("")

    def show_kind(self, icon_name: str, title: str, detail: str) -> None:
        """A source that is no file of this computer, or a file that is still to be chosen."""
        self._show(icon_name, title, detail)
        self.setToolTip("")
        self.hint.say("")

    def show_looking(self, path: str) -> None:
        """The file is being examined."""
        self._show("media-optical", Path(path).name, _("Looking at the medium…"))
        self.hint.say("")

    def show_problem(self, path: str, text: str) -> None:
        """The file is no medium."""
        self._show("dialog-warning", Path(path).name, str(Path(path).parent))
        self.hint.say(text, "dialog-error")

    def show_medium(self, medium: Medium) -> None:
        """What the file was recognised as."""
        size = format_size(medium.virtual_size or medium.size)
        kind = _("disk image ({format})").format(format=medium.format) if medium.kind is MediumKind.DISK else _("ISO")
        self._show(_ICONS[medium.kind], medium.title, f"{Path(medium.path).name} · {kind} · {size}")
        self.setToolTip(plain_tip(medium.path))
        self.hint.say(medium.warning, "dialog-warning" if medium.warning else "")

    def _show(self, icon_name: str, title: str, detail: str) -> None:
        self._icon_name = icon_name
        self.title.setText(breakable(title))
        self._detail.setText(breakable(detail))
        self.setAccessibleName(_("Medium: {title}").format(title=title))
        self.setAccessibleDescription(detail)
        self._draw()

    def _draw(self) -> None:
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_LargeIconSize) * 3 // 2
        self._picture.setPixmap(icon(self._icon_name).pixmap(QSize(side, side), self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        """Our own pictures follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes a local file, or an address."""
        if dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """The first file or address is the source."""
        text = dropped(event.mimeData())
        if text:
            event.acceptProposedAction()
            (self.address if "://" in text else self.chosen).emit(text)


def dropped(data: QMimeData) -> str:
    """The path of the first local file, else the first address (http, https, ftp), else ""."""
    urls = data.urls() or [QUrl(line.strip()) for line in data.text().splitlines()[:1]]
    local = next((url.toLocalFile() for url in urls if url.isLocalFile()), "")
    return local or next((url.toString() for url in urls if url.scheme() in ("http", "https", "ftp") and url.host()), "")
