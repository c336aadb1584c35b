"""Processor tuning: shares, limits, pinning, scheduling, I/O threads, cache and memory bandwidth (formatdomain, "CPU Tuning")."""

from __future__ import annotations

from dataclasses import replace

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table
from app.devices.groups.terms import CGROUPS
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document, Element

_SHARES = Field("cputune/shares", N_("Shares"), Kind.INTEGER,
                N_("When processors are short, a machine with 2048 gets twice as much as one with 1024. The most is 10,000 with "
                   "control groups of version 2."),
                minimum=2, maximum=262144, default=N_("the host's usual share"), live="scheduler:cpu_shares",
                words="weight priority cpu_shares")  # fmt: skip


def _limit(part: str, label: str, span: str, since: tuple[int, int, int], *, folded: bool = False) -> tuple[Field, Field]:
    """Time and period of the whole machine, each processor, QEMU itself or each I/O thread."""
    live = part or "vcpu_"
    quota = Field(
        f"cputune/{part}quota", label, Kind.INTEGER,
        N_("So much processor time in each period; −1: no limit. 50,000 of 100,000 is half a processor."),
        unit="µs", minimum=-1, maximum=17592186044415, default=N_("no limit"), live=f"scheduler:{live}quota", since=since,
        folded=folded,
        words="quota limit bandwidth cfs",
    )  # fmt: skip
    period = Field(
        f"cputune/{part}period", span, Kind.INTEGER, N_("The period in which that time may be used."), unit="µs", minimum=1000,
        maximum=1_000_000,
        default="100000", live=f"scheduler:{live}period", since=since, folded=True, words="period cfs",
    )  # fmt: skip
    return quota, period


_LIMITS = (
    *_limit("global_", N_("The whole machine: time"), N_("The whole machine: in each"), (1, 3, 3)),
    *_limit("", N_("Each processor: time"), N_("Each processor: in each"), (0, 9, 4)),
    *_limit("emulator_", N_("QEMU itself: time"), N_("QEMU itself: in each"), (0, 10, 0), folded=True),
    *_limit("iothread_", N_("Each I/O thread: time"), N_("Each I/O thread: in each"), (2, 1, 0), folded=True),
)
_HOST_CPUS = Field(
    "@cpuset",
    N_("On the host's processors"),
    Kind.CPUSET,
    N_("Numbers of the host's processors."),
    required=True,
    live="pin:vcpu",
)
_VCPU = Table(
    "cputune/vcpupin", N_("Processors"),
    (Field("@vcpu", N_("Processor"), Kind.INTEGER, N_("The machine's, from 0."), required=True, minimum=0, maximum=65535),
        _HOST_CPUS),
    new="<vcpupin vcpu='0' cpuset='0'/>", key="@vcpu", live="pin:vcpu", words="pinning affinity vcpupin",
    help=N_("A pinned processor runs on these processors of the host and nowhere else."),
)  # fmt: skip
_EMULATOR = Field("cputune/emulatorpin/@cpuset", N_("QEMU itself"), Kind.CPUSET,
    N_("The host's processors for what QEMU does beside the guest's processors."),
                  default=N_("as the processors"), live="pin:emulator", words="pinning affinity emulatorpin")  # fmt: skip
_IOTHREAD = Table(
    "cputune/iothreadpin", N_("I/O threads"),
    (Field("@iothread", N_("I/O thread"), Kind.INTEGER, N_("Its number, from 1."), required=True, minimum=1),
        replace(_HOST_CPUS, live="pin:iothread")),
    new="<iothreadpin iothread='1' cpuset='0'/>", key="@iothread", live="pin:iothread", words="pinning affinity iothreadpin",
    folded=True,
)  # fmt: skip
_SCHEDULER = Field("@scheduler", N_("Scheduler"), Kind.CHOICE,
    N_("How the host's kernel runs it. A real-time thread can starve the host."),
                   (Choice("fifo", N_("Real time, first in first out")), Choice("rr", N_("Real time, by turns")),
                       Choice("batch", N_("For work in the background")),
                    Choice("idle", N_("Only when nothing else runs"))), required=True)  # fmt: skip
