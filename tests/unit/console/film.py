"""Looks into films with other programs' eyes: GStreamer's decoder for videos, Qt's reader for nothing: an own one for clips."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy


class Frame(NamedTuple):
    """When it is shown, and its pixels: rows of red, green, blue."""

    at_s: float
    pixels: Any


def decode_webm(path: Path) -> list[Frame]:
    """All frames, by GStreamer."""
    from app.console.video.pipeline import load

    gst = load()
    pipeline = gst.parse_launch(
        "filesrc name=file ! matroskademux ! vp8dec ! videoconvert ! video/x-raw,format=RGB ! appsink name=sink sync=false")  # fmt: skip
    pipeline.get_by_name("file").set_property("location", str(path))
    sink = pipeline.get_by_name("sink")
    pipeline.set_state(gst.State.PLAYING)
    frames = []
    try:
        while (sample := sink.emit("try-pull-sample", 5 * gst.SECOND)) is not None:
            frames.append(Frame(sample.get_buffer().pts / 1e9, _pixels(gst, sample)))
    finally:
        pipeline.set_state(gst.State.NULL)
    return frames


def _pixels(gst: Any, sample: Any) -> Any:
    shape = sample.get_caps().get_structure(0)
    width, height = shape.get_value("width"), shape.get_value("height")
    data = sample.get_buffer().extract_dup(0, sample.get_buffer().get_size())
    stride = len(data) // height
    rows = numpy.frombuffer(data, numpy.uint8).reshape(height, stride)
    return rows[:, : width * 3].reshape(height, width, 3)


def decode_apng(path: Path) -> list[tuple[float, Any]]:
    """(seconds it is shown, whole picture) of each frame of an animated PNG with unfiltered RGB rows."""
    data, at = path.read_bytes(), 8
    frames: list[tuple[float, Any]] = []
    canvas, control, count = None, (0,) * 7, 0
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack_from(">I", data, at + 8 + length)[0]
        at += length + 12
        if kind == b"IHDR":
            width, height = struct.unpack_from(">II", body)
            canvas = numpy.zeros((height, width, 3), numpy.uint8)
        elif kind == b"acTL":
            count = struct.unpack_from(">I", body)[0]
        elif kind == b"fcTL":
            control = struct.unpack_from(">IIIIIHH", body)
        elif kind in (b"IDAT", b"fdAT"):
            _number, w, h, x, y, num, den = control
            rows = numpy.frombuffer(zlib.decompress(body[4:] if kind == b"fdAT" else body), numpy.uint8).reshape(h, 1 + w * 3)
            assert canvas is not None and not rows[:, 0].any()
            canvas[y : y + h, x : x + w] = rows[:, 1:].reshape(h, w, 3)
            frames.append((num / den, canvas.copy()))
    assert len(frames) == count
    return frames
