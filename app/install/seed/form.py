"""The answers of the cloud-init form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum


class Sudo(Enum):
    """Whether a user may become root."""

    NO = "no"
    WITH_PASSWORD = "password"  # noqa: S105 - a kind, no password
    FREELY = "freely"


@dataclass(frozen=True, slots=True)
class User:
    """One account.  keys: public keys, one line each.  hashed_password: crypt's form ("$6$…"), never the password itself.
    shell: "" for the image's own (Alpine and the BSDs have no bash)."""

    name: str
    full_name: str = ""
    keys: tuple[str, ...] = ()
    sudo: Sudo = Sudo.FREELY
    hashed_password: str = field(default="", repr=False)
    groups: tuple[str, ...] = ()
    shell: str = "/bin/bash"


@dataclass(frozen=True, slots=True)
class Static:
    """One fixed address of the first network card; IPv4 or IPv6.  address: with the prefix ("192.168.122.10/24")."""

    address: str
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """addresses: empty for DHCP (and router advertisements).  nameservers, search: for fixed addresses."""

    addresses: tuple[Static, ...] = ()
    nameservers: tuple[str, ...] = ()
    search: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Raw:
    """Documents in the user's own words; each that is not empty takes the place of the one made of the form."""

    user_data: str = field(default="", repr=False)
    meta_data: str = field(default="", repr=False)
    network_config: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """Everything that is asked.

    default_user: also make the account that the image's maker intended ("debian", "fedora"); ``default_user_keys`` are its.
    ssh_password: log-ins over SSH by password are allowed.  commands: shell lines, run as root at the first start, in order.
    guest_agent: QEMU's guest agent is installed, by which the program sees addresses, and when cloud-init is done.
    """

    hostname: str = ""
    users: tuple[User, ...] = ()
    default_user: bool = False
    default_user_keys: tuple[str, ...] = ()
    ssh_password: bool = False
    packages: tuple[str, ...] = ()
    upgrade: bool = False
    timezone: str = ""
    locale: str = ""
    keyboard: str = ""
    network: Network = field(default_factory=Network)
    commands: tuple[str, ...] = ()
    guest_agent: bool = True
    raw: Raw = field(default_factory=Raw)

    def with_user(self, user: User) -> Form:
        """The form with the account added, or changed if there is one of that name."""
        others = tuple(other for other in self.users if other.name != user.name)
        if len(others) == len(self.users):
            return replace(self, users=(*self.users, user))
        return replace(self, users=tuple(user if other.name == user.name else other for other in self.users))
