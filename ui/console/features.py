"""The features of every console, in the order of their menu entries."""

from __future__ import annotations

from ui.console.clipboard import Clipboard
from ui.console.feature import ConsoleFeature
from ui.console.screenshot import Screenshots

FEATURES: tuple[type[ConsoleFeature], ...] = (Screenshots, Clipboard,)
