"""Memory: how much, what it is kept in, and limits (formatdomain, "Memory Allocation", "Memory Backing", "Memory Tuning")."""

from __future__ import annotations

from typing import Any

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table, When
from app.devices.groups.terms import on_off, presence
from app.devices.units import to_bytes
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

MIB, GIB = 1 << 20, 1 << 30


def _size(path: str, label: str, help: str, **more: Any) -> Field:
    return Field(path, label, Kind.SIZE, help, has_unit=True, **more)


_AMOUNT = (
    _size("memory", N_("Memory"), N_("What the machine has when it starts."), minimum=MIB, required=True, words="RAM"),
    _size("currentMemory", N_("Memory now"),
          N_("The guest gives back the rest by its balloon driver. This can be changed while it runs, up to the memory above."),
          minimum=MIB,
          default=N_("all of it"), live="memory", words="balloon RAM current"),
    on_off("memory/@dumpCore", N_("Part of crash dumps"), N_("Whether the guest's memory is written when its QEMU crashes."),
        folded=True, words="dump-guest-core"),
)  # fmt: skip
_HOTPLUG = (
    _size("maxMemory", N_("With hot-plugging at most"),
        N_("Memory devices can be added while the machine runs until it has so much. It needs a NUMA cell."),
          minimum=MIB, since=(1, 2, 14), words="hotplug dimm virtio-mem"),
    Field("maxMemory/@slots", N_("Slots"), Kind.INTEGER, N_("How many memory modules fit; 0 if there is only virtio-mem."),
        minimum=0, maximum=256,
          when=(When("maxMemory", why=N_("There is no maximum for hot-plugging.")),), since=(1, 2, 14)),
)  # fmt: skip
_NO_SHARE = When("memoryBacking/source/@type", ("anonymous",), N_("Anonymous memory cannot be shared."), negate=True)
_BACKING = (
    presence("memoryBacking/hugepages", N_("Huge pages"),
        N_("Faster for large machines. The host must have set aside so many (vm.nr_hugepages)."), words="hugepages hugetlbfs"),
    Field("memoryBacking/source/@type", N_("Memory is"), Kind.CHOICE, N_("What QEMU keeps it in."),
          (Choice("memfd", N_("A file without a name (memfd)"), N_("For shared folders with virtiofs")),
              Choice("file", N_("A file of the host")),
           Choice("anonymous", N_("Ordinary memory"))), offered="memoryBacking/sourceType", default="anonymous", since=(3, 2, 0),
           words="memfd backing virtiofs"),
    Field("memoryBacking/access/@mode", N_("Shared with other programs"), Kind.CHOICE,
        N_("Shared folders (virtiofs) and vhost-user cards need shared memory."),
          (Choice("shared", N_("Shared")), Choice("private", N_("The machine's alone"))), default="private", when=(_NO_SHARE,),
          since=(3, 2, 0), words="virtiofs vhost-user"),
    Field("memoryBacking/allocation/@mode", N_("Taken from the host"), Kind.CHOICE,
        N_("At once is slower to start and never fails later."),
          (Choice("immediate", N_("At the start, all of it")), Choice("ondemand", N_("As the guest uses it"))),
          default="ondemand", since=(3, 2, 0), words="prealloc"),
    Field("memoryBacking/allocation/@threads", N_("Threads that take it"), Kind.INTEGER,
        N_("More make the start of a large machine faster."), minimum=1, since=(8, 2, 0), folded=True),
    presence("memoryBacking/locked", N_("Never swapped out"),
        N_("The host keeps it in memory. Set a hard limit below that leaves QEMU room."), words="mlock locked realtime"),
    presence("memoryBacking/nosharepages", N_("Not merged with others'"),
        N_("The host does not look for equal pages in it (KSM): safer, and needs more memory."), words="KSM"),
    presence("memoryBacking/discard", N_("Given up when it stops"),
        N_("A memory file's content is not written out when the machine stops."), since=(4, 4, 0), folded=True),
)  # fmt: skip
_PAGES = Table(
    "memoryBacking/hugepages/page", N_("Sizes of huge pages"),
    (
        Field("@size", N_("Size"), Kind.SIZE, N_("Usually 2 MiB or 1 GiB."), has_unit=True, required=True, minimum=4096),
        Field("@nodeset", N_("For the guest's cells"), Kind.CPUSET, N_("Numbers of NUMA cells; empty: all others.")),
    ),
    new="<page size='2048' unit='KiB'/>", help=N_("Only if not the host's usual size."), folded=True,
)  # fmt: skip
_LIMITS = (
    _size("memtune/hard_limit", N_("Hard limit"), N_("The host stops the machine if QEMU as a whole needs more. Too little "
                                                     "kills it without warning: rather set none."),
          minimum=MIB, default=N_("none"), live="memtune:hard_limit", since=(0, 9, 1), words="cgroup oom"),
    _size("memtune/soft_limit", N_("Limit when memory is short"), N_("What it is pressed down to when others need memory."),
        minimum=MIB, default=N_("none"), live="memtune:soft_limit"),
    _size("memtune/swap_hard_limit", N_("Limit with swap"), N_("Memory and swap together; not below the hard limit."),
        minimum=MIB, default=N_("none"), live="memtune:swap_hard_limit"),
    _size("memtune/min_guarantee", N_("Guaranteed"), N_("Only VMware and Virtuozzo keep it."), minimum=MIB, folded=True),
)  # fmt: skip


def human(number: str, unit: str) -> str:
    """ "4 GiB" of a number in libvirt's unit."""
    size = to_bytes(number, unit)
    if size is None:
        return number
    for factor, words in ((GIB, _("{size} GiB")), (MIB, _("{size} MiB"))):
        if size >= factor:
            return words.format(size=f"{size / factor:.1f}".removesuffix(".0"))
    return _("{size} KiB").format(size=size // 1024)


def _summary(document: Document, _element: Element) -> str:
    most, now = (human(document.get(path) or "0", document.get(f"{path}/@unit") or "KiB") for path in ("memory", "currentMemory"))
    if document.find("currentMemory") is None or most == now:
        return most
    return _("{now} of {most}").format(now=now, most=most)


MEMORY = Group(
    "memory", N_("Memory"), "memory", Band.MACHINE,
    (
        Section(N_("Amount"), _AMOUNT),
        Section(N_("Adding memory while it runs"), _HOTPLUG),
        Section(N_("What it is kept in"), (*_BACKING, _PAGES)),
        Section(N_("Limits"), _LIMITS, folded=True),
    ),
    _summary,
    N_("How much memory the machine has, and how the host keeps it."),
)  # fmt: skip
