"""Everything that can be asked of guests, in one place: ``domains.start(session, uuid)``.

The functions live by theme in ``listing``, ``lifecycle``, ``definition``, ``live_devices`` and ``guest``.
"""

from app.virt.definition import (
    Keep,
    Leftovers,
    create,
    define,
    leftovers,
    metadata,
    set_metadata,
    set_title,
    undefine,
    xml,
)
from app.virt.guest import (
    SOURCE_WORDS,
    Address,
    AddressSource,
    KeyCodes,
    addresses,
    open_graphics,
    screenshot,
    send_keys,
)
from app.virt.lifecycle import (
    ShutdownMode,
    destroy,
    managed_save,
    reboot,
    remove_managed_save,
    rename,
    reset,
    resume,
    set_autostart,
    shutdown,
    start,
    suspend,
    wake_up,
)
from app.virt.listing import list_states, read_records, titles
from app.virt.live_devices import attach_device, detach_device, update_device

__all__ = [
    "SOURCE_WORDS",
    "Address",
    "AddressSource",
    "Keep",
    "KeyCodes",
    "Leftovers",
    "ShutdownMode",
    "addresses",
    "attach_device",
    "create",
    "define",
    "destroy",
    "detach_device",
    "leftovers",
    "list_states",
    "managed_save",
    "metadata",
    "open_graphics",
    "read_records",
    "reboot",
    "remove_managed_save",
    "rename",
    "reset",
    "resume",
    "screenshot",
    "send_keys",
    "set_autostart",
    "set_metadata",
    "set_title",
    "shutdown",
    "start",
    "suspend",
    "titles",
    "undefine",
    "update_device",
    "wake_up",
    "xml",
]
