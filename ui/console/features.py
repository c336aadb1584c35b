"""The features of every console, in the order of their menu entries."""

from __future__ import annotations

from ui.console.clipboard import Clipboard
from ui.console.feature import ConsoleFeature

FEATURES: tuple[type[ConsoleFeature], ...] = (Clipboard,)
