"""The command of virt-install that makes the same kind of machine, for people who know that one."""

from __future__ import annotations

from app.install.choices import DiskKind, DiskPlan, Firmware, NetworkKind, NetworkPlan
from app.install.plan import Plan
from app.install.sizes import GIB
from app.install.sources.machine import Clone
from app.install.sources.plain import AContainer, Tree
from app.install.stage import From
from app.install.survey import Survey
from app.install.xml import stage_of


def command(plan: Plan, survey: Survey, uri: str) -> list[str]:
    """Arguments; virt-install's own defaults fill in what it has other words for (see docs/creating.md)."""
    if isinstance(plan.source, Clone):
        return ["virt-clone", "--connect", uri, "--original", plan.source.name, "--name", plan.name.value, "--auto-clone"]
    made = ["virt-install", "--connect", uri, "--name", plan.name.value, "--memory", str(plan.memory.value)]
    made += ["--vcpus", f"{plan.vcpus.value},sockets=1,cores={plan.vcpus.value},threads=1"]
    made += ["--osinfo", plan.system.name.short_id or "detect=off,require=off"]
    made += [*_platform(plan, survey), *_start(plan)]
    for disk in (plan.disk.value, *plan.more_disks):
        made += _disk(disk)
    for network in (plan.network.value, *plan.more_networks):
        made += ["--network", _network(network)]
    made += [*_boot(plan), "--graphics", plan.graphics.value.value, "--noautoconsole"]
    return [*made, "--autostart"] if plan.autostart else made


def _platform(plan: Plan, survey: Survey) -> list[str]:
    platform = plan.platform.value
    made = ["--virt-type", plan.accel.value.value]
    if platform.arch:
        made += ["--arch", platform.arch]
    machine = platform.machine or (survey.at(platform, plan.accel.value).machine if platform.arch else "")
    if machine:
        made += ["--machine", machine]
    return [*made, "--container"] if platform.os_type == "exe" else made


def _start(plan: Plan) -> list[str]:
    """What it is installed from."""
    stage = stage_of(plan)
    if isinstance(plan.source, Tree):
        return ["--location", plan.source.url, *(["--extra-args", plan.source.arguments] if plan.source.arguments else [])]
    if isinstance(plan.source, AContainer):
        root = [f"--filesystem={plan.source.root},/"] if plan.source.root else []
        return ["--boot", f"init={plan.source.init}", *root]
    if stage.kernel is not None:
        kernel = stage.kernel
        parts = (("kernel", kernel.kernel), ("initrd", kernel.initrd), ("kernel_args", kernel.cmdline))
        return ["--import", "--boot", ",".join(f"{key}={value}" for key, value in parts if value)]
    if From.NETWORK in stage.boot:
        return ["--pxe"]
    paths = [cd.path for cd in stage.cds if cd.path]
    if paths:
        return ["--cdrom", paths[0], *(["--disk", f"{plan.drivers.value},device=cdrom"] if plan.drivers.value else [])]
    return ["--import"]


def _disk(disk: DiskPlan) -> list[str]:
    if disk.kind is DiskKind.NONE:
        return ["--disk", "none"]
    bus = f",bus={disk.bus}" if disk.bus else ""
    if disk.kind is DiskKind.USE:
        return ["--disk", f"path={disk.path},format={disk.format}{bus}"]
    size = f"size={max(1, -(-disk.size // GIB))},format={disk.format}"
    if disk.kind is DiskKind.OVERLAY:
        return ["--disk", f"{size},backing_store={disk.path},backing_format={disk.source_format}{bus}"]
    sparse = ",sparse=no" if disk.preallocate else ""
    pool = f",pool={disk.pool}" if disk.pool else ""
    return ["--disk", f"{size}{pool}{sparse}{bus}"]


def _network(network: NetworkPlan) -> str:
    model = f",model={network.model}" if network.model else ""
    if network.kind is NetworkKind.NETWORK:
        return f"network={network.source}{model}"
    if network.kind is NetworkKind.BRIDGE:
        return f"bridge={network.source}{model}"
    if network.kind is NetworkKind.DIRECT:
        return f"type=direct,source={network.source},source_mode=bridge{model}"
    if network.kind is NetworkKind.NONE:
        return "none"
    return f"user{model}" + (",backend.type=passt" if network.passt else "")


def _boot(plan: Plan) -> list[str]:
    if plan.firmware.value is Firmware.BIOS:
        return []
    if plan.firmware.value is Firmware.UEFI:
        return ["--boot", "uefi"]
    secure = "firmware=efi,firmware.feature0.name=secure-boot,firmware.feature0.enabled=yes"
    return ["--boot", f"{secure},firmware.feature1.name=enrolled-keys,firmware.feature1.enabled=yes"]
