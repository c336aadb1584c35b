"""A line for a host's name that suggests those which the user's ssh knows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from app.i18n import _
from app.ssh.config import KnownHost
from ui.icons import icon


class HostEdit(QLineEdit):
    """Names come up as one types, and all of them by the arrow or Alt+Down; any other name can be typed."""

    def __init__(self, known: Sequence[KnownHost] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = {host.name: host for host in known}
        self._names = QCompleter(self._model(known), self)
        self._names.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._names.setFilterMode(Qt.MatchFlag.MatchContains)
        self._all = QAction(icon("go-down"), _("Hosts of your SSH configuration"), self)
        self._all.setShortcut("Alt+Down")
        self._all.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._all.triggered.connect(self.show_all)
        self.addAction(self._all, QLineEdit.ActionPosition.TrailingPosition)
        self.suggest(False)

    def suggest(self, on: bool) -> None:
        """Only where the name is for ssh."""
        on = on and bool(self._known)
        self.setCompleter(self._names if on else None)  # type: ignore[arg-type]
        self._all.setVisible(on)

    def known(self) -> KnownHost | None:
        """What ssh's configuration says of the name that is typed."""
        return self._known.get(self.text().strip())

    def show_all(self) -> None:
        """The whole list."""
        self._names.setCompletionPrefix("")
        self._names.complete()

    def _model(self, known: Sequence[KnownHost]) -> QStandardItemModel:
        model = QStandardItemModel(self)
        for host in known:
            item = QStandardItem(host.name)
            item.setToolTip(_describe(host))
            model.appendRow(item)
        return model


def _describe(host: KnownHost) -> str:
    name = host.host_name or host.name
    where = f"{host.user}@{name}" if host.user else name
    return f"{where}:{host.port}" if host.port else where
