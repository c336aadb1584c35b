"""Sources without a medium: nothing, the network card, a kernel, a container."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from app.i18n import _
from app.install import carriage
from app.install.bench import Bench
from app.install.osinfo import GENERIC, System
from app.install.plan import DiskKind, DiskPlan, NetworkKind, Plan, Problem, Recommended
from app.install.sources.source import Source
from app.install.stage import Cd, Container, From, Kernel, Stage
from app.install.survey import Survey


@dataclass(frozen=True, slots=True)
class Nothing(Source):
    """A machine with an empty disk: something to start from comes later."""

    @property
    def system_reason(self) -> str:
        return _("Without a medium it is not known; choose it for fitting hardware.")


@dataclass(frozen=True, slots=True)
class Pxe(Source):
    """The first network card asks a server what to start (PXE, iPXE)."""

    @property
    def stem(self) -> str:
        return "pxe"

    @property
    def system_reason(self) -> str:
        return _("What the network offers is not known before; choose it for fitting hardware.")

    def problems(self, plan: Plan, survey: Survey) -> Sequence[Problem]:
        network = plan.network.value
        if network.kind is NetworkKind.NONE:
            return [Problem("network", _("A machine that starts from the network needs a network. Choose one."))]
        if network.kind is NetworkKind.USER:
            return [Problem("network", _("User mode reaches no PXE server. Choose a network or a bridge on which there is one."))]
        if network.kind is NetworkKind.NETWORK:
            text = _(
                "The virtual network “{name}” offers something to start only if it was set up for that (libvirt: "
                "<bootp>); else choose a bridge."
            )
            return [Problem("network", text.format(name=network.source), blocks=False)]
        return ()

    def stage(self, plan: Plan) -> Stage:
        """The disk is asked first: it is empty until the installer has filled it."""
        full = plan.disk.value.kind is DiskKind.USE
        order = (From.NETWORK, From.DISK) if full else (From.DISK, From.NETWORK)
        return Stage((Cd(),), order)


@dataclass(frozen=True, slots=True)
class DirectKernel(Source):
    """A Linux kernel that the hypervisor starts itself.  on_host: the paths are the host's; else they are of this computer,
    and are copied to a pool for a remote host.  No disk unless the user wants one."""

    kernel: str
    initrd: str = ""
    cmdline: str = ""
    dtb: str = ""
    on_host: bool = False

    @property
    def stem(self) -> str:
        name = PurePosixPath(self.kernel).name
        return name if name not in ("", "linux", "vmlinuz", "kernel", "Image", "bzImage") else "linux"

    def disk(self, system: System, survey: Survey) -> Recommended[DiskPlan]:
        return Recommended(
            DiskPlan(DiskKind.NONE), _("The kernel and its initial file system need none; add one if it has its root there.")
        )

    def problems(self, plan: Plan, survey: Survey) -> Sequence[Problem]:
        if not self.kernel:
            return [Problem("medium", _("Choose the kernel's file (often called vmlinuz)."))]
        if plan.platform.value.os_type == "exe":
            return [Problem("medium", _("A container has no kernel of its own. Choose another kind of machine."))]
        return ()

    async def prepare(self, bench: Bench, plan: Plan) -> Plan:
        if self.on_host or bench.survey.local:
            return plan
        paths = [path and await carriage.copy_once(bench, path) for path in (self.kernel, self.initrd, self.dtb)]
        return replace(plan, source=replace(self, kernel=paths[0], initrd=paths[1], dtb=paths[2], on_host=True))

    def stage(self, plan: Plan) -> Stage:
        return Stage((Cd(),), kernel=Kernel(self.kernel, self.initrd, self.cmdline, self.dtb, stays=True))


@dataclass(frozen=True, slots=True)
class Tree(Source):
    """An installer in the network (HTTP, HTTPS, FTP): kernel and initrd were found and fetched to this computer, and are
    given to the machine until its first end.  url: where the installer finds the rest; arguments say so to it."""

    url: str
    kernel: str = ""
    initrd: str = ""
    arguments: str = ""
    known: System | None = None
    carried: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        return self.known.name.short_id if self.known else ""

    @property
    def system(self) -> System:
        return self.known or GENERIC

    def problems(self, plan: Plan, survey: Survey) -> Sequence[Problem]:
        if not self.kernel:
            return [
                Problem(
                    "medium", _("No installer was found under {url}. Check the address, or fetch an ISO.").format(url=self.url)
                )
            ]
        if plan.network.value.kind is NetworkKind.NONE:
            return [Problem("network", _("This installer fetches the system from the network. Choose a network."))]
        if plan.disk.value.kind is DiskKind.NONE:
            return [Problem("disk", _("There is no disk to install to."), blocks=False)]
        return ()

    async def prepare(self, bench: Bench, plan: Plan) -> Plan:
        """A pool's copy of both, which goes after the installation."""
        paths = [path and await carriage.copy_anew(bench, path, plan.name.value) for path in (self.kernel, self.initrd)]
        carried = tuple(path for path in paths if path)
        return replace(plan, source=replace(self, kernel=paths[0], initrd=paths[1], carried=carried))

    def stage(self, plan: Plan) -> Stage:
        kernel = Kernel(self.kernel, self.initrd, self.arguments)
        return Stage((Cd(),), kernel=kernel, temporary=self.carried, restarts=True)


@dataclass(frozen=True, slots=True)
class AContainer(Source):
    """One program, or a whole system in a folder of the host."""

    init: str = "/bin/sh"
    arguments: tuple[str, ...] = ()
    root: str = ""
    template: str = ""

    @property
    def stem(self) -> str:
        return PurePosixPath(self.root).name or self.template or PurePosixPath(self.init).name

    def disk(self, system: System, survey: Survey) -> Recommended[DiskPlan]:
        return Recommended(DiskPlan(DiskKind.NONE), _("A container uses folders of the host and no disk."))

    def problems(self, plan: Plan, survey: Survey) -> Sequence[Problem]:
        if plan.platform.value.os_type != "exe":
            return [Problem("medium", _("This host runs no containers. Choose a connection to LXC or Virtuozzo."))]
        if not self.template and not self.init.startswith("/"):
            return [Problem("medium", _("Give the program's whole path inside the container, such as /bin/sh or /sbin/init."))]
        if self.root and not self.root.startswith("/"):
            return [Problem("medium", _("Give the whole path of the folder on the host."))]
        return ()

    def stage(self, plan: Plan) -> Stage:
        init = "" if self.template else self.init
        return Stage((), (), container=Container(init, self.arguments, self.root, self.template))
