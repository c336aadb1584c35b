"""What OpenSSH asks its askpass program, taken apart.  The texts are those of OpenSSH 7 to 10, which are not translated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class PromptKind(Enum):
    """HOST_KEY: an unknown host's key.  NOTICE: nothing to answer (touch the security key)."""

    PASSWORD = "password"  # noqa: S105 - a kind, no secret
    PASSPHRASE = "passphrase"  # noqa: S105
    HOST_KEY = "host key"
    CONFIRM = "confirm"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question.  text: ssh's words; subject: the key file, user@host, or host that it is about.

    key_type, fingerprint: of an unknown host ("ED25519", "SHA256:…").
    """

    kind: PromptKind
    text: str
    subject: str = ""
    key_type: str = ""
    fingerprint: str = ""


_HOST = re.compile(r"authenticity of host '(?P<host>.+?)(?: \([^)]*\))?' can't be established", re.IGNORECASE)
_KEY = re.compile(r"^(?P<type>[\w-]+) key fingerprint is (?:(?P=type) )?(?P<print>\S+?)\.?$", re.MULTILINE)
_PASSPHRASE = re.compile(r"passphrase for (?:key )?'?(?P<key>[^':]+)'?", re.IGNORECASE)
_PASSWORD = re.compile(r"^\(?(?P<who>[^\s()]+@[^\s()]+?)(?:'s password|\) .*):\s*$", re.IGNORECASE)


def classify(text: str, hint: str = "") -> Prompt:
    """``hint`` is SSH_ASKPASS_PROMPT: "confirm" or "none"; empty for a question with an answer."""
    if host := _HOST.search(text):
        key = _KEY.search(text)
        return Prompt(
            PromptKind.HOST_KEY, text, host["host"], key["type"] if key else "", key["print"].rstrip(".") if key else ""
        )
    if hint == "none":
        return Prompt(PromptKind.NOTICE, text)
    if hint == "confirm":
        return Prompt(PromptKind.CONFIRM, text)
    if "(yes/no" in text or "type 'yes'" in text:
        return Prompt(PromptKind.CONFIRM, text)
    if key := _PASSPHRASE.search(text):
        return Prompt(PromptKind.PASSPHRASE, text, key["key"])
    who = _PASSWORD.search(text)
    return Prompt(PromptKind.PASSWORD, text, who["who"] if who else "")
