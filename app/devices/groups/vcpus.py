"""Processors: how many, hot-plugging, and how the guest sees them laid out (formatdomain, "CPU Allocation")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table, When
from app.devices.groups.terms import yes_no
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document, Element

_AUTO = When("vcpu/@placement", ("auto",), N_("The host places them itself."), negate=True)
_COUNT = (
    Field("vcpu", N_("Processors at most"), Kind.INTEGER,
        N_("How many the machine can have while it runs. This cannot be changed until its next start."),
          minimum=1, maximum=65535, default="1", words="vCPU cores number maximum"),
    Field("vcpu/@current", N_("Processors now"), Kind.INTEGER,
          N_("How many it starts with. More can be given while it runs, up to the most above; taking some away needs the "
             "guest's help."),
          minimum=1, maximum=65535, default=N_("all of them"), live="vcpus", words="hotplug vCPU current"),
)  # fmt: skip
_PLACE = (
    Field("vcpu/@cpuset", N_("Run on the host's processors"), Kind.CPUSET,
          N_("All processors of the machine run on these. Each one can be pinned by itself in “Processor tuning”."),
          default=N_("all of them"), when=(_AUTO,),
          words="affinity pinning"),
    Field("vcpu/@placement", N_("Placement"), Kind.CHOICE, N_("The host can ask its numad service where there is room."),
          (Choice("static", N_("As said above")), Choice("auto", N_("The host decides (numad)"))), default="static"),
)  # fmt: skip
_EACH = Table(
    "vcpus/vcpu", N_("Each processor"),
    (
        Field("@id", N_("Number"), Kind.INTEGER, N_("From 0."), required=True, minimum=0, maximum=65534),
        yes_no("@enabled", N_("There"), N_("Whether the machine has it when it starts."), required=True, live="vcpu"),
        yes_no("@hotpluggable", N_("Can be taken away"),
            N_("It can be added and removed while the machine runs. Number 0 cannot.")),
        Field("@order", N_("Order"), Kind.INTEGER, N_("In which order they are added; with a number none but those before it."),
            minimum=1),
    ),
    new="<vcpu id='0' enabled='yes'/>", key="@id", help=N_("Needed only if single processors are to be added and removed by "
                                                           "number."),
    folded=True, words="hotplug individual vcpu",
)  # fmt: skip
_NO_TOPOLOGY = When("cpu/topology", why=N_("Sockets, cores and threads are not set."))
_TOPOLOGY = tuple(
    Field(f"cpu/topology/@{name}", label, Kind.INTEGER, text, minimum=1, default="1", since=since, folded=folded,
          required=required, when=(_NO_TOPOLOGY,) if folded else (), words="topology")
    for name, label, text, since, folded, required in (
        ("sockets", N_("Sockets"), N_("Processors as things. Windows' desktop editions use no more than two."), (0, 0, 0), False,
            False),
        ("dies", N_("Dies in each socket"), N_("Parts of a processor with a cache of their own."), (6, 1, 0), True, False),
        ("clusters", N_("Clusters in each die"), N_("Groups of cores that share a cache, on Arm and newer x86 machines."),
            (10, 1, 0), True, False),
        ("cores", N_("Cores in each socket or die"), N_("Usually what one wants: one socket with several cores."), (0, 0, 0),
            False, False),
        ("threads", N_("Threads in each core"),
         N_("Hyper-threading: two threads share one core and are slower than two cores. Say 2 only if pairs of processors are "
            "pinned to pairs of the host's threads; "
            "the guest's scheduler then knows which ones share a core."), (0, 0, 0), False, False),
    )
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    most = document.get("vcpu") or "1"
    now = document.get("vcpu/@current")
    count = int(most) if most.isdecimal() else 1
    if now and now != most:
        return ngettext("{now} of {count}", "{now} of {count}", count).format(now=now, count=most)
    sockets, cores = document.get("cpu/topology/@sockets"), document.get("cpu/topology/@cores")
    words = ngettext("{count} processor", "{count} processors", count).format(count=most)
    return (
        _("{processors}: {sockets} × {cores} cores").format(processors=words, sockets=sockets, cores=cores)
        if sockets and cores
        else words
    )


VCPUS = Group(
    "vcpus", N_("Processors"), "cpu", Band.MACHINE,
    (
        Section(N_("Number"), _COUNT),
        Section(N_("Topology"), _TOPOLOGY, editor="topology",
                help=N_("How the guest sees them. Sockets × dies × clusters × cores × threads must be the most that there can "
                        "be.")),
        Section(N_("Where they run"), _PLACE),
        Section(N_("Hot-plugging by number"), (_EACH,), folded=True),
    ),
    _summary,
    N_("How many processors the machine has."),
)  # fmt: skip
