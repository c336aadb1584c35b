"""Recordings and clips, decoded again: colours, times, other sizes, full disks, files cut off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from app.console.framebuffer import Framebuffer, Rect
from app.console.video import pipeline
from app.console.video.clip import Ring, write
from app.console.video.recorder import Recorder, packed
from app.errors import Denied, HostelryError, NoSpace, Unsupported
from tests.unit.console.film import Frame, decode_apng, decode_webm

RED, GREEN, BLUE = b"\0\0\xff\0", b"\0\xff\0\0", b"\xff\0\0\0"
COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "black": (0, 0, 0)}


class Film:
    """A recorder on a screen that the test paints."""

    def __init__(self, path: Path, width: int = 160, height: int = 100) -> None:
        self.screen: Framebuffer | None = Framebuffer(width, height)
        self.ended = threading.Event()
        self.problem: HostelryError | None = None
        self.recorder = Recorder(path, lambda: self.screen, self._finished)

    def _finished(self, problem: HostelryError | None) -> None:
        self.problem = problem
        self.ended.set()

    def paint(self, colour: bytes) -> None:
        """The whole screen, and waits until it is in the film."""
        assert self.screen is not None
        self.screen.pixels[:] = colour * (self.screen.width * self.screen.height)
        before = self.recorder.frames
        self.recorder.touch()
        wait(lambda: self.recorder.frames > before)

    def end(self) -> HostelryError | None:
        self.recorder.stop()
        assert self.ended.wait(20)
        self.recorder.thread.join()
        return self.problem


def wait(true: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.01)


def colour(frame: Frame, x: float = 0.5, y: float = 0.5) -> str:
    """The nearest of four colours at a place of the picture."""
    pixel = frame.pixels[int(frame.pixels.shape[0] * y), int(frame.pixels.shape[1] * x)].astype(int)
    return min(COLOURS, key=lambda name: sum(abs(pixel - COLOURS[name])))


def test_a_film_has_the_colours_in_their_order_and_is_as_long_as_it_was_recorded(tmp_path: Path) -> None:
    film = Film(tmp_path / "film.webm")
    film.recorder.start()
    began = time.monotonic()
    for each in (RED, GREEN, BLUE):
        film.paint(each)
        time.sleep(0.2)
    shown_s = time.monotonic() - began
    assert film.end() is None
    frames = decode_webm(tmp_path / "film.webm")
    seen = [name for at, name in enumerate(map(colour, frames)) if at == 0 or name != colour(frames[at - 1])]
    assert [name for name in seen if name != "black"] == ["red", "green", "blue"]
    assert frames[-1].at_s >= shown_s
    assert all(one.at_s < other.at_s for one, other in pairwise(frames))


def test_another_size_is_fitted_into_the_first_and_no_screen_keeps_the_last_picture(tmp_path: Path) -> None:
    film = Film(tmp_path / "film.webm", 161, 101)
    film.recorder.start()
    film.paint(RED)
    film.screen = None
    film.recorder.touch()
    film.screen = Framebuffer(50, 400, pixels=bytearray(60 * 4 * 400), stride=60 * 4)
    film.screen.pixels[:] = BLUE * (60 * 400)
    before = film.recorder.frames
    film.recorder.touch()
    wait(lambda: film.recorder.frames > before)
    assert film.end() is None
    last = decode_webm(tmp_path / "film.webm")[-1]
    assert last.pixels.shape == (102, 162, 3)
    assert colour(last) == "blue" and colour(last, 0.1) == "black"


def test_a_file_that_was_cut_off_plays_up_to_there(tmp_path: Path) -> None:
    film = Film(tmp_path / "film.webm")
    film.recorder.start()
    for each in (RED, GREEN, BLUE):
        film.paint(each)
    film.paint(RED)
    wait(lambda: film.recorder.size_bytes > 600)
    (tmp_path / "cut.webm").write_bytes((tmp_path / "film.webm").read_bytes())
    film.end()
    assert "red" in {colour(frame) for frame in decode_webm(tmp_path / "cut.webm")}


@pytest.mark.parametrize(("path", "kind"), [("/dev/full", NoSpace), ("/proc/none/film.webm", Denied)])
def test_what_cannot_be_written_says_so(path: str, kind: type[HostelryError]) -> None:
    film = Film(Path(path))
    film.recorder.start()
    assert film.ended.wait(20)
    assert isinstance(film.end(), kind) and film.problem is not None and film.problem.next_step


def test_a_missing_encoder_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "PARTS", ("no-such-encoder",))
    pipeline.load.cache_clear()
    film = Film(tmp_path / "film.webm")
    film.recorder.start()
    assert film.ended.wait(20)
    assert isinstance(film.end(), Unsupported) and film.problem is not None and "gstreamer" in film.problem.next_step
    pipeline.load.cache_clear()


def test_a_film_that_never_saw_a_screen_ends(tmp_path: Path) -> None:
    film = Film(tmp_path / "film.webm")
    film.screen = None
    film.recorder.start()
    assert film.end() is None


def test_rows_with_gaps_are_packed() -> None:
    screen = Framebuffer(2, 2, pixels=bytearray(RED * 3 + BLUE * 3), stride=12)
    assert packed(screen) == RED * 2 + BLUE * 2


# clips


def test_a_clip_is_exact_and_goes_back_only_as_far_as_it_should(tmp_path: Path) -> None:
    screen = Framebuffer(20, 10)
    ring = Ring(lambda: screen, seconds=10.0)
    ring._keep(screen, 100.0)
    for at, (value, area) in enumerate(((RED, Rect(0, 0, 5, 5)), (GREEN, Rect(5, 5, 5, 5)), (BLUE, Rect(19, 9, 1, 1)))):
        for y in range(area.y, area.y + area.h):
            start = (y * 20 + area.x) * 4
            screen.pixels[start : start + area.w * 4] = value * area.w
        ring.touch([area])
        ring._keep(screen, 104.0 + 4 * at)
    kept = ring.taken()
    assert kept is not None and kept[1] == 100.0 and len(kept[2]) == 3
    ring._keep(screen, 115.0)
    kept = ring.taken()
    assert kept is not None and kept[1] == 104.0 and len(kept[2]) == 2
    assert write(tmp_path / "clip.png", *kept, 116.0) == 3
    frames = decode_apng(tmp_path / "clip.png")
    assert [delay for delay, _picture in frames] == [4.0, 4.0, 4.0]
    first, last = frames[0][1], frames[-1][1]
    assert tuple(first[0, 0]) == (255, 0, 0) and tuple(first[7, 7]) == (0, 0, 0)
    assert tuple(last[7, 7]) == (0, 255, 0) and tuple(last[9, 19]) == (0, 0, 255)


def test_a_clip_runs_on_its_own_thread_and_begins_anew_with_another_size(tmp_path: Path) -> None:
    screens = [Framebuffer(20, 10)]
    ring = Ring(lambda: screens[-1])
    ring.start()
    wait(lambda: ring.taken() is not None)
    screens.append(Framebuffer(30, 15))
    ring.touch([Rect(0, 0, 30, 15)])
    wait(lambda: (ring.taken() or [None])[0].shape == (15, 30, 3))  # type: ignore[union-attr]
    ring.stop()
    ring.thread.join(10)
    assert not ring.thread.is_alive()


def test_a_clips_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    import app.console.video.clip as module

    monkeypatch.setattr(module, "MOST_BYTES", 2000)
    screen = Framebuffer(20, 20)
    ring = Ring(lambda: screen)
    ring._keep(screen, 0.0)
    for at in range(40):
        import os

        screen.pixels[:] = os.urandom(1600)
        ring.touch([Rect(0, 0, 20, 20)])
        ring._keep(screen, at * 0.1)
    kept = ring.taken()
    assert kept is not None and sum(len(change.packed) for change in kept[2]) <= 2000 + 1300


@pytest.mark.expects_errors
def test_an_encoder_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline.Pipeline, "_description", lambda _self: "appsrc name=source ! no-such-element")
    film = Film(tmp_path / "film.webm")
    film.recorder.start()
    assert film.ended.wait(20)
    problem = film.end()
    assert problem is not None and problem.next_step and "no-such-element" in problem.raw


def test_where_it_cannot_be_written_is_named() -> None:
    film = Film(Path("/proc/none/film.webm"))
    film.recorder.start()
    assert film.ended.wait(20)
    assert "/proc/none/film.webm" in str(film.end())
