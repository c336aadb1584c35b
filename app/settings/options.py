"""Every option of the program, in the order in which the preferences show them."""

from __future__ import annotations

from typing import Any

from app.i18n import N_
from app.settings.option import Choice, Option

LOOK = N_("Appearance")
MACHINES = N_("Machines")
CONSOLE = N_("Console")
SAFETY = N_("Questions and notices")

COLOUR_SCHEME: Option[str] = Option(
    "colour-scheme", "desktop", N_("Colours"), N_("Light or dark windows, or as the desktop says."), LOOK,
    (Choice("desktop", N_("As the desktop")), Choice("light", N_("Light")), Choice("dark", N_("Dark"))))
RESTORE_TABS: Option[bool] = Option(
    "restore-tabs", True, N_("Open the tabs of last time"), N_("At start, the machines that were open are opened again."), LOOK)

POLL_INTERVAL: Option[int] = Option(
    "poll-interval-s", 3, N_("Read the load of machines every"), N_("Only hosts whose machines are visible are asked."), MACHINES,
    minimum=1, maximum=60, unit=N_("s"))
OPEN_AFTER_START: Option[bool] = Option(
    "open-after-start", False, N_("Open a machine when it is started"), N_("Its console comes up in a tab."), MACHINES)

CONSOLE_SCALING: Option[str] = Option(
    "console-scaling", "fit", N_("Size of the guest's screen"),
    N_("A console whose size was chosen in its own menu keeps that."), CONSOLE,
    (Choice("fit", N_("Fit the window")), Choice("integer", N_("Largest whole multiple")), Choice("one", N_("Real size (1:1)")),
     Choice("follow", N_("The guest follows the window"))))
CONSOLE_RELEASE_KEY: Option[str] = Option(
    "console-release-key", "Ctrl+Alt", N_("Keys that release keyboard and pointer"),
    N_("Press the button, then the keys. While a console has the keyboard, all other keys go to the guest."), CONSOLE,
    editor="release-key")
CONSOLE_HOST_SHORTCUTS: Option[list[Any]] = Option(
    "console-host-shortcuts",
    ["VolumeMute", "VolumeDown", "VolumeUp", "PlayPause", "NextTrack", "PreviousTrack", "BrightnessDown", "BrightnessUp"],
    N_("Keys that always stay with this computer"),
    N_("They are never given to a guest, and do here what they always do."), CONSOLE, editor="shortcuts")
CONSOLE_COMBINATIONS: Option[list[Any]] = Option(
    "console-combinations",
    ["Ctrl+Alt+Delete", "Ctrl+Alt+Backspace", *(f"Ctrl+Alt+F{number}" for number in range(1, 13)), "Print", "Alt+Print", "Pause",
     "Super", "Alt+Tab", "Alt+F4", "Ctrl+Shift+Escape", "Super+L"],
    N_("Key combinations in the Keys menu of a console"),
    N_("They are sent to the guest as if they were pressed there."), CONSOLE, editor="shortcuts")
CONSOLE_SYSTEM_KEYS: Option[str] = Option(
    "console-system-keys", "full-screen", N_("Keys of the desktop go to the guest"),
    N_("Alt+Tab, Super and the like, while the console has the keyboard. On Wayland where the compositor allows it."), CONSOLE,
    (Choice("never", N_("Never")), Choice("full-screen", N_("In full screen")), Choice("always", N_("Always"))))
CONSOLE_SMOOTH: Option[bool] = Option(
    "console-smooth", True, N_("Smooth the picture when it is scaled"), group=CONSOLE)

CONSOLE_CLIPBOARD: Option[bool] = Option(
    "console-clipboard", True, N_("Share the clipboard with guests"),
    N_("For newly opened consoles; each has a switch of its own in its Sharing menu."), CONSOLE)
CONSOLE_SOUND: Option[bool] = Option(
    "console-sound", True, N_("Play the sound of guests"),
    N_("For newly opened consoles; each has a switch of its own in its Sharing menu."), CONSOLE)
CONSOLE_LOCK_KEYS: Option[bool] = Option(
    "console-lock-keys", True, N_("Keep Caps Lock, Num Lock and Scroll Lock in step"),
    N_("When a console gets the keyboard, the guest's are switched as they are here."), CONSOLE)

CONFIRM_FORCE_OFF: Option[bool] = Option(
    "confirm-force-off", True, N_("Ask before forcing a machine off"),
    N_("It is like pulling the plug: unsaved work is lost."), SAFETY)
NOTIFY_IN_BACKGROUND: Option[bool] = Option(
    "notify-in-background", True, N_("Show a desktop notice when a task ends"),
    N_("Only while no window of this program is in front."), SAFETY)
SHUTDOWN_WAIT: Option[int] = Option(
    "shutdown-wait-s", 30, N_("Ask what to do when a guest has not shut down after"),
    N_("It may be waiting for an answer on its own screen, or ignore the request."), SAFETY,
    minimum=5, maximum=3600, unit=N_("s"))
NOTIFY_JOB_DONE: Option[bool] = Option(
    "notify-job-done", True, N_("Say when a long task is done"), group=SAFETY)
