"""``python -m tests.bench.defaults [--write]``: our default definitions beside virt-install's, from the same database of systems.

Both are made for the same lab host and ISO. What differs is told by facts (one line of XML each), and every fact that differs
for some system has its reason below: a difference without one fails. ``--write`` puts the table into docs/creating.md.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from app.hosts.host import Host
from app.install import defaults, osinfo, placed
from app.install.choices import Acceleration
from app.install.gather import gather
from app.install.media import Medium, MediumKind
from app.install.plan import Recommended
from app.install.sources.discs import LocalIso
from app.xmldoc import Document, Element
from tests.lab import media
from tests.lab.hosts import RootHost
from tests.lab.test_install_create import until

SYSTEMS = (
    "debian11", "ubuntu22.04", "fedora37", "rhel9.0", "opensuse15.4", "archlinux", "win11", "win10", "win2k22", "win7", "winxp",
    "freebsd13.1", "openbsd7.0", "msdos6.22",
)  # fmt: skip
PAGE = Path(__file__).parents[2] / "docs" / "creating.md"
BEGIN, END = "<!-- compared: begin (python -m tests.bench.defaults --write) -->", "<!-- compared: end -->"

REASONS = {
    "memory": "virt-install takes the recommendation as it stands, and for a system without one 1 GiB has to be said (FreeBSD, "
    "OpenBSD and MS-DOS here). We leave room: a system that is content with 1 GiB gets 2 GiB for a desktop, a bare "
    "minimum is doubled, MS-DOS gets 64 MiB. Never more than half of the host is taken: it had 7 GiB here.",
    "processors": "virt-install takes the recommended count, or one. We take two where nothing is recommended and the host has "
    "them, one for systems from before 2007, and never more than the host has.",
    "topology": "virt-install says none, so QEMU makes sockets. Cores of one socket: desktop Windows uses no more than two sockets.",
    "cpu": "The same idea in both: what the host has under KVM.",
    "firmware": "Both take UEFI for Windows 11. We name both features, so that the keys are enrolled and Secure Boot is on, and "
    "say off for plain UEFI, so that unsigned media start; a bare efi leaves it to the order of the firmware files.",
    "machine": "Where the database does not list PCI Express for a system, virt-install takes the old pc machine. We do so only "
    "for systems from before 2007: later ones drive q35, and get spare ports for devices that are added while they "
    "run.",
    "disk": "Sparse images give back what the guest frees (discard), in both. virt-install asks for virtio where the database lists "
    "it, as we do; a system whose drivers are unknown gets SATA or IDE.",
    "cd": "Linux that drives virtio-scsi gets its drive there: it can be added while the machine runs, and minimal kernels "
    "have no SATA. All others have SATA on q35 and IDE on pc, as with virt-install.",
    "boot": "virt-install boots from the disk only after the installation and changes the definition for that. We put the disk first "
    "and the CD behind it: an empty disk falls through to the CD, and nothing has to be changed.",
    "network": "The same model where the database lists drivers; where it lists none, e1000e on q35 and rtl8139 on pc.",
    "video": "virtio for Linux from 2015 on, whatever the database lists; bochs for Windows by UEFI, else plain VGA, which "
    "every system drives. virt-install takes QXL together with SPICE, which needs a driver for more than VGA modes.",
    "graphics": "VNC on a socket of libvirt's own: only who may use the connection can open it. virt-install takes SPICE where the "
    "host has it, on a TCP port. SPICE can be chosen; then the agent's channel and USB redirection come with it.",
    "sound": "The device that goes with the machine type: ICH9 on q35; AC97 on pc, for which the systems of that time have "
    "drivers. It is heard over VNC.",
    "redirection": "USB devices are redirected by SPICE only, so the two slots come with it.",
    "channels": "The guest agent in both. virt-install adds SPICE's agent with SPICE; over VNC the clipboard comes by libvirt's own "
    "channel (qemu-vdagent) where the host lists it. Windows 7 and later get the channel too: drivers may come later.",
    "usb": "xHCI for all but systems from before 2012 that the database does not list it for: those get the controller of "
    "their time (USB 2 on q35, UHCI on pc), as with virt-install. FreeBSD and OpenBSD drive xHCI, which the database "
    "does not say.",
    "input": "A tablet in both, so that the pointer is where it is seen. virt-install leaves it out for systems that the database does "
    "not list it for; without drivers it does no harm.",
    "rng": "The same device. virt-install leaves it out where the database lists no driver, as we do.",
    "balloon": "virt-install leaves it out for systems that the database lists no driver for. Windows gets it too: the driver "
    "may come later, and does no harm when it does not. Systems from before 2007 get none. We ask for figures each "
    "five seconds and let free pages go back.",
    "tpm": "The same model; ours says 2.0, which Windows 11 demands, where virt-install leaves the version to libvirt's "
    "default. A TPM is added only where the system asks for one or Secure Boot is on, as its state is a file that "
    "has to go with the machine.",
    "clock": "The same timers. MS-DOS reads the clock as local time.",
    "hyperv": "Everything safe that the host lists. virt-install 4.1 names three whether the host has them or not: here the "
    "host is a virtual machine and lacks two of them.",
    "features": "SMM is named where Secure Boot needs it; libvirt would add it to the same effect.",
    "ports": "Follows the machine type: 14 spare ports on q35.",
    "pm": "No sleep states in both: a machine asleep looks dead in the list.",
    "console": "A serial console in both.",
    "watchdog": "None in both.",
}


def facts(doc: Document) -> dict[str, str]:
    """A definition in facts; devices without those that libvirt adds to every machine."""

    def each(path: str, *attributes: str) -> str:
        return "; ".join(
            " ".join(filter(None, (doc.get(name, "", at=element) for name in attributes))) for element in doc.find_all(path)
        )

    disks = {device: _disks(doc, device) for device in ("disk", "cdrom")}
    topology = doc.find("cpu/topology")
    return {
        "memory": _mib(doc),
        "processors": doc.get("vcpu") or "",
        "topology": " ".join(f"{key}={topology.get(key)}" for key in ("sockets", "cores", "threads"))
        if topology is not None
        else "",
        "cpu": doc.get("cpu/@mode") or "",
        "machine": _family(doc.get("os/type/@machine") or ""),
        "firmware": _firmware(doc),
        "disk": disks["disk"],
        "cd": disks["cdrom"],
        "boot": each("os/boot", "@dev") or " ".join(f"{_name(disk)}" for disk in _ordered(doc)),
        "network": each("devices/interface", "model/@type"),
        "video": each("devices/video", "model/@type"),
        "graphics": each("devices/graphics", "@type"),
        "sound": each("devices/sound", "@model"),
        "redirection": str(len(doc.find_all("devices/redirdev")) or ""),
        "channels": each("devices/channel", "@type", "target/@name"),
        "usb": "; ".join(c.get("model") or "" for c in doc.find_all("devices/controller[@type='usb']")),
        "input": each("devices/input", "@type", "@bus"),
        "rng": each("devices/rng", "@model"),
        "balloon": each("devices/memballoon", "@model"),
        "tpm": each("devices/tpm", "@model", "backend/@version"),
        "clock": f"{doc.get('clock/@offset')} {each('clock/timer', '@name')}",
        "hyperv": " ".join(str(child.tag) for holder in doc.find_all("features/hyperv") for child in holder),
        "features": " ".join(sorted(str(c.tag) for c in doc.find_all("features")[0] if c.tag != "hyperv"))
        if doc.find("features") is not None
        else "",
        "ports": str(len(doc.find_all("devices/controller[@model='pcie-root-port']")) or ""),
        "pm": each("pm/suspend-to-mem", "@enabled"),
        "console": each("devices/console", "@type"),
        "watchdog": each("devices/watchdog", "@model"),
    }


def _mib(doc: Document) -> str:
    factor = {"MiB": 1 << 20, "KiB": 1 << 10}[doc.get("memory/@unit", "KiB") or "KiB"]
    return f"{int(doc.get('memory') or 0) * factor >> 20} MiB"


def _family(machine: str) -> str:
    return "q35" if "q35" in machine else "pc" if machine.startswith(("pc", "ubuntu")) else machine


def _firmware(doc: Document) -> str:
    words = [f"{f.get('name')} {f.get('enabled')}" for f in doc.find_all("os/firmware/feature")]
    loader = doc.find("os/loader")
    words += ["loader by path"] if loader is not None and (loader.text or "").strip() else []
    return " ".join([doc.get("os/@firmware") or ("efi" if words else "bios"), *words])


def _disks(doc: Document, device: str) -> str:
    found = [disk for disk in doc.find_all("devices/disk") if disk.get("device", "disk") == device]
    return "; ".join(
        " ".join(filter(None, (doc.get("target/@bus", "", at=d), doc.get("driver/@discard", "", at=d)))) for d in found
    )


def _ordered(doc: Document) -> list[Element]:
    with_order = [disk for disk in doc.find_all("devices/disk") if doc.find("boot", at=disk) is not None]
    return sorted(with_order, key=lambda disk: doc.get("boot/@order", "", at=disk) or "")


def _name(disk: Element) -> str:
    return {"disk": "hd"}.get(disk.get("device", "disk"), "cdrom")


def theirs(uri: str, short_id: str, iso: Path, disk: Path) -> Document:
    """virt-install's definition after the installation."""
    words = ["--connect", uri, "--name", "compared", "--osinfo", short_id, "--virt-type", "kvm", "--network", "network=default"]
    words += ["--cdrom", str(iso), "--disk", f"path={disk},size=20,format=qcow2", "--noautoconsole", "--dry-run", "--print-xml"]
    for more in (["2"], ["1"], ["2", "--memory", "1024"], ["1", "--memory", "1024"]):  # one step; nothing recommended
        done = subprocess.run(["virt-install", *words, *more], capture_output=True, text=True, check=False)
        if "<domain" in done.stdout:
            return Document.parse(done.stdout[done.stdout.index("<domain") :])
    raise SystemExit(f"virt-install {short_id}: {done.stderr}")


