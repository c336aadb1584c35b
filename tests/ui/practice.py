"""A practice host (libvirt's test driver) with machines in all states, from a file."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

STATES = {"running": 1, "paused": 3, "off": 5, "crashed": 6}
"""libvirt's test driver: ``<test:runstate>`` holds virDomainState's number."""

MACHINES: tuple[tuple[str, str], ...] = (
    ("build-runner-01", "running"),
    ("build-runner-02", "paused"),
    ("database & reporting (quarterly figures of the Northern region, do not delete before the audit)", "running"),
    ("desktop-ubuntu-24.04", "off"),
    ("fedora", "running"),
    ("gateway", "running"),
    ("old-router", "crashed"),
    ("windows-11", "off"),
    ("Веб-сервер", "running"),
)

_NETWORK = """<network><name>default</name><bridge name='virbr0'/><ip address='192.168.122.1' netmask='255.255.255.0'>
<dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp></ip></network>"""
_POOL = "<pool type='dir'><name>default</name><target><path>/practice/images</path></target></pool>"


def write_host(path: Path, machines: tuple[tuple[str, str], ...] = MACHINES) -> str:
    """Writes the host's file; gives its URI."""
    domains = "".join(_domain(number, name, state) for number, (name, state) in enumerate(machines))
    cpu = "<cpu><mhz>2400</mhz><model>x86_64</model><active>8</active><nodes>1</nodes><sockets>1</sockets><cores>8</cores><threads>1</threads></cpu>"
    path.write_text(f"<node>{cpu}<memory>33554432</memory>{domains}{_NETWORK}{_POOL}</node>", encoding="utf-8")
    return f"test://{path}"


def _domain(number: int, name: str, state: str) -> str:
    return f"""<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
<name>{escape(name)}</name><uuid>6695eb01-f6a4-8304-79aa-{number:012d}</uuid>
<test:runstate>{STATES[state]}</test:runstate>
<memory unit='MiB'>{1024 * (1 + number % 4)}</memory><vcpu>{1 + number % 4}</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type></os>
<devices><disk type='file' device='disk'><source file='/practice/images/{escape(name.split(maxsplit=1)[0])}.qcow2'/><target dev='vda'/></disk>
<disk type='file' device='cdrom'><target dev='sda'/></disk>
<interface type='network'><mac address='52:54:00:00:00:{number:02x}'/><source network='default'/></interface>
<graphics type='vnc' autoport='yes'/></devices></domain>"""
