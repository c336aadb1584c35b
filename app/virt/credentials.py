"""Questions that libvirt asks while a connection opens, as records that a dialog can show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from app.virt.binding import libvirt


class CredentialKind(Enum):
    """What is asked for.  SECRET kinds are typed unseen and never logged."""

    USER_NAME = "user"
    PASSWORD = "password"  # noqa: S105 - a kind, not a secret
    TEXT = "text"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Credential:
    """One question.  prompt: libvirt's words; challenge: more context; default: taken when the answer is empty."""

    kind: CredentialKind
    prompt: str
    challenge: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class HostKey:
    """The key of an SSH host that is not known yet.  key_type: "ED25519"; fingerprint: "SHA256:…"."""

    host: str
    key_type: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CredentialRequest:
    """All questions of one round, to be asked in one dialog.  host_key: to be accepted (answer "yes") or not."""

    uri: str
    questions: tuple[Credential, ...]
    again: bool = False
    host_key: HostKey | None = None


Answers = Sequence[str]
"""One text per question, in order."""

CredentialAsker = Callable[[CredentialRequest], Awaitable[Answers | None]]
"""Asks on the event loop; None means that the user cancelled."""


def wanted_kinds() -> list[int]:
    """The kinds of libvirt credential that a dialog can ask for."""
    return list(_kinds())


def _kinds() -> dict[int, CredentialKind]:
    return {
        libvirt.VIR_CRED_USERNAME: CredentialKind.USER_NAME,
        libvirt.VIR_CRED_AUTHNAME: CredentialKind.USER_NAME,
        libvirt.VIR_CRED_PASSPHRASE: CredentialKind.PASSWORD,
        libvirt.VIR_CRED_NOECHOPROMPT: CredentialKind.PASSWORD,
        libvirt.VIR_CRED_ECHOPROMPT: CredentialKind.TEXT,
        libvirt.VIR_CRED_REALM: CredentialKind.TEXT,
    }


def questions(raw: Sequence[Sequence[object]]) -> tuple[Credential, ...]:
    """libvirt's list of ``[type, prompt, challenge, default, result]`` as records."""
    kinds = _kinds()
    return tuple(
        Credential(
            kinds.get(_number(entry[0]), CredentialKind.TEXT),
            str(entry[1] or ""),
            str(entry[2] or ""),
            str(entry[3] or ""),
        )
        for entry in raw
    )


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1
