"""Resources: where the host accounts for the machine, and what it counts (formatdomain, "Resource partitioning")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table
from app.devices.groups.terms import yes_no
from app.i18n import N_, ngettext
from app.xmldoc.document import Document, Element

_PARTITION = (
    Field("resource/partition", N_("Partition"), Kind.PATH,
        N_("The control group below which the machine is put: all machines in it share what it has."), default="/machine",
          since=(1, 0, 5), words="cgroup slice systemd"),
    Field("resource/fibrechannel/@appid", N_("Fibre Channel tag"),
        help=N_("Switches can give the machine's traffic its own quality of service by it."), pattern=r"[ -~]{1,128}",
          pattern_help=N_("At most 128 printable ASCII characters."), since=(7, 7, 0), folded=True, words="VMID appid"),
)  # fmt: skip
_EVENTS: dict[str, str] = {
    "cmt": N_("Cache in use"), "mbmt": N_("Memory bandwidth, all"), "mbml": N_("Memory bandwidth, local"),
    "cpu_cycles": N_("Processor cycles"),
    "instructions": N_("Instructions"), "cache_references": N_("Cache accesses"), "cache_misses": N_("Cache misses"),
    "branch_instructions": N_("Branches"),
    "branch_misses": N_("Branches guessed wrongly"), "bus_cycles": N_("Bus cycles"),
    "stalled_cycles_frontend": N_("Cycles waiting for instructions"),
    "stalled_cycles_backend": N_("Cycles waiting for results"), "ref_cpu_cycles": N_("Cycles at the usual frequency"),
    "cpu_clock": N_("Processor clock"),
    "task_clock": N_("Task clock"), "page_faults": N_("Page faults"), "context_switches": N_("Context switches"),
    "cpu_migrations": N_("Moves between processors"),
    "page_faults_min": N_("Page faults without disk"), "page_faults_maj": N_("Page faults with disk"),
    "alignment_faults": N_("Alignment faults"),
    "emulation_faults": N_("Emulated instructions"),
}  # fmt: skip
_PERF = Table(
    "perf/event", N_("What is counted"),
    (
        Field("@name", N_("Event"), Kind.CHOICE, N_("As perf names it."),
            tuple(Choice(value, words) for value, words in _EVENTS.items()), required=True),
        yes_no("@enabled", N_("Counted"), N_("Costs a little; the numbers are in the statistics (virsh domstats --perf)."),
            required=True, live="perf"),
    ),
    new="<event name='cpu_cycles' enabled='yes'/>", key="@name", live="perf", limit=len(_EVENTS),
    words="perf counters performance monitoring",
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    count = sum(one.get("enabled") == "yes" for one in document.find_all("perf/event"))
    partition = document.get("resource/partition") or "/machine"
    return (
        ngettext("{partition}, {count} event counted", "{partition}, {count} events counted", count).format(
            partition=partition, count=count
        )
        if count
        else partition
    )


RESOURCES = Group(
    "resources", N_("Accounting"), "view-list-tree", Band.MACHINE,
    (Section(N_("Partition"), _PARTITION), Section(N_("Performance events"), (_PERF,), folded=True)),
    _summary,
    N_("Where the host accounts for the machine, and what it counts."),
)  # fmt: skip
