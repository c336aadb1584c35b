"""Folders of the host that the guest mounts (formatdomain, "Filesystems"): virtiofs and 9p; for containers more kinds."""

from __future__ import annotations

from app.devices.description import Band, Choice, DeviceType, Field, Kind, Section, Table, Variant
from app.devices.shared.address import address
from app.devices.shared.conditions import only
from app.devices.shared.disk_kinds import FORMATS
from app.devices.shared.identity import BOOT, more
from app.devices.shared.switches import on_off
from app.devices.shared.virtio import MODELS, options
from app.devices.wording import word_of
from app.i18n import N_, _
from app.xmldoc.document import Document, Element

_VIRTIOFS = only("driver/@type", "virtiofs", why=N_("Only virtiofs has it."))
_NINE = only("driver/@type", "path", "handle", None, why=N_("virtiofs does not have it."))
_KIND = Field(
    "@type",
    N_("Kind"),
    Kind.CHOICE,
    N_("What the guest mounts. Machines have folders only; the rest is for containers."),
    (
        Choice("mount", N_("Folder of the host")),
        Choice("file", N_("Image file")),
        Choice("block", N_("Disk of the host")),
        Choice("bind", N_("Folder of the container")),
        Choice("ram", N_("Memory (tmpfs)")),
        Choice("template", N_("Template (OpenVZ)")),
    ),
    default="mount",
)
_DRIVER = Field(
    "driver/@type",
    N_("Way"),
    Kind.CHOICE,
    N_("virtiofs is faster and behaves like a local folder, but the machine's memory must be shared."),
    (
        Choice("virtiofs", "virtiofs"),
        Choice("path", "9p"),
        Choice("handle", N_("9p, by handles (old)")),
        Choice("loop", N_("Loop device (LXC)")),
        Choice("nbd", N_("NBD (LXC)")),
        Choice("ploop", "ploop (OpenVZ)"),
    ),
    default="path",
    offered="filesystem/driverType",
    words="virtiofs 9p",
)
_SOURCES = (
    Field(
        "source/@dir",
        N_("Folder"),
        Kind.PATH,
        N_("Of the host."),
        when=(only("@type", "mount", "bind", None),),
        words="share shared folder",
    ),
    Field(
        "source/@socket",
        N_("Socket"),
        Kind.PATH,
        N_("Of a virtiofsd that another program runs, instead of the folder."),
        when=(_VIRTIOFS,),
        folded=True,
    ),
    Field(
        "source/@file",
        N_("Image file"),
        Kind.PATH,
        help=N_("Of the host, with a file system in it."),
        when=(only("@type", "file"),),
    ),
    Field(
        "source/@dev",
        N_("Device"),
        Kind.PATH,
        help=N_("Of the host, with a file system in it."),
        when=(only("@type", "block"),),
        names="block-devices",
    ),
    Field("source/@name", N_("Template"), Kind.TEXT, help=N_("The name of the template."), when=(only("@type", "template"),)),
    Field(
        "source/@usage",
        N_("Memory"),
        Kind.INTEGER,
        N_("How much it may hold, in the unit below."),
        minimum=0,
        when=(only("@type", "ram"),),
    ),
    Field(
        "source/@units",
        N_("Unit of the memory"),
        Kind.CHOICE,
        help=N_("In which the size is counted."),
        choices=(Choice("KiB", ""), Choice("MiB", ""), Choice("GiB", ""), Choice("bytes", "")),
        default="KiB",
        when=(only("@type", "ram"),),
    ),
)
_TARGET = Field(
    "target/@dir",
    N_("Name in the guest"),
    Kind.TEXT,
    N_("The guest mounts it by this name (mount -t virtiofs NAME /mnt). For containers: where it is."),
    required=True,
    distinct=True,
    words="tag mount",
)
_RIGHTS = (
    Field("readonly", N_("Read only"), Kind.PRESENCE, N_("The guest cannot write to it.")),
    Field(
        "@accessmode",
        N_("Owners and rights of files"),
        Kind.CHOICE,
        N_("As whom the guest's users write to the folder."),
        (
            Choice("passthrough", N_("As in the guest")),
            Choice("mapped", N_("Kept beside the files"), N_("All files belong to the emulator's user")),
            Choice("squash", N_("As far as they can be set")),
        ),
        default="passthrough",
    ),
)
_NINE_P = Section(
    N_("9p"),
    (
        Field(
            "@multidevs",
            N_("Several file systems in the folder"),
            Kind.CHOICE,
            N_("Files of several file systems can have the same number."),
            (
                Choice("default", N_("The emulator's choice")),
                Choice("remap", N_("Give other numbers")),
                Choice("forbid", N_("Show one file system only")),
                Choice("warn", N_("Warn in the log")),
            ),
            when=(_NINE,),
        ),
        *(
            Field(
                f"@{name}",
                label,
                Kind.TEXT,
                N_("Octal, such as 0644."),
                when=(only("@accessmode", "mapped"),),
                pattern="0?[0-7]{1,3}",
                pattern_help=N_("This must be octal rights, for example 0644."),
            )
            for name, label in (("fmode", N_("Rights of new files")), ("dmode", N_("Rights of new folders")))
        ),
        Field(
            "driver/@wrpolicy",
            N_("Write at once"),
            Kind.CHOICE,
            help=N_("Safer if the host loses power, and slower."),
            choices=(Choice("immediate", N_("Each write goes to the disk at once")),),
            when=(_NINE,),
        ),
    ),
    folded=True,
)
_DAEMON = Section(
    "virtiofs",
    (
        Field(
            "binary/cache/@mode",
            N_("Cache of the guest"),
            Kind.CHOICE,
            N_("Whether the guest may keep what it knows of the folder."),
            (Choice("none", N_("None"), N_("Right, if others change the folder too")), Choice("always", N_("Always"))),
            when=(_VIRTIOFS,),
        ),
        on_off("binary/@xattr", N_("Extended attributes"), N_("The guest can keep and read them."), when=(_VIRTIOFS,)),
        on_off(
            "binary/lock/@posix",
            N_("Locks of POSIX"),
            N_("Locks on parts of files work between guest and host."),
            when=(_VIRTIOFS,),
        ),
        on_off(
            "binary/lock/@flock", N_("Locks of whole files"), N_("Locks of flock work between guest and host."), when=(_VIRTIOFS,)
        ),
        Field(
            "binary/sandbox/@mode",
            N_("Locked in by"),
            Kind.CHOICE,
            N_("How the program that serves the folder is kept from the rest of the host."),
            (Choice("namespace", N_("Namespaces")), Choice("chroot", N_("Changed root"))),
            when=(_VIRTIOFS,),
        ),
        Field(
            "binary/thread_pool/@size",
            N_("Threads"),
            Kind.INTEGER,
            help=N_("How many requests are worked on at once."),
            minimum=0,
            when=(_VIRTIOFS,),
        ),
        Field(
            "binary/openfiles/@max",
            N_("Open files, at most"),
            Kind.INTEGER,
            help=N_("How many files of the folder may be open at once."),
            minimum=1,
            when=(_VIRTIOFS,),
            since=(10, 6, 0),
        ),
        Field(
            "binary/@path",
            N_("Program"),
            Kind.PATH,
            N_("The virtiofsd of the host, if it is not the usual one."),
            when=(_VIRTIOFS,),
        ),
        Field(
            "driver/@queue",
            N_("Length of the queue"),
            Kind.INTEGER,
            help=N_("How many requests can wait."),
            minimum=1,
            when=(_VIRTIOFS,),
        ),
        *(
            Table(
                f"idmap/{name}",
                label,
                (
                    Field(
                        "@start",
                        N_("First in the guest"),
                        Kind.INTEGER,
                        help=N_("The first number that is mapped."),
                        minimum=0,
                        required=True,
                    ),
                    Field(
                        "@target",
                        N_("First at the host"),
                        Kind.INTEGER,
                        help=N_("What that one is on the host."),
                        minimum=0,
                        required=True,
                    ),
                    Field(
                        "@count", N_("How many"), Kind.INTEGER, help=N_("How many numbers in a row."), minimum=1, required=True
                    ),
                ),
                new=f"<{name} start='0' target='1000' count='65535'/>",
                help=N_("For libvirt without root's rights."),
                when=(_VIRTIOFS,),
                folded=True,
                since=(10, 0, 0),
            )
            for name, label in (("uid", N_("Users of the guest at the host")), ("gid", N_("Groups of the guest at the host")))
        ),
    ),
    folded=True,
)


