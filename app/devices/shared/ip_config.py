"""Addresses and routes that are set up on an end of a network card (formatdomain, "IP configuration")."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Table, When
from app.i18n import N_

_FAMILY = Field(
    "@family",
    N_("Family"),
    Kind.CHOICE,
    help=N_("Of the internet protocol."),
    choices=(Choice("ipv4", "IPv4"), Choice("ipv6", "IPv6")),
)


def addresses(base: str, label: str, about: str, *when: When) -> Table:
    """The table of ``ip`` below ``base`` ("" or "source/")."""
    return Table(
        f"{base}ip",
        label,
        (
            Field("@address", N_("Address"), Kind.TEXT, help=N_("IPv4 or IPv6."), required=True),
            _FAMILY,
            Field("@prefix", N_("Prefix"), Kind.INTEGER, N_("Length of the network's part: 24."), minimum=0, maximum=128),
            Field("@peer", N_("Other end"), Kind.TEXT, N_("The address of the other end, for connections of two points.")),
        ),
        new="<ip address='192.168.122.10' family='ipv4' prefix='24'/>",
        help=about,
        when=when,
        folded=True,
    )


def routes(base: str, label: str, *when: When) -> Table:
    """The table of ``route`` below ``base``."""
    return Table(
        f"{base}route",
        label,
        (
            _FAMILY,
            Field("@address", N_("Network"), Kind.TEXT, help=N_("Where the route leads; 0.0.0.0 for everywhere."), required=True),
            Field("@netmask", N_("Netmask"), Kind.TEXT, N_("Instead of the prefix, for IPv4.")),
            Field("@prefix", N_("Prefix"), Kind.INTEGER, help=N_("Length of the network's part: 24."), minimum=0, maximum=128),
            Field("@gateway", N_("Gateway"), Kind.TEXT, help=N_("The next host on the way, an address."), required=True),
            Field("@metric", N_("Metric"), Kind.INTEGER, help=N_("Lower is preferred."), minimum=1),
        ),
        new="<route family='ipv4' address='192.168.123.0' prefix='24' gateway='192.168.122.1'/>",
        when=when,
        folded=True,
    )
