"""What the host allows a network card: speed, VLANs, filters, and its port at a switch."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Section, Table
from app.devices.shared.conditions import only
from app.devices.shared.switches import yes_no
from app.i18n import N_


def _speed(path: str, label: str, about: str, *, burst: bool = False) -> Field:
    return Field(
        path, label, Kind.INTEGER, about, minimum=1, unit="KiB" if burst else "KiB/s", live="device", words="bandwidth limit qos"
    )


_AVERAGE = N_("What it may use on average.")
_PEAK = N_("What it may use for a short time.")
_BURST = N_("How much it may transfer at the higher speed.")
BANDWIDTH = Section(
    N_("Speed limits"),
    (
        _speed("bandwidth/inbound/@average", N_("To the guest, on average"), _AVERAGE),
        _speed("bandwidth/inbound/@peak", N_("To the guest, at most"), _PEAK),
        _speed("bandwidth/inbound/@burst", N_("To the guest, in a burst"), _BURST, burst=True),
        _speed("bandwidth/inbound/@floor", N_("To the guest, at least"), N_("Kept free for it in its virtual network.")),
        _speed("bandwidth/outbound/@average", N_("From the guest, on average"), _AVERAGE),
        _speed("bandwidth/outbound/@peak", N_("From the guest, at most"), _PEAK),
        _speed("bandwidth/outbound/@burst", N_("From the guest, in a burst"), _BURST, burst=True),
        Field(
            "bandwidth/outbound/@floor",
            N_("From the guest, at least"),
            Kind.INTEGER,
            N_("libvirt takes it for the other direction only."),
            minimum=1,
            unit="KiB/s",
            folded=True,
        ),
        Field(
            "bandwidth/@classID",
            N_("Class of the traffic control"),
            Kind.INTEGER,
            N_("Written by libvirt while the machine runs."),
            minimum=1,
            folded=True,
        ),
    ),
    N_("How much of the network this card may use."),
    folded=True,
)

FILTER = Section(
    N_("Filter"),
    (
        Field(
            "filterref/@filter",
            N_("Network filter"),
            Kind.CHOICE,
            N_("Rules of libvirt on what the guest may send and get: clean-traffic."),
            names="nwfilters",
            live="device",
            words="firewall nwfilter clean-traffic",
        ),
        Table(
            "filterref/parameter",
            N_("Parameters of the filter"),
            (
                Field("@name", N_("Name"), Kind.TEXT, help=N_("As the filter calls it."), required=True, pattern="[a-zA-Z0-9_]+"),
                Field("@value", N_("Value"), Kind.TEXT, help=N_("What stands there for this card."), required=True),
            ),
            new="<parameter name='IP' value='192.168.122.10'/>",
            help=N_("For example the guest's address, as IP."),
            live="device",
            when=(only("filterref"),),
        ),
    ),
    folded=True,
)

VLAN = Section(
    N_("VLAN"),
    (
        Table(
            "vlan/tag",
            N_("VLANs"),
            (
                Field(
                    "@id",
                    N_("Number"),
                    Kind.INTEGER,
                    help=N_("Of the VLAN, as the switch has it."),
                    minimum=0,
                    maximum=4095,
                    required=True,
                ),
                Field(
                    "@nativeMode",
                    N_("Packets without a mark"),
                    Kind.CHOICE,
                    N_("Belong to this VLAN, and are sent so."),
                    (Choice("tagged", N_("Marked")), Choice("untagged", N_("Not marked"))),
                ),
            ),
            new="<tag id='10'/>",
            key="@id",
            help=N_("For Open vSwitch, SR-IOV and bridges that know VLANs."),
            words="tag trunk",
        ),
        yes_no("vlan/@trunk", N_("Several VLANs"), N_("The guest marks its packets itself.")),
    ),
    folded=True,
)

_PORT = "virtualport"
SWITCH = Section(
    N_("Port at the switch"),
    (
        yes_no(
            "port/@isolated",
            N_("Apart from other guests"),
            N_("Guests with this at the same bridge do not see each other."),
            live="device",
        ),
        Field(
            f"{_PORT}/@type",
            N_("Kind of switch"),
            Kind.CHOICE,
            N_("Only for switches that need to know the port."),
            (
                Choice("openvswitch", "Open vSwitch"),
                Choice("midonet", "MidoNet"),
                Choice("802.1Qbg", "802.1Qbg (VEPA)"),
                Choice("802.1Qbh", "802.1Qbh"),
            ),
            live="device",
            words="ovs openvswitch",
        ),
        Field(
            f"{_PORT}/parameters/@interfaceid",
            N_("Interface"),
            Kind.UUID,
            N_("By which the switch knows the port."),
            when=(only(f"{_PORT}/@type", "openvswitch", "midonet", None),),
        ),
        Field(
            f"{_PORT}/parameters/@profileid",
            N_("Profile"),
            Kind.TEXT,
            N_("The profile of the port."),
            when=(only(f"{_PORT}/@type", "openvswitch", "802.1Qbh", None),),
        ),
        *(
            Field(
                f"{_PORT}/parameters/@{name}",
                label,
                kind,
                help=N_("As the switch's administrator tells it."),
                when=(only(f"{_PORT}/@type", "802.1Qbg", None),),
            )
            for name, label, kind in (
                ("managerid", N_("Manager"), Kind.TEXT),
                ("typeid", N_("Type"), Kind.TEXT),
                ("typeidversion", N_("Version of the type"), Kind.TEXT),
                ("instanceid", N_("Instance"), Kind.UUID),
            )
        ),
    ),
    folded=True,
)
