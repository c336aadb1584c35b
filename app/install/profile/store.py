"""The user's own profiles, in ``profiles.json`` of the configuration folder."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.errors import Exists, Failed, Invalid
from app.i18n import _
from app.install.profile.builtin import PROFILES
from app.install.profile.profile import Edit, Profile
from app.settings import files
from app.settings.folders import config_folder

_LONGEST = 80


class ProfileStore:
    """All functions block for a small file.  problem: why the file could not be read at the last ``load``, as a sentence."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_folder() / "profiles.json"
        self.problem = ""
        self._safe = True

    def load(self) -> tuple[Profile, ...]:
        """The user's own, by name.  Entries that make no sense are left out, and stay in the file."""
        loaded = files.load(self.path)
        self._safe = loaded.safe_to_write
        self.problem = ""
        if loaded.problem:
            kept = loaded.set_aside or self.path
            self.problem = _("Your profiles cannot be read. The file was kept as {path}.").format(path=kept)
        entries = loaded.data.get("profiles")
        found = [_profile(id_, entry) for id_, entry in entries.items()] if isinstance(entries, dict) else []
        return tuple(sorted((profile for profile in found if profile is not None), key=lambda profile: profile.name.casefold()))

    def all(self) -> tuple[Profile, ...]:
        """The built-in ones, then the user's own."""
        return (*PROFILES, *self.load())

    def add(self, name: str, edits: tuple[Edit, ...], tip: str = "") -> Profile:
        """Keeps a new one.  Raises ``Invalid``, ``Exists`` (the name), ``Failed`` (the file)."""
        return self.save(Profile(f"own-{secrets.token_hex(4)}", name, tip, edits, own=True))

    def save(self, profile: Profile) -> Profile:
        """Keeps a changed one, or a built-in one as the user's own."""
        made = profile if profile.own else replace(profile, id=f"own-{secrets.token_hex(4)}", own=True)
        made = replace(made, name=made.name.strip())
        made = replace(made, additions=())  # devices are added by built-in profiles only
        self._demand(made)
        self._write(made.id, _entry(made))
        return made

    def remove(self, id_: str) -> None:
        """Forgets one; nothing happens if there is none."""
        self._write(id_, None)

    def _demand(self, profile: Profile) -> None:
        what = _("The profile cannot be kept.")
        if not profile.name or len(profile.name) > _LONGEST or not profile.name.isprintable():
            raise Invalid(what, why=_("It needs a name of at most {count} characters.").format(count=_LONGEST))
        problems = [problem for edit in profile.edits if (problem := edit.problem())]
        if problems or not profile.edits:
            raise Invalid(what, why=problems[0] if problems else _("It changes nothing."), next_step=_("Choose its settings."))
        names = {other.name.casefold() for other in self.load() if other.id != profile.id}
        names |= {_(other.name).casefold() for other in PROFILES}
        if profile.name.casefold() in names:
            why = _("There is a profile “{name}” already.").format(name=profile.name)
            raise Exists(what, why=why, next_step=_("Choose another name."))

    def _write(self, id_: str, entry: dict[str, Any] | None) -> None:
        loaded = files.load(self.path)
        what = _("The profile cannot be kept.")
        if not loaded.safe_to_write:
            why = _("The file {path} cannot be read, and would be lost.").format(path=self.path)
            raise Failed(what, why=why, next_step=_("Look at that file first."), raw=loaded.problem)
        entries = loaded.data.get("profiles")
        entries = dict(entries) if isinstance(entries, dict) else {}
        entries.pop(id_, None)
        if entry is not None:
            entries[id_] = entry
        try:
            files.save(self.path, loaded.data | {"version": 1, "profiles": entries})
        except OSError as error:
            raise Failed(what, why=error.strerror or "", next_step=_("Look at the folder's rights."), raw=str(error)) from error


def _entry(profile: Profile) -> dict[str, Any]:
    edits = [_edit_entry(edit) for edit in profile.edits]
    return {"name": profile.name, "tip": profile.tip, "edits": edits, "arches": list(profile.arches)}


def _edit_entry(edit: Edit) -> dict[str, Any]:
    more: dict[str, Any] = {"each": edit.each} if edit.each else {}
    return {"path": edit.path, "value": edit.value} | more | ({"kvm": True} if edit.kvm else {})


def _profile(id_: str, entry: Any) -> Profile | None:
    """None for an entry that makes no sense."""
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not isinstance(entry.get("edits"), list):
        return None
    edits = [_edit(each) for each in entry["edits"]]
    arches = entry.get("arches")
    if not edits or any(edit is None for edit in edits):
        return None
    return Profile(
        id_,
        entry["name"],
        entry["tip"] if isinstance(entry.get("tip"), str) else "",
        tuple(edit for edit in edits if edit is not None),
        arches=tuple(arch for arch in arches if isinstance(arch, str)) if isinstance(arches, list) else (),
        own=True,
    )


def _edit(entry: Any) -> Edit | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
        return None
    value, each = entry.get("value"), entry.get("each", "")
    if not (value is None or isinstance(value, str)) or not isinstance(each, str):
        return None
    return Edit(entry["path"], value, each, entry.get("kvm") is True)
