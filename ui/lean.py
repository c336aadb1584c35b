"""Keeps PySide from reading the source of every module that is imported.

PySide looks for its own name in the text of each imported module (``shibokensupport.feature._mod_uses_pyside``, PySide 6.11), to
know where ``from __feature__ import snake_case`` could matter; Python's ``linecache`` then keeps all those texts: 7 MB and 20 ms
for this program, which uses no such feature.
"""

from __future__ import annotations

import sys


def read_no_sources() -> bool:
    """Call it once Qt is imported; False where PySide works in another way, which does no harm."""
    feature = sys.modules.get("shibokensupport.feature")
    if feature is None or not hasattr(feature, "_mod_uses_pyside"):
        return False
    feature._mod_uses_pyside = lambda _module: False  # type: ignore[attr-defined]
    return True