NOTIFY_JOB_FAILED: Option[bool] = Option(
    "notify-job-failed", True, N_("Say when a task has failed"), group=SAFETY)
NOTIFY_MACHINE_STOPPED: Option[bool] = Option(
    "notify-machine-stopped", True, N_("Say when a machine crashes or stops by itself"), group=SAFETY)
NOTIFY_HINTS: Option[bool] = Option(
    "notify-hint", True, N_("Say what else can be done, such as taking back a deletion"), group=SAFETY)

WINDOW_GEOMETRY: Option[str] = Option("window-geometry", "", state=True)
SIDE_BAR_WIDTH: Option[int] = Option("side-bar-width", 280, state=True, minimum=80, maximum=4000)
SIDE_BAR_SHOWN: Option[bool] = Option("side-bar-shown", True, state=True)
MACHINE_VIEW: Option[str] = Option("machine-view", "console", state=True)
DETAILS_BESIDE: Option[bool] = Option("details-beside", True, state=True)
DETAILS_ROWS: Option[dict[str, Any]] = Option("details-rows", {}, state=True)
DETAILS_UNFOLDED: Option[list[Any]] = Option("details-unfolded", [], state=True)
LIST_COLUMNS: Option[str] = Option("list-columns", "", state=True)
TASKS_SHOWN: Option[bool] = Option("tasks-shown", False, state=True)
OPEN_TABS: Option[list[Any]] = Option("open-tabs", [], state=True)
RECENT_MEDIA: Option[list[Any]] = Option("recent-media", [], state=True)
MADE_DISCS: Option[list[Any]] = Option("made-discs", [], state=True)
BEING_INSTALLED: Option[list[Any]] = Option("being-installed", [], state=True)
CONSOLE_SIZES: Option[dict[str, Any]] = Option("console-sizes", {}, state=True)
CONSOLE_PROTOCOL: Option[dict[str, Any]] = Option("console-protocol", {}, state=True)
FULL_SCREEN_PINNED: Option[bool] = Option("full-screen-pinned", False, state=True)
FULL_SCREEN_ON: Option[dict[str, Any]] = Option("full-screen-on", {}, state=True)
WALL_SIZE: Option[int] = Option("wall-size", 240, state=True, minimum=120, maximum=480)
PICTURE_FOLDER: Option[str] = Option("picture-folder", "", state=True)
DETACHED_GEOMETRY: Option[dict[str, Any]] = Option("detached-geometry", {}, state=True)
TEXT_CONSOLE_FRONT: Option[dict[str, Any]] = Option("text-console-front", {}, state=True)
TEXT_CONSOLE_LOGS: Option[list[Any]] = Option("text-console-logs", [], state=True)
TEXT_CONSOLE_ZOOM: Option[int] = Option("text-console-zoom", 0, state=True, minimum=-8, maximum=30)
FIRST_START_TOLD: Option[bool] = Option("first-start-told", False, state=True)
SOUND_CHOICES: Option[dict[str, Any]] = Option("sound-choices", {}, state=True)
USB_REMEMBERED: Option[dict[str, Any]] = Option("usb-remembered", {}, state=True)
SHARED_FOLDERS: Option[dict[str, Any]] = Option("shared-folders", {}, state=True)
TYPING_LAYOUTS: Option[dict[str, Any]] = Option("typing-layouts", {}, state=True)
TYPING_SPEED: Option[int] = Option("typing-speed", 30, state=True, minimum=1, maximum=1000)

OPTIONS: tuple[Option[Any], ...] = (
    COLOUR_SCHEME, RESTORE_TABS, POLL_INTERVAL, OPEN_AFTER_START, CONSOLE_SCALING, CONSOLE_RELEASE_KEY,
    CONSOLE_HOST_SHORTCUTS, CONSOLE_COMBINATIONS,
    CONSOLE_SYSTEM_KEYS, CONSOLE_SMOOTH, CONSOLE_CLIPBOARD, CONSOLE_SOUND, CONSOLE_LOCK_KEYS,
    CONFIRM_FORCE_OFF, NOTIFY_IN_BACKGROUND, SHUTDOWN_WAIT, NOTIFY_JOB_DONE, NOTIFY_JOB_FAILED, NOTIFY_MACHINE_STOPPED,
    NOTIFY_HINTS, WINDOW_GEOMETRY, SIDE_BAR_WIDTH, SIDE_BAR_SHOWN, MACHINE_VIEW, LIST_COLUMNS, TASKS_SHOWN,
    OPEN_TABS, RECENT_MEDIA, MADE_DISCS, BEING_INSTALLED, CONSOLE_SIZES, CONSOLE_PROTOCOL, FULL_SCREEN_PINNED, FULL_SCREEN_ON,
    PICTURE_FOLDER, WALL_SIZE, DETAILS_BESIDE, DETAILS_ROWS, DETAILS_UNFOLDED,
    DETACHED_GEOMETRY, TEXT_CONSOLE_FRONT, TEXT_CONSOLE_LOGS, TEXT_CONSOLE_ZOOM, FIRST_START_TOLD,
    TYPING_LAYOUTS, TYPING_SPEED, SOUND_CHOICES, USB_REMEMBERED, SHARED_FOLDERS,
)  # fmt: skip
