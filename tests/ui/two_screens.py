"""Run as a program on two screens (``QT_QPA_PLATFORM=offscreen:configfile=…``): full screen on the one that was chosen.

Prints "right" if it went there, stayed with the machine, and other machines begin where their window is; else what was seen.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QMenu

from tests.ui.program_world import ProgramWorld, until
from tests.ui.test_console_sizes import opened
from tests.ui.test_full_screen import button, choose, window_of
from ui import aio
from ui.console.console_bar import BarMenu
from ui.main import make_application


async def story(folder: Path) -> list[str]:
    """The screens on which the full screen was, step by step."""
    seen = []
    async with ProgramWorld(folder) as world:
        console = opened(world)
        menu = console.bar.menus[BarMenu.SCREENS]
        console.bar.scale_menu.aboutToShow.emit()
        seen.append("offered" if menu.menuAction().isVisible() else "not offered")
        choose(menu, "Screen 2")
        seen.append(window_of(world).screen().name())
        console.set_full_screen(False)
        console.set_full_screen(True)
        seen.append(window_of(world).screen().name())
        inner = button(window_of(world), "Which of this computer's screens").menu()
        assert isinstance(inner, QMenu)
        choose(inner, "Screen 1")
        seen.append(window_of(world).screen().name())
        choose(inner, "Screen 2")
        choose(button(window_of(world), "Show another machine").menu(), "gateway")
        seen.append(window_of(world).screen().name())
        window = window_of(world)
        window.left.emit()
        await until(lambda: not window.isVisible())
        other = opened(world, "gateway")
        other.set_full_screen(True)
        seen.append(window_of(world).screen().name())
        other.set_full_screen(False)
    return seen


def main() -> int:
    """See the module's text."""
    app = make_application()
    app.setQuitOnLastWindowClosed(False)
    loop = aio.make_loop(app)
    with tempfile.TemporaryDirectory() as folder, loop:
        seen = loop.run_until_complete(story(Path(folder)))
    print("right" if seen == ["offered", "right", "right", "left", "right", "left"] else seen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
