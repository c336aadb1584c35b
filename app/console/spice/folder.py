"""A folder of this desktop as a WebDAV server for the guest: spice-webdavd there listens on its port 9843.

The library serves it within the SPICE connection; no port of this computer is opened.  The channel is connected only while a
folder is shared.  Source: spice-gtk 0.42 (phodav).
"""

from __future__ import annotations

import os
from pathlib import Path

from app.console.protocols import Opening
from app.console.spice.base import SpiceBase
from app.console.spice.kinds import Kind


class FolderPart(SpiceBase):
    """``capabilities.SharedFolder``."""

    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)
        self._webdav = self._webdav_open = False
        self._folder: Path | None = None
        self.connection.on("channel", self._use_webdav)

    def share_folder(self, folder: Path | None, *, read_only: bool = True) -> None:
        """From now on the guest sees this folder, and with None no longer."""
        self._folder = folder
        if folder is not None:
            self.connection.tell("folder", read_only, payload=os.fsencode(folder))
        self._apply_folder()

    def _use_webdav(self, kind: int) -> None:
        if kind == Kind.WEBDAV:
            self._webdav, self._webdav_open = True, False
            self.offer(folder=True)
            self._apply_folder()

    def _apply_folder(self) -> None:
        wanted = self._folder is not None
        if self._webdav and wanted != self._webdav_open:
            self._webdav_open = wanted
            self.connection.tell("channel", int(Kind.WEBDAV), wanted)
