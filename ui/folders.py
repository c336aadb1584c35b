"""Where file dialogs begin."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def nearest(folder: Path | None) -> Path:
    """The folder, or the nearest one above it that is there; one's home instead of none, of the root and of relative ones."""
    if folder is None or not folder.is_absolute():
        return Path.home()
    found = next((one for one in (folder, *folder.parents) if _is_folder(one)), None)
    return found if found == folder or found not in (None, Path(folder.anchor)) else Path.home()


def pictures() -> Path:
    """The user's folder of pictures where there is one, else the home."""
    told = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(told) if told and _is_folder(Path(told)) else Path.home()


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a folder above it may not be looked into
        return False
