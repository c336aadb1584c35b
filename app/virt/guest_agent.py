"""Commands of QEMU's guest agent, sent through libvirt (``virDomainQemuAgentCommand``).

Each is a short call of its own: a file goes over in many, so that nothing else has to wait long for the connection.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from app.errors import Denied, Failed, HostelryError, NoSpace, NotFound, TimedOut, Unsupported
from app.i18n import N_, _
from app.virt.domain_call import on_domain
from app.virt.session import Session

ANSWER_S = 10
"""libvirt gives an agent that is gone this long; it works on one command of a guest at a time."""

GRACE_S = 5.0


@dataclass(frozen=True, slots=True)
class Agent:
    """commands: those that its administrator left enabled.  windows: the guest runs Windows."""

    version: str
    commands: frozenset[str]
    windows: bool = False

    @property
    def takes_files(self) -> bool:
        """RHEL's packages forbid it by default (``guest-file-*`` in the agent's block list)."""
        return {"guest-file-open", "guest-file-write", "guest-file-close"} <= self.commands


class AgentGone(Unsupported):
    """No agent answers (any more): nothing is to be asked of it."""


async def ask(session: Session, uuid: str, *, answer_s: int = 3) -> Agent:
    """Who answers in the guest; raises ``HostelryError`` if nobody does."""
    info = await command(session, uuid, "guest-info", answer_s=answer_s)
    known = info.get("supported_commands") if isinstance(info, dict) else None
    enabled = frozenset(
        str(entry.get("name"))
        for entry in (known if isinstance(known, list) else ())  # a guest may say anything
        if isinstance(entry, dict) and entry.get("enabled") is True
    )
    windows = False
    if "guest-get-osinfo" in enabled:
        told = await command(session, uuid, "guest-get-osinfo", answer_s=answer_s)
        windows = isinstance(told, dict) and told.get("id") == "mswindows"
    return Agent(str(info.get("version", "")) if isinstance(info, dict) else "", enabled, windows)


async def command(session: Session, uuid: str, name: str, *, answer_s: int = ANSWER_S, **arguments: Any) -> Any:
    """What the agent returns; arguments' names have ``_`` for ``-``.

    Raises ``Denied``, ``NoSpace``, ``NotFound`` as the guest's system says, ``Unsupported`` without an agent that answers.
    """
    request: dict[str, Any] = {"execute": name}
    if arguments:
        request["arguments"] = {key.replace("_", "-"): value for key, value in arguments.items()}
    text = json.dumps(request)
    what = _("The agent in the guest did not do it.")

    def work(domain: Any) -> str:
        import libvirt_qemu  # noqa: PLC0415 - as libvirt itself, at the first use

        return libvirt_qemu.qemuAgentCommand(domain, text, answer_s, 0)

    try:
        answer = await on_domain(session, uuid, what, work, timeout_s=answer_s + GRACE_S)
        return json.loads(answer)["return"]
    except HostelryError as error:
        raise _explained(error, what) from error
    except (ValueError, KeyError, TypeError) as error:
        raise Failed(what, why=_("Its answer makes no sense."), raw=str(error)) from error


_GUEST_SAYS: tuple[tuple[tuple[str, ...], type[HostelryError], str, str], ...] = (
    (
        ("No space left", "not enough space", "Disk quota exceeded"),
        NoSpace, N_("The guest's disk is full."), N_("Delete something inside the guest, then try again."),
    ),
    (
        ("Permission denied", "Access is denied", "Operation not permitted"),
        Denied, N_("The guest's system does not allow it."),
        N_("Look at the agent's rights inside the guest, or send the files on a disc."),
    ),
    (
        ("Read-only file system",),
        Denied, N_("The guest's disk can only be read."), N_("Make it writable inside the guest, or send the files on a disc."),
    ),
    (
        ("No such file", "cannot find the"),
        NotFound, N_("The folder is not there in the guest."), N_("Send the files on a disc instead."),
    ),
    (
        ("has been disabled", "has not been found", "is not allowed"),
        Unsupported, N_("The agent in the guest has been told not to do that."),
        N_("Allow it in the agent's settings inside the guest, or send the files on a disc."),
    ),
)  # fmt: skip
"""Words of the guest's C library or of Windows, in the agent's own text (qga/commands-*.c)."""


def _explained(error: HostelryError, what: str) -> HostelryError:
    """By what the guest's system said; else as libvirt's error was sorted."""
    for words, kind, why, next_step in _GUEST_SAYS:
        if any(each in error.raw for each in words):
            return kind(what, why=_(why), next_step=_(next_step), raw=error.raw)
    if isinstance(error, Unsupported | TimedOut):
        return AgentGone(
            what,
            why=_("The agent inside the guest does not answer."),
            next_step=_("Install and start “qemu-guest-agent” in the guest, or choose another way."),
            raw=error.raw,
        )
    return error
