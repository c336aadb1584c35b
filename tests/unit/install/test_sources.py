"""What is wrong with a source or a choice is a sentence at its field, with what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import Invalid
from app.install import check, defaults, drivers, networks, platforms
from app.install.choices import Acceleration, DiskKind, DiskPlan, Folder, Forward, NetworkKind, NetworkPlan, Platform
from app.install.media import Medium, MediumKind
from app.install.plan import Plan, Recommended
from app.install.sizes import GIB
from app.install.sources.discs import HostIso
from app.install.sources.images import CloudImage, DiskImage
from app.install.sources.machine import Clone
from app.install.sources.plain import AContainer, DirectKernel, Nothing, Pxe, Tree
from app.install.sources.table import KINDS, kind
from app.install.survey import HostDisc, Survey
from app.model.records import NetworkRecord, PoolRecord
from tests.unit.install.create_cases import definition, system
from tests.unit.install.create_hosts import survey

HOST = survey("kvm")
VMDK = Medium("/home/me/a.vmdk", MediumKind.DISK, "vmdk", 5, 3 * GIB, title="a")
QCOW2 = Medium("/home/me/a.qcow2", MediumKind.DISK, "qcow2", 5, 3 * GIB, title="a")


def wrong(plan: Plan, host: Survey = HOST, *, blocks: bool = True) -> set[str]:
    """The fields with problems; each has a whole sentence."""
    found = [problem for problem in check.problems(plan, host) if problem.blocks is blocks]
    assert all(problem.text.endswith((".", ").")) for problem in found)
    return {problem.field for problem in found}


def plan(source: object, host: Survey = HOST) -> Plan:
    assert hasattr(source, "stage")
    return defaults.recommend_source(source, host)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "field"),
    [
        (DirectKernel(""), "medium"),
        (Tree("https://example.org/nothing/"), "medium"),
        (HostIso(HostDisc("/srv/gone.iso", "isos")), "medium"),
        (AContainer(), "medium"),
        (Clone(definition("debian-iso"), running=True), "medium"),
    ],
)
def test_a_source_that_cannot_be_used(source: object, field: str) -> None:
    assert field in wrong(plan(source))


def test_pxe_needs_a_network_with_a_server() -> None:
    pxe = plan(Pxe())
    assert wrong(pxe.choose("network", NetworkPlan(NetworkKind.NONE))) == {"network"}
    assert wrong(pxe.choose("network", NetworkPlan(NetworkKind.USER))) == {"network"}
    assert wrong(pxe) == set() and wrong(pxe, blocks=False) == {"network"}
    assert wrong(pxe.choose("network", NetworkPlan(NetworkKind.BRIDGE, "br0")), blocks=False) == set()


def test_images_of_other_programs_are_converted_unless_the_user_knows_better() -> None:
    made = plan(DiskImage(VMDK))
    assert made.disk.value == DiskPlan(DiskKind.COPY, 3 * GIB, "default", VMDK.path, "qcow2", "vmdk")
    assert made.disk.value.converts and wrong(made) == set()
    ways = DiskImage(VMDK).choices(HOST)
    assert [way.value.kind for way in ways] == [DiskKind.COPY, DiskKind.USE, DiskKind.OVERLAY]
    assert wrong(made.choose("disk", ways[1].value), blocks=False) == {"disk"}
    assert [way.value.kind for way in DiskImage(QCOW2).choices(HOST)] == [DiskKind.USE, DiskKind.COPY, DiskKind.OVERLAY]
    remote = replace(HOST, local=False)
    assert [way.value.kind for way in DiskImage(QCOW2).choices(remote)] == [DiskKind.COPY]
    assert wrong(made.choose("disk", ways[2].value), remote) == {"disk"}


def test_a_cloud_image_is_copied_larger_and_wants_first_settings() -> None:
    made = plan(CloudImage(QCOW2))
    assert (made.disk.value.kind, made.disk.value.size) == (DiskKind.COPY, 20 * GIB)
    assert wrong(made, blocks=False) == {"medium"}


def test_ports() -> None:
    def with_ports(*forwards: Forward) -> Plan:
        return plan(Nothing()).choose("network", networks.user_mode(HOST, forwards))

    assert wrong(with_ports(Forward(2222, 22), Forward(2222, 22, "udp"))) == set()
    assert wrong(with_ports(Forward(2222, 22), Forward(2222, 23))) == {"network"}
    assert wrong(with_ports(Forward(0, 22))) == {"network"}
    assert wrong(with_ports(Forward(80, 80)), replace(HOST, session=True), blocks=False) == {"network"}
    assert networks.parse_forward("2222:22") == Forward(2222, 22)
    assert networks.parse_forward("127.0.0.1:5353:53/udp") == Forward(5353, 53, "udp", "127.0.0.1")
    assert networks.parse_forward("udp:5353:53") == Forward(5353, 53, "udp")
    for text in ("", "22", "a:b", "1:2:3:4", "tcp:"):
        with pytest.raises(Invalid):
            networks.parse_forward(text)


def test_passt_is_used_where_the_host_has_it() -> None:
    assert networks.user_mode(replace(HOST, passt=True), (Forward(2222, 22),)).passt
    assert not networks.user_mode(HOST, (Forward(2222, 22),)).passt
    assert networks.can_forward(replace(HOST, passt=True)) != networks.can_forward(HOST)


def test_networks_are_explained_and_macvtap_is_never_recommended() -> None:
    listed = networks.choices(HOST)
    assert [choice.value.kind.value for choice in listed] == ["network", "bridge", "user", "none", "direct"]
    assert all(choice.reason.endswith(".") for choice in listed)
    assert len({choice.reason for choice in listed}) == len(listed)
    assert [choice.value.kind.value for choice in networks.choices(replace(HOST, session=True))] == ["user", "none"]


def test_a_network_that_is_off_is_said() -> None:
    host = replace(HOST, networks=(NetworkRecord("n", "default"),))
    assert wrong(plan(Nothing(), host), host, blocks=False) == {"network"}
    assert wrong(plan(Nothing(), host), replace(host, networks=())) == {"network"}
    more = replace(plan(Nothing()), more_networks=(NetworkPlan(NetworkKind.NETWORK, "gone"),))
    assert wrong(more) == {"network"}


def test_disks() -> None:
    full = replace(HOST, pools=(PoolRecord("p", "default", active=True, available=5 * GIB, type="dir"),))
    made = plan(Nothing(), full)
    assert wrong(made, full, blocks=False) == {"disk"}
    assert wrong(made.choose("disk", replace(made.disk.value, preallocate=True)), full) == {"disk"}
    assert wrong(made.choose("disk", replace(made.disk.value, pool="gone"))) == {"disk"}
    assert wrong(plan(DiskImage(QCOW2)).choose("disk", DiskPlan(DiskKind.COPY, 1, "default", "/a", passphrase="x"))) == {"disk"}


def test_a_passphrase_is_not_shown() -> None:
    assert "geheim" not in repr(DiskPlan(DiskKind.NEW, GIB, passphrase="geheim"))


def test_platforms_are_what_the_capabilities_list() -> None:
    listed = platforms.choices(HOST)
    assert listed[0].platform == Platform() and listed[0].accels[0] is Acceleration.KVM
    names = [choice.platform.arch for choice in listed]
    assert names[1:6] == ["i686", "aarch64", "armv7l", "riscv64", "ppc64le"]
    arm = listed[2]
    assert arm.accels == (Acceleration.EMULATION,) and "slower" in arm.reason and arm.machines[0] == "virt"
    assert [choice.platform.os_type for choice in platforms.choices(survey("lxc"))][:1] == ["exe"]


def test_what_a_host_cannot_run() -> None:
    made = plan(Nothing())
    assert wrong(replace(made, platform=Recommended(Platform("m68000")))) == {"platform"}
    assert wrong(replace(made, accel=Recommended(Acceleration.KVM), platform=Recommended(Platform("riscv64")))) == {"accel"}
    xen = survey("xen")
    pvh = defaults.recommend_source(Nothing(), xen, platform=Platform("x86_64", "xenpvh"), accel=Acceleration.XEN)
    assert wrong(pvh, xen) == {"platform"}
    arm = Medium("/a.iso", MediumKind.ISO, "iso", 5, arch="aarch64")
    assert "platform" in wrong(defaults.recommend(arm, HOST), blocks=False)
    assert "platform" not in wrong(defaults.recommend(replace(arm, arch="i686"), HOST), blocks=False)


def test_folders() -> None:
    made = plan(Nothing())
    assert wrong(replace(made, folders=(Folder("/a", "x"), Folder("/b", "y")))) == set()
    assert wrong(replace(made, folders=(Folder("/a", "x"), Folder("/b", "x")))) == {"folders"}
    assert wrong(replace(made, folders=(Folder("a", "x"),))) == {"folders"}


def test_another_kind_of_machine_keeps_what_was_chosen() -> None:
    made = plan(Nothing()).choose("memory", 3000).choose("firmware", "bios")
    other = defaults.with_platform(made, Platform("aarch64"), Acceleration.EMULATION, HOST)
    assert (other.memory.value, other.platform.value.arch) == (3000, "aarch64")
    assert other.firmware.value.value == "uefi"
    back = defaults.with_platform(other, Platform(), Acceleration.KVM, HOST)
    assert back.firmware.value.value == "bios"


def test_the_newest_disc_of_drivers_is_for_windows_only() -> None:
    discs = (
        HostDisc("/a/virtio-win-0.1.96.iso", "a"),
        HostDisc("/a/virtio-win-0.1.240.iso", "a"),
        HostDisc("/a/virtio.iso", "a"),
    )
    host = replace(HOST, discs=discs)
    assert drivers.recommend(system("win11"), host).value == "/a/virtio-win-0.1.240.iso"
    assert drivers.recommend(system("debian11"), host).value == ""
    assert "virtio-win" in drivers.recommend(system("win11"), replace(host, discs=())).reason


def test_kinds_are_offered_where_the_host_has_them() -> None:
    assert len({row.id for row in KINDS}) == len(KINDS)
    lxc, here = survey("lxc"), replace(HOST, names=frozenset({"a"}))
    assert [row.id for row in KINDS if not row.why_not(lxc)] == ["container"]
    assert [row.id for row in KINDS if row.why_not(here)] == ["container"]
    assert kind("clone").why_not(HOST) and kind("pxe").why_not(replace(HOST, session=True, bridges=()))
