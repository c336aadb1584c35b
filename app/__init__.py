"""Hostelry without a window: plain Python and asyncio, no Qt. See docs/architecture.md."""

VERSION = "0.1.0"

APP_ID = "io.github.hostelry.Hostelry"
"""Of the desktop entry, the icon and notifications."""
