"""Security label: how the host keeps the machine apart, sVirt (formatdomain, "Security label")."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table, When
from app.devices.groups.terms import yes_no
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_MODELS: dict[str, str] = {
    "selinux": N_("SELinux"),
    "apparmor": N_("AppArmor"),
    "dac": N_("Users and groups (DAC)"),
    "none": N_("None"),
}
_ON = When("@type", ("none",), N_("It is not confined."), negate=True)
_STATIC = When("@type", ("static",), N_("libvirt chooses it."))
_DYNAMIC = When("@type", ("dynamic", None), N_("The label is written by hand."))

LABELS = Table(
    "seclabel", N_("Security labels"),
    (
        Field("@model", N_("By"), Kind.CHOICE, N_("What confines it on this host."),
            tuple(Choice(value, words) for value, words in _MODELS.items()), names="security-models",
              default=N_("the host's first")),
        Field("@type", N_("Label is"), Kind.CHOICE, N_("Whether libvirt makes a label that no other machine has."),
              (Choice("dynamic", N_("libvirt's choice"), N_("Safest: each machine gets its own")),
                  Choice("static", N_("As written here")), Choice("none", N_("None; not confined"))),
              default="dynamic"),
        yes_no("@relabel", N_("Files are labelled"), N_("libvirt gives the machine's files the label while it runs."),
            default="yes", when=(_ON,)),
        Field("label", N_("Label"), help=N_("SELinux: user:role:type:range. AppArmor: a profile. DAC: +user:+group."),
            when=(_STATIC,)),
        Field("baselabel", N_("Made from"), help=N_("What libvirt begins with for its own choice."), when=(_DYNAMIC,)),
        Field("imagelabel", N_("Label of its files"), help=N_("Told by libvirt while it runs; what is written here is ignored.")),
    ),
    new="<seclabel type='dynamic' model='dac' relabel='yes'/>", key="@model",
    help=N_("sVirt keeps machines apart from each other and from the host even if one breaks out of QEMU: by SELinux, by "
            "AppArmor and by users and groups (DAC), "
            "one row for each. Without a row libvirt confines the machine as the host is set."),
    words="sVirt SELinux AppArmor DAC confinement svirt_t",
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    models = [str(one.get("model") or "") for one in document.find_all("seclabel") if one.get("type") != "none"]
    if models:
        return ", ".join(_(_MODELS[model]) if model in _MODELS else model or _("the host's usual one") for model in models)
    return _("Not confined") if document.find("seclabel") is not None else _("As the host is set")


SECURITY = Group(
    "security", N_("Security label"), "security-medium", Band.MACHINE,
    (Section(N_("Security labels"), (LABELS,)),),
    _summary,
    N_("How the host keeps the machine apart from others."),
)  # fmt: skip
