"""The functional probe: does KVM on this host run what an operating system needs?

A guest of 16 MiB boots a sector (``kvm_probe.s``) that enters protected and long mode and runs there what kernels run first:
fninit, fwait, fxsave, SSE, lock cmpxchg16b.  It then powers itself off.  Where the processor cannot virtualise, KVM has to
emulate these and stops with "emulation failure".  Everything goes through libvirt, so it works on remote hosts and without
rights on files; the guest is transient, and its pool and file are removed in any case.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.errors import Unsupported
from app.i18n import _
from app.model.records import ObjectKind
from app.virt.binding import libvirt
from app.virt.capabilities import host_capabilities
from app.virt.domain_call import CHANGE_S
from app.virt.lookup import PROBE_PREFIX
from app.virt.session import Session
from app.virt.subscriptions import EventKind, VirEvent

# as kvm_probe.s && ld -Ttext 0x7c00 --oformat binary
BOOT_CODE = bytes.fromhex(
    "fa31c08ed88ec08ed0bc007cbf00106631c0b9000cfc66f3ab66c70600100320000066c70600200330000066c70600308300"
    "0000660f0116f07c0f20c00c010f22c066ea4a7c0000080066b810008ed88ed08ec0dbe39b0f20e00d200600000f22e0b800"
    "1000000f22d8b9800000c00f320d000100000f300f20c083e0f30d020000800f22c0ea8d7c00001800dbe39b48c7c7005000"
    "00480fae07480fae0f0f57c00f298700020000b8010000000fa2f7c1002000007409f0480fc78f0002000066ba040666b800"
    "2066eff4ebfd66900000000000000000ffff0000009acf00ffff00000092cf00ffff0000009aaf001f00d07c0000"
)
BOOT_SECTOR = BOOT_CODE.ljust(510, b"\0") + b"\x55\xaa"
DISK_BYTES = 1 << 20
"""SeaBIOS does not boot from a disk of a few sectors; the rest is a hole."""

LONGEST_S = 10.0
"""About 0.4 s on a processor that virtualises; 4 s where KVM emulates the firmware."""

STOPPED, SUSPENDED, CRASHED = 5, 3, 8
STOPPED_SHUTDOWN = 0


@dataclass(frozen=True, slots=True)
class _Names:
    """What the probe makes on the host."""

    name: str

    @property
    def folder(self) -> str:
        return f"/var/tmp/{self.name}"  # noqa: S108 - a new folder of an unguessable name, made by libvirt on the host

    @property
    def pool(self) -> str:
        return f"<pool type='dir'><name>{self.name}</name><target><path>{self.folder}</path></target></pool>"

    @property
    def volume(self) -> str:
        return (
            f"<volume><name>disk</name><capacity>{DISK_BYTES}</capacity><allocation>0</allocation>"
            "<target><format type='raw'/></target></volume>"
        )

    @property
    def domain(self) -> str:
        # on_reboot must not be "destroy": a triple fault would look like the power-off that means success.
        return (
            f"<domain type='kvm'><name>{self.name}</name><memory unit='MiB'>16</memory><vcpu>1</vcpu>"
            "<os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os><features><acpi/></features>"
            "<on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>destroy</on_crash><devices>"
            f"<disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{self.folder}/disk'/>"
            "<target dev='vda' bus='virtio'/></disk><controller type='usb' model='none'/>"
            "<video><model type='none'/></video><memballoon model='none'/></devices></domain>"
        )


async def probe(session: Session) -> bool:
    """True if KVM on this host runs an operating system's first instructions.  Takes about a second, at most some ten.

    Raises ``Unsupported`` where it cannot be tried (another processor architecture, no storage driver), and other errors
    where the host does not let it run.
    """
    what = _("Cannot try KVM on this host.")
    host = await host_capabilities(session)
    guest = host.guest("x86_64")
    if guest is None or host.arch != "x86_64" or not session.has_events:
        raise Unsupported(what, why=_("The trial is made for x86-64 hosts with QEMU."))
    if "kvm" not in guest.virt_types:
        return False
    names = _Names(f"{PROBE_PREFIX}{secrets.token_hex(4)}")
    verdict: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    with _listening(session, names.name, verdict):
        try:
            await session.call(lambda conn: _begin(conn, names), what=what, timeout_s=CHANGE_S)
            async with asyncio.timeout(LONGEST_S):  # not wait_for, which may lose a cancellation (Python 3.11)
                return await verdict
        except TimeoutError:
            return False
        finally:
            await asyncio.shield(session.call(lambda conn: _clean_up(conn, names), timeout_s=CHANGE_S))


@contextlib.contextmanager
def _listening(session: Session, name: str, verdict: asyncio.Future[bool]) -> Iterator[None]:
    def on_events(batch: tuple[VirEvent, ...]) -> None:
        for event in batch:
            ours = event.kind is ObjectKind.DOMAIN and event.event is EventKind.LIFECYCLE and event.name == name
            if ours and event.code in (STOPPED, SUSPENDED, CRASHED) and not verdict.done():
                verdict.set_result(event.code == STOPPED and event.detail == STOPPED_SHUTDOWN)

    connection = session.events.connect(on_events)
    try:
        yield
    finally:
        connection.disconnect()


def _begin(conn: libvirt.virConnect, names: _Names) -> None:
    pool = conn.storagePoolDefineXML(names.pool, 0)
    pool.build(0)
    pool.create(0)
    volume = pool.createXML(names.volume, 0)
    stream = conn.newStream(0)
    volume.upload(stream, 0, len(BOOT_SECTOR), 0)
    rest = [BOOT_SECTOR]
    stream.sendAll(lambda _stream, _count, _opaque: rest.pop() if rest else b"", None)
    stream.finish()
    conn.createXML(names.domain, 0)


def _clean_up(conn: libvirt.virConnect, names: _Names) -> None:
    """Each step whether or not the one before worked."""
    _try(lambda: conn.lookupByName(names.name).destroy())
    try:
        pool = conn.storagePoolLookupByName(names.name)
    except libvirt.libvirtError:
        return
    _try(lambda: pool.storageVolLookupByName("disk").delete(0))
    _try(pool.destroy)
    _try(lambda: pool.delete(0))
    _try(pool.undefine)


def _try(step: Callable[[], object]) -> None:
    with contextlib.suppress(libvirt.libvirtError):
        step()
