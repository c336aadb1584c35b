"""Switches by the two pairs of words that libvirt uses."""

from __future__ import annotations

from app.devices.description import Field, Kind, When

Version = tuple[int, int, int]


def on_off(
    path: str,
    label: str,
    about: str = "",
    *,
    default: str = "",
    when: tuple[When, ...] = (),
    live: str = "",
    since: Version = (0, 0, 0),
    folded: bool = False,
) -> Field:
    """A switch that says "on" or "off"."""
    return Field(
        path, label, Kind.SWITCH, about, default=default, on="on", off="off", when=when, live=live, since=since, folded=folded
    )


def yes_no(
    path: str,
    label: str,
    about: str = "",
    *,
    default: str = "",
    when: tuple[When, ...] = (),
    live: str = "",
    since: Version = (0, 0, 0),
    folded: bool = False,
) -> Field:
    """A switch that says "yes" or "no"."""
    return Field(path, label, Kind.SWITCH, about, default=default, when=when, live=live, since=since, folded=folded)
