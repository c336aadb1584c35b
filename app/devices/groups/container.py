"""Container: the first program, what is shared with the host, rights and users (formatdomain, "Container boot"; drvlxc)."""

from __future__ import annotations

from app.devices.description import Band, Choice, Field, Group, Kind, Section, Table
from app.devices.groups.terms import LXC, on_off
from app.i18n import N_, _, ngettext
from app.xmldoc.document import Document, Element

_INIT = (
    Field("os/init", N_("First program"), Kind.PATH, N_("Started in the container as process 1."), default="/sbin/init"),
    Table("os/initarg", N_("Its arguments"), (Field("", N_("Argument"), help=N_("One argument; no shell reads it.")),),
        new="<initarg>--help</initarg>"),
    Table("os/initenv", N_("Its environment"),
          (Field("@name", N_("Name"), required=True, pattern=r"[a-zA-Z_]+[a-zA-Z0-9_]*", help=N_("Name of the variable.")),
              Field("", N_("Value"), help=N_("Its value."))),
          new="<initenv name='NAME'>value</initenv>", key="@name"),
    Field("os/initdir", N_("Working folder"), Kind.PATH, N_("In the container."), default="/", since=(3, 1, 0)),
    Field("os/inituser", N_("User"), help=N_("A name, or a number with a plus sign: +1000. It needs a group too."),
        default="root", since=(3, 1, 0)),
    Field("os/initgroup", N_("User's group"), help=N_("A name, or a number with a plus sign: +1000."), default="root",
        since=(3, 1, 0)),
)  # fmt: skip
_SOURCE = (Choice("name", N_("Another container's")), Choice("pid", N_("A process's")))


def _shared(name: str, label: str, help: str, *more: Choice) -> tuple[Field, Field]:
    at = f"lxc:namespace/lxc:{name}"
    return (
        Field(f"{at}/@type", label, Kind.CHOICE, help, (*more, *_SOURCE), default=N_("its own"), since=(1, 2, 19)),
        Field(
            f"{at}/@value",
            N_("Whose"),
            help=N_("The name of the container or network namespace, or the number of the process."),
            since=(1, 2, 19),
        ),
    )


_SHARED = (
    *_shared(
        "sharenet",
        N_("Network of"),
        N_("The container uses the network cards of another."),
        Choice("netns", N_("A network namespace")),
    ),
    *_shared("shareipc", N_("Shared memory of"), N_("It sees the shared memory and message queues of another.")),
    *_shared("shareuts", N_("Host name of"), N_("It has the host name of another.")),
)
_RIGHTS = (
    "audit_control", "audit_write", "block_suspend", "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "ipc_lock",
    "ipc_owner", "kill",
    "lease", "linux_immutable", "mac_admin", "mac_override", "mknod", "net_admin", "net_bind_service", "net_broadcast",
    "net_raw", "setgid", "setfcap",
    "setpcap", "setuid", "sys_admin", "sys_boot", "sys_chroot", "sys_module", "sys_nice", "sys_pacct", "sys_ptrace", "sys_rawio",
    "sys_resource",
    "sys_time", "sys_tty_config", "syslog", "wake_alarm",
)  # fmt: skip
_POLICY = Field("features/capabilities/@policy", N_("Rights of root"), Kind.CHOICE,
    N_("What root in the container may do; the list below makes exceptions."),
                (Choice("default", N_("The usual ones"),
                    N_("Without mknod, and without what changes the host's clock and modules")),
                 Choice("allow", N_("All, but for those that are off")), Choice("deny", N_("None, but for those that are on"))),
                default="default", since=(1, 2, 7), words="capabilities CAP_SYS_ADMIN")  # fmt: skip
_EACH_RIGHT = tuple(
    on_off(
        f"features/capabilities/{name}/@state",
        f"CAP_{name.upper()}",
        N_("See capabilities(7)."),
        since=(1, 2, 7),
        words=name.replace("_", " "),
        folded=True,
    )
    for name in _RIGHTS
)


_IDS = 2**32 - 1


def _ids(tag: str, label: str, help: str) -> Table:
    return Table(
        f"idmap/{tag}", label,
        (
            Field("@start", N_("In the container, from"), Kind.INTEGER, N_("The first number inside; one row must begin at 0."),
                required=True, minimum=0, maximum=_IDS),
            Field("@target", N_("On the host, from"), Kind.INTEGER, N_("What that number is on the host."), required=True,
                minimum=0, maximum=_IDS),
            Field("@count", N_("How many"), Kind.INTEGER, N_("Numbers in a row."), required=True, minimum=1, maximum=_IDS),
        ),
        new=f"<{tag} start='0' target='100000' count='65536'/>", key="@start", help=help, words="user namespace uid gid mapping",
    )  # fmt: skip


_USERS = (
    _ids("uid", N_("Users"), N_("Root of the container is then an ordinary user of the host.")),
    _ids("gid", N_("Groups"), N_("The same for groups.")),
)


def _summary(document: Document, _element: Element) -> str:
    maps = len(document.find_all("idmap/uid"))
    if maps:
        return ngettext("{init}, {count} range of users", "{init}, {count} ranges of users", maps).format(
            init=document.get("os/init") or "/sbin/init", count=maps
        )
    return document.get("os/init") or _("No first program")


CONTAINER_GROUP = Group(
    "container", N_("Container"), "system-run", Band.MACHINE,
    (
        Section(N_("First program"), _INIT),
        Section(N_("Users and groups"), _USERS, help=N_("Without a range, root in the container is root on the host.")),
        Section(N_("Rights"), (_POLICY, *_EACH_RIGHT), folded=True),
        Section(N_("Shared with others"), _SHARED, folded=True),
    ),
    _summary,
    N_("What a Linux container starts, and what it may do."),
    drivers=LXC,
)  # fmt: skip
