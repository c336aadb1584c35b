"""Displaying every page of every machine of the corpus, with everything unfolded, changes nothing.

``HOSTELRY_CORPUS`` names another directory of definitions to go through.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.errors import Invalid
from app.xmldoc.document import Document
from tests.ui.conftest import Run
from tests.ui.details_world import session_of, view_of

FOLDER = Path(os.environ.get("HOSTELRY_CORPUS") or Path(__file__).parents[1] / "data" / "domains")
MACHINES = sorted(FOLDER.glob("*.xml"))


def test_there_are_machines() -> None:
    assert len(MACHINES) > 60 or "HOSTELRY_CORPUS" in os.environ


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.stem)
def test_looking_changes_nothing(path: Path, run: Run, tmp_path: Path) -> None:
    data = path.read_bytes()
    try:
        text = Document.parse(data).to_text()
    except Invalid:
        pytest.skip("it is no XML")

    async def story() -> None:
        view = view_of(session_of(text), tmp_path)
        view.resize(900, 700)
        await view.load()
        view.show()
        for entry in view.list.entries.entries():
            view.list.choose(entry.key)
            form = view.form
            assert form is not None
            for part in form.parts:
                part.head.set_folded(False)
            form.refresh()
            form.arrange()
        assert view.session.text == text
        assert view.session.document.to_text() == text
        assert not view.session.can_undo
        view.end()
        view.hide()
        view.deleteLater()

    run(story())
