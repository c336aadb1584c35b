"""The options of ``hostelry create``."""

from __future__ import annotations

import argparse

from app.i18n import _


def parser() -> argparse.ArgumentParser:
    """Everything that may be said; what is not said is recommended, as in the window."""
    made = argparse.ArgumentParser(
        prog="hostelry create", description=_("Makes a virtual machine, with the same recommendations as the window.")
    )
    made.add_argument("-c", "--connect", metavar="URI", default="", help=_("the host; by default this computer"))
    made.add_argument(
        "--dry-run", action="store_true", help=_("print the definition and the like command of virt-install, make nothing")
    )
    _sources(made.add_mutually_exclusive_group(required=True))
    _details(made.add_argument_group(_("more about the source")))
    _machine(made.add_argument_group(_("the machine")))
    made.add_argument("--no-start", dest="start", action="store_false", help=_("make it, but leave it off"))
    return made


def _sources(group: argparse._MutuallyExclusiveGroup) -> None:
    group.add_argument("--iso", metavar="FILE", help=_("install from an ISO of this computer"))
    group.add_argument("--host-iso", metavar="PATH", help=_("install from an ISO or CD drive of the host"))
    group.add_argument("--image", metavar="FILE", help=_("use a disk image of this computer"))
    group.add_argument("--cloud-image", metavar="FILE", help=_("copy a cloud image and tell it user and keys"))
    group.add_argument("--volume", metavar="PATH", help=_("use a volume of the host"))
    group.add_argument("--url", metavar="URL", help=_("install from a tree in the network"))
    group.add_argument("--pxe", action="store_true", help=_("start from the network"))
    group.add_argument("--kernel", metavar="FILE", help=_("start a Linux kernel"))
    group.add_argument("--clone", metavar="NAME", help=_("copy a machine of the host"))
    group.add_argument("--linked-clone", metavar="NAME", help=_("make a machine that stands on another one's disks"))
    group.add_argument("--container", metavar="PROGRAM", help=_("run a program as a container"))
    group.add_argument("--no-medium", action="store_true", help=_("an empty machine"))


def _details(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--way", choices=("use", "copy", "overlay"), default="", help=_("what is done with the disk image"))
    group.add_argument("--initrd", metavar="FILE", default="", help=_("with --kernel: the initial file system"))
    group.add_argument("--cmdline", metavar="TEXT", default="", help=_("with --kernel or --url: the kernel's arguments"))
    group.add_argument("--root", metavar="FOLDER", default="", help=_("with --container: the folder that is its root"))
    group.add_argument("--user", metavar="NAME", default="", help=_("with --cloud-image: the account"))
    group.add_argument(
        "--ssh-key", metavar="FILE", action="append", default=[], help=_("with --cloud-image: a public key that may log in")
    )
    group.add_argument("--hostname", metavar="NAME", default="", help=_("with --cloud-image: the system's name"))
    group.add_argument("--package", metavar="NAME", action="append", default=[], help=_("with --cloud-image: to be installed"))
    group.add_argument(
        "--run", metavar="COMMAND", action="append", default=[], help=_("with --cloud-image: run at the first start")
    )


def _machine(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--name", default="", help=_("by default after the system"))
    group.add_argument(
        "--os", metavar="ID", default="", help=_("the system's short name (see osinfo-query os), such as debian12")
    )
    group.add_argument("--memory", metavar="SIZE", default="", help=_("for example 4GiB; a bare number is MiB"))
    group.add_argument("--vcpus", metavar="COUNT", type=int, default=0, help=_("processors"))
    group.add_argument("--disk", metavar="SIZE", default="", help=_("size of the new disk, or none"))
    group.add_argument("--pool", metavar="NAME", default="", help=_("where the disk goes"))
    group.add_argument("--format", choices=("qcow2", "raw"), default="", help=_("of the disk"))
    group.add_argument(
        "--network", metavar="KIND[:NAME]", default="", help=_("network:NAME, bridge:NAME, adapter:NAME, user or none")
    )
    group.add_argument(
        "--forward",
        metavar="PORT:PORT",
        action="append",
        default=[],
        help=_("a port of the host into the guest (with --network user)"),
    )
    group.add_argument("--firmware", choices=("bios", "uefi", "uefi-secure"), default="", help=_("what starts the machine"))
    group.add_argument("--graphics", choices=("vnc", "spice", "none"), default="", help=_("how its screen is shown"))
    group.add_argument("--arch", default="", help=_("another architecture, such as aarch64"))
    group.add_argument("--machine", default="", help=_("another machine type, such as pc"))
    group.add_argument("--accel", choices=("kvm", "emulation"), default="", help=_("how its processors are run"))
    group.add_argument("--autostart", action="store_true", help=_("start it with the host"))
