"""The one tree of errors that a user may see.

An error says what failed (on which object), why, and what to do next; the raw text of the
library or tool goes under "Details".  libvirt's own exceptions never leave ``app.virt``: they are
sorted there, by code, into these classes.
"""

from __future__ import annotations


class HostelryError(Exception):
    """Something the user asked for failed.

    what: one sentence naming the operation and its object ("Cannot start “web1”").
    why: the cause in people's words; may be empty when unknown.
    next_step: what the user can do about it; may be empty.
    raw: the original text (libvirt, qemu-img, errno) for the Details fold.
    """

    def __init__(self, what: str, *, why: str = "", next_step: str = "", raw: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.next_step = next_step
        self.raw = raw

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.next_step) if part)

    def about(self, what: str) -> HostelryError:
        """The same error (class, cause, details) with a better first sentence."""
        return type(self)(what, why=self.why or self.what, next_step=self.next_step, raw=self.raw)


class NotFound(HostelryError):
    """The object is gone or never was."""


class Exists(HostelryError):
    """A name, UUID or file is taken."""


class Denied(HostelryError):
    """No permission: socket, polkit, file mode, SELinux."""


class AuthFailed(HostelryError):
    """Wrong password or key, or the question was cancelled."""


class Busy(HostelryError):
    """The object does something else: a job runs, a lock is held, wrong state."""


class Unsupported(HostelryError):
    """The driver, host or guest cannot do that."""


class Disconnected(HostelryError):
    """The connection is down: host gone, daemon stopped, link cut."""


class TimedOut(HostelryError):
    """No answer in the time allowed; the operation may still happen."""


class Invalid(HostelryError):
    """Bad input: malformed XML, a file of the wrong kind, an impossible value."""


class NoSpace(HostelryError):
    """Not enough disk space or memory."""


class Cancelled(HostelryError):
    """The user stopped it."""


class Failed(HostelryError):
    """Anything that fits no other class; ``raw`` has the text."""
