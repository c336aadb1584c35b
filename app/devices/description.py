"""The language in which devices and groups of settings are described, once, for every use.

From a description come the page of the details view, the page of "Add hardware", checks at the field, "takes effect at the
next start", the search over settings, the command line, documentation and the test that walks over all of them.  A description
is data: it holds no widget and calls no host.  Words are marked with ``N_`` and translated where they are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from app.xmldoc.document import Document, Element


class Kind(Enum):
    """What a value is; it decides the editor, the check, and how the text in the document is read."""

    TEXT = "text"
    LINES = "lines"
    """Text of several lines."""
    INTEGER = "integer"
    SIZE = "size"
    """An amount of memory or storage: read and written in bytes, kept in the document's own unit where that fits."""
    SWITCH = "switch"
    """``on`` or ``off`` (``Field.on``, ``Field.off``), or not said."""
    PRESENCE = "presence"
    """An element that is there or not; read as "yes" or None."""
    CHOICE = "choice"
    """One of ``choices`` or of what the host offers; any other value that a machine has stays."""
    SECRET = "secret"  # noqa: S105 (a kind of value)
    MAC = "mac"
    UUID = "uuid"
    PATH = "path"
    """A file or folder of the host."""
    CPUSET = "cpuset"
    """libvirt's list of processors: ``0-3,^2,8``."""


class Band(Enum):
    """The three bands of the details view's list."""

    MACHINE = "machine"
    DEVICES = "devices"
    STORAGE = "storage"
    """Drives and network."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that libvirt knows, with words for people.

    words: "" for a value that is its own word.  since: libvirt's version that knows it.
    """

    value: str
    words: str
    help: str = ""
    since: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class When:
    """A condition on another value: ``path`` has one of ``values``.

    path: relative to the same element, or to ``<domain>`` after a leading "/".
    values: None in it means "not said".  Empty: anything that is there.  negate: must not.
    why: what stands at the disabled field when the condition does not hold.
    hide: what has the condition is not shown at all when it does not hold (``checks.shown``): for the many fields that belong to
    one kind of a device only.
    """

    path: str
    values: tuple[str | None, ...] = ()
    why: str = ""
    negate: bool = False
    hide: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a device or of the machine.

    path: in ``app.xmldoc.paths``, relative to the device's element (of a group: to ``<domain>``); "": the element's own text.
    offered: the enum of the domain capabilities that lists what the host can do ("video/modelType", see ``Offers.enums``).
    names: the list of ``Offers.names`` from which a value may be picked ("networks", "pools", "usb").
    default: what holds when nothing is said: libvirt's value, or words for people; shown greyed.
    scale: of a SIZE: the unit of a number without unit ("bytes", "KiB", "MiB").  has_unit: the element has a ``unit`` attribute.
    unit: shown after an INTEGER ("ms", "IOPS").
    when: all must hold for the field to be usable.
    live: how a change reaches a running machine: "" at its next start only, "device" by updateDeviceFlags, otherwise the name
    of a setter of ``app.editing.setters``.
    taken: the list of ``Offers.taken`` in which no other machine may have this value ("mac", "uuid").
    distinct: no other device of the same tag in this machine may have the same value.
    folded: behind "More".  since: libvirt's version that knows it.  pattern: a regular expression for the whole text.
    words: further words by which the search finds it.
    """

    path: str
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    choices: tuple[Choice, ...] = ()
    offered: str = ""
    names: str = ""
    default: str = ""
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""
    scale: str = "KiB"
    has_unit: bool = False
    on: str = "yes"
    off: str = "no"
    when: tuple[When, ...] = ()
    live: str = ""
    required: bool = False
    taken: str = ""
    distinct: bool = False
    folded: bool = False
    since: tuple[int, int, int] = (0, 0, 0)
    pattern: str = ""
    pattern_help: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Elements that may be there several times: timers, pins, cells, features.

    path: of one row's element, relative like a field's.  columns: fields relative to the row.
    new: the XML of a new row; "" if none can be added here.
    key: the column's path that tells rows apart and may be there only once; "" if any.
    names of rows that could be there are the choices of the key's column.
    """

    path: str
    label: str
    columns: tuple[Field, ...]
    new: str = ""
    key: str = ""
    help: str = ""
    when: tuple[When, ...] = ()
    live: str = ""
    limit: int | None = None
    folded: bool = False
    words: str = ""
    since: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that belong together, under one title.

    editor: the name of a hand-written widget that arranges these items (``ui.details.editors``); without one, or where it is not
    known, they are laid out one below the other.  A hand-written editor changes nothing but the paths of its items.
    """

    title: str
    items: tuple[Field | Table, ...]
    help: str = ""
    folded: bool = False
    editor: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to add a device: its words and the XML it begins with.

    xml may have ``{name}`` places that ``app.devices.adding`` fills: {target} (next free disk name on the bus), {mac}, {uuid}.
    offered: "enum=value" or a section name of the domain capabilities that the host must list, else it is shown disabled.
    when: on the machine (paths after "/").  since: libvirt's version that knows it (``adding.unavailable`` asks all three).
    """

    id: str
    name: str
    xml: str
    help: str = ""
    offered: str = ""
    when: tuple[When, ...] = ()
    since: tuple[int, int, int] = (0, 0, 0)


Summary = Callable[[Document, Element], str]
"""One line about an element as it is, for the list: "20 GiB, qcow2, web.qcow2".  Translated; without trailing full stop."""


@dataclass(frozen=True, slots=True)
class Description:
    """What device types and groups have in common.

    id: stable, used in settings and addresses.  icon: a theme name with an SVG in ``resources/icons``.
    drivers: libvirt's driver names ("QEMU", "Xen", "LXC", "Test") that have it; empty: all.
    since: libvirt's version that knows it; its fields need not say it again.
    """

    id: str
    name: str
    icon: str
    band: Band
    sections: tuple[Section, ...]
    summary: Summary
    help: str = ""
    drivers: frozenset[str] = frozenset()
    order: int = 0
    since: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class DeviceType(Description):
    """A kind of element below ``<devices>``.

    tag: the element's name.  match: tells types of one tag apart (hostdev of USB or PCI); without one every element of the tag.
    title: names one device among its kind ("Disk vda").
    keys: paths that tell devices of this kind apart, the surest first; used to find the same device in
    the running machine and after a change from outside.
    hotplug: can be added to and removed from a running machine (what the host then says is shown as it is).
    limit: how many a machine may have.  removable: False for what a machine always has.
    """

    tag: str = ""
    match: Callable[[Element], bool] | None = None
    title: Summary | None = None
    keys: tuple[str, ...] = ("alias/@name",)
    variants: tuple[Variant, ...] = ()
    hotplug: bool = False
    limit: int | None = None
    removable: bool = True

    def fits(self, element: Element) -> bool:
        """Whether ``element`` (below ``<devices>``) is of this type."""
        return element.tag == self.tag and (self.match is None or self.match(element))


@dataclass(frozen=True, slots=True)
class Group(Description):
    """Settings of the machine itself; their paths begin at ``<domain>``."""


def items(description: Description) -> list[Field | Table]:
    """Everything in its sections, in order."""
    return [item for section in description.sections for item in section.items]
