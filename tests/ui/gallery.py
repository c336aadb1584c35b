"""Renders every window, dialog and state to PNG, for eyes: ``python -m tests.ui.gallery OUTDIR [NAME…]``.

Light and dark, at 1x and 2x, with long names; each combination in a process of its own, as Qt reads its scale once.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

Scene = Callable[["Studio"], Awaitable[None]]
SCENES: dict[str, Scene] = {}


def scene(work: Scene) -> Scene:
    """Registers one picture (or several) under the function's name."""
    SCENES[work.__name__.replace("_", "-")] = work
    return work


def main(arguments: list[str]) -> int:
    """All combinations, one after the other."""
    out = Path(arguments[0])
    codes = []
    for scheme in ("light", "dark"):
        for scale in ("1", "2"):
            target = out / f"{scheme}-{scale}x"
            target.mkdir(parents=True, exist_ok=True)
            environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
            command = [sys.executable, "-m", "tests.ui.gallery", "--one", scheme, str(target), *arguments[1:]]
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
    from tests.ui import scenes_console, scenes_dialogs  # noqa: F401, I001 (registers them)
    from tests.ui import scenes  # noqa: F401 (the last of these takes all hosts away)
    from ui import aio, look
    from ui.main import make_application

    app = make_application()
    look.use(app, scheme)
    loop = aio.make_loop(app)
    with tempfile.TemporaryDirectory() as folder, loop:
        return loop.run_until_complete(_all(Studio(Path(folder), out), names))


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
