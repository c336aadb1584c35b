"""Hostelry without a window: plain Python and asyncio, no Qt. See docs/architecture.md."""

VERSION = "0.1.0"
