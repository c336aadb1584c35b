"""What each cell says: shown text, tooltip, and what a screen reader reads."""

from __future__ import annotations

from collections.abc import Callable

from app.errors import HostelryError
from app.i18n import N_, _, ngettext
from app.model.rates import UNKNOWN, Rates
from app.model.reasons import state_reason, state_word
from app.model.records import DomainState
from app.model.statistics import Metric
from ui import plain
from ui.models.columns import COLUMNS, Col
from ui.models.host_like import HostLike, connected
from ui.models.rows import GuestRow, HostRow
from ui.models.units import memory_size, percent, rate

SOURCES = {
    "agent": N_("told by the guest agent"),
    "lease": N_("from the DHCP lease of the virtual network"),
    "arp": N_("seen in the host’s ARP table"),
}

_SHORT: dict[Metric, Callable[[Rates], str]] = {
    Metric.CPU: lambda now: percent(now.cpu_percent),
    Metric.MEMORY: lambda now: percent(now.memory_percent),
    Metric.DISK: lambda now: rate(now.disk_bytes_s),
    Metric.NET: lambda now: rate(now.net_bytes_s),
}


def latest(host: HostRow, guest: GuestRow) -> Rates:
    """The guest's rates; unknown while it is off or its host is away."""
    if not guest.record.active or guest.record.state is DomainState.CRASHED or not connected(host.host):
        return UNKNOWN
    return host.host.statistics.latest(guest.record.uuid)


def guest_text(host: HostRow, guest: GuestRow, column: Col) -> str:
    """What the cell shows."""
    metric = COLUMNS[column].metric
    if metric is not None:
        return _SHORT[metric](latest(host, guest))
    return _GUEST[column](guest)


def _autostart(guest: GuestRow) -> str:
    if guest.record.autostart is None:
        return ""
    return _("Yes") if guest.record.autostart else _("No")


_GUEST: dict[Col, Callable[[GuestRow], str]] = {
    Col.NAME: lambda guest: guest.name,
    Col.STATE: lambda guest: state_word(guest.record),
    Col.ADDRESS: lambda guest: guest.addresses[0].address if guest.addresses else "",
    Col.VCPUS: lambda guest: "" if guest.record.vcpus is None else str(guest.record.vcpus),
    Col.MEMORY_SIZE: lambda guest: memory_size(guest.record.memory_kib),
    Col.AUTOSTART: _autostart,
    Col.LIBVIRT_NAME: lambda guest: guest.record.name,
    Col.UUID: lambda guest: guest.record.uuid,
}


def host_state(host: HostRow, *, filtering: bool = False) -> str:
    """The host's state, or its counts while it is connected."""
    name = host.host.state.name
    if name == "CONNECTED":
        return _shown_count(host) if filtering and host.guests else _running_count(host)
    if name == "CONNECTING":
        return _("Connecting again: {reason}").format(reason=failure(host.host)) if host.host.error else _("Connecting…")
    if name == "WAITING":
        return _("Trying again soon: {reason}").format(reason=failure(host.host)) if host.host.error else _("Trying again soon")
    if host.host.error is not None:
        return _("Disconnected: {reason}").format(reason=failure(host.host))
    return _("Disconnected")


def _running_count(host: HostRow) -> str:
    sums = host.sums
    if not sums.guests:
        return _("No machines")
    return ngettext("{running} of {count} running", "{running} of {count} running", sums.guests).format(
        running=sums.running, count=sums.guests
    )


def _shown_count(host: HostRow) -> str:
    return ngettext("{shown} of {count} shown", "{shown} of {count} shown", host.sums.guests).format(
        shown=len(host.shown), count=host.sums.guests
    )


def failure(host: HostLike) -> str:
    """Why the host is away, in short: the cause, else what failed."""
    error = host.error
    if isinstance(error, HostelryError):
        return error.why or error.what
    return str(error or "")


def host_text(host: HostRow, column: Col, *, filtering: bool = False) -> str:
    """What a host's cell shows; totals only while it is connected."""
    if column is Col.NAME:
        return host.host.label or host.host.uri
    if column is Col.STATE:
        return host_state(host, filtering=filtering)
    if not connected(host.host):
        return ""
    metric = COLUMNS[column].metric
    if metric is not None and metric is not Metric.MEMORY:
        return _SHORT[metric](host.host.statistics.total())
    return _host_sum(host, column)


