"""Less memory: PySide reads no sources, and glibc gives back what large objects leave.

PySide looks for its own name in the text of each imported module (``shibokensupport.feature._mod_uses_pyside``, PySide 6.11), to
know where ``from __feature__ import snake_case`` could matter; Python's ``linecache`` then keeps all those texts: 7 MB and 20 ms
for this program, which uses no such feature.
"""

from __future__ import annotations

import sys

MALLOC = ((-8, 2), (-3, 256 * 1024), (-1, 1024 * 1024))
"""M_ARENA_MAX; M_MMAP_THRESHOLD and M_TRIM_THRESHOLD in bytes (their being set stops their growing)."""


def read_no_sources() -> bool:
    """Call it once Qt is imported; False where PySide works in another way, which does no harm."""
    feature = sys.modules.get("shibokensupport.feature")
    if feature is None or not hasattr(feature, "_mod_uses_pyside"):
        return False
    feature._mod_uses_pyside = lambda _module: False  # type: ignore[attr-defined]
    return True


def return_memory() -> bool:
    """Gives what large objects leave back to the system (glibc); False where there is another C library.

    By default glibc stops mapping large blocks one by one once the first has been freed, and gives each thread a heap of its
    own: pictures of guests then leave holes.  Source: mallopt(3).
    """
    import ctypes  # noqa: PLC0415 (after the start)

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return all([mallopt(parameter, value) for parameter, value in MALLOC])
