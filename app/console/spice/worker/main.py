"""Joins the parts of this process, and runs GLib's loop until the program wants no more."""

from __future__ import annotations

import os
import socket

from app.console.spice.worker import limits


def main(parent: int, fd: int) -> None:
    """parent: the program's process; fd: our end of the socket to it."""
    limits.apply(parent)
    # The library is loaded within these limits.
    from app.console.spice.worker.connection import Connection  # noqa: PLC0415
    from app.console.spice.worker.line import Line  # noqa: PLC0415

    Connection(Line(socket.socket(fileno=fd))).run()
    os._exit(0)  # the library has threads of its own, and nothing here is worth a tidy end
