"""Clock and timers: what time the guest sees, and by which clocks it counts (formatdomain, "Time keeping")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table, When
from app.devices.groups.terms import yes_no
from app.devices.wording import word_of
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document, Element


def _needs(*offsets: str) -> tuple[When, ...]:
    return (When("clock/@offset", offsets, N_("The clock is not set so.")),)


_OFFSET = Field(
    "clock/@offset", N_("Hardware clock shows"), Kind.CHOICE, N_("Linux expects universal time; Windows expects local time."),
    (
        Choice("utc", N_("Universal time (UTC)")),
        Choice("localtime", N_("The host's local time"), N_("For Windows")),
        Choice("timezone", N_("The time of a zone")),
        Choice("variable", N_("What the guest set, kept from start to start")),
        Choice("absolute", N_("A fixed time at each start"), N_("Since libvirt 8.4")),
    ),
    default="utc", words="rtc localtime",
)  # fmt: skip
_CLOCK = (
    _OFFSET,
    Field("clock/@timezone", N_("Zone"), help=N_("A name such as Europe/Berlin."), when=_needs("timezone"), words="timezone"),
    Field("clock/@adjustment", N_("Difference"), help=N_("In seconds from the basis; “reset” forgets what the guest set when "
                                                         "the machine starts."),
          pattern=r"-?\d+|reset", pattern_help=N_("This is a whole number of seconds, or the word reset."),
          when=_needs("variable", "utc", "localtime"), folded=True),
    Field("clock/@basis", N_("Basis of the difference"), Kind.CHOICE, N_("From which time the guest differs."),
        (Choice("utc", N_("Universal time (UTC)")), Choice("localtime", N_("The host's local time"))),
          default="utc", when=_needs("variable"), folded=True),
    Field("clock/@start", N_("Time at the start"), Kind.INTEGER, N_("Seconds since 1 January 1970, UTC."), minimum=0,
        when=_needs("absolute"), since=(8, 4, 0), folded=True),
)  # fmt: skip


def _of(*names: str) -> tuple[When, ...]:
    return (When("@name", names, N_("This timer does not have it.")),)


TIMERS = Table(
    "clock/timer", N_("Timers"),
    (
        Field("@name", N_("Timer"), Kind.CHOICE, N_("The hardware by which a guest may count time."),
              (Choice("rtc", N_("Real-time clock")), Choice("pit", N_("PIT"), N_("The old PC's")),
                  Choice("hpet", N_("HPET"), N_("Better off: it costs much and gains nothing")),
               Choice("tsc", N_("Processor's counter (TSC)")), Choice("kvmclock", N_("KVM's clock"), N_("For Linux")),
               Choice("hypervclock", N_("Hyper-V's clock"), N_("For Windows: on")), Choice("armvtimer", N_("Arm's timer")),
               Choice("platform", N_("Platform's timer (Xen)"))), required=True),
        yes_no("@present", N_("There"), N_("Whether the guest has it.")),
        Field("@tickpolicy", N_("Missed ticks"), Kind.CHOICE, N_("What happens when the machine had to wait."),
              (Choice("delay", N_("Come later; the clock falls behind")),
                  Choice("catchup", N_("Come faster until it has caught up"), N_("For Windows with the real-time clock")),
               Choice("merge", N_("Become one")), Choice("discard", N_("Are dropped"))), default="delay",
               when=_of("rtc", "platform", "tsc", "hpet", "pit", "armvtimer")),
        Field("@track", N_("Follows"), Kind.CHOICE, N_("Which time it counts."),
              (Choice("guest", N_("The guest's running time")), Choice("wall", N_("The wall clock")),
                  Choice("boot", N_("The host's uptime")), Choice("realtime", N_("The host's time"))),
              when=_of("rtc", "platform")),
        Field("@frequency", N_("Frequency"), Kind.INTEGER, N_("In hertz, which the guest keeps on each host."), unit="Hz",
            minimum=0, when=_of("tsc"), folded=True),
        Field("@mode", N_("How"), Kind.CHOICE, N_("How the counter is given."),
              (Choice("auto", N_("As fits")), Choice("native", N_("The host's")), Choice("emulate", N_("Emulated")),
                  Choice("paravirt", N_("With the guest's help")),
               Choice("smpsafe", N_("Emulated, for several processors"))), when=_of("tsc"), folded=True),
        *(Field(f"catchup/@{name}", label, Kind.INTEGER, text, minimum=0,
            when=(When("@tickpolicy", ("catchup",), N_("It does not catch up.")),), folded=True)
          for name, label, text in (("threshold", N_("Catches up from"), N_("So many missed ticks before it begins.")),
                                    ("slew", N_("Catching up's speed"), N_("How much faster it ticks.")),
                                    ("limit", N_("Catches up at most"), N_("More missed ticks are dropped.")))),
    ),
    new="<timer name='rtc' tickpolicy='catchup'/>", key="@name", words="rtc pit hpet tsc kvmclock hypervclock tick",
)  # fmt: skip


def _summary(document: Document, element: Element) -> str:
    count = len(document.find_all("clock/timer"))
    shown = word_of(_OFFSET, document, element)
    timers = ngettext("{count} timer", "{count} timers", count).format(count=count)
    return _("{clock}, {timers}").format(clock=shown, timers=timers) if count else shown


CLOCK = Group(
    "clock", N_("Clock"), "document-open-recent", Band.MACHINE,
    (Section(N_("Clock"), _CLOCK), Section(N_("Timers"), (TIMERS,), folded=True)),
    _summary,
    N_("What time the guest sees."),
)  # fmt: skip
