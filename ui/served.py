"""Keeps Qt's VNC platform on a loopback address.

Qt's own VNC server (``QT_QPA_PLATFORM=vnc``) listens on every address of the machine, without a password, and has no
option for that (qvnc.cpp, Qt 6.11: ``serverSocket->listen(QHostAddress::Any, m_port)``).  Here its listening socket is
replaced, under the same descriptor, by one on 127.0.0.1, before the event loop has accepted anybody: who called in
between is dropped with the old socket.
"""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

from PySide6.QtCore import QCoreApplication, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

FD_VARIABLE = "HOSTELRY_VNC_FD"
"""The number of a listening loopback socket that the launcher hands down; without it one is made on Qt's port."""


def keep_local() -> int | None:
    """Call it after the QApplication is made, before its loop runs; gives the port, or None on other platforms.

    Raises OSError when Qt's socket cannot be replaced; the program must not go on then.
    """
    if QGuiApplication.platformName() != "vnc":
        return None
    _let_qt_listen()
    descriptor = _open_listener()
    if descriptor is None:
        raise OSError("Qt's VNC server does not listen; another program may have its port.")
    with _local_socket(descriptor) as local:
        local.setblocking(False)  # QTcpServer accepts until there is nobody left, and would wait there
        os.dup2(local.fileno(), descriptor, inheritable=False)
        return int(local.getsockname()[1])


def show(window: QWidget) -> None:
    """Shows the first window; all over the screen where no window manager could enlarge it."""
    if QGuiApplication.platformName() == "vnc":
        window.showMaximized()
    else:
        window.show()


def _let_qt_listen() -> None:
    """Has the server begin, which Qt posts to the loop; its message would name a port that nobody can reach."""
    before = qInstallMessageHandler(lambda _kind, _context, _text: None)
    try:
        QCoreApplication.sendPostedEvents()
    finally:
        qInstallMessageHandler(before)


def _open_listener() -> int | None:
    """The descriptor of this process that listens on all addresses."""
    for entry in sorted(Path("/proc/self/fd").iterdir(), key=lambda path: int(path.name)):
        descriptor = int(entry.name)
        if _listens_everywhere(descriptor):
            return descriptor
    return None


def _listens_everywhere(descriptor: int) -> bool:
    """Whether a descriptor is a TCP socket that accepts connections to any address."""
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return False
        with socket.socket(fileno=os.dup(descriptor)) as there:
            inet = there.family in (socket.AF_INET, socket.AF_INET6)
            accepts = there.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) != 0
            return inet and accepts and there.getsockname()[0] in ("::", "0.0.0.0")  # noqa: S104  it is looked for, not bound
    except OSError:
        return False


def _local_socket(descriptor: int) -> socket.socket:
    """The launcher's socket, or a new one on the port that Qt has, which must be given up for that."""
    number = os.environ.pop(FD_VARIABLE, "")
    if number:
        return socket.socket(fileno=int(number))
    with socket.socket(fileno=os.dup(descriptor)) as there:
        port = there.getsockname()[1]
    local = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    os.dup2(local.fileno(), descriptor, inheritable=False)
    local.bind(("127.0.0.1", port))
    local.listen(5)
    return local
