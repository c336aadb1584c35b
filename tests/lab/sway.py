"""A Wayland compositor without a screen: sway, with a binding that tells when the compositor took a key for itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from tests.lab.nest import Nest, find_program, wait_for

USER = 65534
"""sway refuses to run as root."""


class Sway:
    """``env`` is what a program needs to show itself here; ``told`` is a file that Super+D makes."""

    def __init__(self) -> None:
        self._nest = Nest("sway")

    @property
    def told(self) -> Path:
        return self._nest.root / "run/told"

    @property
    def env(self) -> dict[str, str]:
        return {
            "XDG_RUNTIME_DIR": str(self._nest.root / "run"), "WAYLAND_DISPLAY": "wayland-1", "QT_QPA_PLATFORM": "wayland",
            "QT_LOGGING_RULES": "qt.qpa.wayland.textinput=false",
        }  # fmt: skip

    def __enter__(self) -> Self:
        self._nest.start_keeper()
        self._nest.root.chmod(0o755)
        run, config = self._nest.root / "run", self._nest.root / "config"
        run.mkdir(mode=0o700)
        config.write_text(
            f"output * resolution 1280x800\nseat * pointer_constraint enable\nbindsym Mod4+d exec touch {self.told}\n")
        drop = []
        if not os.geteuid():
            os.chown(run, USER, USER)
            drop = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        env = os.environ | self.env | {
            "HOME": str(run), "WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"}  # fmt: skip
        env.pop("WAYLAND_DISPLAY")
        self._nest.spawn([*drop, find_program("sway"), "-c", str(config)], env, log=self._nest.root / "sway.log")
        wait_for((run / "wayland-1").exists, "sway", 20)
        return self

    def __exit__(self, *_error: object) -> None:
        self._nest.close()
