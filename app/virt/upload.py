"""Copying a local file into a volume on the host, with holes kept, progress, and a stop that works."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import threading
from pathlib import Path

from app.errors import Cancelled, HostelryError, Invalid, NotFound
from app.i18n import _
from app.virt.binding import libvirt
from app.virt.progress import Progress
from app.virt.session import Session

CHUNK = 256 * 1024
"""libvirt cuts a stream into messages of this size; larger pieces are copied in Python for nothing."""


class _Source:
    """The local file as libvirt's sparse send wants it; used by one worker, watched by the loop."""

    def __init__(self, file: int, size: int) -> None:
        self.file = file
        self.size = size
        self.done = 0
        self.stop = threading.Event()

    def read(self, _stream: object, count: int, _opaque: object) -> bytes:
        """The next bytes; raising ends the transfer and aborts the stream."""
        if self.stop.is_set():
            raise _Stopped
        data = os.read(self.file, min(count, CHUNK))
        self.done += len(data)
        return data

    def hole(self, _stream: object, _opaque: object) -> tuple[bool, int]:
        """Whether data or a hole begins here, and how long it is; (False, 0) at the end."""
        here = os.lseek(self.file, 0, os.SEEK_CUR)
        if here >= self.size:
            return False, 0
        try:
            data = os.lseek(self.file, here, os.SEEK_DATA)
        except OSError as error:
            # A disk that fails, or a file that was cut off meanwhile, must not pass for zeros.
            if error.errno != errno.ENXIO or os.lseek(self.file, 0, os.SEEK_END) < self.size:
                raise
            os.lseek(self.file, here, os.SEEK_SET)
            return False, self.size - here  # nothing but a hole until the end
        if data > here:
            os.lseek(self.file, here, os.SEEK_SET)
            return False, data - here
        hole = os.lseek(self.file, here, os.SEEK_HOLE)
        os.lseek(self.file, here, os.SEEK_SET)
        return True, hole - here

    def skip(self, _stream: object, length: int, _opaque: object) -> int:
        """Goes over a hole."""
        os.lseek(self.file, length, os.SEEK_CUR)
        self.done += length
        return 0


class _Stopped(Exception):
    """The user stopped the transfer."""


async def upload(session: Session, path: str, volume_path: str, job: Progress | None = None) -> None:
    """Writes the local file ``path`` over the volume of that path on the host, on the second connection.

    Raises ``Cancelled`` after the job's abort: the volume is then incomplete and its maker should delete it.
    """
    what = _("Cannot upload “{name}”.").format(name=Path(path).name)
    source = await asyncio.get_running_loop().run_in_executor(None, _open, path, what)

    async def abort() -> None:
        source.stop.set()

    if job is not None:
        job.abort = abort
    work = asyncio.ensure_future(session.call(lambda conn: _send(conn, source, volume_path), what=what, long=True))
    try:
        while not work.done():
            await asyncio.wait([work], timeout=0.2)
            if job is not None:
                job.report(source.done / source.size if source.size else 1.0)
        await work
    except _Stopped:
        raise Cancelled(_("The upload of “{name}” was stopped.").format(name=Path(path).name)) from None
    except OSError as error:
        raise _unreadable(what, error) from error
    finally:
        source.stop.set()
        if job is not None:
            job.abort = None


def _open(path: str, what: str) -> _Source:
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        return _Source(file, os.fstat(file).st_size)
    except FileNotFoundError as error:
        raise NotFound(what, why=_("The file does not exist any more."), raw=str(error)) from error
    except OSError as error:
        raise _unreadable(what, error) from error


def _unreadable(what: str, error: OSError) -> HostelryError:
    return Invalid(what, why=_("The file cannot be read."), next_step=_("Check its permissions."), raw=str(error))


def _send(conn: libvirt.virConnect, source: _Source, volume_path: str) -> None:
    """On a worker of the second connection."""
    stream = conn.newStream(0)
    begun = False
    try:
        volume = conn.storageVolLookupByPath(volume_path)
        sparse = True
        try:
            volume.upload(stream, 0, source.size, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
        except libvirt.libvirtError as error:
            if error.get_error_code() not in (libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED, libvirt.VIR_ERR_INVALID_ARG):
                raise
            sparse = False
            volume.upload(stream, 0, source.size, 0)
        begun = True
        if sparse:
            stream.sparseSendAll(source.read, source.hole, source.skip, None)
        else:
            stream.sendAll(source.read, None)
        stream.finish()
        begun = False
        if source.done != source.size:
            raise OSError(errno.EIO, "the file became shorter while it was read")
    finally:
        os.close(source.file)
        if begun:
            _abort(stream)


def _abort(stream: libvirt.virStream) -> None:
    with contextlib.suppress(libvirt.libvirtError):  # sendAll aborted it already
        stream.abort()
