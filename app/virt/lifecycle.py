"""Starting and stopping guests.  Each function raises ``HostelryError`` and returns when libvirt has answered."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any

from app.i18n import _
from app.virt import first_moment, lookup
from app.virt.binding import libvirt
from app.virt.domain_call import CHANGE_S, READ_S, on_domain
from app.virt.errors import is_unsupported
from app.virt.progress import Progress
from app.virt.session import Session

START_S = 180.0
"""Large guests touch all their memory before they run."""


class ShutdownMode(Enum):
    """How the guest is asked: DEFAULT lets libvirt choose (agent where it answers, else ACPI)."""

    DEFAULT = "default"
    ACPI = "acpi"
    AGENT = "agent"
    INITCTL = "initctl"
    SIGNAL = "signal"
    PARAVIRT = "paravirt"


def _flags(mode: ShutdownMode) -> int:
    values = {
        ShutdownMode.DEFAULT: libvirt.VIR_DOMAIN_SHUTDOWN_DEFAULT,
        ShutdownMode.ACPI: libvirt.VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN,
        ShutdownMode.AGENT: libvirt.VIR_DOMAIN_SHUTDOWN_GUEST_AGENT,
        ShutdownMode.INITCTL: libvirt.VIR_DOMAIN_SHUTDOWN_INITCTL,
        ShutdownMode.SIGNAL: libvirt.VIR_DOMAIN_SHUTDOWN_SIGNAL,
        ShutdownMode.PARAVIRT: libvirt.VIR_DOMAIN_SHUTDOWN_PARAVIRT,
    }
    return values[mode]


async def start(session: Session, uuid: str, *, paused: bool = False, fresh: bool = False) -> None:
    """Starts a guest that is off.  paused: before its first instruction; fresh: without its saved state, which is dropped."""
    ready = None if paused else first_moment.listener(session, uuid)

    def work(domain: libvirt.virDomain) -> None:
        flags = libvirt.VIR_DOMAIN_START_PAUSED if paused or ready else 0
        flags |= libvirt.VIR_DOMAIN_START_FORCE_BOOT if fresh else 0
        domain.createWithFlags(flags) if flags else domain.create()

    await on_domain(session, uuid, _("Cannot start the machine."), work, timeout_s=START_S)
    if ready is not None:
        try:
            await first_moment.wait(ready)
        finally:
            await resume(session, uuid)


async def resume(session: Session, uuid: str) -> None:
    """Lets a paused guest go on."""
    await on_domain(session, uuid, _("Cannot resume the machine."), lambda domain: domain.resume())


async def suspend(session: Session, uuid: str) -> None:
    """Pauses a guest; it keeps its memory."""
    await on_domain(session, uuid, _("Cannot pause the machine."), lambda domain: domain.suspend())


async def shutdown(session: Session, uuid: str, mode: ShutdownMode = ShutdownMode.DEFAULT) -> None:
    """Asks the guest to shut down; returns when it was asked, not when it is off."""
    what = _("Cannot ask the machine to shut down.")
    await on_domain(session, uuid, what, lambda domain: _shutdown(domain, mode))


def _shutdown(domain: libvirt.virDomain, mode: ShutdownMode) -> None:
    try:
        domain.shutdownFlags(_flags(mode))
    except libvirt.libvirtError as error:
        if mode is not ShutdownMode.DEFAULT or not is_unsupported(error):
            raise
        domain.shutdown()


async def reboot(session: Session, uuid: str) -> None:
    """Asks the guest to restart by itself."""
    await on_domain(session, uuid, _("Cannot restart the machine."), lambda domain: domain.reboot(0))


async def reset(session: Session, uuid: str) -> None:
    """The reset button: the guest begins anew without being asked."""
    await on_domain(session, uuid, _("Cannot reset the machine."), lambda domain: domain.reset(0))


async def destroy(session: Session, uuid: str, *, graceful: bool = False) -> None:
    """Pulls the plug.  graceful: gives up rather than kill a hypervisor that does not end when told to."""

    def work(domain: libvirt.virDomain) -> None:
        if graceful:
            domain.destroyFlags(libvirt.VIR_DOMAIN_DESTROY_GRACEFUL)
        else:
            domain.destroy()

    await on_domain(session, uuid, _("Cannot force the machine off."), work)


async def wake_up(session: Session, uuid: str) -> None:
    """Wakes a guest that put itself to sleep."""
    await on_domain(session, uuid, _("Cannot wake the machine up."), lambda domain: domain.pMWakeup(0))


async def managed_save(session: Session, uuid: str, job: Progress | None = None) -> None:
    """Saves the memory to the host's disk and turns the guest off; the next start goes on from there.

    Runs on the second connection.  job: gets progress, and an abort that makes the guest run on.
    """

    async def abort() -> None:
        await on_domain(session, uuid, _("Cannot stop the saving."), lambda domain: domain.abortJob())

    what = _("Cannot save the machine's state.")
    work = asyncio.ensure_future(on_domain(session, uuid, what, lambda domain: domain.managedSave(0), timeout_s=None, long=True))
    if job is not None:
        job.abort = abort
    try:
        await watch_job(session, uuid, work, job)
    finally:
        if job is not None:
            job.abort = None


async def watch_job(session: Session, uuid: str, work: asyncio.Future[Any], job: Progress | None) -> None:
    """Waits for a long call, and reports the domain job's progress meanwhile, twice a second."""
    try:
        while not work.done():
            await asyncio.wait([work], timeout=0.5)
            if job is not None and not work.done():
                job.report(await _job_fraction(session, uuid))
    finally:
        if not work.done():
            work.cancel()
    await work


async def _job_fraction(session: Session, uuid: str) -> float | None:
    def read(domain: libvirt.virDomain) -> float | None:
        try:
            info = domain.jobInfo()
        except libvirt.libvirtError:
            return None  # the driver cannot tell, or it is over
        total, processed = info[3], info[4]
        return processed / total if total else None

    return await on_domain(session, uuid, "", read, timeout_s=READ_S, background=True)


async def remove_managed_save(session: Session, uuid: str) -> None:
    """Throws the saved state away."""
    await on_domain(session, uuid, _("Cannot discard the saved state."), lambda domain: domain.managedSaveRemove(0))


async def set_autostart(session: Session, uuid: str, on: bool) -> None:
    """Whether the guest starts with the host."""
    await on_domain(
        session, uuid, _("Cannot change whether the machine starts with its host."), lambda domain: domain.setAutostart(int(on))
    )


async def rename(session: Session, uuid: str, name: str) -> None:
    """Gives a guest that is off another name."""

    def work(conn: libvirt.virConnect) -> None:
        lookup.domain(conn, uuid).rename(name, 0)
        lookup.drop(conn, uuid)  # the cached object keeps the old name

    what = _("Cannot rename the machine to “{name}”.").format(name=name)
    await session.call(work, what=what, timeout_s=CHANGE_S)
