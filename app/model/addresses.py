"""A guest's network addresses and who told them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class GuestAddress(Protocol):
    """What the list needs to know of an address; `app.virt.domains.addresses` gives such records.

    source: "agent", "lease" or "arp" (virDomainInterfaceAddressesSource), best first.
    """

    @property
    def address(self) -> str: ...
    @property
    def source(self) -> object: ...


def best_first(addresses: Sequence[GuestAddress]) -> list[GuestAddress]:
    """The address that one would connect to first: IPv4 before IPv6, link-local and loopback last."""
    return sorted(addresses, key=lambda entry: _rank(entry.address)) if addresses else []


def _rank(address: str) -> int:
    if address.startswith(("127.", "::1")):
        return 3
    if address.startswith(("169.254.", "fe80:")):
        return 2
    return 1 if ":" in address else 0
