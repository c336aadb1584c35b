"""Where the window is shown: a display that works, or Qt's own VNC server on a loopback address."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from prepare.terminal import Stop

VNC_PORTS = range(5901, 5932)
SIZE = "1280x800"
X11_SOCKETS = Path("/tmp/.X11-unix")
FD_VARIABLE = "HOSTELRY_VNC_FD"
"""The number of an inherited listening socket; ui.served puts it in the place of Qt's, which listens on all addresses."""


@dataclass
class Choice:
    """How the program is started: variables to set, variables to remove, what to tell the person."""

    settings: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    listener: socket.socket | None = None


def unix_answers(path: str) -> bool:
    """Whether somebody listens on a UNIX socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


def x11_answers(display: str, answers: Callable[[str], bool] = unix_answers) -> bool:
    """Whether the X server that DISPLAY names is there. One over TCP ("host:10", as by ssh -X) is believed."""
    match = re.fullmatch(r"(?:unix)?:(\d+)(?:\.\d+)?", display)
    if match is None:
        return ":" in display
    path = f"{X11_SOCKETS}/X{match.group(1)}"
    return answers(path) or answers("\0" + path)


def wayland_answers(environment: Mapping[str, str], answers: Callable[[str], bool] = unix_answers) -> bool:
    """Whether the compositor that WAYLAND_DISPLAY names is there."""
    name = environment.get("WAYLAND_DISPLAY", "")
    folder = environment.get("XDG_RUNTIME_DIR", "")
    return bool(name) and (name.startswith("/") or bool(folder)) and answers(str(Path(folder) / name))


def choose(wanted: str | None, environment: Mapping[str, str], answers: Callable[[str], bool] = unix_answers) -> Choice:
    """The choice for ``--display wanted``, or by what the environment offers."""
    if wanted is not None:
        return by_name(wanted)
    if environment.get("QT_QPA_PLATFORM"):
        return Choice()
    if wayland_answers(environment, answers):
        return Choice()
    display = environment.get("DISPLAY", "")
    if display and x11_answers(display, answers):
        return Choice(without=("WAYLAND_DISPLAY",))
    why = f"The display “{display}” does not answer" if display else "There is no display"
    return served(None, why)


def by_name(wanted: str) -> Choice:
    """What ``--display`` asks for: an X display, a Wayland display, "vnc", "vnc:PORT", or a platform of Qt's."""
    if wanted == "vnc" or re.fullmatch(r"vnc:\d+", wanted):
        return served(int(wanted[4:]) if ":" in wanted else None, "As you asked")
    if re.fullmatch(r"[\w.-]*:\d+(\.\d+)?", wanted):
        return Choice({"DISPLAY": wanted, "QT_QPA_PLATFORM": "xcb"}, without=("WAYLAND_DISPLAY",))
    if wanted.startswith("wayland"):
        return Choice({"WAYLAND_DISPLAY": wanted if "-" in wanted else "wayland-0", "QT_QPA_PLATFORM": "wayland"})
    if wanted in {"offscreen", "minimal"}:
        return Choice({"QT_QPA_PLATFORM": wanted})
    raise Stop(
        f"“{wanted}” is no display. Give an X display (:0), a Wayland display (wayland-0), vnc, vnc:PORT or offscreen.", code=2
    )


def served(port: int | None, why: str) -> Choice:
    """Shows the window through VNC on a loopback address; the listening socket is handed down to the program."""
    listener = listen(port)
    number = listener.getsockname()[1]
    listener.set_inheritable(True)
    return Choice(
        # There is no desktop whose look could be followed; Qt's last resort without one is the look of Windows 95.
        {"QT_STYLE_OVERRIDE": "Fusion", "QT_QPA_PLATFORM": f"vnc:size={SIZE}:port=0", FD_VARIABLE: str(listener.fileno())},
        without=("WAYLAND_DISPLAY", "DISPLAY"),
        notes=how_to_look(number, why),
        listener=listener,
    )


def listen(port: int | None) -> socket.socket:
    """A listening socket on 127.0.0.1: on ``port``, or the first free one that VNC viewers know as :1, :2, ..."""
    for number in (port,) if port else (*VNC_PORTS, 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", number))
            listener.listen(5)
        except OSError:
            listener.close()
        else:
            return listener
    raise Stop(f"Port {port} of 127.0.0.1 is taken. Choose another one, or leave the choice to --display vnc.")


def how_to_look(port: int, why: str) -> tuple[str, ...]:
    """What the person does next to see the window."""
    return (
        f"{why}: the window is served by VNC on 127.0.0.1, port {port}, until you close it or press Ctrl+C here.",
        f"  Look at it on this machine:      vncviewer 127.0.0.1::{port}",
        f"  From another machine, first:     ssh -L {port}:127.0.0.1:{port} {host_name()}",
        "  There is no password: every user of this machine can reach it. Another way: --display :0 (or wayland-0, offscreen).",
    )


def host_name() -> str:
    """This machine's name as a person would type it after ssh."""
    return os.uname().nodename
