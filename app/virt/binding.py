"""The libvirt binding, imported at the first use of one of its names.

``import libvirt`` takes 25-45 ms, which the start-up hides by doing it in the thread that opens the
first connection; so nothing in ``app.virt`` imports it at module level.  ``from app.virt.binding
import libvirt`` gives a stand-in that loads the module (once; importing is locked by Python) and then
answers from its own ``__dict__``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import libvirt as libvirt  # noqa: PLC0414 - re-exported
else:

    class _LazyModule:
        """Loads libvirt when asked for a name that it does not have yet."""

        def __getattr__(self, name: str) -> Any:
            module = importlib.import_module("libvirt")
            # libvirt-python prints every error on stderr unless it has a handler.
            module.registerErrorHandler(_silent, None)
            self.__dict__.update({key: value for key, value in vars(module).items() if not key.startswith("__")})
            try:
                return self.__dict__[name]
            except KeyError:
                raise AttributeError(f"libvirt has no {name}") from None

    def _silent(_context: object, _error: object) -> None:
        """Keeps libvirt's error text off stderr: every error is translated and shown."""

    libvirt = _LazyModule()


def constant(name: str, default: int = 0) -> int:
    """The value of a libvirt constant, or ``default`` where the installed binding is too old to know it."""
    return int(getattr(libvirt, name, default))
