"""Which systems can be installed without questions, and what their scripts want to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

from app.i18n import N_
from app.install import osinfo


class Method(Enum):
    """How the installer finds its answers; the order is ours of choosing.  "web" and "disk" are left out: the former
    would send passwords over the network, the latter is a CD with another name."""

    INITRD = "initrd"
    CDROM = "cdrom"
    FLOPPY = "floppy"


PROFILE_WORDS = {"desktop": N_("Desktop"), "jeos": N_("Minimal (server)")}
"""jeos: "just enough operating system"."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One profile of a system, which may take several scripts at once (Windows: answers, registry, commands).

    scripts: their ids.  wanted: parameters by libosinfo's names; required: those without which it does not run.
    key_format: of the product key, "$" for each character.  internet: the installer downloads packages.
    bios: it makes partitions for a BIOS only.
    """

    profile: str
    scripts: tuple[str, ...]
    wanted: frozenset[str] = field(default_factory=frozenset)
    required: frozenset[str] = field(default_factory=frozenset)
    methods: tuple[Method, ...] = ()
    key_format: str = ""
    internet: bool = False
    bios: bool = False

    @property
    def windows(self) -> bool:
        return any("//microsoft.com/" in script for script in self.scripts)


@lru_cache(maxsize=64)
def offers(os_id: str) -> tuple[Offer, ...]:
    """The profiles of that system, "desktop" first; empty without any.  Blocks (``in_thread``)."""
    with osinfo.opened() as (_library, database):
        entry = database.get_os(os_id) if database is not None and os_id else None
        if entry is None:
            return ()
        by_profile: dict[str, list[Any]] = {}
        for script in osinfo.elements(entry.get_install_script_list()):
            by_profile.setdefault(script.get_profile() or "", []).append(script)
        made = [_offer(profile, scripts) for profile, scripts in by_profile.items() if profile in PROFILE_WORDS]
    return tuple(sorted((offer for offer in made if offer.methods), key=lambda offer: offer.profile))


@dataclass(frozen=True, slots=True)
class InstallMedium:
    """takes_scripts: Ubuntu's live media take none, though the system has some.  kernel, initrd: paths on the medium, for
    INITRD ("" where the database does not know them)."""

    takes_scripts: bool = True
    kernel: str = ""
    initrd: str = ""


def medium(path: str) -> InstallMedium:
    """What the database says about the ISO's installer.  Blocks; reads the volume's header only."""
    with osinfo.opened() as (library, database):
        if library is None:
            return InstallMedium()
        try:
            media = library.Media.create_from_location_with_flags(path, None, library.MediaDetectFlags(0))
            known = database.identify_media(media)
        except Exception:  # noqa: BLE001 - GLib.Error, which exists only with gi
            return InstallMedium()
        if not known:
            return InstallMedium()
        takes = bool(media.get_param_value_boolean_with_default("installer-script", True))
        return InstallMedium(takes, media.get_kernel_path() or "", media.get_initrd_path() or "")


def _offer(profile: str, scripts: list[Any]) -> Offer:
    items = [item for script in scripts for item in script.get_config_param_list()]
    parameters = [(item.get_name(), item.get_policy().value_nick) for item in items]
    keys = [script.get_product_key_format() for script in scripts if script.get_product_key_format()]
    return Offer(
        profile=profile,
        scripts=tuple(script.get_id() for script in scripts),
        wanted=frozenset(name for name, policy in parameters if policy != "none"),
        required=frozenset(name for name, policy in parameters if policy == "required"),
        methods=tuple(method for method in Method if all(_takes(script, method) for script in scripts)),
        key_format=keys[0] if keys else "",
        internet=any(script.get_needs_internet() for script in scripts),
        bios=any("//microsoft.com/" in script.get_id() for script in scripts),
    )


def _takes(script: Any, method: Method) -> bool:
    return method.value in script.get_injection_methods().value_nicks
