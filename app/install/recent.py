"""Media that were used lately, newest first."""

from __future__ import annotations

from app.settings import options
from app.settings.store import Settings

KEPT = 10


def listed(settings: Settings) -> list[str]:
    """Paths; some may be gone (asking the file system is the caller's business, in a thread)."""
    return [entry for entry in settings.get(options.RECENT_MEDIA) if isinstance(entry, str)]


def remember(settings: Settings, path: str) -> None:
    """Puts ``path`` first."""
    rest = [entry for entry in listed(settings) if entry != path]
    settings.set(options.RECENT_MEDIA, [path, *rest][:KEPT])


def forget(settings: Settings, path: str) -> None:
    """Drops one that is gone."""
    settings.set(options.RECENT_MEDIA, [entry for entry in listed(settings) if entry != path])
