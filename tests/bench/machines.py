"""Many machines for benchmarks: test-driver files of any size, and definitions on a real daemon."""

from __future__ import annotations

import random
import uuid
from pathlib import Path

import libvirt

_TEST_DOMAIN = """<domain type="test"><name>vm-{i:05d}</name><uuid>{id}</uuid><title>Guest number {i}</title>
<memory unit="KiB">2097152</memory><currentMemory unit="KiB">1048576</currentMemory><vcpu placement="static">{cpus}</vcpu>
<os><type arch="x86_64" machine="q35">hvm</type><boot dev="hd"/></os><features><acpi/><apic/></features><devices>
<disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="/pool0/vm-{i:05d}.qcow2"/><target dev="vda" bus="virtio"/></disk>
<disk type="file" device="disk"><driver name="qemu" type="raw"/><source file="/pool1/vm-{i:05d}.img"/><target dev="vdb" bus="virtio"/></disk>
<interface type="network"><mac address="52:54:00:{b:02x}:{c:02x}:01"/><source network="net0"/><model type="virtio"/></interface>
<interface type="network"><mac address="52:54:00:{b:02x}:{c:02x}:02"/><source network="net1"/><model type="virtio"/></interface>
<graphics type="vnc" port="-1" autoport="yes"/><video><model type="virtio"/></video><memballoon model="virtio"/></devices>{state}</domain>
"""
_TEST_OFF = '<test:runstate xmlns:test="http://libvirt.org/schemas/domain/test/1.0">5</test:runstate>'

_QEMU_DOMAIN = """<domain type="qemu"><name>vm-{i:05d}</name><uuid>{id}</uuid><title>Guest number {i}</title>
<memory unit="KiB">32768</memory><vcpu>{cpus}</vcpu><os><type arch="x86_64" machine="pc">hvm</type><boot dev="hd"/></os>
<features><acpi/><apic/></features><clock offset="utc"/><devices>
<disk type="file" device="disk"><driver name="qemu" type="raw"/><source file="{folder}/{i:05d}.img"/><target dev="vda" bus="virtio"/></disk>
<interface type="user"><model type="virtio"/></interface><serial type="pty"/>
<graphics type="vnc" port="-1" autoport="yes"/><video><model type="vga"/></video><memballoon model="virtio"/></devices></domain>"""


def write_test_node(path: Path, count: int) -> str:
    """A test-driver file with ``count`` machines, every second running; gives its URI."""
    rng = random.Random(count)
    parts = ["<node><cpu><mhz>2300</mhz><model>x86_64</model><active>16</active><nodes>2</nodes><sockets>2</sockets><cores>4</cores>"]
    parts.append("<threads>1</threads></cpu><memory>134217728</memory>")
    for i in range(5):
        parts.append(f'<network><name>net{i}</name><forward mode="nat"/><bridge name="virbr{i}"/><ip address="10.{i}.0.1" netmask="255.255.255.0"/></network>')
        parts.append(f'<pool type="dir"><name>pool{i}</name><target><path>/pool{i}</path></target></pool>')
    for i in range(count):
        key = uuid.UUID(int=rng.getrandbits(128), version=4)
        state = "" if i % 2 == 0 else _TEST_OFF
        parts.append(_TEST_DOMAIN.format(i=i, id=key, cpus=1 + i % 4, b=i >> 8, c=i & 255, state=state))
    path.write_text("".join(parts) + "</node>\n")
    return f"test://{path}"


def define(uri: str, count: int, running: int, folder: Path) -> list[str]:
    """Defines ``count`` small emulated machines on a real daemon and starts the first ``running`` paused; gives the names."""
    connection = libvirt.open(uri)
    rng = random.Random(7)
    names = []
    try:
        for i in range(count):
            key = uuid.UUID(int=rng.getrandbits(128), version=4)
            domain = connection.defineXML(_QEMU_DOMAIN.format(i=i, id=key, cpus=1 + i % 4, folder=folder))
            names.append(f"vm-{i:05d}")
            if i < running:
                with (folder / f"{i:05d}.img").open("wb") as image:
                    image.truncate(1 << 20)
                domain.createWithFlags(libvirt.VIR_DOMAIN_START_PAUSED)
    finally:
        connection.close()
    return names
