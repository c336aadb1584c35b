"""A folder of this desktop as a WebDAV server for the guest: spice-webdavd there listens on its port 9843.

The library serves it within the SPICE connection; no port of this computer is opened.  The channel is connected only while a
folder is shared.  Source: spice-gtk 0.42 (phodav).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.console.protocols import Opening
from app.console.spice.base import SpiceBase
from app.console.spice.glib import Event, Kind


class FolderPart(SpiceBase):
    """``capabilities.SharedFolder``."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self._webdav: Any = None
        self._webdav_open = False
        self._folder: Path | None = None
        self.on_channel(Kind.WEBDAV, self._use_webdav)

    def share_folder(self, folder: Path | None, *, read_only: bool = True) -> None:
        """From now on the guest sees this folder, and with None no longer."""
        self._folder = folder
        if folder is not None:
            self.session.props.share_dir_ro = read_only
            self.session.props.shared_dir = str(folder)
        self._apply_folder()

    def _use_webdav(self, channel: Any) -> None:
        self._webdav, self._webdav_open = channel, False
        self.offer(folder=True)
        self._apply_folder()

    def _apply_folder(self) -> None:
        wanted = self._folder is not None
        if self._webdav is None or wanted == self._webdav_open:
            return
        self._webdav_open = wanted
        if wanted:
            self._webdav.connect()
        else:
            self._webdav.disconnect(int(Event.NONE))
