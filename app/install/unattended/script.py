"""The scripts of a profile with the user's answers in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.errors import Failed, NotFound
from app.i18n import _
from app.install import osinfo
from app.install.unattended import secret_text
from app.install.unattended.answers import Answers, given
from app.install.unattended.offer import Method, Offer
from app.install.unattended.secret_text import Secret

_SECRET = ("user-password", "admin-password", "reg-product-key")


@dataclass(frozen=True, slots=True)
class Script:
    """Ready scripts.  command_line: what the kernel is told, for INITRD and a Linux installer on CDROM ("" for Windows).

    texts: by file name, with marks in place of secrets.
    """

    method: Method
    command_line: str
    texts: dict[str, str]
    secrets: tuple[Secret, ...] = field(default=(), repr=False)

    def shown(self) -> dict[str, str]:
        """The files for the user's eyes: secrets are dots."""
        return {name: secret_text.shown(text, self.secrets) for name, text in self.texts.items()}

    def files(self) -> dict[str, bytes]:
        """The files as they are written: with secrets, hashed where the script's kind knows a hashed form."""
        return {
            name: _lines(name, secret_text.filled(secret_text.hashed(text, self.secrets), self.secrets))
            for name, text in self.texts.items()
        }

    def open_secrets(self) -> bool:
        """Whether something secret is to be read in the files: the medium is to be deleted after the installation."""
        texts = [secret_text.hashed(text, self.secrets) for text in self.texts.values()]
        return any(secret.mark in text for secret in self.secrets for text in texts)


def generate(os_id: str, offer: Offer, answers: Answers, method: Method | None = None, *, tree_url: str = "") -> Script:
    """Fills the scripts in.  tree_url: the installation comes from there, not from the medium.  Blocks (``in_thread``).

    Raises ``NotFound`` if the database has them no more, ``Failed`` with libosinfo's words.
    """
    chosen = method or offer.methods[0]
    values = given(answers, offer)
    secrets = tuple(Secret(name, values[name]) for name in _SECRET if name in values)
    values |= {secret.name: secret.mark for secret in secrets}
    with osinfo.opened() as (library, database):
        system = database.get_os(os_id) if database is not None else None
        scripts = [found for script in offer.scripts if system is not None and (found := database.get_install_script(script))]
        if len(scripts) != len(offer.scripts) or not scripts:
            what = _("The script for an installation without questions was not found.")
            raise NotFound(what, next_step=_("Install by hand, or update the package osinfo-db."))
        config = _config(library, values, tree_url)
        try:
            texts, lines = {}, []
            for script in scripts:
                _prepare(library, script, chosen, tree_url)
                texts[_name(script)] = str(script.generate(system, config, None) or "")
                lines.append(_command_line(script, system, config))
        except Exception as error:  # GLib.Error, which exists only with gi
            what = _("The script for an installation without questions cannot be made.")
            raise Failed(what, next_step=_("Install by hand."), raw=str(error)) from error
    return Script(chosen, " ".join(line for line in lines if line), texts, secrets)


def _config(library: Any, values: dict[str, str], tree_url: str) -> Any:
    config = library.InstallConfig.new("https://hostelry.github.io/install")
    for name, value in values.items():
        config.set_param(name, value)
    if tree_url:
        config.set_installation_url(tree_url)
    return config


def _prepare(library: Any, script: Any, method: Method, tree_url: str) -> None:
    kinds = library.InstallScriptInjectionMethod
    script.set_preferred_injection_method(getattr(kinds, method.name))
    source = library.InstallScriptInstallationSource
    script.set_installation_source(source.NETWORK if tree_url else source.MEDIA)


def _name(script: Any) -> str:
    return str(script.get_expected_filename() or script.get_output_filename()).rpartition("/")[2]


def _command_line(script: Any, system: Any, config: Any) -> str:
    """One line.  Scripts that have none answer with their whole template instead (libosinfo 1.10)."""
    text = str(script.generate_command_line(system, config) or "").strip()
    return "" if "\n" in text or "<" in text else text


def _lines(name: str, text: str) -> bytes:
    """Windows' own files have Windows' line ends."""
    plain = text.replace("\r\n", "\n")
    if name.endswith((".cmd", ".sif", ".reg")):
        plain = plain.replace("\n", "\r\n")
    return plain.encode()
