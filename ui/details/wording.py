"""Values and fields in words for people."""

from __future__ import annotations

from app.devices.description import Field, Kind, Table
from app.devices.offers import Offers
from app.i18n import _, pgettext
from ui.details.fields.sizes import exact


def value_words(field: Field, value: str | None, offers: Offers | None = None) -> str:
    """A value as the form shows it; the default's words where nothing is said; secrets are never shown."""
    if value is None:
        return default_words(field)
    if field.kind is Kind.SECRET:
        return "••••••"
    if field.kind is Kind.SIZE:
        return exact(value)
    if field.kind in (Kind.SWITCH, Kind.PRESENCE):
        return switch_words(field, value)
    known = next((_(choice.words) for choice in field.choices if choice.value == value), "")
    if not known and offers is not None:
        known = next((named.words for named in offers.names.get(field.names, ()) if named.value == value), "")
    if known:
        return known
    return f"{value} {_(field.unit)}" if field.unit else value


def switch_words(field: Field, value: str | None) -> str:
    """“On” or “Off”; any other text as it is."""
    if field.kind is Kind.PRESENCE:
        return pgettext("a switch", "On") if value is not None else pgettext("a switch", "Off")
    return {field.on: pgettext("a switch", "On"), field.off: pgettext("a switch", "Off")}.get(value or "", value or "")


def default_words(field: Field) -> str:
    """“default: reset”, or “not set”."""
    if not field.default:
        return _("not set")
    default = field.default
    if field.kind is Kind.SWITCH:
        words = switch_words(field, default)
    elif field.kind is Kind.SIZE and default.isdecimal():
        words = exact(default)
    else:
        words = next((_(choice.words) for choice in field.choices if choice.value == default), "") or _(default)
    return _("default: {value}").format(value=words)


def tip_of(item: Field | Table, path: str = "") -> str:
    """Help, libvirt's name and path, and since when it is known."""
    parts = [_(item.help)] if item.help else []
    parts.append(_("libvirt: {path}").format(path=path or item.path))
    if isinstance(item, Field) and any(item.since):
        parts.append(_("Known since libvirt {version}.").format(version=".".join(str(part) for part in item.since)))
    return "\n".join(parts)
