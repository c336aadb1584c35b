"""The plan is what an expert would choose, and its definition is valid for libvirt's schema."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from app.install import check, defaults, osinfo, storage_plan
from app.install.media import Medium, MediumKind
from app.install.osinfo import GENERIC, System
from app.install.plan import Acceleration, DiskKind, DiskPlan, Firmware, NetworkKind, NetworkPlan, Plan
from app.install.sizes import GIB
from app.install.survey import Abilities, Survey
from app.install.xml import domain_xml
from app.model.records import NetworkRecord, PoolRecord
from app.xmldoc import Document

SCHEMA = Path("/usr/share/libvirt/schemas/domain.rng")

ABILITIES = Abilities(
    emulator="/usr/bin/qemu-system-x86_64",
    max_vcpus=255,
    cpu_modes=frozenset({"host-passthrough", "maximum", "custom"}),
    video_models=frozenset({"vga", "virtio", "bochs", "qxl", "none"}),
    graphics=frozenset({"vnc", "spice"}),
    rng_models=frozenset({"virtio"}),
    tpm_models=frozenset({"tpm-crb", "tpm-tis"}),
    tpm_backends=frozenset({"emulator", "passthrough"}),
    hyperv=frozenset({"relaxed", "vapic", "spinlocks", "vpindex", "synic", "stimer", "evmcs"}),
    efi=True,
    secure_boot=True,
)
HOST = Survey(
    "here",
    cpus=8,
    memory=32 * GIB,
    memory_free=20 * GIB,
    libvirt_version=9_000_000,
    accel=Acceleration.KVM,
    abilities={Acceleration.KVM: ABILITIES, Acceleration.EMULATION: ABILITIES},
    networks=(NetworkRecord("n", "default", active=True),),
    pools=(PoolRecord("p", "default", active=True, available=200 * GIB, target_path="/var/lib/libvirt/images", type="dir"),),
)


def named(short_id: str) -> System:
    found = osinfo.by_short_id(short_id)
    assert found is not None
    return found


def plan_for(system: System, survey: Survey = HOST) -> Plan:
    medium = Medium("/isos/a.iso", MediumKind.ISO, "iso", 5, system=system, exact=system is not GENERIC, title="Some System 1")
    return defaults.recommend(medium, survey)


def document(plan: Plan, survey: Survey = HOST) -> Document:
    return Document.parse(domain_xml(plan, survey, disk_path="/var/lib/libvirt/images/x.qcow2"))


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    if not SCHEMA.exists():
        pytest.skip("libvirt's schemas are not installed")
    return etree.RelaxNG(etree.parse(str(SCHEMA)))


SYSTEMS = [
    "debian11",
    "fedora37",
    "ubuntu22.04",
    "win11",
    "win10",
    "winxp",
    "win98",
    "msdos6.22",
    "freebsd13.1",
    "macosx10.7",
    "",
]


@pytest.mark.parametrize("short_id", SYSTEMS)
@pytest.mark.parametrize("accel", [Acceleration.KVM, Acceleration.EMULATION])
@pytest.mark.parametrize("local", [True, False])
def test_definition_fits_the_schema(schema: etree.RelaxNG, short_id: str, accel: Acceleration, local: bool) -> None:
    survey = replace(HOST, accel=accel, local=local)
    xml = domain_xml(plan_for(named(short_id) if short_id else GENERIC, survey), survey, disk_path="/x.qcow2")
    assert schema.validate(etree.fromstring(xml)), schema.error_log
    for firmware in Firmware:
        plan = plan_for(GENERIC, survey).choose("firmware", firmware)
        assert schema.validate(etree.fromstring(domain_xml(plan, survey))), schema.error_log


def test_debian() -> None:
    plan = plan_for(named("debian11"))
    doc = document(plan)
    assert (plan.name.value, plan.memory.value, plan.vcpus.value) == ("debian11", 2048, 2)
    assert plan.disk.value == DiskPlan(DiskKind.NEW, 20 * GIB, "default")
    assert (doc.get("@type"), doc.get("cpu/@mode"), doc.get("os/type/@machine")) == ("kvm", "host-passthrough", "q35")
    assert doc.get("devices/disk[@device='disk']/target/@bus") == "virtio"
    assert doc.get("devices/disk[@device='disk']/driver/@discard") == "unmap"
    assert doc.get("devices/disk[@device='cdrom']/source/@file") == "/isos/a.iso"
    assert doc.get("devices/interface/source/@network") == "default"
    assert doc.get("devices/interface/model/@type") == "virtio"
    assert doc.get("devices/channel/target/@name") == "org.qemu.guest_agent.0"
    assert doc.get("devices/rng/@model") == "virtio"
    assert doc.get("devices/memballoon/stats/@period") == "5"
    assert doc.get("metadata/libosinfo:libosinfo/libosinfo:os/@id") == "http://debian.org/debian/11"
    assert doc.get("devices/disk[@device='disk']/boot/@order") == "1"
    assert len(doc.find_all("devices/controller[@model='pcie-root-port']")) == 14


def test_emulation_takes_the_best_emulated_processor() -> None:
    survey = replace(HOST, accel=Acceleration.EMULATION)
    doc = document(plan_for(named("debian11"), survey), survey)
    assert (doc.get("@type"), doc.get("cpu/@mode")) == ("qemu", "maximum")


def test_windows_11_in_one_pass() -> None:
    plan = plan_for(named("win11"))
    doc = document(plan)
    assert plan.firmware.value is Firmware.UEFI_SECURE
    assert doc.get("os/firmware/feature[@name='enrolled-keys']/@enabled") == "yes"
    assert doc.get("features/smm/@state") == "on"
    assert (doc.get("devices/tpm/@model"), doc.get("devices/tpm/backend/@version")) == ("tpm-crb", "2.0")
    assert doc.get("features/hyperv/spinlocks/@retries") == "8191"
    assert doc.get("features/hyperv/evmcs/@state") is None
    assert (doc.get("clock/@offset"), doc.get("clock/timer[@name='hypervclock']/@present")) == ("localtime", "yes")
    assert doc.get("cpu/topology/@sockets") == "1"
    assert plan.memory.value >= 4096
    assert plan.disk.value.size >= 64 * GIB
    for device in ("disk[@device='disk']", "disk[@device='cdrom']"):
        assert doc.get(f"devices/{device}/target/@bus") == "sata"


def test_windows_11_without_secure_boot_says_so() -> None:
    weak = replace(ABILITIES, secure_boot=False)
    plan = plan_for(named("win11"), replace(HOST, abilities={Acceleration.KVM: weak}))
    assert plan.firmware.value is Firmware.UEFI
    assert "Secure Boot" in plan.firmware.reason


def test_windows_10_needs_none_of_it() -> None:
    plan = plan_for(named("win10"))
    assert plan.firmware.value is Firmware.BIOS
    assert document(plan).find("devices/tpm") is None


def test_old_system_gets_old_hardware() -> None:
    plan = plan_for(named("winxp"))
    doc = document(plan)
    assert doc.get("os/type/@machine") == "pc"
    assert doc.get("devices/disk[@device='disk']/target/@bus") == "ide"
    assert doc.get("devices/disk[@device='disk']/target/@dev") == "hda"
    assert doc.get("devices/disk[@device='cdrom']/target/@dev") == "hdb"
    assert plan.memory.value == 512


def test_plain_uefi_does_not_demand_signed_media() -> None:
    doc = document(plan_for(GENERIC).choose("firmware", Firmware.UEFI))
    assert doc.get("os/@firmware") == "efi"
    assert [feature.get("enabled") for feature in doc.find_all("os/firmware/feature")] == ["no", "no"]


def test_unknown_system() -> None:
    plan = plan_for(GENERIC)
    doc = document(plan)
    assert plan.name.value == "some-system-1"
    assert doc.find("metadata") is None
    assert doc.get("devices/disk[@device='cdrom']/target/@bus") == "sata"
    assert not check.problems(plan, HOST)


def test_graphics_of_a_host_behind_ssh_can_be_forwarded() -> None:
    assert document(plan_for(GENERIC)).get("devices/graphics/listen/@type") == "socket"
    remote = replace(HOST, local=False)
    assert document(plan_for(GENERIC, remote), remote).get("devices/graphics/listen/@address") == "127.0.0.1"


def test_tiny_host() -> None:
    tiny = replace(HOST, cpus=1, memory=GIB, memory_free=700 << 20, accel=Acceleration.EMULATION)
    plan = plan_for(named("fedora37"), tiny)
    assert plan.memory.value <= 1024
    assert plan.vcpus.value == 1
    blocking = [problem for problem in check.problems(plan, tiny) if problem.blocks]
    assert blocking == []


def test_busy_host_offers_what_is_free() -> None:
    plan = plan_for(named("ubuntu22.04"), replace(HOST, memory_free=3 * GIB))
    assert plan.memory.value == 2560
    assert "free" in plan.memory.reason


def test_another_system_keeps_what_was_chosen() -> None:
    plan = plan_for(GENERIC).choose("memory", 3000).choose("name", "mine")
    other = defaults.with_system(plan, named("win11"), HOST)
    assert (other.memory.value, other.name.value) == (3000, "mine")
    assert other.firmware.value is Firmware.UEFI_SECURE


def test_names_are_unique() -> None:
    taken = replace(HOST, names=frozenset({"debian11", "debian11-2"}))
    assert plan_for(named("debian11"), taken).name.value == "debian11-3"


@pytest.mark.parametrize("name", ["", "  ", "a/b", "..", "a\nb", "x" * 201, "taken"])
def test_impossible_names_have_a_sentence(name: str) -> None:
    plan = plan_for(GENERIC).choose("name", name)
    found = check.problems(plan, replace(HOST, names=frozenset({"taken"})))
    assert [problem.field for problem in found if problem.blocks] == ["name"]
    assert found[0].text.endswith(".")


def test_warnings_never_block() -> None:
    plan = (
        plan_for(named("win11")).choose("memory", 512).choose("vcpus", 1).choose("disk", DiskPlan(DiskKind.NEW, GIB, "default"))
    )
    found = check.problems(plan, HOST)
    assert {problem.field for problem in found} == {"memory", "vcpus", "disk"}
    assert not any(problem.blocks for problem in found)


def test_network_choices() -> None:
    off = replace(HOST, networks=(NetworkRecord("n", "default"), NetworkRecord("m", "lab", active=True)), bridges=("br0",))
    assert plan_for(GENERIC, off).network.value == NetworkPlan(NetworkKind.NETWORK, "default", start=True)
    assert plan_for(GENERIC, replace(off, session=True)).network.value.kind is NetworkKind.USER
    assert plan_for(GENERIC, replace(off, networks=())).network.value == NetworkPlan(NetworkKind.BRIDGE, "br0")
    assert plan_for(GENERIC, replace(off, networks=(), bridges=(), driver="Xen")).network.value.kind is NetworkKind.NONE


def test_disk_image_is_used_in_place_or_uploaded() -> None:
    image = Medium("/home/me/cloud.qcow2", MediumKind.DISK, "qcow2", 5, virtual_size=3 * GIB, title="cloud")
    here = defaults.recommend(image, HOST)
    assert here.disk.value == DiskPlan(DiskKind.USE, 3 * GIB, "default", "/home/me/cloud.qcow2", "qcow2")
    assert document(here).get("devices/disk[@device='cdrom']/source/@file") is None
    there = defaults.recommend(image, replace(HOST, local=False))
    assert there.disk.value.kind is DiskKind.COPY


def test_pools_of_devices_are_no_place_for_images() -> None:
    volumes = PoolRecord("q", "vg", active=True, available=1 << 50, type="logical")
    assert storage_plan.best_pool(replace(HOST, pools=(volumes,))) is None
    assert "made" in plan_for(GENERIC, replace(HOST, pools=(volumes,))).disk.reason
