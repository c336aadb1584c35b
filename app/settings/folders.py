"""Where the program keeps its files: the XDG folders, as the environment names them."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP_NAME = "hostelry"


def config_folder() -> Path:
    """Choices: ``$XDG_CONFIG_HOME/hostelry``.  Not created here."""
    return Path(platformdirs.user_config_dir(APP_NAME))


def state_folder() -> Path:
    """Window state, task log, crash log: ``$XDG_STATE_HOME/hostelry``."""
    return Path(platformdirs.user_state_dir(APP_NAME))


def cache_folder() -> Path:
    """What can be made again: ``$XDG_CACHE_HOME/hostelry``."""
    return Path(platformdirs.user_cache_dir(APP_NAME))


def runtime_folder() -> Path:
    """Sockets of this login: ``$XDG_RUNTIME_DIR/hostelry``; the state folder where a login has none."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    return Path(base) / APP_NAME if base and Path(base).is_dir() else state_folder() / "run"