def _host_sum(host: HostRow, column: Col) -> str:
    facts, sums = host.host.record, host.sums
    if column is Col.MEMORY and facts is not None and facts.memory_kib:
        return percent(100.0 * sums.memory_kib / facts.memory_kib)
    if column is Col.MEMORY_SIZE and sums.memory_kib:
        return memory_size(sums.memory_kib)
    if column is Col.VCPUS and sums.vcpus:
        return str(sums.vcpus)
    return ""


def tip(host: HostRow, guest: GuestRow | None, column: Col) -> str:
    """What the list gives to Qt: never HTML, whatever a machine is called."""
    return plain.tip(host_tip(host, column) if guest is None else guest_tip(host, guest, column))


def host_tip(host: HostRow, column: Col) -> str:
    """A host's tooltip: what it is and, if it is away, why and what to do."""
    if connected(host.host):
        return _connected_tip(host, column)
    error = host.host.error
    return "\n".join(part for part in (host.host.uri, str(error) if error else "") if part)


def _connected_tip(host: HostRow, column: Col) -> str:
    facts, sums = host.host.record, host.sums
    if column in (Col.MEMORY, Col.MEMORY_SIZE) and facts is not None:
        return _("{given} of {whole} are given to running machines.").format(
            given=memory_size(sums.memory_kib), whole=memory_size(facts.memory_kib)
        )
    if column is Col.VCPUS and facts is not None:
        return _("Running machines have {given} virtual processors; the host has {whole} processors.").format(
            given=sums.vcpus, whole=facts.cpus
        )
    return f"{host.host.uri}\n{_running_count(host)}"


def guest_tip(host: HostRow, guest: GuestRow, column: Col) -> str:
    """A guest's tooltip: the reason of its state, the source of its address, both directions of a rate."""
    if not connected(host.host):
        return _("As last seen: the host is not connected.")
    special = _TIPS.get(column)
    return (special(host, guest) if special else "") or guest_text(host, guest, column)


def _disk_tip(host: HostRow, guest: GuestRow) -> str:
    now = latest(host, guest)
    if now.disk_bytes_s is None:
        return ""
    read, written = rate(now.disk_read_bytes_s), rate(now.disk_write_bytes_s)
    return _("Read: {read}\nWritten: {written}").format(read=read, written=written)


def _net_tip(host: HostRow, guest: GuestRow) -> str:
    now = latest(host, guest)
    if now.net_bytes_s is None:
        return ""
    received, sent = rate(now.net_rx_bytes_s), rate(now.net_tx_bytes_s)
    return _("Received: {received}\nSent: {sent}").format(received=received, sent=sent)


def _memory_tip(host: HostRow, guest: GuestRow) -> str:
    used = latest(host, guest).memory_used_kib
    if used is None:
        return ""
    return _("{used} of {given} in use").format(used=memory_size(used), given=memory_size(guest.record.memory_kib))


def _address_tip(_host: HostRow, guest: GuestRow) -> str:
    return "\n".join(_told(entry.address, str(entry.source)) for entry in guest.addresses)


def _told(address: str, source: str) -> str:
    words = SOURCES.get(source.rpartition(".")[2].casefold(), "")
    return _("{address}, {source}").format(address=address, source=_(words)) if words else address


def _name_tip(guest: GuestRow) -> str:
    if not guest.record.title:
        return guest.record.name
    return _("{title}\nlibvirt’s name: {name}").format(title=guest.record.title, name=guest.record.name)


_TIPS: dict[Col, Callable[[HostRow, GuestRow], str]] = {
    Col.NAME: lambda _host, guest: _name_tip(guest),
    Col.STATE: lambda _host, guest: state_reason(guest.record),
    Col.MEMORY: _memory_tip,
    Col.DISK: _disk_tip,
    Col.NETWORK: _net_tip,
    Col.ADDRESS: _address_tip,
}


def spoken(column: Col, text: str) -> str:
    """What a screen reader reads for a cell other than the name: with the column's title."""
    return _("{column}: {value}").format(column=_(COLUMNS[column].title), value=text) if text else ""
