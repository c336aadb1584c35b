"""Start and stop.  The order here is the start-up time: connections first, then Qt, then the rest.

The saved connections begin to open in threads before Qt is imported, so that the slower of the two
hides the other; asyncio, dialogs and everything else are imported after the window has been painted.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from app import APP_ID

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from app.settings.store import Settings
    from ui.commandline import Wishes
    from ui.early import EarlySessions
    from ui.windows.main_window import MainWindow


def main(arguments: list[str] | None = None) -> int:
    """Runs the program; gives the exit code."""
    gc.disable()  # until the UI thread collects by itself (ui.garbage)
    # asyncio imports ssl for streams with TLS, of which there are none here: 3 MB, and 10 ms before the list.
    # Without it is a supported way to build Python.
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]
    from app import i18n  # noqa: PLC0415 (everything here is imported in the order of its use)
    from app.settings.store import Settings  # noqa: PLC0415
    from ui import commandline, crash, single  # noqa: PLC0415
    from ui.early import EarlySessions  # noqa: PLC0415

    i18n.use_language()
    arguments = sys.argv[1:] if arguments is None else arguments
    if (code := commandline.headless(arguments)) is not None:
        return code
    wishes = commandline.parse(arguments)
    if single.hand_over(wishes):
        return 0
    settings = Settings()
    crash.start_log(settings.state_folder)
    crash.watch()
    early = EarlySessions(settings, wishes)
    early.begin()
    return _run(settings, wishes, early)


def _run(settings: Settings, wishes: Wishes, early: EarlySessions) -> int:
    app = make_application()
    from ui import crash, look  # noqa: PLC0415

    crash.take_qt_messages()
    look.follow(app, settings)
    window = _first_window(settings)
    _import_beside("ui.windows.start")
    from ui.windows.start import run  # noqa: PLC0415

    if sys.modules.get("ssl", sys) is None:  # asyncio is imported; whoever else wants ssl gets it
        del sys.modules["ssl"]
    return run(app, window, settings, wishes, early)


def make_application() -> QApplication:
    """The QApplication, known to the desktop by the name of our desktop entry."""
    import_qt()
    from ui import lean  # noqa: PLC0415

    lean.read_no_sources()
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    app = QApplication(["hostelry"])
    app.setApplicationName("hostelry")
    app.setApplicationDisplayName("Hostelry")
    app.setDesktopFileName(APP_ID)
    app.setQuitOnLastWindowClosed(False)
    from ui import served  # noqa: PLC0415
    from ui.icons import APP_ICON, icon  # noqa: PLC0415

    served.keep_local()
    app.setWindowIcon(icon(APP_ICON))
    return app


def import_qt() -> None:
    """The first of Qt, while a thread may be importing.

    PySide's start (``signature_bootstrap``, 6.11) walks through ``sys.modules``, and ends the program if that changes on the way.
    Python takes a thread's turn away only after the switch interval, so that it is made longer than any import; imports give
    their turn away themselves, at each file.
    """
    sys.setswitchinterval(60)
    try:
        from PySide6 import QtCore  # noqa: F401, PLC0415
    finally:
        sys.setswitchinterval(0.001)


def _first_window(settings: Settings) -> MainWindow:
    """Shows the window and lets it paint once before anything else is imported."""
    from PySide6.QtCore import QEventLoop, QTimer  # noqa: PLC0415

    from ui import served  # noqa: PLC0415
    from ui.windows.list_pane import ListPane  # noqa: PLC0415
    from ui.windows.main_window import MainWindow  # noqa: PLC0415

    window = MainWindow(settings, ListPane())
    painted = QEventLoop()
    window.painted.connect(painted.quit)
    QTimer.singleShot(500, painted.quit)
    served.show(window)
    painted.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    return window


def _import_beside(name: str) -> None:
    """Imports in a thread while the window answers its manager and paints; keys, clicks and closing wait."""
    import importlib  # noqa: PLC0415
    import threading  # noqa: PLC0415

    from PySide6.QtCore import QEventLoop, QMetaObject, Qt  # noqa: PLC0415

    loop = QEventLoop()

    def work() -> None:
        try:
            importlib.import_module(name)
        finally:  # what failed is raised by the import that follows in the main thread
            QMetaObject.invokeMethod(loop, "quit", Qt.ConnectionType.QueuedConnection)

    threading.Thread(target=work, name=f"import {name}").start()
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


if __name__ == "__main__":
    sys.exit(main())
