"""The small live graph."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.widgets.plot import Plot


def shown_at(plot: Plot, x: int) -> str:
    # To its window: a widget is reached over the screen, where a window of another test may still stand in front.
    QTest.mouseMove(plot.windowHandle(), QPoint(x, plot.height() // 2))
    return plot._value_under_pointer()


def test_a_wide_graph_looks_further_back(qtbot: QtBot) -> None:
    plot = Plot("CPU", lambda value: f"{value:.0f}", top=1000)
    qtbot.addWidget(plot)
    plot.resize(1800, 90)
    plot.show()
    plot.show_values(range(600))
    assert shown_at(plot, 0) == "0"
    assert shown_at(plot, 1799) == "599"
    plot.resize(180, 90)
    assert shown_at(plot, 0) == "540"
    assert shown_at(plot, 179) == "599"


def test_few_samples_stand_at_the_right(qtbot: QtBot) -> None:
    plot = Plot("CPU", lambda value: f"{value:.0f}", top=100)
    qtbot.addWidget(plot)
    plot.resize(240, 90)
    plot.show()
    plot.show_values([1, 2, 3])
    assert shown_at(plot, 239) == "3"
    assert shown_at(plot, 4) == "1"