async def ours(host: Host, short_id: str, iso: Path, disk: Path) -> Document:
    """Our definition for the same."""
    system = osinfo.by_short_id(short_id)
    assert system is not None, short_id
    survey = replace(await gather(host), accel=Acceleration.KVM)
    medium = Medium(str(iso), MediumKind.ISO, "iso", 5, system=system, exact=True)
    plan = replace(defaults.recommend(medium, survey), name=Recommended("compared"))
    disks = (placed.of(plan.disk.value, str(disk)),)
    return Document.parse(LocalIso(medium).definition(plan, survey, disks))


def differences(one: dict[str, str], other: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Facts that differ."""
    return {key: (one[key], other[key]) for key in one if one[key] != other[key]}


async def compare(world: RootHost, systems: tuple[str, ...] = SYSTEMS) -> dict[str, dict[str, tuple[str, str]]]:
    """By system and fact: ours and theirs."""
    iso, disk = world.put(media.tiny_iso()), world.images / "compared.qcow2"
    host = Host(world.uri)
    try:
        await host.connect()
        await until(lambda: host.record is not None and bool(host.inventory.pools))
        found = {}
        for short_id in systems:
            mine = facts(await ours(host, short_id, iso, disk))
            found[short_id] = differences(mine, facts(await asyncio.to_thread(theirs, world.uri, short_id, iso, disk)))
        return found
    finally:
        await host.disconnect()


def unexplained(found: dict[str, dict[str, tuple[str, str]]]) -> set[str]:
    """Facts that differ and have no reason."""
    return {fact for told in found.values() for fact in told} - REASONS.keys()


def table(found: dict[str, dict[str, tuple[str, str]]]) -> str:
    """Markdown: per system what differs (— is said nothing), then per fact why."""
    lines = ["| System | Fact | Hostelry | virt-install |", "|---|---|---|---|"]
    for short_id, told in found.items():
        for number, (fact, (mine, other)) in enumerate(told.items()):
            lines.append(f"| {short_id if number == 0 else ''} | {fact} | {mine or '—'} | {other or '—'} |")
        if not told:
            lines.append(f"| {short_id} | nothing | | |")
    differing = [fact for fact in REASONS if any(fact in told for told in found.values())]
    return "\n".join([*lines, "", *(f"* **{fact}**: {REASONS[fact]}" for fact in differing)])


def main() -> int:
    """0 if every difference has its reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if shutil.which("virt-install") is None:
        print("virt-install is not installed (package virtinst)", file=sys.stderr)
        return 2
    with RootHost("compare") as world:
        found = asyncio.run(compare(world))
    text = table(found)
    if options.write:
        page = PAGE.read_text()
        PAGE.write_text(
            re.sub(rf"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _m: f"{BEGIN}\n{text}\n{END}", page, flags=re.DOTALL)
        )
    else:
        print(text)
    lacking = unexplained(found)
    print(f"without a reason: {', '.join(sorted(lacking)) or 'none'}", file=sys.stderr)
    return bool(lacking)


if __name__ == "__main__":
    sys.exit(main())
