"""This desktop's microphone for a guest that records."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from app.console.client import Wake
from app.console.sound import engine
from app.errors import HostelryError

SOURCE = "autoaudiosrc"
"""GStreamer's name of where sound comes from."""

WAIT_NS = 200_000_000


class Recorder:
    """Gives ``take`` pieces of 16-bit samples, little-endian, interleaved, on the loop; ends by ``close``."""

    def __init__(
        self, rate: int, channels: int, wake: Wake, take: Callable[[bytes], None], failed: Callable[[HostelryError], None]
    ) -> None:
        self._wake, self._take, self._failed = wake, take, failed
        self._closed = threading.Event()
        threading.Thread(target=self._run, args=(rate, channels), name="microphone", daemon=True).start()

    def close(self) -> None:
        """The microphone is let go of in a moment; nothing more is given."""
        self._closed.set()

    def _run(self, rate: int, channels: int) -> None:
        """On its own thread."""
        try:
            gst = engine.gstreamer()
            caps = f"audio/x-raw,format=S16LE,layout=interleaved,rate={rate:d},channels={channels:d}"
            pipe = gst.parse_launch(
                f"{SOURCE} ! queue ! audioconvert ! audioresample"
                f' ! appsink name=sink sync=false max-buffers=20 drop=true caps="{caps}"'
            )
            pipe.set_state(gst.State.PLAYING)
        except HostelryError as error:
            self._tell(error)
        except Exception as error:  # noqa: BLE001 - GLib.Error, whose class is known only once the library is there
            self._tell(engine.broken(str(error)))
        else:
            try:
                self._pull(gst, pipe)
            finally:
                pipe.set_state(gst.State.NULL)

    def _pull(self, gst: Any, pipe: Any) -> None:
        sink, bus = pipe.get_by_name("sink"), pipe.get_bus()
        while not self._closed.is_set():
            sample = sink.emit("try-pull-sample", WAIT_NS)
            if sample is not None:
                buffer = sample.get_buffer()
                piece = buffer.extract_dup(0, buffer.get_size())
                self._wake(lambda piece=piece: self._give(piece))  # type: ignore[misc]
            elif error := engine.problem(gst, bus):
                self._tell(error)
                return

    def _give(self, piece: bytes) -> None:
        if not self._closed.is_set():
            self._take(piece)

    def _tell(self, error: HostelryError) -> None:
        if not self._closed.is_set():
            self._wake(lambda: self._failed(error))
