"""A toy program on which the driver proves itself: a button, a field, a list, a menu and a place that takes dropped files."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QMainWindow, QMenu, QPushButton, QVBoxLayout, QWidget


class Toy(QMainWindow):
    """Everything that happens is told in the label."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Toy")
        self.setAcceptDrops(True)
        self.told = QLabel("nothing yet", self)
        field, button, rows = QLineEdit(), QPushButton("Press me"), QListWidget()
        field.setAccessibleName("Name")
        rows.addItems(["first row", "second row"])
        rows.itemDoubleClicked.connect(lambda item: self.told.setText(f"opened {item.text()}"))
        button.clicked.connect(lambda: self.told.setText(f"pressed with {field.text()}"))
        self.menuBar().addMenu("Machine").addAction("Start").triggered.connect(lambda: self.told.setText("started"))
        rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows.customContextMenuRequested.connect(lambda place: self._make_menu().popup(rows.mapToGlobal(place)))
        middle = QWidget()
        self.setCentralWidget(middle)
        layout = QVBoxLayout(middle)
        for part in (field, button, rows, self.told):
            layout.addWidget(part)

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("Pause").triggered.connect(lambda: self.told.setText("paused"))
        menu.addMenu("Power").addAction("Force off").triggered.connect(lambda: self.told.setText("forced off"))
        return menu

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Files are welcome."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Says what came."""
        self.told.setText("dropped " + " ".join(url.fileName() for url in event.mimeData().urls()))
        event.acceptProposedAction()


if __name__ == "__main__":
    application = QApplication(sys.argv)
    toy = Toy()
    toy.resize(400, 400)
    toy.show()
    sys.exit(application.exec())
