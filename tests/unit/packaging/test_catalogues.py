"""Every catalogue is complete in form: it compiles, nothing in it is fuzzy, and its places for values are those of the text."""

from __future__ import annotations

import gettext
import shutil
import subprocess
from pathlib import Path

import pytest
from prepare import catalogues, place
from prepare.terminal import Stop

HEADER = 'msgid ""\nmsgstr "Language: xx\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
CATALOGUES = sorted(place.TRANSLATIONS.glob("*.po"))


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_has_no_errors_and_nothing_fuzzy(catalogue: Path) -> None:
    assert "fuzzy" not in catalogues.statistics(catalogue)


def test_sources_can_be_extracted(tmp_path: Path) -> None:
    template = tmp_path / "hostelry.pot"
    catalogues.extract(template)
    text = template.read_text(encoding="utf-8")
    assert "charset=UTF-8" in text
    assert text.count("\nmsgid ") > 10
    again = tmp_path / "again.pot"
    catalogues.extract(again)
    assert again.read_text(encoding="utf-8") == text


def test_a_compiled_catalogue_speaks(tmp_path: Path) -> None:
    for catalogue in CATALOGUES:
        shutil.copy(catalogue, tmp_path)
    (tmp_path / "xx.po").write_text(HEADER + 'msgid "Pause"\nmsgstr "Halt"\n', encoding="utf-8")
    assert tmp_path / "xx" / "LC_MESSAGES" / "hostelry.mo" in catalogues.compile_all(tmp_path)
    assert gettext.translation("hostelry", str(tmp_path), languages=["xx"]).gettext("Pause") == "Halt"
    assert catalogues.compile_all(tmp_path) == []


def test_a_wrong_place_for_a_value_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "xx.po"
    broken.write_text(
        HEADER + '#, python-brace-format\nmsgid "Cannot start “{name}”"\nmsgstr "{nom}"\n', encoding="utf-8"
    )
    with pytest.raises(Stop, match="argument 'name'"):
        catalogues.statistics(broken)


def test_gettext_is_there() -> None:
    subprocess.run(["msgfmt", "--version"], check=True, capture_output=True)
