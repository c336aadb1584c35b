"""Where an address leads over SSH, and the options of ssh that say so."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class SshTarget:
    """host: a name, an address, or a Host entry of the user's ssh configuration.  port: 0 for the usual one.

    command: the ssh to run, "ssh" unless the address names another (libvirt's URI parameter "command").
    """

    host: str
    user: str = ""
    port: int = 0
    keyfile: str = ""
    command: str = "ssh"

    def arguments(self) -> list[str]:
        """Options in the order in which libvirt gives them; the host is not among them."""
        found: list[str] = []
        if self.port:
            found += ["-p", str(self.port)]
        if self.user:
            found += ["-l", self.user]
        if self.keyfile:
            found += ["-i", self.keyfile]
        return found

    @property
    def text(self) -> str:
        """For people: user@host, with the port if it is unusual."""
        name = f"{self.user}@{self.host}" if self.user else self.host
        return f"{name}:{self.port}" if self.port and self.port != 22 else name


def uses_ssh(uri: str) -> bool:
    """True if libvirt starts ssh for this address."""
    return uri.split(":", 1)[0].endswith("+ssh")


def target_of(uri: str) -> SshTarget | None:
    """Where it leads; None if not over SSH (libssh and libssh2, libraries of libvirt's, count as SSH)."""
    try:
        parts = urlsplit(uri)
        port = parts.port or 0
    except ValueError:
        return None
    if parts.scheme.partition("+")[2] not in ("ssh", "libssh", "libssh2") or not parts.hostname:
        return None
    query = dict(parse_qsl(parts.query))
    command = query.get("command", "ssh") if uses_ssh(uri) else "ssh"
    return SshTarget(unquote(_host(parts.netloc)), unquote(parts.username or ""), port, query.get("keyfile", ""), command)


def _host(netloc: str) -> str:
    """As it was typed: urlsplit makes it lower-case, but a Host entry of ssh may have capitals."""
    name = netloc.rpartition("@")[2]
    if name.startswith("["):
        return name[1:].partition("]")[0]
    return name.partition(":")[0]


def with_command(uri: str, command: str) -> str:
    """The address for libvirt, with this ssh.  Host keys are always verified, and questions never come up on a terminal."""
    parts = urlsplit(uri)
    dropped = ("command", "no_verify", "no_tty")
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in dropped]
    text = "&".join(f"{quote(key)}={quote(value, safe='/')}" for key, value in [*query, ("command", command)])
    return f"{uri.partition('?')[0].partition('#')[0]}?{text}"
