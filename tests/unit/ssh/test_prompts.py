"""What OpenSSH asks is taken apart; the texts are its own."""

from __future__ import annotations

import pytest

from app.ssh.prompts import Prompt, PromptKind, classify
from app.ssh.target import SshTarget, target_of

UNKNOWN = """The authenticity of host '[lab1]:2222 ([192.0.2.1]:2222)' can't be established.
ED25519 key fingerprint is SHA256:YIQCfab0UvH6kbNeOl2SUFHZblLp+JAGYo3hOH2GfjY.
This key is not known by any other names.
Are you sure you want to continue connecting (yes/no/[fingerprint])? """

PRINT = "SHA256:YIQCfab0UvH6kbNeOl2SUFHZblLp+JAGYo3hOH2GfjY"


def test_an_unknown_host() -> None:
    prompt = classify(UNKNOWN)
    assert prompt == Prompt(PromptKind.HOST_KEY, UNKNOWN, "[lab1]:2222", "ED25519", PRINT)


@pytest.mark.parametrize(
    ("text", "hint", "kind", "subject"),
    [
        ("root@lab1's password: ", "", PromptKind.PASSWORD, "root@lab1"),
        ("(root@lab1) Password: ", "", PromptKind.PASSWORD, "root@lab1"),
        ("(me@lab1) Verification code: ", "", PromptKind.PASSWORD, "me@lab1"),
        ("Enter passphrase for key '/home/me/.ssh/id ed': ", "", PromptKind.PASSPHRASE, "/home/me/.ssh/id ed"),
        ("Enter passphrase for /home/me/.ssh/id: ", "", PromptKind.PASSPHRASE, "/home/me/.ssh/id"),
        ("Please type 'yes', 'no' or the fingerprint: ", "", PromptKind.CONFIRM, ""),
        ("Allow use of key /k?\nKey fingerprint SHA256:x.", "confirm", PromptKind.CONFIRM, ""),
        ("Confirm user presence for key ED25519-SK SHA256:x", "none", PromptKind.NOTICE, ""),
        ("Enter PIN for ED25519-SK key /k: ", "", PromptKind.PASSWORD, ""),
        ("", "", PromptKind.PASSWORD, ""),
    ],
)
def test_other_questions(text: str, hint: str, kind: PromptKind, subject: str) -> None:
    assert (classify(text, hint).kind, classify(text, hint).subject) == (kind, subject)


@pytest.mark.parametrize(
    ("uri", "target"),
    [
        ("qemu+ssh://lab1/system", SshTarget("lab1")),
        ("qemu+ssh://me@Lab1:2222/system?keyfile=/k%20y&command=/opt/ssh", SshTarget("Lab1", "me", 2222, "/k y", "/opt/ssh")),
        ("qemu+ssh://a%40b@[fe80::1%25eth0]/session", SshTarget("fe80::1%eth0", "a@b")),
        ("xen+libssh2://lab1/system?command=/no", SshTarget("lab1")),
        ("qemu+tls://lab1/system", None),
        ("qemu:///system", None),
        ("qemu+ssh:///system", None),
        ("qemu+ssh://lab1:port/system", None),
    ],
)
def test_where_an_address_leads(uri: str, target: SshTarget | None) -> None:
    assert target_of(uri) == target
