"""The window goes to a display that answers; without one, to VNC on 127.0.0.1 alone."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from prepare import display
from prepare.terminal import Stop


def nobody(_path: str) -> bool:
    return False


def everybody(_path: str) -> bool:
    return True


def test_a_wayland_session_is_used_as_it_is() -> None:
    choice = display.choose(None, {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/run/user/1000"}, everybody)
    assert choice.settings == {}
    assert choice.listener is None


def test_an_x_session_is_used_as_it_is() -> None:
    assert display.choose(None, {"DISPLAY": ":0"}, everybody).settings == {}
    assert display.choose(None, {"DISPLAY": "localhost:10.0"}, nobody).settings == {}


def test_a_platform_that_was_chosen_by_hand_is_kept() -> None:
    assert display.choose(None, {"QT_QPA_PLATFORM": "offscreen"}, nobody).settings == {}


@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":77"}, {"WAYLAND_DISPLAY": "wayland-9"}])
def test_without_a_display_the_window_is_served_on_loopback(environment: dict[str, str]) -> None:
    choice = display.choose(None, environment, nobody)
    assert choice.listener is not None
    with choice.listener as listener:
        address, port = listener.getsockname()
        assert address == "127.0.0.1"
        assert choice.settings["QT_QPA_PLATFORM"].startswith("vnc:size=")
        assert choice.settings[display.FD_VARIABLE] == str(listener.fileno())
        assert listener.get_inheritable()
        said = "\n".join(choice.notes)
        assert f"127.0.0.1::{port}" in said
        assert f"ssh -L {port}:127.0.0.1:{port}" in said
        assert "--display" in said


def test_a_display_that_does_not_answer_is_named() -> None:
    choice = display.choose(None, {"DISPLAY": ":77"}, nobody)
    assert choice.listener is not None
    choice.listener.close()
    assert "“:77” does not answer" in choice.notes[0]


def test_display_by_name() -> None:
    assert display.by_name(":3").settings == {"DISPLAY": ":3", "QT_QPA_PLATFORM": "xcb"}
    assert display.by_name("wayland-1").settings["WAYLAND_DISPLAY"] == "wayland-1"
    assert display.by_name("offscreen").settings == {"QT_QPA_PLATFORM": "offscreen"}
    with pytest.raises(Stop, match="no display"):
        display.by_name("curtain")


def test_a_port_can_be_asked_for_and_a_taken_one_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Stop, match="is taken"):
            display.by_name(f"vnc:{taken.getsockname()[1]}")


def test_two_programs_get_two_ports() -> None:
    with display.listen(None) as one, display.listen(None) as two:
        assert one.getsockname() != two.getsockname()


def test_a_real_socket_is_probed(tmp_path: Path) -> None:
    path = tmp_path / "X5"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        assert not display.unix_answers(str(path))
        server.listen()
        assert display.unix_answers(str(path))
