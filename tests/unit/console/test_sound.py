"""What is said when a guest's sound cannot be played; the playing itself is heard in the lab."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator

import pytest

from app.console.sound import engine, player, recorder
from app.errors import Failed, HostelryError, Unsupported

Told = queue.Queue[HostelryError]


@pytest.fixture
def fresh() -> Iterator[None]:
    """GStreamer is looked at anew."""
    engine.gstreamer.cache_clear()
    yield
    engine.gstreamer.cache_clear()


def at_once(call: Callable[[], None]) -> None:
    call()


def test_a_missing_plugin_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    monkeypatch.setattr(engine, "PLUGINS", (*engine.PLUGINS, "nosuchplugin"))
    told = Told()
    sound = player.Player(48_000, 2, at_once, told.put)
    error = told.get(timeout=30)
    sound.feed(bytes(400))
    sound.close()
    assert isinstance(error, Unsupported)
    assert "gstreamer1.0-plugins-good" in error.next_step and ("nosuchplugin" in error.raw or "Gst" in error.raw)


def test_a_sound_service_that_cannot_be_used_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gi", reason="GObject for Python is not installed")
    monkeypatch.setattr(player, "SINK", "nosuchsink")
    monkeypatch.setattr(recorder, "SOURCE", "nosuchsource")
    told = Told()
    sound = player.Player(48_000, 2, at_once, told.put)
    first = told.get(timeout=30)
    microphone = recorder.Recorder(48_000, 2, at_once, lambda _piece: None, told.put)
    second = told.get(timeout=30)
    sound.close()
    microphone.close()
    assert isinstance(first, Failed | Unsupported) and first.next_step
    assert isinstance(second, Failed | Unsupported) and second.next_step
    assert told.empty()
