"""NUMA: the guest's cells, and the host's from which its memory comes (formatdomain, "NUMA Node Tuning")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table, When
from app.devices.groups.terms import CGROUPS, yes_no
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document, Element


def _cell(path: str, label: str, help: str, *, required: bool = True) -> Field:
    return Field(path, label, Kind.INTEGER, help, minimum=0, maximum=1023, required=required)


_ACCESS = (Choice("access", N_("Reading and writing")), Choice("read", N_("Reading")), Choice("write", N_("Writing")))
_MODES = (
    Choice("strict", N_("Only there"), N_("The start fails if there is too little")),
    Choice("preferred", N_("There if possible")),
    Choice("interleave", N_("Spread over them")),
    Choice("restrictive", N_("Only there, by control groups"), N_("Can be changed while it runs (since libvirt 7.5)")),
)
CELLS = Table(
    "cpu/numa/cell", N_("Cells"),
    (
        _cell("@id", N_("Cell"), N_("From 0, without gaps."), required=False),
        Field("@cpus", N_("Processors"), Kind.CPUSET, N_("The guest's, by number; empty: only memory.")),
        Field("@memory", N_("Memory"), Kind.SIZE, N_("All cells together have the machine's memory."), has_unit=True,
            required=True),
        Field("@memAccess", N_("Shared"), Kind.CHOICE, N_("As in “Memory”, for this cell."),
            (Choice("shared", N_("Shared")), Choice("private", N_("The machine's alone"))), since=(1, 2, 9)),
        yes_no("@discard", N_("Given up when it stops"), N_("As in “Memory”, for this cell."), since=(4, 4, 0)),
    ),
    new="<cell id='0' cpus='0' memory='1048576' unit='KiB'/>", key="@id",
    help=N_("Large machines are faster when the guest knows which memory is near which processor, and each cell lies on one of "
            "the host's."),
    words="node topology",
)  # fmt: skip
_DISTANCES = Table(
    "cpu/numa/cell/distances/sibling", N_("Distances"),
    (
        _cell("@id", N_("To cell"), N_("The other cell.")),
        Field("@value", N_("Distance"), Kind.INTEGER, N_("10 is a cell's own; 20 twice as far."), required=True, minimum=10,
            maximum=255),
    ),
    help=N_("How far each cell's memory is from each other one."), folded=True, words="SLIT siblings",
)  # fmt: skip
_CACHES = Table(
    "cpu/numa/cell/cache", N_("Caches of memory"),
    (
        Field("@level", N_("Level"), Kind.INTEGER, N_("1 is nearest to the memory."), required=True, minimum=1),
        Field("@associativity", N_("Associativity"), Kind.CHOICE, N_("How it is laid out."),
              (Choice("none", N_("None")), Choice("direct", N_("Direct mapped")), Choice("full", N_("Fully associative"))),
              required=True),
        Field("@policy", N_("Writes"), Kind.CHOICE, N_("When they reach the memory."),
              (Choice("none", N_("Not said")), Choice("writeback", N_("Later")), Choice("writethrough", N_("At once"))),
              required=True),
        Field("size/@value", N_("Size"), Kind.SIZE, N_("Of the cache."), has_unit=True, required=True),
        Field("line/@value", N_("Line"), Kind.SIZE, N_("Of one line; mostly 64 bytes."), has_unit=True, required=True),
    ),
    help=N_("For memory that is a cache of other memory (HMAT)."), folded=True, words="HMAT side cache",
)  # fmt: skip


def _links(tag: str, label: str, value: Field, example: str) -> Table:
    return Table(
        f"cpu/numa/interconnects/{tag}", label,
        (
            _cell("@initiator", N_("From cell"), N_("The cell whose processors read or write.")),
            _cell("@target", N_("To cell"), N_("The cell whose memory it is.")),
            Field("@cache", N_("Cache's level"), Kind.INTEGER, N_("If it is about a cache."), minimum=0),
            Field("@type", N_("When"), Kind.CHOICE, N_("What is measured."), _ACCESS, required=True),
            value,
        ),
        new=f"<{tag} initiator='0' target='0' type='access' {example}/>",
        folded=True, words="HMAT interconnects",
    )  # fmt: skip


_HMAT = (
    _links(
        "latency",
        N_("Delays"),
        Field("@value", N_("Delay"), Kind.INTEGER, N_("In nanoseconds."), unit="ns", required=True, minimum=1),
        "value='5'",
    ),
    _links(
        "bandwidth",
        N_("Rates"),
        Field("@value", N_("Rate"), Kind.SIZE, N_("So much in a second."), has_unit=True, required=True),
        "value='204800' unit='KiB'",
    ),
)
_AUTO = When("numatune/memory/@placement", ("auto",), N_("The host decides."), negate=True)
_HOST = (
    Field("numatune/memory/@mode", N_("Memory is taken"), Kind.CHOICE, N_("From the host's cells below."), _MODES,
        default="strict", words="numatune policy"),
    Field("numatune/memory/@nodeset", N_("From the host's cells"), Kind.CPUSET, N_("Numbers of the host's NUMA cells."),
        when=(_AUTO,), live="numa:nodeset"),
    Field("numatune/memory/@placement", N_("Which ones"), Kind.CHOICE, N_("The host can ask its numad service."),
          (Choice("static", N_("Those above")), Choice("auto", N_("The host decides (numad)"))), folded=True),
)  # fmt: skip
_PER_CELL = Table(
    "numatune/memnode", N_("For each cell of the guest"),
    (
        _cell("@cellid", N_("Guest's cell"), N_("Its number.")),
        Field("@mode", N_("Memory is taken"), Kind.CHOICE, N_("From the cells beside."), _MODES, required=True),
        Field("@nodeset", N_("From the host's cells"), Kind.CPUSET, N_("Numbers of the host's NUMA cells."), required=True),
    ),
    new="<memnode cellid='0' mode='strict' nodeset='0'/>", key="@cellid", words="numatune",
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    cells = len(document.find_all("cpu/numa/cell"))
    nodes = document.get("numatune/memory/@nodeset")
    words = ngettext("{count} cell", "{count} cells", cells).format(count=cells) if cells else _("One cell")
    return _("{cells}, memory from {nodes}").format(cells=words, nodes=nodes) if nodes else words


NUMA = Group(
    "numa", N_("NUMA"), "view-grid", Band.MACHINE,
    (
        Section(N_("The guest's cells"), (CELLS, _DISTANCES), editor="numa"),
        Section(N_("The host's cells"), (*_HOST, _PER_CELL)),
        Section(N_("Memory of different speed"), (_CACHES, *_HMAT), folded=True, help=N_("Told to the guest in its HMAT table.")),
    ),
    _summary,
    N_("Which memory is near which processor."),
    drivers=CGROUPS,
)  # fmt: skip
