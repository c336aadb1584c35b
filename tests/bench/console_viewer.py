"""Our client and widget as a bare viewer, for the benches: ``python -m tests.bench.console_viewer PORT [ENCODING]``.

Without an encoding it asks for what the program asks a server on this machine for.
"""

from __future__ import annotations

import socket
import sys

from PySide6.QtWidgets import QApplication

from app.console.client import ClientState
from app.console.vnc.client import VncClient
from ui.console.display_widget import DisplayWidget
from ui.console.wake import QtWake


def main() -> int:
    """Ends with the connection."""
    app = QApplication(sys.argv)
    display = DisplayWidget()
    forced = tuple(map(int, sys.argv[2:]))
    sock = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    client = VncClient(sock, wake=QtWake(app), local=True, encodings=forced)
    client.state_changed.connect(lambda state: app.quit() if state is ClientState.CLOSED else None)
    display.set_client(client)
    display.showFullScreen()
    client.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
