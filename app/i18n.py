"""Translations: ``N_()`` marks a text where it is declared, ``_()`` translates where it is shown."""

from __future__ import annotations

import gettext
from importlib import resources
from pathlib import Path

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(languages: list[str] | None = None) -> None:
    """Loads the catalogue for ``languages`` (default: the environment's); English if there is none."""
    global _catalogue  # noqa: PLW0603 (one language for the program)
    folder = Path(str(resources.files("resources"))) / "translations"
    _catalogue = gettext.translation("hostelry", str(folder), languages=languages, fallback=True)


def N_(text: str) -> str:
    """Marks ``text`` for translators and returns it as it is."""
    return text


def _(text: str) -> str:
    """``text`` in the user's language."""
    return _catalogue.gettext(text) if text else ""


def pgettext(context: str, text: str) -> str:
    """``text`` in the user's language, as it is called in ``context``: a switch is "Off" in other words than a machine."""
    return _catalogue.pgettext(context, text)


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a countable sentence that fits ``count``."""
    return _catalogue.ngettext(one, many, count)
