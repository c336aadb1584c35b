"""The network adapters of a planned machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.install.element import element
from app.install.plan import NetworkKind, NetworkPlan
from app.xmldoc import Element
from app.xmldoc.paths import NAMESPACES, qualified

if TYPE_CHECKING:
    from app.install.xml_devices import Devices

_MODELS = {"virtio": "virtio-net-pci"}
"""libvirt's and QEMU's name of an adapter, where they differ."""

_SLOT = 0x1D
"""Counted down: above what libvirt gives out by itself, below the chipset's own functions."""


def plans(devices: Devices) -> list[NetworkPlan]:
    """All adapters, the first one first."""
    listed = (devices.plan.network.value, *devices.plan.more_networks)
    return [network for network in listed if network.kind is not NetworkKind.NONE]


def elements(devices: Devices) -> list[Element]:
    """Those that libvirt makes; the first may be started from."""
    made: list[Element] = []
    for network in plans(devices):
        if forwarded_by_qemu(devices, network):
            continue
        made.append(_adapter(devices, network, None if made else devices.order_of_network()))
    return made


def _adapter(devices: Devices, network: NetworkPlan, order: Element | None) -> Element:
    name = network.model or devices.hardware.nic_model
    model = element("model", type=name) if name else None
    return element("interface", *_ways[network.kind](network), model, order, type=network.kind.value)


def _network(network: NetworkPlan) -> list[Element]:
    return [element("source", network=network.source)]


def _bridge(network: NetworkPlan) -> list[Element]:
    return [element("source", bridge=network.source)]


def _direct(network: NetworkPlan) -> list[Element]:
    return [element("source", dev=network.source, mode="bridge")]


def _user(network: NetworkPlan) -> list[Element]:
    if not network.passt:
        return []
    forwards = [
        element(
            "portForward",
            element("range", start=forward.host_port, to=forward.guest_port if forward.guest_port != forward.host_port else None),
            proto=forward.protocol,
            address=forward.address or None,
        )
        for forward in network.forwards
    ]
    return [element("backend", type="passt"), *forwards]


_ways = {NetworkKind.NETWORK: _network, NetworkKind.BRIDGE: _bridge, NetworkKind.DIRECT: _direct, NetworkKind.USER: _user}


def forwarded_by_qemu(devices: Devices, network: NetworkPlan) -> bool:
    """libvirt has no words for the port forwards of QEMU's own user network (formatdomain, since 9.0 for passt only)."""
    return network.kind is NetworkKind.USER and bool(network.forwards) and not network.passt and devices.emulated


def command_line(devices: Devices) -> Element | None:
    """``<qemu:commandline>`` with such adapters; None without."""
    wanted = [network for network in plans(devices) if forwarded_by_qemu(devices, network)]
    if not wanted:
        return None
    made: Element = element("domain").makeelement(qualified("qemu:commandline"), nsmap={"qemu": NAMESPACES["qemu"]})
    for number, network in enumerate(wanted):
        for text in _arguments(devices, network, number):
            made.append(made.makeelement(qualified("qemu:arg"), {"value": text}))
    return made


def _arguments(devices: Devices, network: NetworkPlan, number: int) -> list[str]:
    name = f"hostelry{number}"
    rules = [f"hostfwd={way.protocol}:{way.address}:{way.host_port}-:{way.guest_port}" for way in network.forwards]
    model = network.model or devices.hardware.nic_model
    bus = "pcie.0" if devices.hardware.root_ports else "pci.0"
    device = f"{_MODELS.get(model, model)},netdev={name},bus={bus},addr={_SLOT - number:#x}"
    return ["-netdev", ",".join(["user", f"id={name}", *rules]), "-device", device]
