"""A disk image that is encrypted (formatdomain and formatstorageencryption, "encryption")."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind, Section, Table, When
from app.i18n import N_

_HASHES = (
    Choice("sha256", ""),
    Choice("sha512", ""),
    Choice("sha384", ""),
    Choice("sha224", ""),
    Choice("sha1", ""),
    Choice("ripemd160", ""),
    Choice("md5", ""),
)


def encryption() -> Section:
    """The folded section of a disk."""
    return Section(N_("Encryption"), fields("source/"), folded=True)


def fields(base: str, *when: When) -> tuple[Field | Table, ...]:
    """The fields below ``encryption``; base: the path of the element that has it, with a slash."""
    root = f"{base}encryption"
    return (
        Field(
            f"{root}/@format",
            N_("Form of encryption"),
            Kind.CHOICE,
            N_("How the image is encrypted."),
            (
                Choice("luks", "LUKS"),
                Choice("luks2", "LUKS 2"),
                Choice("qcow", N_("qcow (old, unsafe)")),
                Choice("default", N_("As the image tells")),
            ),
            default=N_("not encrypted"),
            when=when,
            words="luks password",
        ),
        Field(
            f"{root}/@engine",
            N_("Decrypted by"),
            Kind.CHOICE,
            N_("Which program holds the key."),
            (Choice("qemu", "QEMU"), Choice("librbd", N_("Ceph's library"))),
            when=when,
        ),
        Table(
            f"{root}/secret",
            N_("Passphrases"),
            (
                Field(
                    "@type",
                    N_("Use"),
                    Kind.CHOICE,
                    help=N_("What the secret is for."),
                    choices=(Choice("passphrase", N_("Passphrase")),),
                    required=True,
                ),
                Field("@uuid", N_("Secret"), Kind.UUID, N_("The secret of libvirt that keeps the passphrase."), names="secrets"),
                Field("@usage", N_("Secret, by its use"), Kind.TEXT, N_("Instead of the UUID: what the secret is for.")),
            ),
            new="<secret type='passphrase' uuid='{uuid}'/>",
            help=N_("The passphrase itself is kept by libvirt as a secret, never in this definition."),
            when=when,
        ),
        Field(
            f"{root}/cipher/@name", N_("Cipher"), Kind.TEXT, N_("Used when libvirt makes the image: aes."), when=when, folded=True
        ),
        Field(
            f"{root}/cipher/@size",
            N_("Key length"),
            Kind.INTEGER,
            help=N_("For example 256."),
            unit="bit",
            when=when,
            folded=True,
        ),
        Field(f"{root}/cipher/@mode", N_("Cipher mode"), Kind.TEXT, N_("For example xts or cbc."), when=when, folded=True),
        Field(
            f"{root}/cipher/@hash",
            N_("Cipher hash"),
            Kind.CHOICE,
            help=N_("How the passphrase becomes the key."),
            choices=_HASHES,
            when=when,
            folded=True,
        ),
        Field(f"{root}/ivgen/@name", N_("Initialisation vectors"), Kind.TEXT, N_("For example plain64."), when=when, folded=True),
        Field(
            f"{root}/ivgen/@hash",
            N_("Hash of the vectors"),
            Kind.CHOICE,
            help=N_("For vectors that need one."),
            choices=_HASHES,
            when=when,
            folded=True,
        ),
    )
