"""Run as a program with QT_SCALE_FACTOR set: a screen at 1:1, between other widgets and scrolled, pixel by pixel.

Prints "exact" if each guest pixel is one device pixel of the right colour, else what was seen.
"""

from __future__ import annotations

import sys

import numpy
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.console.framebuffer import Framebuffer
from ui.console.display_widget import DisplayWidget
from ui.console.geometry import ScaleMode

SIDE = (151, 103)


def noise() -> Framebuffer:
    """Every pixel differs from its neighbours, so that any blending shows."""
    pixels = numpy.random.default_rng(7).integers(0, 256, (SIDE[1], SIDE[0], 4), dtype=numpy.uint8)
    pixels[..., 3] = 255
    return Framebuffer(*SIDE, pixels=bytearray(pixels.tobytes()))


def seen(window: QWidget) -> numpy.ndarray:
    """What is painted, device pixels, colours alone."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return numpy.frombuffer(image.constBits(), numpy.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)[..., :3].copy()


def look_for(part: numpy.ndarray, whole: numpy.ndarray) -> bool:
    """True if ``part`` is somewhere in ``whole``."""
    height, width = part.shape[:2]
    for y, x in numpy.argwhere((whole[: -height + 1 or None, : -width + 1 or None] == part[0, 0]).all(axis=2)):
        if (whole[y : y + height, x : x + width] == part).all():
            return True
    return False


def main() -> int:
    """See the module's text."""
    app = QApplication(sys.argv)
    window, display, scroll = QWidget(), DisplayWidget(), QScrollArea()
    scroll.setWidget(display)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    row = QHBoxLayout()
    row.addWidget(QLabel("one"))
    row.addWidget(scroll, 1)
    column = QVBoxLayout(window)
    column.setContentsMargins(3, 1, 5, 7)
    column.addWidget(QLabel("two"))
    column.addLayout(row, 1)
    screen = noise()
    display.picture.show(screen)
    display.set_live(True)
    display.set_mode(ScaleMode.ONE_TO_ONE)
    picture = numpy.frombuffer(screen.pixels, numpy.uint8).reshape(SIDE[1], SIDE[0], 4)[..., :3]
    troubles = []
    for width, height, scrolled in ((250, 180, 0), (251, 179, 0), (120, 90, 13), (119, 91, 7)):
        window.resize(width, height)
        window.show()
        app.processEvents()
        for bar in (scroll.horizontalScrollBar(), scroll.verticalScrollBar()):
            bar.setValue(scrolled)
        app.processEvents()
        part = picture if not scrolled else picture[40:60, 40:60]
        if not look_for(part, seen(window)):
            troubles.append(f"{width}x{height}+{scrolled}")
    window.hide()
    print(troubles or "exact")
    return 0


if __name__ == "__main__":
    sys.exit(main())
