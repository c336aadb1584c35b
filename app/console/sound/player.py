"""Plays what a guest plays."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app.console.client import Wake
from app.console.sound import engine
from app.errors import HostelryError

SINK = "autoaudiosink"
"""GStreamer's name of where sound goes."""

LATE_NS = 300_000_000
"""Sound that waits longer than this is dropped, so that it stays with the picture."""

LOOK_EVERY = 50
"""Pieces of sound between two looks for complaints: half a second."""


class Player:
    """One stream: 16-bit samples, little-endian, interleaved.  The sound service is opened and closed on a thread of its own.

    failed: told once on the loop when it cannot be heard; the stream is then silent.
    """

    def __init__(self, rate: int, channels: int, wake: Wake, failed: Callable[[HostelryError], None]) -> None:
        self._wake, self._failed = wake, failed
        self._told = self._closed = False
        self._pipe: Any = None
        self._source: Any = None
        self._level = (1.0, False)
        self._fed = 0
        self._thread = ThreadPoolExecutor(1, "sound")
        self._thread.submit(self._open_on_thread, rate, channels)

    def feed(self, samples: bytes) -> None:
        """Plays this after what was given before; nothing while the service is being opened."""
        if self._source is None or self._closed:
            return
        self._source.emit("push-buffer", engine.gstreamer().Buffer.new_wrapped(samples))
        self._fed += 1
        if self._fed % LOOK_EVERY == 0:
            self._look()

    def set_level(self, volume: float, muted: bool) -> None:
        """The guest's own volume, 0.0 to 1.0."""
        self._level = (min(max(volume, 0.0), 1.0), muted)
        if self._pipe is not None:
            self._apply_level(self._pipe)

    def latency_ms(self) -> int:
        """How long a sample takes to be heard; 0 if not known."""
        if self._pipe is None:
            return 0
        query = engine.gstreamer().Query.new_latency()
        if not self._pipe.query(query):
            return 0
        _live, least, _most = query.parse_latency()
        return int(least // 1_000_000)

    def close(self) -> None:
        """Ends it; does not wait."""
        if not self._closed:
            self._closed = True
            self._thread.submit(self._close_on_thread)
            self._thread.shutdown(wait=False)

    def _open_on_thread(self, rate: int, channels: int) -> None:
        try:
            gst = engine.gstreamer()
            caps = f"audio/x-raw,format=S16LE,layout=interleaved,rate={rate:d},channels={channels:d}"
            pipe = gst.parse_launch(
                f'appsrc name=source is-live=true format=time caps="{caps}" ! queue leaky=downstream max-size-time={LATE_NS}'
                f" ! audioconvert ! volume name=level ! audioresample ! {SINK}"
            )
            pipe.set_state(gst.State.PLAYING)
        except HostelryError as error:
            self._tell(error)
        except Exception as error:  # noqa: BLE001 - GLib.Error, whose class is known only once the library is there
            self._tell(engine.broken(str(error)))
        else:
            self._apply_level(pipe)
            self._pipe, self._source = pipe, pipe.get_by_name("source")

    def _close_on_thread(self) -> None:
        pipe, self._pipe, self._source = self._pipe, None, None
        if pipe is not None:
            pipe.set_state(engine.gstreamer().State.NULL)

    def _apply_level(self, pipe: Any) -> None:
        volume, muted = self._level
        level = pipe.get_by_name("level")
        level.set_property("volume", volume)
        level.set_property("mute", muted)

    def _look(self) -> None:
        error = engine.problem(engine.gstreamer(), self._pipe.get_bus()) if self._pipe is not None else None
        if error is not None:
            self._tell(error)

    def _tell(self, error: HostelryError) -> None:
        """Any thread."""
        if not self._told and not self._closed:
            self._told = True
            self._wake(lambda: self._failed(error))
