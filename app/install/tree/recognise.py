"""Which system a tree installs, by libosinfo's database; nothing here goes to the network."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.install import osinfo


@dataclass(frozen=True, slots=True)
class Known:
    """argument: the kernel's word for the tree's address; None where the database has none."""

    os_id: str = ""
    title: str = ""
    argument: str | None = None


def by_treeinfo(text: str, url: str) -> Known:
    """The system of a tree description."""
    with osinfo.opened() as (library, database):
        if library is None:
            return Known()
        try:
            tree = library.Tree.create_from_treeinfo(text, url)
            found = tree.get_os() if database.identify_tree(tree) else None
        except Exception:  # noqa: BLE001 - GLib.Error, which exists only with gi: no tree description
            return Known()
        if found is None:
            return Known()
        return Known(found.get_id(), found.get_name() or "", found.get_kernel_url_argument())


def by_release(text: str) -> Known:
    """The system of a suite's ``Release`` file (Debian, Ubuntu)."""
    fields = dict(re.findall(r"(?m)^(Origin|Suite|Codename|Version):[ \t]*(\S.*?)[ \t]*$", text[:4096]))
    origin, version = fields.get("Origin", ""), fields.get("Version", "")
    if not version:
        return _named(f"{origin.lower()}testing" if fields.get("Suite") == "testing" else "", origin)
    major = version.partition(".")[0] if origin == "Debian" else ".".join(version.split(".")[:2])
    return _named(f"{origin.lower()}{major}", f"{origin} {major}".strip())


def by_words(distro: str, version: str) -> Known:
    """The system by its distribution's and version's name, for trees that the database does not recognise."""
    plain = re.sub(r"[^a-z0-9]", "", distro.lower())
    return _named(f"{plain}{version}", f"{distro} {version}".strip())


def _named(short_id: str, title: str) -> Known:
    system = osinfo.by_short_id(short_id) if short_id else None
    return Known(system.name.id, system.name.name) if system is not None else Known("", title)
