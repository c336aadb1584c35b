"""Why a file did not get into the guest, as sentences with the next step."""

from __future__ import annotations

import os
from pathlib import Path

from app.console.spice.reason import Reason
from app.errors import Cancelled, Denied, Disconnected, Failed, HostelryError, Invalid, NoSpace, NotFound, Unsupported
from app.i18n import _


def demand_readable(path: Path) -> None:
    """Any thread (it may wait for a disk).  Raises a sentence for what cannot be sent."""
    try:
        if not path.is_file():
            raise _no_file(path)
        with path.open("rb"):
            return
    except PermissionError as error:
        raise Denied(
            _what(path.name),
            why=_("You may not read it."),
            next_step=_("Change its permissions, or copy it to where you may."),
            raw=str(error),
        ) from error
    except OSError as error:
        raise Failed(
            _what(path.name),
            why=os.strerror(error.errno or 0),
            next_step=_("Copy it to this computer's disk and try again."),
            raw=str(error),
        ) from error


def no_agent(name: str) -> Unsupported:
    """Nobody in the guest takes files."""
    return Unsupported(
        _what(name),
        why=_("No SPICE agent answers in the guest."),
        next_step=_("Install spice-vdagent in the guest (Windows: the SPICE guest tools), and log in to its desktop."),
    )


def not_allowed(name: str) -> Denied:
    """Switched off on the host or in the guest."""
    return Denied(
        _what(name),
        why=_("The machine does not allow files to be sent to it."),
        next_step=_("Allow file transfer in the machine's SPICE settings (<filetransfer enable='yes'/>)."),
    )


def connection_lost(name: str) -> Disconnected:
    """The screen is gone, and the file with it."""
    return Disconnected(
        _what(name),
        why=_("The connection to the screen ended."),
        next_step=_("Send the file again when the screen is back."),
    )


def explain(error: Reason, name: str) -> HostelryError:
    """Why, by the library's English or translated sentence where there is no code."""
    text = error.message
    low = text.lower()
    if (error.domain, error.code) == CANCELLED or "cancelled" in low:
        return Cancelled(
            _what(name),
            why=_("The guest did not take it."),
            next_step=_("Look at the guest's screen: its agent may lack a folder for downloads. Then send the file again."),
            raw=text,
        )
    if "space" in low:
        return NoSpace(_what(name), why=_("The guest's disk is full."), next_step=_("Free some space in the guest."), raw=text)
    if "disabled" in low:
        return not_allowed(name)
    if "locked" in low:
        return Denied(
            _what(name), why=_("The guest's desktop is locked."), next_step=_("Unlock it, then send it again."), raw=text
        )
    if "not connected" in low:
        return no_agent(name)
    return Failed(
        _what(name),
        why=text,
        next_step=_("Look at the guest's screen: its user may lack the right to write there. Then send the file again."),
        raw=text,
    )


CANCELLED = ("g-io-error-quark", 19)
"""G_IO_ERROR_CANCELLED."""


def _what(name: str) -> str:
    return _("“{name}” was not sent to the guest.").format(name=name)


def _no_file(path: Path) -> HostelryError:
    if path.is_dir():
        return Invalid(
            _what(path.name),
            why=_("It is a folder; the SPICE agent takes single files."),
            next_step=_("Pack it into an archive, or share it as the console's shared folder."),
        )
    return NotFound(_what(path.name), why=_("It is not a file, or it is gone."), next_step=_("Choose another file."))
