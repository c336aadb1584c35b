"""Puts the memory of the library's surface itself under what the program shares, so that nothing is copied.

The library paints into memory that it got from ``malloc``.  The pages that lie wholly within are replaced, at their addresses, by
pages of a memfd; the parts of pages at both ends, less than 8 KiB, are copied at each frame.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import mmap
import os
from functools import lru_cache

from app.console.spice.worker import glib

LEAST = 64 << 10
"""Smaller surfaces are copied: there are few whole pages in them."""

MAP_FIXED = 0x10
FAILED = ctypes.c_void_p(-1).value


@lru_cache(maxsize=1)
def _map() -> ctypes._NamedFuncPointer:
    map_ = ctypes.CDLL(None, use_errno=True).mmap
    map_.restype = ctypes.c_void_p
    map_.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    return map_


def sealed(size: int) -> int:
    """New memory that can neither shrink nor grow."""
    fd = os.memfd_create("picture", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, size)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return fd


class Shared:
    """``offset``: where in ``fd`` the first pixel lies.  Raises OSError where the system does not like it."""

    def __init__(self, address: int, size: int, spare: int = 0) -> None:
        page = mmap.PAGESIZE
        self.offset = address % page
        self._address, self._end = address, address + size
        self._first, self._last = -(-address // page) * page, self._end // page * page
        self.size = -(-(self.offset + size + spare) // page) * page
        self.fd = sealed(self.size)
        try:
            self._write(address, self._end)
            self._replace(mmap.MAP_SHARED, self.fd, self._first - address + self.offset)
        except BaseException:
            os.close(self.fd)
            raise

    def complete(self) -> None:
        """Copies both ends."""
        self._write(self._address, self._first)
        self._write(self._last, self._end)

    def end(self) -> None:
        """Gives the library memory of its own again, which will be used for other things once it has freed it."""
        with contextlib.suppress(OSError):
            self._replace(mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
        self.close()

    def close(self) -> None:
        """The library keeps this memory."""
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1

    def _write(self, begin: int, end: int) -> None:
        if (
            end > begin
            and os.pwrite(self.fd, glib.memory(begin, end - begin), begin - self._address + self.offset) != end - begin
        ):
            raise OSError("a picture that is not taken whole")

    def _replace(self, flags: int, fd: int, offset: int) -> None:
        size = self._last - self._first
        if _map()(self._first, size, mmap.PROT_READ | mmap.PROT_WRITE, flags | MAP_FIXED, fd, offset) == FAILED:
            raise OSError(ctypes.get_errno(), "no memory")
