"""Nothing fails silently: unexpected errors go to a log in the state folder and to a dialog."""

from __future__ import annotations

import logging
import logging.handlers
import os
import platform
import sys
import threading
import traceback
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from app import VERSION
from app.i18n import _

_log = logging.getLogger("hostelry")
LOG_BYTES = 512 * 1024
LOST_X = "The X11 connection broke"


class _OwnFile(logging.handlers.RotatingFileHandler):
    """Also the files that it makes later are for their owner alone."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", errors="replace", opener=_owner_only)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def start_log(folder: Path) -> Path:
    """Warnings and worse go to ``hostelry.log`` (two files of half a megabyte, for the owner only)."""
    path = folder / "hostelry.log"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler: logging.Handler = _OwnFile(path, maxBytes=LOG_BYTES, backupCount=1, delay=True)
        path.touch(mode=0o600)
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.WARNING)
    return path


def watch() -> None:
    """Catches what nobody else does: exceptions of slots, threads and destructors."""
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda what: _uncaught(what.exc_type, what.exc_value, what.exc_traceback)
    threading.excepthook = lambda what: _uncaught(what.exc_type, what.exc_value, what.exc_traceback)


def _uncaught(kind: type[BaseException], problem: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.exit(130)
    problem = problem or kind()
    _log.error("unexpected error", exc_info=(kind, problem, trace))
    text = "".join(traceback.format_exception(kind, problem, trace))
    sys.stderr.write(text)
    _show_in_window(text)


def _show_in_window(text: str) -> None:
    """From any thread; without a window the log has it."""
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QTimer  # noqa: PLC0415 (the hook stands before Qt is imported)
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    app = QApplication.instance()
    if app is not None:
        from ui.dialogs.crash import show_crash  # noqa: PLC0415

        QTimer.singleShot(0, app, lambda: show_crash(text))


def details(trace: str) -> str:
    """What a report needs: versions and the trace; no names of hosts or machines of ours."""
    lines = [f"Hostelry {VERSION}", f"Python {platform.python_version()}", platform.platform()]
    qt = sys.modules.get("PySide6")
    if qt is not None:
        lines.append(f"PySide6 {getattr(qt, '__version__', '?')}")
    return "\n".join([*lines, "", trace])


def take_qt_messages() -> None:
    """Qt's own warnings go to the log; its fatal ones also to the terminal."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler  # noqa: PLC0415

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }

    def handle(kind: QtMsgType, _context: object, text: str) -> None:
        if text.startswith(LOST_X):
            return  # said once, by display_gone; Qt repeats it at every turn of its loop
        logging.getLogger("qt").log(levels.get(kind, logging.WARNING), "%s", text)
        if kind in (QtMsgType.QtFatalMsg, QtMsgType.QtCriticalMsg):
            sys.stderr.write(text + "\n")

    qInstallMessageHandler(handle)


def display_gone() -> None:
    """One sentence in the terminal and in the log: nothing can be shown any more."""
    text = _(
        "The display is gone, so Hostelry ends; the machines run on. Log in again, or choose another display, and start it there."
    )
    _log.warning("%s", text)
    sys.stderr.write(text + "\n")


def watch_tasks() -> None:
    """Failures of coroutines are reported like those of slots; call it when there is a loop."""
    from ui import aio  # noqa: PLC0415 (asyncio is imported after the window is painted)

    aio.report_to(lambda problem, _where: _uncaught(type(problem), problem, problem.__traceback__))
