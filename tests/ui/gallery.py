"""Renders every window, dialog and state to PNG, for eyes: ``python -m tests.ui.gallery OUTDIR [NAME…]``.

Light, dark and high contrast, at 1x, 1.5x and 2x, with long names; each look in a process of its own, as Qt reads its scale once.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPalette

LOOKS = ("light-1x", "light-2x", "dark-1x", "dark-2x", "light-1.5x", "contrast-1x")

SCREEN = {"name": "gallery", "x": 0, "y": 0, "width": 3840, "height": 2400, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}

Scene = Callable[["Studio"], Awaitable[None]]
SCENES: dict[str, Scene] = {}


def scene(work: Scene) -> Scene:
    """Registers one picture (or several) under the function's name."""
    SCENES[work.__name__.replace("_", "-")] = work
    return work


def main(arguments: list[str]) -> int:
    """The looks asked for (``--look light-1x``, more than once), one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*", help="of scenes")
    parser.add_argument("--look", action="append", choices=LOOKS)
    options = parser.parse_args(arguments)
    codes = []
    for wanted in options.look or LOOKS:
        scheme, _, scale = wanted.partition("-")
        target = options.out / wanted
        target.mkdir(parents=True, exist_ok=True)
        screen = options.out / "screen.json"  # the platform's own is 800 pixels wide, too little for menus at 2x
        screen.write_text(json.dumps({"screens": [SCREEN]}))
        environment = {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={screen}", "QT_SCALE_FACTOR": scale.rstrip("x")}
        command = [sys.executable, "-m", "tests.ui.gallery", "--one", scheme, str(target), *options.names]
        codes.append(subprocess.run(command, env=environment, check=False).returncode)
    return max(codes)


class Studio:
    """The program on a practice host, and where its pictures go."""

    def __init__(self, folder: Path, out: Path) -> None:
        from tests.ui.program_world import ProgramWorld

        self.folder, self._out = folder, out
        self.world = ProgramWorld(folder)

    async def shoot(self, name: str, *widgets: object) -> None:
        """Lets everything settle, then saves each widget (default: the main window)."""
        from PySide6.QtWidgets import QWidget

        await asyncio.sleep(0.35)
        for number, widget in enumerate(widgets or (self.world.window,)):
            assert isinstance(widget, QWidget)
            suffix = f"-{number}" if number else ""
            widget.grab().save(str(self._out / f"{name}{suffix}.png"))

    async def shoot_dialog(self, name: str, dialog: object) -> None:
        """Shows, saves and deletes a dialog."""
        from PySide6.QtWidgets import QDialog

        assert isinstance(dialog, QDialog)
        dialog.show()
        await self.shoot(name, dialog)
        dialog.close()
        dialog.deleteLater()


def one(scheme: str, out: Path, names: list[str]) -> int:
    """One combination in this process."""
    from ui import aio, look
    from ui.main import make_application

    _register()
    app = make_application()
    if scheme == "contrast":
        app.setPalette(_contrast())
    else:
        look.use(app, scheme)
    loop = aio.make_loop(app)
    with tempfile.TemporaryDirectory() as folder, loop:
        return loop.run_until_complete(_all(Studio(Path(folder), out), names))


def _contrast() -> QPalette:
    """What a desktop's high-contrast theme gives: nothing but black, white and one strong colour."""
    from PySide6.QtGui import QColor, QPalette

    palette = QPalette(QColor("black"))
    for role in (palette.ColorRole.WindowText, palette.ColorRole.Text, palette.ColorRole.ButtonText, palette.ColorRole.BrightText):
        palette.setColor(role, QColor("white"))
    for role in (palette.ColorRole.Base, palette.ColorRole.AlternateBase, palette.ColorRole.ToolTipBase):
        palette.setColor(role, QColor("black"))
    palette.setColor(palette.ColorRole.ToolTipText, QColor("white"))
    palette.setColor(palette.ColorRole.Highlight, QColor("yellow"))
    palette.setColor(palette.ColorRole.HighlightedText, QColor("black"))
    palette.setColor(palette.ColorRole.Link, QColor("cyan"))
    for role in (palette.ColorRole.WindowText, palette.ColorRole.Text, palette.ColorRole.ButtonText):
        palette.setColor(palette.ColorGroup.Disabled, role, QColor("#3ff23f"))  # as the usual themes have it
    return palette


def _register() -> None:
    """Imports every ``scenes_*.py``; ``scenes`` comes last, as the last of its scenes takes all hosts away."""
    for path in sorted(Path(__file__).parent.glob("scenes_*.py")):
        importlib.import_module(f"tests.ui.{path.stem}")
    importlib.import_module("tests.ui.scenes")


async def _all(studio: Studio, names: list[str]) -> int:
    failed = 0
    async with studio.world:
        for name, work in SCENES.items():
            if names and name not in names:
                continue
            try:
                await work(studio)
            except Exception as problem:  # noqa: BLE001 (the other pictures are wanted all the same)
                failed += 1
                print(f"{name}: {problem!r}", file=sys.stderr)
    return min(failed, 1)


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        from tests.ui import gallery  # noqa: PLW0406 (the module under its own name, where the scenes register)

        sys.exit(gallery.one(sys.argv[2], Path(sys.argv[3]), sys.argv[4:]))
    sys.exit(main(sys.argv[1:]))
