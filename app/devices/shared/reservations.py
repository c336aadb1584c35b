"""Persistent reservations of SCSI disks, which clusters use (formatdomain, "reservations")."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, When
from app.devices.shared.switches import yes_no
from app.i18n import N_


def reservations(base: str, *when: When) -> tuple[Field, ...]:
    """The fields below ``source/reservations``; base: "" or "backingStore/"."""
    root = f"{base}source/reservations"
    return (
        yes_no(
            f"{root}/@managed",
            N_("Helper started by libvirt"),
            N_(
                "Persistent reservations for clusters: libvirt starts the program that does them. “No”: it runs already, at "
                "the socket below."
            ),
            when=when,
        ),
        Field(
            f"{root}/source/@type",
            N_("Helper reached by"),
            Kind.CHOICE,
            help=N_("Only a socket of the host is possible."),
            choices=(Choice("unix", N_("Unix socket")),),
            when=when,
        ),
        Field(
            f"{root}/source/@path",
            N_("Socket of the helper"),
            Kind.PATH,
            help=N_("Where the helper waits for the emulator."),
            when=when,
        ),
        Field(
            f"{root}/source/@mode",
            N_("Role"),
            Kind.CHOICE,
            help=N_("Who makes the connection."),
            choices=(Choice("client", N_("Connects to the helper")), Choice("server", N_("Waits for the helper"))),
            when=when,
        ),
        yes_no(
            f"{root}/source/reconnect/@enabled",
            N_("Connect to the helper again"),
            N_("Tries again when the helper was restarted."),
            when=when,
        ),
        Field(
            f"{root}/source/reconnect/@timeout",
            N_("Connect to the helper again after"),
            Kind.INTEGER,
            help=N_("How long to wait before the next try."),
            unit="s",
            minimum=1,
            when=when,
        ),
    )
