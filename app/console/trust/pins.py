"""The servers that the user has trusted by hand: one small file, which holds fingerprints and no secret."""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from app.console.trust.question import Peer
from app.settings import files, folders

ANONYMOUS = "anonymous"
"""In place of a fingerprint: encrypted, without a certificate, and the user said yes to that."""

VERIFIED = "verified"
"""In place of a fingerprint: an authority vouched for it, so that a server there that shows less is not the same."""


class Pins:
    """Any thread.  ``path`` is read at each question, as another window may have written it.

    What cannot be written is remembered for this run.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._now: dict[str, str] = {}

    def get(self, peer: Peer) -> str:
        """The fingerprint trusted at this very place, ``ANONYMOUS``, or an empty string."""
        with self._lock:
            return self._now.get(peer.where) or _fingerprint(self._read().get(peer.where))

    def knows(self, peer: Peer, fingerprint: str) -> bool:
        """True if it is trusted at another port of the same host: a host's screens share its certificate, their ports change."""
        ours = f"{peer.host}:"
        with self._lock:
            found = {place: _fingerprint(entry) for place, entry in self._read().items()} | self._now
        return any(place.startswith(ours) and pin == fingerprint for place, pin in found.items())

    def put(self, peer: Peer, fingerprint: str, subject: str = "") -> str:
        """Trusts it from now on.  Why it could not be written down, raw, or an empty string."""
        entry = {"sha256": fingerprint, "subject": subject, "since": datetime.now(UTC).isoformat(timespec="seconds")}
        with self._lock:
            self._now[peer.where] = fingerprint
            loaded = files.load(self._path)
            if not loaded.safe_to_write:
                return loaded.problem
            try:
                files.save(self._path, loaded.data | {peer.where: entry})
            except OSError as error:
                return str(error)
        return ""

    def drop(self, peer: Peer) -> None:
        """Forgets it; unknown ones are no error, and one that cannot be forgotten is asked about again."""
        with self._lock, contextlib.suppress(OSError):
            self._now.pop(peer.where, None)
            loaded = files.load(self._path)
            if peer.where in loaded.data:
                files.save(self._path, {place: entry for place, entry in loaded.data.items() if place != peer.where})

    def _read(self) -> dict[str, Any]:
        return files.load(self._path).data


def _fingerprint(entry: object) -> str:
    found = entry.get("sha256") if isinstance(entry, dict) else None
    return found if isinstance(found, str) else ""


@cache
def user_pins() -> Pins:
    """Those of this user."""
    return Pins(folders.config_folder() / "trusted-screens.json")
