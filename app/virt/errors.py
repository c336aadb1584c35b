"""libvirt's errors, sorted into the program's own (``app.errors``) by the table of causes."""

from __future__ import annotations

import functools
import re

from app.errors import Failed, HostelryError
from app.i18n import N_, _
from app.virt.binding import constant, libvirt
from app.virt.error_table import BY_CODE, BY_TEXT, CONNECTING, MISSING_FILE, Rule

_UNKNOWN = Rule(Failed, why="", next_step=N_("The details have libvirt's own words."))
_LOST_TEXTS = ("client socket is closed", "end of file while reading", "connection reset", "keepalive")


@functools.cache
def _code_names() -> dict[int, str]:
    """Number to name of virErrorNumber."""
    names: dict[int, str] = {}
    constant("VIR_ERR_OK")  # loads the binding, so that dir() is full
    for name in dir(libvirt):
        if name.startswith("VIR_ERR_"):
            names[getattr(libvirt, name)] = name
    # virErrorLevel shares the prefix and reuses the numbers 1 and 2.
    names[1], names[2] = "VIR_ERR_INTERNAL_ERROR", "VIR_ERR_NO_MEMORY"
    return names


def code_name(error: libvirt.libvirtError) -> str:
    """The error's name in virErrorNumber, ``""`` if it has none."""
    code = error.get_error_code()
    return _code_names().get(code, "") if code is not None else ""


def is_unsupported(error: libvirt.libvirtError) -> bool:
    """True if the driver or its version lacks the call or a flag of it."""
    return code_name(error) in {
        "VIR_ERR_NO_SUPPORT",
        "VIR_ERR_ARGUMENT_UNSUPPORTED",
        "VIR_ERR_OPERATION_UNSUPPORTED",
        "VIR_ERR_CONFIG_UNSUPPORTED",
        "VIR_ERR_INVALID_ARG",
    }


def is_lost(error: libvirt.libvirtError) -> bool:
    """True if the call failed because the connection is gone."""
    text = (error.get_error_message() or "").lower()
    return any(words in text for words in _LOST_TEXTS)


def _rule(name: str, raw: str, connecting: bool) -> Rule:
    rules = (*CONNECTING, *BY_TEXT, *BY_CODE) if connecting else (*BY_TEXT, *BY_CODE)
    return next((rule for rule in rules if rule.matches(name, raw)), _UNKNOWN)


def _codes_first(name: str, raw: str) -> Rule | None:
    """Codes that say more than their text: a machine named “guest agent” that is gone is gone."""
    if name.startswith("VIR_ERR_NO_") and name not in {"VIR_ERR_NO_SUPPORT", "VIR_ERR_NO_CONNECT", "VIR_ERR_NO_MEMORY"}:
        return next((rule for rule in BY_CODE if rule.matches(name, raw)), None)
    if name in {"VIR_ERR_XML_ERROR", "VIR_ERR_XML_DETAIL", "VIR_ERR_XML_INVALID_SCHEMA", "VIR_ERR_DOM_EXIST"}:
        return next((rule for rule in BY_CODE if rule.matches(name, raw)), None)
    return None


def _missing_file(rule: Rule, raw: str) -> str:
    """Names the file that is not there: a machine may have several."""
    found = re.search(r"storage file '([^']+)'", raw) if rule is MISSING_FILE else None
    return _("“{path}” does not exist on the host.").format(path=found[1]) if found else ""


def translate(error: libvirt.libvirtError, what: str = "", *, connecting: bool = False) -> HostelryError:
    """The error as people should see it.  what: the first sentence; connecting: while a connection was opened."""
    raw = error.get_error_message() or str(error)
    name = code_name(error)
    lost = not connecting and is_lost(error)
    rule = (None if connecting else _codes_first(name, raw)) or _rule(name, raw, connecting or lost)
    why = _missing_file(rule, raw) or _(rule.why) or _("libvirt reports: {text}").format(text=raw)
    return rule.kind(what or why, why=why if what else "", next_step=_(rule.next_step), raw=raw)
