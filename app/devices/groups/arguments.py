"""Hypervisor's command line: arguments that libvirt hands on unseen (drvqemu, drvbhyve, drvxen)."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document, Element

_QEMU = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"


def _arguments(prefix: str, label: str) -> Table:
    uri = f"http://libvirt.org/schemas/domain/{prefix}/1.0"
    return Table(
        f"{prefix}:commandline/{prefix}:arg", label,
        (Field("@value", N_("Argument"), help=N_("One argument. An option and its value are two: -device, then pcspk."),
            required=True),),
        new=f"<{prefix}:arg xmlns:{prefix}='{uri}' value='-help'/>", words="command line pass-through arguments",
    )  # fmt: skip


_ENVIRONMENT = Table(
    "qemu:commandline/qemu:env", N_("Environment of QEMU"),
    (Field("@name", N_("Name"), required=True, help=N_("Of the variable."), pattern=r"[a-zA-Z0-9_]+"),
        Field("@value", N_("Value"), help=N_("Its value."))),
    new=f"<qemu:env {_QEMU} name='NAME' value='value'/>", key="@name",
)  # fmt: skip


def _capabilities(tag: str, label: str, help: str) -> Table:
    return Table(
        f"qemu:capabilities/qemu:{tag}", label,
        (Field("@capability", N_("Capability"), help=N_("As libvirt names it: blockdev, virtio-net-pci.disable-legacy …"),
            required=True),),
        new=f"<qemu:{tag} {_QEMU} capability='name'/>", key="@capability", help=help, folded=True, words="qemu capabilities",
    )  # fmt: skip


_DEPRECATION = Field("qemu:deprecation/@behavior", N_("What QEMU will drop"), Kind.CHOICE,
    N_("How QEMU treats what is deprecated; for tests."),
                     (Choice("none", N_("As usual")), Choice("omit", N_("Hidden in its answers")),
                         Choice("reject", N_("Refused")), Choice("crash", N_("QEMU stops"))),
                     default="none", folded=True)  # fmt: skip
_OVERRIDE = (
    Table("qemu:override/qemu:device", N_("Devices with other properties"),
          (Field("@alias", N_("Device"), help=N_("Its alias; one of your own begins with ua-."), required=True),),
          new=f"<qemu:device {_QEMU} alias='ua-name'><qemu:frontend>"
          "<qemu:property name='name' type='string' value='value'/></qemu:frontend></qemu:device>", key="@alias",
          words="override device property"),
    Table("qemu:override/qemu:device/qemu:frontend/qemu:property", N_("Properties"),
          (Field("@name", N_("Property"), help=N_("QEMU's name for it (qemu-system-… -device X,help)."), required=True),
           Field("@type", N_("Kind"), Kind.CHOICE, N_("What the value is."),
                 (Choice("string", N_("Text")), Choice("signed", N_("Whole number")),
                     Choice("unsigned", N_("Whole number, not negative")), Choice("bool", N_("true or false")),
                  Choice("remove", N_("libvirt's value is taken away"))), required=True),
           Field("@value", N_("Value"), help=N_("Empty if it is taken away."))), words="override device property"),
)  # fmt: skip


def _summary(document: Document, _element: Element) -> str:
    count = sum(len(document.find_all(f"{prefix}:commandline/{prefix}:arg")) for prefix in ("qemu", "bhyve", "xen"))
    count += len(document.find_all("qemu:commandline/qemu:env")) + len(document.find_all("qemu:override/qemu:device"))
    return ngettext("{count} entry", "{count} entries", count).format(count=count) if count else _("None")


ARGUMENTS = Group(
    "arguments", N_("Hypervisor's arguments"), "utilities-terminal", Band.MACHINE,
    (
        Section(N_("QEMU"), (_arguments("qemu", N_("Arguments of QEMU")), _ENVIRONMENT),
                help=N_("libvirt hands them on without a look: a mistake keeps the machine from starting, and nobody supports "
                        "it.")),
        Section(N_("Properties of devices"), _OVERRIDE, folded=True,
            help=N_("Changes a property that libvirt gives a device (since libvirt 8.2).")),
        Section(N_("QEMU's capabilities"), (
            _capabilities("add", N_("Believed to be there"), N_("libvirt uses them though QEMU does not tell of them.")),
            _capabilities("del", N_("Believed to be missing"), N_("libvirt does not use them.")),
            _DEPRECATION,
        ), folded=True, help=N_("For developers.")),
        Section(N_("bhyve and Xen"), (_arguments("bhyve", N_("Arguments of bhyve")),
            _arguments("xen", N_("Arguments of Xen's device model"))), folded=True),
    ),
    _summary,
    N_("Arguments that libvirt does not know."),
    drivers=frozenset({"QEMU", "bhyve", "Xen"}),
)  # fmt: skip
