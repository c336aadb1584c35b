"""The features of every console, in the order of their menu entries."""

from __future__ import annotations

from ui.console.clipboard import Clipboard
from ui.console.drop_files import DropFiles
from ui.console.feature import ConsoleFeature
from ui.console.folder_menu import FolderShare
from ui.console.guest_sound import GuestSound
from ui.console.keys import KeyMenus
from ui.console.lock_lights import LockLights
from ui.console.meter import Meter
from ui.console.monitors import SeveralMonitors
from ui.console.protection import Protection
from ui.console.protocol_choice import ProtocolChoice
from ui.console.recording import Clips, Recording
from ui.console.screen_text import ScreenTexts
from ui.console.screenshot import Screenshots
from ui.console.soft_keyboards import SoftKeyboards
from ui.console.terminal.text_consoles import TextConsoles
from ui.console.typing import Typing
from ui.console.usb_menu import UsbDevices

FEATURES: tuple[type[ConsoleFeature], ...] = (
    Screenshots, ScreenTexts, Recording, Clips, Meter, Clipboard, KeyMenus, Typing, SoftKeyboards, DropFiles, GuestSound,
    UsbDevices, FolderShare, LockLights, Protection, SeveralMonitors, ProtocolChoice, TextConsoles,
)  # fmt: skip
