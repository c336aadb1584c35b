"""One session's way over SSH: its questions go where libvirt's go, its errors are told by their cause."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import AuthFailed, HostelryError
from app.i18n import _
from app.ssh import folder
from app.ssh.attempt import Attempt
from app.ssh.prompts import Prompt, PromptKind
from app.ssh.target import SshTarget, target_of, uses_ssh, with_command
from app.virt import ssh_errors
from app.virt.asking import Asking
from app.virt.credentials import Credential, CredentialKind, CredentialRequest, HostKey

KINDS = {
    PromptKind.PASSWORD: CredentialKind.PASSWORD,
    PromptKind.PASSPHRASE: CredentialKind.PASSWORD,
    PromptKind.HOST_KEY: CredentialKind.CONFIRM,
    PromptKind.CONFIRM: CredentialKind.CONFIRM,
}


@dataclass(slots=True)
class Way:
    """How libvirt opens the address in one try.  attempt: None if ssh is not libvirt's business there."""

    uri: str
    attempt: Attempt | None = None

    def refuse(self) -> None:
        """The try was given up: ssh gets no more answers."""
        if self.attempt is not None:
            self.attempt.refuse()


class SshAccess:
    """Made for every session; does nothing for addresses that do not go over SSH.  Methods are for worker threads."""

    def __init__(self, uri: str, asking: Asking) -> None:
        self.uri = uri
        self.target: SshTarget | None = target_of(uri)
        self._asking = asking

    @contextlib.contextmanager
    def way(self) -> Iterator[Way]:
        """For one try of libvirt's."""
        if self.target is None or not uses_ssh(self.uri):
            yield Way(self.uri)
            return
        with self.attempt() as attempt:
            yield Way(with_command(self.uri, str(attempt.command)), attempt)

    def attempt(self) -> Attempt:
        """An ssh that asks through this session; only if there is a ``target``."""
        assert self.target is not None  # noqa: S101
        return Attempt(self.target, self._ask)

    def explain(self, what: str, raw: str, attempt: Attempt | None) -> HostelryError | None:
        """What ssh complained about; None if that is not ssh's."""
        if self.target is None:
            return None
        if attempt is not None and attempt.complaints:
            raw = f"{attempt.complaints}\n{raw}".strip()
        if attempt is not None and attempt.refused is not None:
            return _refused(what, attempt.refused, raw)
        return ssh_errors.explain(what, raw, self.target)

    def end_shared(self) -> None:
        """The line is dead: what goes over the shared connection ends now, so that the next try makes another.  Blocks."""
        if self.target is not None and uses_ssh(self.uri):
            with contextlib.suppress(OSError):
                folder.end_shared_with(self.target)

    def _ask(self, prompt: Prompt, again: bool) -> str | None:
        credential = Credential(KINDS[prompt.kind], _words(prompt), prompt.subject)
        key = HostKey(prompt.subject, prompt.key_type, prompt.fingerprint) if prompt.kind is PromptKind.HOST_KEY else None
        answers = self._asking.ask_on_thread(CredentialRequest(self.uri, (credential,), again=again, host_key=key))
        return answers[0] if answers else None


def _words(prompt: Prompt) -> str:
    if prompt.kind is PromptKind.PASSPHRASE:
        return _("Passphrase of the key {key}").format(key=prompt.subject)
    if prompt.kind is PromptKind.PASSWORD and prompt.subject and "password" in prompt.text.lower():
        return _("Password of {user}").format(user=prompt.subject)
    return prompt.text.strip()


def _refused(what: str, prompt: Prompt, raw: str) -> HostelryError:
    if prompt.kind is PromptKind.HOST_KEY:
        return AuthFailed(
            what,
            why=_("The key of “{host}” was not accepted.").format(host=prompt.subject),
            next_step=_("Ask the host's administrator for the key's fingerprint, then connect again and compare."),
            raw=raw,
        )
    return AuthFailed(
        what,
        why=_("The question for the password was cancelled."),
        next_step=_("Connect again and enter it, or load a key with ssh-add."),
        raw=raw,
    )
