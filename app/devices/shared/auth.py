"""A login at a server of storage, whose password libvirt keeps as a secret."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, When
from app.i18n import N_


def auth(base: str, *when: When) -> tuple[Field, ...]:
    """The fields below ``auth``; base: the path of the element that has it, with a slash."""
    return (
        Field(
            f"{base}auth/@username",
            N_("User name"),
            Kind.TEXT,
            N_("With which the host logs in at the server."),
            when=when,
            words="login",
        ),
        Field(
            f"{base}auth/secret/@type",
            N_("Kind of secret"),
            Kind.CHOICE,
            N_("What the server speaks."),
            (Choice("ceph", "Ceph"), Choice("iscsi", "iSCSI (CHAP)")),
            when=when,
        ),
        Field(
            f"{base}auth/secret/@uuid",
            N_("Secret"),
            Kind.UUID,
            N_("The secret of libvirt that keeps the password."),
            names="secrets",
            when=when,
            words="password",
        ),
        Field(
            f"{base}auth/secret/@usage",
            N_("Secret, by its use"),
            Kind.TEXT,
            N_("Instead of the UUID: what the secret is for."),
            when=when,
        ),
    )
