"""The examples of docs/contributing.md about devices work as they stand there."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.devices import catalogue
from app.devices.offers import Offers
from tests.ui.conftest import Run
from tests.ui.details_world import row, session_of, view_of
from ui.details.dialogs.adding import WAY, AddDialog
from ui.details.editors import registry

DOCS = Path(__file__).parents[2] / "docs" / "contributing.md"
MACHINE = "<domain type='kvm'>\n  <name>one</name>\n  <devices>\n    <siren model='horn'/>\n  </devices>\n</domain>\n"


def blocks(title: str) -> list[str]:
    """The Python of one chapter."""
    chapter = DOCS.read_text(encoding="utf-8").partition(f"### {title}\n")[2].partition("\n### ")[0]
    return re.findall(r"```python\n(.*?)```", chapter, re.DOTALL)


def run_block(name: str, source: str, **known: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(known)
    exec(compile(source, name, "exec"), vars(module))
    return module


def test_the_device_type_and_its_editor(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    described, tested = blocks("a device type")
    with_editor = described.replace("(_MODEL, _VOLUME))", '(_MODEL, _VOLUME), editor="siren")')
    assert with_editor != described
    siren = run_block("siren", with_editor).SIREN
    run_block("test_siren", tested, SIREN=siren).test_only_a_horn_has_a_volume()
    monkeypatch.setitem(sys.modules, "ui.details.editors.siren", run_block("siren", blocks("an editor for a section")[0]))
    monkeypatch.setitem(registry.EDITORS, "siren", ("siren", "SirenEditor"))
    monkeypatch.setattr(catalogue, "TYPES", (*catalogue.TYPES, siren))

    async def story() -> None:
        view = view_of(session_of(MACHINE, Offers(driver="QEMU")), tmp_path)
        await view.load()
        view.show()
        assert view.list.choose("devices/siren")
        assert view.form is not None
        panel = view.form.parts[0].own
        QTest.mouseClick(panel.buttons["11"], Qt.MouseButton.LeftButton)  # type: ignore[union-attr]
        assert view.session.document.get("devices/siren/sound/@volume") == "11"
        assert row(view, "sound/@volume").widget.text() == "11"  # type: ignore[attr-defined]
        view.session.undo()
        assert view.session.text == MACHINE
        dialog = AddDialog(view.session)
        ways = [dialog.list.item(at).data(WAY) for at in range(dialog.list.count())]
        assert siren in [way[0] for way in ways if way]
        dialog.deleteLater()
        view.end()
        view.hide()
        view.deleteLater()

    run(story())
