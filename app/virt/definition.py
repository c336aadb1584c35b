"""Definitions: reading, writing and removing a guest's XML, its title and our notes in ``<metadata>``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from app.i18n import _
from app.virt import lookup
from app.virt.binding import constant, libvirt
from app.virt.domain_call import CHANGE_S, READ_S, on_domain
from app.virt.errors import is_unsupported
from app.virt.lifecycle import START_S
from app.virt.session import Session


async def xml(session: Session, uuid: str, *, inactive: bool = False, secure: bool = False) -> str:
    """The guest's XML.  inactive: as of its next start; secure: with passwords (needs write access)."""

    def work(domain: libvirt.virDomain) -> str:
        flags = libvirt.VIR_DOMAIN_XML_INACTIVE if inactive else 0
        return domain.XMLDesc(flags | (libvirt.VIR_DOMAIN_XML_SECURE if secure else 0))

    return await on_domain(session, uuid, _("Cannot read the machine's description."), work, timeout_s=READ_S)


async def define(session: Session, text: str, *, validate: bool = True) -> str:
    """Makes or changes a guest's persistent definition; its UUID.  validate: against libvirt's schema, where the driver can."""

    def work(conn: libvirt.virConnect) -> str:
        return lookup.remember(conn, _define(conn, text, validate))

    return await session.call(work, what=_("Cannot define the machine."), timeout_s=CHANGE_S)


def _define(conn: libvirt.virConnect, text: str, validate: bool) -> libvirt.virDomain:
    if not validate:
        return conn.defineXML(text)
    try:
        return conn.defineXMLFlags(text, libvirt.VIR_DOMAIN_DEFINE_VALIDATE)
    except libvirt.libvirtError as error:
        if error.get_error_code() not in (libvirt.VIR_ERR_NO_SUPPORT, libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED):
            raise
        return conn.defineXML(text)


async def create(session: Session, text: str, *, paused: bool = False) -> str:
    """Starts a transient guest, which is forgotten when it stops; its UUID."""

    def work(conn: libvirt.virConnect) -> str:
        return lookup.remember(conn, conn.createXML(text, libvirt.VIR_DOMAIN_START_PAUSED if paused else 0))

    return await session.call(work, what=_("Cannot start the machine."), timeout_s=START_S)


class Keep(Enum):
    """What becomes of a file that belongs to a definition."""

    KEEP = "keep"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What libvirt keeps beside a definition, for the question before it is removed."""

    managed_save: bool = False
    snapshots: int = 0
    checkpoints: int = 0


async def leftovers(session: Session, uuid: str) -> Leftovers:
    """What goes with the definition; disks and firmware files are found in the XML."""

    def work(domain: libvirt.virDomain) -> Leftovers:
        return Leftovers(
            managed_save=bool(_or_zero(lambda: domain.hasManagedSaveImage(0))),
            snapshots=_or_zero(lambda: domain.snapshotNum(0)),
            checkpoints=_or_zero(lambda: len(domain.listAllCheckpoints(0))),
        )

    return await on_domain(session, uuid, _("Cannot read what belongs to the machine."), work, timeout_s=READ_S)


def _or_zero(question: Callable[[], int]) -> int:
    try:
        return question()
    except libvirt.libvirtError as error:
        if not is_unsupported(error):
            raise
        return 0


async def undefine(
    session: Session,
    uuid: str,
    *,
    nvram: Keep = Keep.KEEP,
    tpm: Keep = Keep.KEEP,
    managed_save: bool = False,
    snapshots_metadata: bool = False,
    checkpoints_metadata: bool = False,
) -> None:
    """Removes the definition; never a disk.  What is not allowed to go makes libvirt refuse, except files that may be kept."""

    def work(conn: libvirt.virConnect) -> None:
        flags = libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE if managed_save else 0
        flags |= libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA if snapshots_metadata else 0
        flags |= constant("VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA") if checkpoints_metadata else 0
        _undefine(lookup.domain(conn, uuid), flags, nvram, tpm)
        lookup.drop(conn, uuid)

    await session.call(work, what=_("Cannot remove the machine."), timeout_s=CHANGE_S)


def _undefine(domain: libvirt.virDomain, flags: int, nvram: Keep, tpm: Keep) -> None:
    nvram_flag = constant(f"VIR_DOMAIN_UNDEFINE_{'KEEP_' if nvram is Keep.KEEP else ''}NVRAM")
    # KEEP_TPM and TPM exist since libvirt 8.9; an older daemon removes the state, so keeping is not tried without the flag.
    tpm_flag = constant(f"VIR_DOMAIN_UNDEFINE_{'KEEP_' if tpm is Keep.KEEP else ''}TPM")
    choices = [flags | nvram_flag | tpm_flag]
    if tpm is Keep.REMOVE or not _has_tpm(domain):
        choices += [flags | nvram_flag, flags]
    _first_supported(domain, choices)


def _has_tpm(domain: libvirt.virDomain) -> bool:
    return "<tpm " in domain.XMLDesc(0)


def _first_supported(domain: libvirt.virDomain, choices: list[int]) -> None:
    """Drivers without NVRAM or TPM (the test driver) refuse the flags for them: fewer are tried then."""
    for flags in choices[:-1]:
        try:
            domain.undefineFlags(flags)
            return
        except libvirt.libvirtError as error:
            if not is_unsupported(error):
                raise
    flags = choices[-1]
    domain.undefineFlags(flags) if flags else domain.undefine()


async def metadata(session: Session, uuid: str, namespace: str = "") -> str:
    """Our element in the guest's ``<metadata>`` of that XML namespace; without one its description; "" if there is none."""

    def work(domain: libvirt.virDomain) -> str:
        kind = libvirt.VIR_DOMAIN_METADATA_ELEMENT if namespace else libvirt.VIR_DOMAIN_METADATA_DESCRIPTION
        try:
            return domain.metadata(kind, namespace or None, 0)
        except libvirt.libvirtError as error:
            if error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN_METADATA:
                return ""
            raise

    return await on_domain(session, uuid, _("Cannot read the machine's notes."), work, timeout_s=READ_S)


async def set_metadata(session: Session, uuid: str, text: str, *, namespace: str = "", prefix: str = "hostelry") -> None:
    """Writes what ``metadata`` reads, in the definition and in the running guest; "" removes it."""

    def work(domain: libvirt.virDomain) -> None:
        kind = libvirt.VIR_DOMAIN_METADATA_ELEMENT if namespace else libvirt.VIR_DOMAIN_METADATA_DESCRIPTION
        _set(domain, kind, text, prefix if namespace else None, namespace or None)

    await on_domain(session, uuid, _("Cannot write the machine's notes."), work)


async def set_title(session: Session, uuid: str, title: str) -> None:
    """Writes the title, one line that lists may show beside the name; "" removes it."""
    what = _("Cannot change the machine's title.")
    await on_domain(session, uuid, what, lambda domain: _set(domain, libvirt.VIR_DOMAIN_METADATA_TITLE, title, None, None))


def _set(domain: libvirt.virDomain, kind: int, text: str, prefix: str | None, namespace: str | None) -> None:
    flags = libvirt.VIR_DOMAIN_AFFECT_CONFIG if domain.isPersistent() else 0
    flags |= libvirt.VIR_DOMAIN_AFFECT_LIVE if domain.isActive() else 0
    domain.setMetadata(kind, text or None, prefix, namespace, flags)
