"""GStreamer's part of a recording: pictures in, a WebM file (VP8) out.

VP8 in WebM is free, is in the good plug-ins that every distribution has, plays in every browser, and needs nothing at its end:
a file that was cut off by a crash plays up to there.  PyAV would do as well, but brings 100 MB of codecs that the sound
of SPICE does not use.
"""

from __future__ import annotations

import importlib
import threading
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.errors import Denied, Failed, HostelryError, NoSpace, Unsupported
from app.i18n import _

PARTS = ("appsrc", "videoconvert", "videoscale", "vp8enc", "webmmux", "filesink")
QUEUE_FRAMES = 3
BITS_PER_PIXEL = 2.0
"""Of bandwidth a second for each pixel of the picture: 4 Mbit/s for full HD."""
END_S = 20.0

_LOADING = threading.Lock()


@lru_cache(maxsize=1)
def load() -> Any:
    """The namespace ``Gst``.  On a thread: at its first start GStreamer looks through all plug-ins, for seconds.

    Raises Unsupported with what has to be installed.
    """
    with _LOADING, warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)
        try:
            gi = importlib.import_module("gi")
            gi.require_version("Gst", "1.0")
            gst = importlib.import_module("gi.repository.Gst")
        except (ImportError, ValueError) as error:
            raise _missing(str(error)) from error
        if not gst.init_check(None)[0]:
            raise _missing("gst_init")
    lacking = [name for name in PARTS if gst.ElementFactory.find(name) is None]
    if lacking:
        raise _missing(", ".join(lacking))
    return gst


def _missing(detail: str) -> Unsupported:
    return Unsupported(
        _("The screen cannot be recorded."),
        why=_("GStreamer, or its plug-ins for VP8 video, are not installed."),
        next_step=_(
            "Install gir1.2-gstreamer-1.0, gstreamer1.0-plugins-base and gstreamer1.0-plugins-good (Fedora:"
            " gstreamer1-plugins-good; Arch: gst-plugins-good), then try again."
        ),
        raw=detail,
    )


class Pipeline:
    """One file.  All calls on one thread, not the event loop's.  Pictures of another size are fitted into the first's."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        self._gst, self._path = load(), path
        # Half the colours of a pixel pair are shared, so the sides are even.
        self._width, self._height = width + width % 2, height + height % 2
        self._size = (0, 0)
        self._pipeline = self._gst.parse_launch(self._description())
        self._source = self._pipeline.get_by_name("source")
        self._pipeline.get_by_name("file").set_property("location", str(path))
        self._bus = self._pipeline.get_bus()
        self._pipeline.set_state(self._gst.State.PLAYING)

    def _description(self) -> str:
        rate = int(max(500_000, self._width * self._height * BITS_PER_PIXEL))
        return (
            "appsrc name=source format=time is-live=false block=false max-bytes=0"
            " ! videoconvert ! videoscale add-borders=true"
            f" ! video/x-raw,format=I420,width={self._width},height={self._height},pixel-aspect-ratio=1/1"
            " ! queue max-size-buffers=2 max-size-bytes=0 max-size-time=0"
            f" ! vp8enc deadline=1 cpu-used=12 threads=2 end-usage=vbr target-bitrate={rate} max-quantizer=40"
            " keyframe-max-dist=150 ! webmmux min-cluster-duration=0 max-cluster-duration=2000000000"
            " ! filesink name=file buffer-mode=unbuffered"
        )

    @property
    def busy(self) -> bool:
        """True while pictures wait to be encoded: a further one would only fill memory."""
        width, height = self._size
        return bool(self._source.get_property("current-level-bytes") > QUEUE_FRAMES * width * height * 4)

    def push(self, pixels: bytes, width: int, height: int, at_ns: int) -> None:
        """A picture (0xXXRRGGBB, rows without gaps) that is shown from ``at_ns`` on."""
        if (width, height) != self._size:
            self._size = (width, height)
            caps = f"video/x-raw,format=BGRx,width={width},height={height},framerate=0/1,pixel-aspect-ratio=1/1"
            self._source.set_property("caps", self._gst.Caps.from_string(caps))
        buffer = self._gst.Buffer.new_wrapped(pixels)
        buffer.pts = at_ns
        self._source.emit("push-buffer", buffer)

    def check(self) -> None:
        """Raises what has gone wrong since the last call."""
        message = self._bus.pop_filtered(self._gst.MessageType.ERROR)
        if message is not None:
            raise self._problem(message)

    def end(self) -> None:
        """Writes what waits and closes the file.  Raises what goes wrong."""
        self._source.emit("end-of-stream")
        kinds = self._gst.MessageType.EOS | self._gst.MessageType.ERROR
        message = self._bus.timed_pop_filtered(int(END_S * 1e9), kinds)
        if message is None:
            raise failed("no end of stream")
        if message.type == self._gst.MessageType.ERROR:
            raise self._problem(message)

    def close(self) -> None:
        """Lets go of everything; to be called in any case."""
        self._pipeline.set_state(self._gst.State.NULL)

    def _problem(self, message: Any) -> HostelryError:
        error, detail = message.parse_error()
        raw = f"{error.message}\n{detail or ''}"
        domain, resource = self._gst.ResourceError, self._gst.ResourceError
        if error.matches(domain.quark(), resource.NO_SPACE_LEFT) or "No space left" in raw:
            return NoSpace(
                _("The recording has stopped: the disk is full."),
                next_step=_("What was recorded until then is in the file. Make room, or record to another disk."), raw=raw,
            )  # fmt: skip
        if error.matches(domain.quark(), resource.OPEN_WRITE):
            return Denied(
                _("The recording cannot be written as {path}.").format(path=self._path),
                next_step=_("Choose another folder."), raw=raw,
            )  # fmt: skip
        return failed(raw)


def failed(raw: str) -> Failed:
    """A recording that ended for a reason which only ``raw`` tells."""
    return Failed(
        _("The recording has stopped."), why=_("The video encoder or the file failed."),
        next_step=_("What was recorded until then is in the file. Look at the details, then try again."), raw=raw,
    )  # fmt: skip
