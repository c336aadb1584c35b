"""Records a guest's screen on a thread of its own: a picture whenever it changed, with its time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.console.framebuffer import Framebuffer
from app.console.video.pipeline import Pipeline, failed
from app.errors import HostelryError

FRAME_S = 1 / 30
"""At most so many pictures a second."""

STILL_S = 2.0
"""A picture that stays is written again so often: what a crash leaves ends near the crash, and seeking stays quick."""

_log = logging.getLogger(__name__)

Source = Callable[[], Framebuffer | None]
"""Gives the screen as it is now; called on the recorder's thread."""


class Recorder:
    """From ``start`` until ``stop`` or an error; then ``finished(error or None)`` is called on the recorder's thread.

    The first picture decides the size of the film; later ones of another size are fitted into it.
    """

    def __init__(self, path: Path, source: Source, finished: Callable[[HostelryError | None], None]) -> None:
        self.path = path
        self._source, self._finished = source, finished
        self._changed, self._stopping = threading.Event(), threading.Event()
        self._began_s = time.monotonic()
        self._last_ns = -1
        self.frames = 0
        # Not a daemon: at the end of the program the file is still closed as it should be.
        self.thread = threading.Thread(target=self._run_on_thread, name="recorder")

    def start(self) -> None:
        """Begins with the picture of now."""
        self._began_s = time.monotonic()
        self._changed.set()
        self.thread.start()

    def touch(self) -> None:
        """Any thread: the screen has changed."""
        self._changed.set()

    def stop(self) -> None:
        """Any thread, at once: the film ends now."""
        self._stopping.set()
        self._changed.set()

    @property
    def elapsed_s(self) -> float:
        """How long the film is so far."""
        return time.monotonic() - self._began_s

    @property
    def size_bytes(self) -> int:
        """How large the file is so far."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def _run_on_thread(self) -> None:
        problem: HostelryError | None = None
        try:
            self._record()
        except HostelryError as error:
            problem = error
        except Exception as error:  # noqa: BLE001 - GStreamer's own (GLib.Error), or no memory: its end must be heard of
            _log.exception("recording %s", self.path)
            problem = failed(str(error))
        self._finished(problem)

    def _record(self) -> None:
        first = self._wait_for_screen()
        if first is None:
            return
        pipeline = Pipeline(self.path, first.width, first.height)
        try:
            while not self._stopping.is_set():
                self._changed.clear()
                if pipeline.busy:
                    self._changed.set()  # once more, when the encoder has caught up
                else:
                    self._push(pipeline)
                pipeline.check()
                self._stopping.wait(FRAME_S)
                self._changed.wait(STILL_S)
            self._push(pipeline)  # so that the film is as long as it was recorded
            pipeline.end()
        finally:
            pipeline.close()

    def _wait_for_screen(self) -> Framebuffer | None:
        while not self._stopping.is_set():
            screen = self._source()
            if screen is not None:
                return screen
            self._stopping.wait(FRAME_S)
        return None

    def _push(self, pipeline: Pipeline) -> None:
        screen = self._source()
        if screen is None:  # between two connections: the last picture stays
            return
        self._last_ns = max(int(self.elapsed_s * 1e9), self._last_ns + 1_000_000)
        pipeline.push(packed(screen), screen.width, screen.height, self._last_ns)
        self.frames += 1


def packed(screen: Framebuffer) -> bytes:
    """A copy of the pixels, rows without gaps."""
    row = screen.width * 4
    view = memoryview(screen.pixels)
    if screen.stride == row:
        return bytes(view[: row * screen.height])
    return b"".join(view[at * screen.stride : at * screen.stride + row] for at in range(screen.height))
