"""Our SPICE client and widget as a bare viewer, for the benches: ``python -m tests.bench.console_spice_viewer SOCKET``."""

from __future__ import annotations

import asyncio
import socket
import sys

from PySide6.QtWidgets import QApplication

from app.console.client import ClientState
from app.console.graphics import GraphicsInfo
from app.console.protocols import Opening
from app.console.spice.client import make
from app.console.transport import Link
from ui.aio import make_loop
from ui.console.display_widget import DisplayWidget
from ui.console.wake import QtWake


async def show(app: QApplication, path: str) -> None:
    """Until the connection ends."""

    async def link() -> Link:
        sock = socket.socket(socket.AF_UNIX)
        sock.connect(path)
        return Link(sock, True)

    display, ended = DisplayWidget(), asyncio.Event()
    client = make(Opening(GraphicsInfo(0, "spice"), await link(), link, QtWake(app)))
    client.state_changed.connect(lambda state: ended.set() if state is ClientState.CLOSED else None)
    display.set_client(client)
    display.showFullScreen()
    display.setFocus()
    client.start()
    await ended.wait()


def main() -> int:
    """Ends with the connection."""
    app = QApplication(sys.argv)
    make_loop(app).run_until_complete(show(app, sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
