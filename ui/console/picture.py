"""Paints a framebuffer: a QImage over its memory, only what changed, exact to the device pixel."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from app.console.framebuffer import Framebuffer, Rect
from ui.console.geometry import Placement, ScaleMode, place


class Picture:
    """One framebuffer in one widget.  Everything on the event loop's thread."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self.framebuffer: Framebuffer | None = None
        self._image: QImage | None = None
        self.mode = ScaleMode.FIT
        self.zoom = 1.0
        self.make_opaque = QGuiApplication.platformName().startswith("wayland")
        """Windows have an alpha channel there, into which Qt copies the pixels' unused byte, which most servers leave 0."""
        self.smooth = True

    def show(self, framebuffer: Framebuffer | None) -> None:
        """The image lies over the framebuffer's own memory: nothing is copied."""
        self.framebuffer = framebuffer
        self._image = None
        if framebuffer is not None:
            self._image = QImage(
                framebuffer.pixels, framebuffer.width, framebuffer.height, framebuffer.stride, QImage.Format.Format_RGB32
            )

    @property
    def ratio(self) -> float:
        """Device pixels per Qt pixel."""
        return self._widget.devicePixelRatioF()

    def placement(self) -> Placement | None:
        """Where the picture lies; None without one."""
        if self.framebuffer is None:
            return None
        width, height = self.device_size()
        return place(self.framebuffer.width, self.framebuffer.height, width, height, self.mode, zoom=self.zoom)

    def size_hint(self) -> tuple[int, int]:
        """Qt pixels that hold the picture at its own size, or as large as the user wants it."""
        assert self.framebuffer is not None  # noqa: S101 - the caller checked
        factor = self.zoom if self.mode is ScaleMode.ZOOM else 1.0
        # Where a Qt pixel is no whole number of device pixels, the corner may lie within a device pixel: one more.
        spare = 0 if self.ratio == int(self.ratio) else 1
        wanted = (round(side * factor) for side in (self.framebuffer.width, self.framebuffer.height))
        width, height = (math.ceil(side / self.ratio) + spare for side in wanted)
        return width, height

    def device_size(self) -> tuple[int, int]:
        """The widget's size in whole device pixels."""
        return max(1, int(self._widget.width() * self.ratio)), max(1, int(self._widget.height() * self.ratio))

    def to_guest(self, position: QPointF) -> tuple[int, int] | None:
        """The guest pixel under a position of the widget."""
        placement = self.placement()
        if placement is None:
            return None
        phase = self._phase()
        return placement.to_guest(position.x() * self.ratio - phase.x(), position.y() * self.ratio - phase.y())

    def region(self, rects: list[Rect]) -> QRegion:
        """The part of the widget that shows these guest rectangles, in Qt pixels, rounded outwards."""
        placement, region, ratio, phase = self.placement(), QRegion(), self.ratio, self._phase()
        if placement is None:
            return region
        for rect in map(placement.to_device, rects):
            left, top = math.floor((rect.x + phase.x()) / ratio), math.floor((rect.y + phase.y()) / ratio)
            right, bottom = math.ceil((rect.x + rect.w + phase.x()) / ratio), math.ceil((rect.y + rect.h + phase.y()) / ratio)
            region += QRect(left, top, right - left, bottom - top)
        return region

    def paint(self, painter: QPainter, region: QRegion, border: QColor) -> None:
        """Paints what lies in ``region``."""
        placement = self.placement()
        if placement is None or self._image is None:
            painter.fillRect(region.boundingRect(), border)
            return
        ratio = self.ratio
        if ratio != 1:
            painter.save()
            painter.translate(self._phase() / ratio)
            painter.scale(1 / ratio, 1 / ratio)
        if ratio != 1 or (placement.x, placement.y, placement.w, placement.h) != (0, 0, *self.device_size()):
            self._paint_border(painter, region, placement, border)
        if placement.exact:
            self._paint_exact(painter, region, placement)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.smooth and self.mode is not ScaleMode.INTEGER)
            painter.setClipRegion(self._to_device(region))
            painter.drawImage(QRect(placement.x, placement.y, placement.w, placement.h), self._image)
        if self.make_opaque:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
            painter.fillRect(QRect(placement.x, placement.y, placement.w, placement.h), Qt.GlobalColor.black)
        if ratio != 1:
            painter.restore()

    def grab(self) -> QImage:
        """A copy of the picture at the guest's size."""
        return self._image.convertToFormat(QImage.Format.Format_RGB888) if self._image is not None else QImage()

    def _paint_exact(self, painter: QPainter, region: QRegion, placement: Placement) -> None:
        assert self._image is not None  # noqa: S101 - the caller checked
        whole = QRect(placement.x, placement.y, placement.w, placement.h)
        for rect in _rects(self._to_device(region)):
            part = rect.intersected(whole)
            if not part.isEmpty():
                # Within a rectangle Qt copies rows; within a region it fills spans, with threads that it wakes and awaits.
                painter.setClipRect(part)
                painter.drawImage(part.topLeft(), self._image, part.translated(-whole.topLeft()))
        painter.setClipping(False)

    def _paint_border(self, painter: QPainter, region: QRegion, placement: Placement, border: QColor) -> None:
        outside = self._to_device(region) - QRegion(placement.x, placement.y, placement.w, placement.h)
        for rect in _rects(outside):
            painter.fillRect(rect, border)

    def _to_device(self, region: QRegion) -> QRegion:
        ratio = self.ratio
        if ratio == 1:
            return region
        out = QRegion()
        for rect in _rects(region):
            out += (
                QRectF(rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio)
                .toAlignedRect()
                .adjusted(-1, -1, 1, 1)
            )
        return out

    def _phase(self) -> QPointF:
        """How far the widget's corner lies from a whole device pixel of its window (at 1.25x or 1.5x it may)."""
        ratio = self.ratio
        if ratio == int(ratio):
            return QPointF()
        corner = QPointF(self._widget.mapTo(self._widget.window(), QPointF())) * ratio
        return QPointF(round(corner.x()) - corner.x(), round(corner.y()) - corner.y())


def _rects(region: QRegion) -> Iterable[QRect]:
    """A region is iterable, which PySide's stubs do not say."""
    return cast(Iterable[QRect], region)


def dimmed(painter: QPainter, area: QRect, colour: QColor) -> None:
    """Lays a veil of the palette's colour over a picture that is not live."""
    veil = QColor(colour)
    veil.setAlphaF(0.6)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(area, veil)
