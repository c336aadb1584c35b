"""The list at the left: bands, exact changes, marks."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt

from app.devices.description import Band
from app.devices.offers import Named, Offers
from tests.ui.conftest import Run
from tests.ui.details_world import session_of, view_of
from ui.details.entries import Badge, Entry, Listing, unknown
from ui.details.entry_model import EntryModel

MACHINE = """<domain type='kvm'>
  <name>listed</name>
  <os><type arch='x86_64'>hvm</type></os>
  <devices>
    <interface type='network'>
      <mac address='52:54:00:00:00:01'/>
      <source network='gone'/>
    </interface>
    <interface type='network'>
      <mac address='52:54:00:00:00:02'/>
      <source network='default'/>
    </interface>
    <novelty what='unheard of'/>
  </devices>
</domain>
"""


THING = unknown("thing")


def entry(key: str, band: Band = Band.DEVICES, summary: str = "") -> Entry:
    return Entry(key, band, "computer", key, summary, key, THING)


def test_the_model_tells_exact_changes(run: Run) -> None:
    async def story() -> None:
        model = EntryModel()
        steps: list[tuple[str, int, int]] = []
        model.rowsInserted.connect(lambda _parent, first, last: steps.append(("in", first, last)))
        model.rowsRemoved.connect(lambda _parent, first, last: steps.append(("out", first, last)))
        model.show([entry(key) for key in "abcde"])
        steps.clear()
        kept = model.index(3)
        changed: list[int] = []
        model.dataChanged.connect(lambda first, _last, _roles: changed.append(first.row()))
        model.show([entry(key, summary="new" if key == "e" else "") for key in "acdxe"])
        assert sorted(steps) == [("in", 4, 4), ("out", 2, 2)] or sorted(steps) == [("in", 5, 5), ("out", 2, 2)]
        assert [one.key for one in model.entries()] == list("acdxe")
        assert changed == [5]
        assert kept.isValid()

    run(story())


def test_headings_cannot_be_chosen(run: Run) -> None:
    async def story() -> None:
        model = EntryModel()
        model.show([entry("a", Band.MACHINE), entry("b", Band.STORAGE)])
        assert [isinstance(row, str) for row in model.rows] == [True, False, True, False]
        assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
        assert model.rowCount(QModelIndex()) == 4

    run(story())


def test_what_the_host_lacks_and_what_has_no_form_are_marked() -> None:
    offers = Offers(driver="QEMU", names={"networks": (Named("default"),)})
    session = session_of(MACHINE, offers)
    found = {one.key: one for one in Listing().entries(session, None)}
    assert found["devices/interface[1]"].badges == (Badge.MISSING,)
    assert "gone" in found["devices/interface[1]"].why
    assert found["devices/interface[2]"].badges == ()
    assert found["devices/novelty"].title == "novelty"


def test_an_element_without_a_form_can_be_seen_and_removed(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        view = view_of(session_of(MACHINE), tmp_path)
        await view.load()
        view.show()
        assert view.list.choose("devices/novelty")
        current = view.list.current_entry()
        assert current is not None
        actions = [action.text() for action in view.menu_of(current).actions() if action.text()]
        assert actions == ["&Remove", "&Duplicate", "Copy &XML"]
        view.remove(current)
        assert view.session.document.find("devices/novelty") is None
        view.session.undo()
        assert view.session.text == MACHINE
        view.end()
        view.hide()
        view.deleteLater()

    run(story())


def test_sixty_disks_are_listed_once_each(run: Run, tmp_path: Path) -> None:
    disks = "".join(f"<disk type='file'><target dev='vd{number}'/></disk>" for number in range(60))

    async def story() -> None:
        view = view_of(session_of(f"<domain><name>m</name><devices>{disks}</devices></domain>"), tmp_path)
        await view.load()
        keys = [one.key for one in view.list.entries.entries() if one.band is Band.STORAGE and one.place]
        assert len(keys) == len(set(keys)) == 60
        view.end()
        view.deleteLater()

    run(story())
