"""Loads ``decoders.so``, which set-up compiles of the C files beside it (packaging/tools/prepare/native.py).

Through ctypes: the library knows nothing of Python, so that it fits every Python, is fuzzed as it is, and runs while other
threads work.  Without it the decoders in Python do the same, several times slower.
"""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from functools import cache
from pathlib import Path

ABI = 1
"""Must be what ``decoders.h`` says."""

MAX_DAMAGE = 32
SWITCH = "HOSTELRY_PLAIN_DECODERS"
"""Set in the environment: the decoders in Python are used (tests, and to compare)."""

log = logging.getLogger(__name__)


class Box(ctypes.Structure):
    """``Box`` of decoders.h."""

    _fields_ = (("x", ctypes.c_int32), ("y", ctypes.c_int32), ("w", ctypes.c_int32), ("h", ctypes.c_int32))


class Report(ctypes.Structure):
    """``Report`` of decoders.h."""

    _fields_ = (("consumed", ctypes.c_int32), ("rect", Box), ("encoding", ctypes.c_int32), ("length", ctypes.c_int32))


@cache
def library() -> ctypes.CDLL | None:
    """The library, or None where it was not compiled, or for another version or kind of machine."""
    if os.environ.get(SWITCH):
        return None
    why = "the machine is big-endian" if sys.byteorder != "little" else ""
    for path in [] if why else _places():
        try:
            lib = _declared(ctypes.CDLL(str(path)))
        except (OSError, AttributeError) as error:
            why = str(error)
            continue
        if lib.hl_abi() == ABI:
            return lib
        why = f"{path} is of another version"
    log.info("VNC is decoded in Python, which is slower: the library in C is not there (%s); packaging/run makes it", why)
    return None


def _places() -> list[Path]:
    """Set-up's name, then the name that an installation as a Python package gives."""
    here = Path(__file__).parent
    return [here / "decoders.so", *sorted(here.glob("decoders.*.so"))]


def _declared(lib: ctypes.CDLL) -> ctypes.CDLL:
    pointer, number, size = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t
    lib.hl_new.restype = pointer
    lib.hl_new.argtypes = ()
    lib.hl_free.argtypes = lib.hl_damaged.argtypes = lib.hl_drawn.argtypes = (pointer,)
    lib.hl_free.restype = lib.hl_drawn.restype = None
    lib.hl_report.restype = ctypes.POINTER(Report)
    lib.hl_damage.restype = ctypes.POINTER(Box * MAX_DAMAGE)
    lib.hl_report.argtypes = lib.hl_damage.argtypes = (pointer,)
    lib.hl_screen.argtypes = (pointer, pointer, number, number, size)
    lib.hl_jpeg.argtypes = (pointer,) * 5
    lib.hl_begin.argtypes = (pointer, number)
    lib.hl_run.argtypes = (pointer, pointer, size)
    return lib
