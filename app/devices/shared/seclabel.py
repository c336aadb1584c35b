"""Who may use a source of the host: labels that replace the machine's own there (formatdomain, "Security label")."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Table, When
from app.devices.shared.switches import yes_no
from app.i18n import N_


def labels(source: str, *when: When) -> Table:
    """The table below the element ``source``."""
    return Table(
        f"{source}/seclabel",
        N_("Access rights of the source"),
        (
            Field(
                "@model",
                N_("Security model"),
                Kind.CHOICE,
                N_("Which model of the host it concerns."),
                (Choice("dac", N_("Users and groups")), Choice("selinux", ""), Choice("apparmor", "")),
            ),
            yes_no("@relabel", N_("Change rights at start"), N_("“No” leaves the rights of the source as they are.")),
            Field("label", N_("Label"), Kind.TEXT, N_("The label that the source gets: +107:+107, or an SELinux context.")),
            Field(
                "@labelskip",
                N_("Skipped"),
                Kind.SWITCH,
                N_("Written by libvirt where a label could not be set, as on NFS."),
                off="no",
                folded=True,
            ),
        ),
        new="<seclabel model='dac' relabel='no'/>",
        key="@model",
        help=N_("Overrides, for this source only, how libvirt gives the machine access."),
        when=when,
        folded=True,
        words="selinux apparmor dac permissions",
    )