def _summary(document: Document, element: Element) -> str:
    places = (document.get(f"source/@{name}", None, element) for name in ("dir", "file", "dev", "socket", "name"))
    return _("{way}: {place}").format(
        way=word_of(_DRIVER, document, element), place=next((place for place in places if place), _("no source"))
    )


def _title(document: Document, element: Element) -> str:
    return _("Shared folder {name}").format(name=document.get("target/@dir", "", element))


FILESYSTEM = DeviceType(
    "filesystem",
    N_("Shared folder"),
    "device-filesystem",
    Band.STORAGE,
    (
        Section(N_("Shared folder"), (_KIND, _DRIVER, *_SOURCES, _TARGET, *_RIGHTS)),
        _DAEMON,
        _NINE_P,
        address("pci", "ccw", "virtio-mmio"),
        more(
            Field(
                "@model",
                N_("Form of virtio"),
                Kind.CHOICE,
                N_("Only for old guests another than virtio."),
                MODELS,
                default="virtio",
            ),
            Field(
                "driver/@format",
                N_("Format of the image"),
                Kind.CHOICE,
                help=N_("Only raw images and NBD can be mounted."),
                choices=FORMATS,
                when=(only("@type", "file"),),
            ),
            Field("space_hard_limit", N_("Space, at most"), Kind.SIZE, N_("For containers."), scale="bytes", has_unit=True),
            Field("space_soft_limit", N_("Space, warned above"), Kind.SIZE, N_("For containers."), scale="bytes", has_unit=True),
            *BOOT,
            *options(),
        ),
    ),
    _summary,
    N_("A folder of the host that the guest can mount."),
    order=40,
    tag="filesystem",
    title=_title,
    keys=("target/@dir", "alias/@name"),
    variants=(
        Variant(
            "filesystem-virtiofs",
            N_("Shared folder: virtiofs"),
            "<filesystem type='mount' accessmode='passthrough'><driver type='virtiofs'/><source dir='{folder}'/>"
            "<target dir='{share}'/></filesystem>",
            N_("Fast; the machine's memory must be shared."),
            "filesystem/driverType=virtiofs",
        ),
        Variant(
            "filesystem-9p",
            N_("Shared folder: 9p"),
            "<filesystem type='mount' accessmode='mapped'><source dir='{folder}'/><target dir='{share}'/></filesystem>",
            N_("Slower; works with each machine."),
            "filesystem/driverType=path",
        ),
        Variant(
            "filesystem-ram",
            N_("Folder in memory (container)"),
            "<filesystem type='ram'><source usage='65536' units='KiB'/><target dir='/{share}'/></filesystem>",
            N_("For LXC containers."),
        ),
    ),
    hotplug=True,
)
