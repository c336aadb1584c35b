"""Processor model: what the guest's processors are and can do (formatdomain, "CPU model and topology")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table, When
from app.devices.groups.terms import X86, on_off
from app.devices.wording import word_of
from app.i18n import N_
from app.xmldoc.document import Document, Element

_CUSTOM = When("cpu/@mode", ("custom", None), N_("The model is the host's."))
_PASSED = When("cpu/@mode", ("host-passthrough", "maximum"), N_("It applies only when the host's processor is passed through."))

MODE = Field(
    "cpu/@mode", N_("Model"), Kind.CHOICE,
    N_("A named model lets the machine move between hosts of different age; the host's own is fastest."),
    (
        Choice("host-passthrough", N_("The host's, with all it has"), N_("Fastest; moves only to hosts with the same processor")),
        Choice("host-model", N_("The nearest model to the host's"), N_("Moves to hosts that have as much")),
        Choice("maximum", N_("All that can be given"), N_("Under emulation: all that QEMU can imitate (since libvirt 7.1)")),
        Choice("custom", N_("A named model")),
    ),
    offered="cpu/mode", default=N_("the hypervisor's usual one"), words="host-passthrough host-model cpu type",
)  # fmt: skip
_MODEL = (
    Field("cpu/model", N_("Named model"), Kind.CHOICE,
        N_("Such as EPYC-Milan or Skylake-Server. Those that this host cannot give are greyed."),
          offered="cpu/custom/model", names="cpu-models", when=(_CUSTOM,), words="Haswell Skylake EPYC cortex"),
    Field("cpu/model/@fallback", N_("If the host cannot give it"), Kind.CHOICE, N_("Whether libvirt may take the nearest one."),
          (Choice("allow", N_("Take the nearest")), Choice("forbid", N_("Do not start"))), default="allow", folded=True),
    Field("cpu/@check", N_("Check before the start"), Kind.CHOICE,
        N_("What happens when the host cannot give all that is asked for."),
          (Choice("none", N_("Not checked"), N_("What is missing is left out silently")),
              Choice("partial", N_("The model and the features named below")),
           Choice("full", N_("All; the guest sees exactly what is written"))), default=N_("partial, for a named model"),
           since=(3, 2, 0), folded=True),
    Field("cpu/@match", N_("Match"), Kind.CHOICE, N_("How a host's processor must fit."),
          (Choice("exact", N_("Exactly this, and no more")),
              Choice("minimum", N_("At least this; the guest gets all that the host has")),
           Choice("strict", N_("The host must be exactly this"))), default="exact", when=(_CUSTOM,), folded=True),
    on_off("cpu/@migratable", N_("Only what can move"),
        N_("Leaves out features with which the machine could not move to another host."), default="on",
           when=(_PASSED,), since=(6, 5, 0), folded=True),
    Field("cpu/vendor", N_("Only on hosts with a processor of"), Kind.CHOICE, N_("The machine does not start elsewhere."),
          (Choice("Intel", N_("Intel")), Choice("AMD", N_("AMD")), Choice("Hygon", N_("Hygon"))), folded=True),
    Field("cpu/model/@vendor_id", N_("Maker that the guest sees"), help=N_("Twelve characters, such as GenuineIntel."),
        pattern=r"[^,]{12}",
          pattern_help=N_("It has exactly twelve characters and no comma."), when=(X86,), folded=True, words="vendor_id cpuid"),
    on_off("cpu/@deprecated_features", N_("Features that are going out"), N_("Whether the model has what its maker will drop."),
        since=(11, 0, 0), folded=True),
)  # fmt: skip
FEATURES = Table(
    "cpu/feature", N_("Features"),
    (
        Field("@name", N_("Feature"), Kind.CHOICE, N_("The name that libvirt gives it; mostly that of /proc/cpuinfo."),
            names="cpu-features", required=True,
              pattern=r"[a-zA-Z0-9\-_.]+"),
        Field("@policy", N_("The guest has it"), Kind.CHOICE, N_("How it differs from the model."),
              (Choice("require", N_("Yes; otherwise it does not start")), Choice("optional", N_("If the host has it")),
                  Choice("disable", N_("No")),
               Choice("forbid", N_("No; it does not start where the host has it")),
               Choice("force", N_("Yes, whatever the host says"))), required=True, default="require"),
    ),
    new="<feature policy='require' name='vmx'/>", key="@name",
    help=N_("What differs from the model. For virtual machines inside the guest: vmx (Intel) or svm (AMD)."),
    words="nested virtualisation vmx svm aes avx spec-ctrl md-clear mitigations flags",
)  # fmt: skip
_CACHE = (
    Field("cpu/cache/@mode", N_("Cache"), Kind.CHOICE, N_("What the guest knows of the processor's cache."),
          (Choice("emulate", N_("Imitated")), Choice("passthrough", N_("The host's")), Choice("disable", N_("None"))),
          since=(3, 3, 0), folded=True),
    Field("cpu/cache/@level", N_("Up to level"), Kind.CHOICE, N_("Only for an imitated cache: 3."),
        (Choice("1", N_("1")), Choice("2", N_("2")), Choice("3", N_("3"))),
          when=(When("cpu/cache/@mode", ("emulate",), N_("Only an imitated cache has a level.")),), since=(3, 3, 0), folded=True),
    Field("cpu/maxphysaddr/@mode", N_("Size of addresses"), Kind.CHOICE, N_("Machines with more than 1 TiB need the host's."),
          (Choice("passthrough", N_("The host's")), Choice("emulate", N_("As many bits as below"))), when=(X86,),
          since=(8, 7, 0), folded=True, words="phys-bits"),
    Field("cpu/maxphysaddr/@bits", N_("Bits"), Kind.INTEGER, N_("Only when they are imitated."), minimum=32, maximum=64,
          when=(When("cpu/maxphysaddr/@mode", ("emulate",), N_("The host's are used.")),), since=(8, 7, 0), folded=True),
    Field("cpu/maxphysaddr/@limit", N_("At most"), Kind.INTEGER, N_("No more bits than these even if the host has them."),
        unit=N_("bits"), minimum=32, maximum=64,
          when=(When("cpu/maxphysaddr/@mode", ("passthrough",), N_("Only with the host's.")),), since=(9, 3, 0), folded=True),
)  # fmt: skip


def _summary(document: Document, element: Element) -> str:
    model = document.get("cpu/model")
    return model if model and document.get("cpu/@mode") in (None, "custom") else word_of(MODE, document, element)


CPU = Group(
    "cpu", N_("Processor model"), "cpu", Band.MACHINE,
    (
        Section(N_("Model"), (MODE, *_MODEL)),
        Section(N_("Features"), (FEATURES,), editor="cpu-features"),
        Section(N_("Cache and addresses"), _CACHE, folded=True),
    ),
    _summary,
    N_("What the guest's processors can do, and to which hosts the machine can move."),
)  # fmt: skip
