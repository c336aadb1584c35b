"""The command of ``hostelry create`` that makes the same machine, for scripts."""

from __future__ import annotations

from app.install.choices import Acceleration, DiskKind, NetworkKind, NetworkPlan
from app.install.plan import Plan
from app.install.seed.form import Form
from app.install.sources.discs import HostIso
from app.install.sources.images import CloudImage, DiskImage, HostImage
from app.install.sources.machine import Clone
from app.install.sources.plain import AContainer, DirectKernel, Pxe, Tree
from app.install.survey import Survey

_NETWORKS = {
    NetworkKind.NETWORK: "network:{name}",
    NetworkKind.BRIDGE: "bridge:{name}",
    NetworkKind.DIRECT: "adapter:{name}",
    NetworkKind.USER: "user",
    NetworkKind.NONE: "none",
}


def command(plan: Plan, survey: Survey, uri: str) -> tuple[list[str], tuple[str, ...]]:
    """Arguments, and the plan's parts for which the command has no words (names of its fields)."""
    made = ["hostelry", "create", "--connect", uri, *_source(plan), "--name", plan.name.value]
    if plan.system.name.short_id:
        made += ["--os", plan.system.name.short_id]
    made += ["--memory", f"{plan.memory.value}MiB", "--vcpus", str(plan.vcpus.value)]
    made += [*_disk(plan), *_network(plan.network.value), "--firmware", plan.firmware.value.value]
    made += ["--graphics", plan.graphics.value.value, *_platform(plan, survey)]
    if plan.autostart:
        made.append("--autostart")
    parts = ("more_disks", "more_networks", "folders", "profile", "answers", "title")
    lacking = [name for name in parts if getattr(plan, name, None)]
    if plan.disk.value.passphrase or plan.disk.value.preallocate:
        lacking.append("disk")
    return [*made, *_seed(plan.seed)], tuple(lacking)


def _source(plan: Plan) -> list[str]:  # noqa: PLR0911 (one line for each kind)
    source, medium = plan.source, plan.medium
    if isinstance(source, CloudImage):
        return ["--cloud-image", source.image.path]
    if isinstance(source, DiskImage):
        return ["--image", source.image.path]
    if isinstance(source, HostImage):
        return ["--volume", source.path]
    if isinstance(source, HostIso):
        return ["--host-iso", source.disc.path]
    if isinstance(source, Tree):
        return ["--url", source.url]
    if isinstance(source, Pxe):
        return ["--pxe"]
    if isinstance(source, DirectKernel):
        parts = (("--kernel", source.kernel), ("--initrd", source.initrd), ("--cmdline", source.cmdline))
        return [word for option, value in parts if value for word in (option, value)]
    if isinstance(source, Clone):
        return ["--linked-clone" if source.linked else "--clone", source.name]
    if isinstance(source, AContainer):
        return ["--container", source.init, *(["--root", source.root] if source.root else [])]
    return ["--iso", medium.path] if medium is not None else ["--no-medium"]


def _disk(plan: Plan) -> list[str]:
    disk = plan.disk.value
    if isinstance(plan.source, Clone | AContainer):
        return []
    if disk.kind is DiskKind.NONE:
        return ["--disk", "none"]
    way = ["--way", disk.kind.value] if isinstance(plan.source, DiskImage | HostImage) else []
    size = ["--disk", f"{disk.size >> 20}MiB"] if disk.size and disk.kind is not DiskKind.USE else []
    pool = ["--pool", disk.pool] if disk.pool and disk.kind is not DiskKind.USE else []
    form = ["--format", disk.format] if disk.kind is DiskKind.NEW else []
    return [*way, *size, *pool, *form]


def _network(network: NetworkPlan) -> list[str]:
    made = ["--network", _NETWORKS[network.kind].format(name=network.source)]
    for forward in network.forwards:
        address = f"{forward.address}:" if forward.address else ""
        made += ["--forward", f"{address}{forward.host_port}:{forward.guest_port}/{forward.protocol}"]
    return made


def _platform(plan: Plan, survey: Survey) -> list[str]:
    platform = plan.platform.value
    made = [*(["--arch", platform.arch] if platform.arch and platform.os_type != "exe" else [])]
    made += ["--machine", platform.machine] if platform.machine else []
    words = {Acceleration.KVM: "kvm", Acceleration.EMULATION: "emulation"}
    other = plan.accel.value is not survey.accel and plan.accel.value in words
    return [*made, *(["--accel", words[plan.accel.value]] if other else [])]


def _seed(form: Form | None) -> list[str]:
    """Keys are files there, so they are named in words."""
    if form is None:
        return []
    made = ["--hostname", form.hostname] if form.hostname else []
    for user in form.users[:1]:
        made += ["--user", user.name]
    for package in form.packages:
        made += ["--package", package]
    for line in form.commands:
        made += ["--run", line]
    return made