_PRIORITY = Field("@priority", N_("Priority"), Kind.INTEGER, N_("Only for real time: 1 (low) to 99."), minimum=1, maximum=99)
_SCHEDULING = (
    Table("cputune/vcpusched", N_("Processors"), (Field("@vcpus", N_("Which"), Kind.CPUSET, N_("Empty: all.")), _SCHEDULER,
        _PRIORITY),
          new="<vcpusched vcpus='0' scheduler='batch'/>", words="realtime fifo rr"),
    Table("cputune/iothreadsched", N_("I/O threads"),
        (Field("@iothreads", N_("Which"), Kind.CPUSET, N_("Empty: all.")), _SCHEDULER, _PRIORITY),
          new="<iothreadsched iothreads='1' scheduler='batch'/>", words="realtime fifo rr"),
    replace(_SCHEDULER, path="cputune/emulatorsched/@scheduler", label=N_("QEMU itself"), required=False, since=(5, 3, 0)),
    replace(_PRIORITY, path="cputune/emulatorsched/@priority", label=N_("QEMU's priority"), since=(5, 3, 0)),
)  # fmt: skip
_POOL = (
    Field(
        "@thread_pool_min",
        N_("Helpers at least"),
        Kind.INTEGER,
        N_("Worker threads that wait for work."),
        minimum=0,
        since=(8, 5, 0),
    ),
    Field(
        "@thread_pool_max",
        N_("Helpers at most"),
        Kind.INTEGER,
        N_("Worker threads at the same time."),
        minimum=1,
        since=(8, 5, 0),
    ),
)
_POLL = (
    Field(
        "poll/@max",
        N_("Polls at most"),
        Kind.INTEGER,
        N_("How long it looks for work before it sleeps."),
        unit="ns",
        minimum=0,
        since=(9, 4, 0),
    ),
    Field("poll/@grow", N_("Polling grows by"), Kind.INTEGER, N_("A factor."), minimum=0, since=(9, 4, 0)),
    Field("poll/@shrink", N_("Polling shrinks by"), Kind.INTEGER, N_("A divisor."), minimum=0, since=(9, 4, 0)),
)
_IOTHREADS: tuple[Field | Table, ...] = (
    Field("iothreads", N_("I/O threads"), Kind.INTEGER,
        N_("Threads that serve drives apart from QEMU's main one. Each drive names the one that it uses."), minimum=0,
        default="0",
          live="iothreads", words="iothread dataplane"),
    Table("iothreadids/iothread", N_("By number"), (Field("@id", N_("Number"), Kind.INTEGER, N_("From 1."), required=True,
        minimum=1), *_POOL, *_POLL),
          new="<iothread id='1'/>", key="@id", live="iothreads", folded=True),
    *(replace(field, path=f"defaultiothread/{field.path}", label=label, folded=True)
      for field, label in zip(_POOL, (N_("Main thread: helpers at least"), N_("Main thread: helpers at most")), strict=True)),
)  # fmt: skip
_WHO = Field("@vcpus", N_("Processors"), Kind.CPUSET, N_("The machine's."), required=True)
_CACHE = (
    Table("cputune/cachetune", N_("Groups of processors with cache"),
        (_WHO, Field("@id", N_("Name"), help=N_("libvirt gives it."), folded=True)),
          new="<cachetune vcpus='0'><cache id='0' level='3' type='both' size='3' unit='MiB'/></cachetune>", key="@vcpus",
          words="CAT resctrl RDT"),
    Table("cputune/cachetune/cache", N_("Their share of the cache"),
          (Field("@id", N_("Host's cache"), Kind.INTEGER, N_("Its number on the host."), required=True, minimum=0),
           Field("@level", N_("Level"), Kind.INTEGER, N_("Mostly 3."), required=True, minimum=1, maximum=3),
           Field("@type", N_("For"), Kind.CHOICE, N_("What is kept in it."),
               (Choice("both", N_("Code and data")), Choice("code", N_("Code")), Choice("data", N_("Data"))), required=True),
           Field("@size", N_("Size"), Kind.SIZE, N_("A multiple of the host's granularity."), has_unit=True, scale="bytes",
               required=True)), words="CAT resctrl RDT"),
    Table("cputune/cachetune/monitor", N_("Cache use that is measured"),
          (Field("@level", N_("Level"), Kind.INTEGER, N_("Mostly 3."), required=True, minimum=1, maximum=3), _WHO),
          words="CMT resctrl RDT"),
    Table("cputune/memorytune", N_("Groups of processors with memory bandwidth"), (_WHO,),
          new="<memorytune vcpus='0'><node id='0' bandwidth='100'/></memorytune>", key="@vcpus", words="MBA resctrl RDT"),
    Table("cputune/memorytune/node", N_("Their share of the bandwidth"),
          (Field("@id", N_("Host's cell"), Kind.INTEGER, N_("Its number on the host."), required=True, minimum=0),
           Field("@bandwidth", N_("Share"), Kind.INTEGER, N_("In steps that the host's processor knows, mostly of 10."),
               unit="%", required=True, minimum=1, maximum=100)), words="MBA resctrl RDT"),
    Table("cputune/memorytune/monitor", N_("Bandwidth that is measured"), (_WHO,), words="MBM resctrl RDT"),
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    pinned = len(document.find_all("cputune/vcpupin"))
    if pinned:
        return ngettext("{count} processor pinned", "{count} processors pinned", pinned).format(count=pinned)
    shares, quota = document.get("cputune/shares"), document.get("cputune/global_quota") or document.get("cputune/quota")
    if quota and quota.isdecimal():
        return _("Limited")
    return _("{shares} shares").format(shares=shares) if shares else _("Nothing special")


CPUTUNE = Group(
    "cputune", N_("Processor tuning"), "view-statistics", Band.MACHINE,
    (
        Section(N_("Shares and limits"), (_SHARES, *_LIMITS),
            help=N_("How the host's processors are divided among its machines.")),
        Section(N_("Pinning"), (_VCPU, _EMULATOR, _IOTHREAD), editor="pinning"),
        Section(N_("I/O threads"), _IOTHREADS),
        Section(N_("Scheduling"), _SCHEDULING, folded=True),
        Section(N_("Cache and memory bandwidth"), _CACHE, folded=True,
            help=N_("Needs a host's processor that can divide them (Intel RDT, AMD QoS).")),
    ),
    _summary,
    N_("Shares, limits and pinning of processors."),
    drivers=CGROUPS,
)  # fmt: skip
