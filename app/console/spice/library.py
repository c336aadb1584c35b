"""Whether SPICE's client library can be used here.  It is not loaded in this process: see ``process``."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from functools import lru_cache

from app.i18n import _

NAMESPACE, VERSION = "SpiceClientGLib", "2.0"


def missing() -> str:
    """What has to be installed before SPICE works here, in words; empty if nothing."""
    if _described():
        return ""
    return _(
        "SPICE needs its client library: install gir1.2-spiceclientglib-2.0 and python3-gi"
        " (Fedora: spice-glib and python3-gobject; Arch: spice-gtk and python-gobject), then start this program again."
    )


def prepare() -> None:
    """Looks for it, which takes some 20 ms the first time (any thread)."""
    _described()


@lru_cache(maxsize=1)
def _described() -> bool:
    """Whether the binding and the library's description are installed."""
    if importlib.util.find_spec("gi") is None:
        return False
    try:
        with warnings.catch_warnings():  # PyGObject before 3.48 loads its modules in an outdated way
            warnings.simplefilter("ignore", ImportWarning)
            importlib.import_module("gi").require_version(NAMESPACE, VERSION)
    except (ImportError, ValueError):
        return False
    return True
