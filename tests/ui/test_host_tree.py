"""The list as a user meets it: keyboard, selection, columns, drops, what it says when it is empty."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QHelpEvent, QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.model.records import DomainRef, DomainState
from tests.ui.host_world import Load, State, World, WorldHost, guest
from ui.models.columns import Col
from ui.models.host_tree_model import HostTreeModel
from ui.widgets.host_tree import Emptiness, HostTree


@pytest.fixture
def world() -> World:
    world = World()
    for label in ("lab", "rack"):
        host = world.add(WorldHost(f"test:///{label}", label=label))
        host.put(*(guest(number) for number in range(8)))
    return world


@pytest.fixture
def tree(world: World, qtbot: QtBot) -> Iterator[HostTree]:
    view = HostTree(HostTreeModel(world))
    qtbot.addWidget(view)
    view.resize(1200, 600)
    with qtbot.waitExposed(view):
        view.show()
    view.setFocus()
    yield view
    view.hide()


def model_of(tree: HostTree) -> HostTreeModel:
    model = tree.model()
    assert isinstance(model, HostTreeModel)
    return model


def ref(world: World, number: int, host: int = 0) -> DomainRef:
    return DomainRef(world.hosts[host].id, guest(number).uuid)


def spot(tree: HostTree, target: DomainRef) -> QPoint:
    return tree.visualRect(model_of(tree).index_of(target)).center()


def test_everything_is_unfolded_and_visible_guests_are_told(world: World, qtbot: QtBot) -> None:
    view = HostTree(HostTreeModel(world))
    qtbot.addWidget(view)
    view.resize(900, 600)
    with qtbot.waitSignal(view.visible_changed) as told:
        view.show()
    assert told.args == [{host.id: frozenset(guest(number).uuid for number in range(8)) for host in world.hosts}]
    with qtbot.waitSignal(view.visible_changed) as told:
        view.hide()
    assert told.args == [{}]


def test_folding_and_scrolling_change_what_is_visible(tree: HostTree, world: World, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tree.visible_changed, timeout=1000, raising=False):
        pass  # the first news, unless it came while the window was shown
    with qtbot.waitSignal(tree.visible_changed) as told:
        tree.collapse(model_of(tree).index(0, 0))
    assert list(told.args[0]) == [world.hosts[1].id]


def test_first_listing_is_told_when_it_is_painted(qtbot: QtBot) -> None:
    world = World()
    host = world.add(WorldHost("test:///late", state=State.CONNECTING))
    view = HostTree(HostTreeModel(world))
    qtbot.addWidget(view)
    view.show()
    with qtbot.waitSignal(view.first_painted) as told:
        host.put(*(guest(number) for number in range(2000)))
    assert told.args == [2000]
    with qtbot.assertNotEmitted(view.first_painted, wait=100):
        host.put(guest(9000))
    view.hide()


def test_arrows_and_return(tree: HostTree, world: World, qtbot: QtBot) -> None:
    tree.reveal(ref(world, 2))
    with qtbot.waitSignal(tree.activated_ref) as told:
        QTest.keyClick(tree, Qt.Key.Key_Down)
        QTest.keyClick(tree, Qt.Key.Key_Return)
    assert told.args == [ref(world, 3)]
    QTest.keyClick(tree, Qt.Key.Key_Left)
    with qtbot.waitSignal(tree.host_activated) as told:
        QTest.keyClick(tree, Qt.Key.Key_Enter)
    assert told.args == [world.hosts[0]]
    assert tree.isExpanded(model_of(tree).index(0, 0))
    QTest.keyClick(tree, Qt.Key.Key_Left)
    assert not tree.isExpanded(model_of(tree).index(0, 0))


def test_rename_and_delete_keys(tree: HostTree, world: World, qtbot: QtBot) -> None:
    tree.reveal(ref(world, 2))
    with qtbot.waitSignals([tree.rename_requested, tree.delete_requested]):
        QTest.keyClick(tree, Qt.Key.Key_F2)
        QTest.keyClick(tree, Qt.Key.Key_Delete)


def test_typing_finds_the_next_guest_on_any_host(tree: HostTree, world: World) -> None:
    world.hosts[1].put(guest(30, name="zeta"))
    tree.reveal(ref(world, 2))
    tree.keyboardSearch("zE")
    assert tree.current_ref() == ref(world, 30, host=1)


def test_double_click_opens(tree: HostTree, world: World, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tree.activated_ref) as told:
        QTest.mouseDClick(
            tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot(tree, ref(world, 5, host=1))
        )
    assert told.args == [ref(world, 5, host=1)]


def test_double_click_on_a_host_without_machines_opens_its_page(tree: HostTree, world: World, qtbot: QtBot) -> None:
    away = world.add(WorldHost("test:///away", state=State.FAILED))
    place = tree.visualRect(tree.model().index(tree.model().rowCount() - 1, 0)).center()
    with qtbot.waitSignal(tree.host_activated) as told:
        QTest.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert told.args == [away]


def test_selecting_many_tells_refs_in_the_order_shown(tree: HostTree, world: World, qtbot: QtBot) -> None:
    view = tree.viewport()
    with qtbot.waitSignal(tree.selection_changed, check_params_cb=lambda refs, _hosts: len(refs) == 3) as told:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot(tree, ref(world, 1, host=1)))
        for number in (4, 2):
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spot(tree, ref(world, number)))
    assert told.args == [[ref(world, 2), ref(world, 4), ref(world, 1, host=1)], []]


def test_selected_host_is_told_as_a_host(tree: HostTree, world: World, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tree.selection_changed) as told:
        tree.setCurrentIndex(model_of(tree).index(1, 0))
    assert told.args == [[], [world.hosts[1]]]


@pytest.mark.parametrize("count", [8, 400])
def test_selection_and_current_row_survive_updates_sorting_and_filtering(world: World, tree: HostTree, count: int) -> None:
    host = world.hosts[0]
    host.put(*(guest(number) for number in range(count)))
    model_of(tree).flush()
    chosen = [ref(world, number) for number in (1, 3, 6)]
    tree.setCurrentIndex(model_of(tree).index_of(chosen[1]))
    tree.select_refs(chosen)
    host.put(guest(1, name="zz"), guest(3, DomainState.PAUSED))
    host.put(*(guest(number, name=f"x{count - number}") for number in range(10, count)))
    for column in (Col.VCPUS, Col.STATE, Col.MEMORY_SIZE, Col.NAME):
        tree.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert set(tree.selected_refs()) == set(chosen)
    assert tree.current_ref() == chosen[1]
    model_of(tree).set_filter("state:paused")
    assert tree.selected_refs() == [chosen[1]], "what cannot be seen must not be acted on"


def test_deleted_guest_leaves_the_selection(tree: HostTree, world: World, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tree.selection_changed):
        tree.select_refs([ref(world, 1), ref(world, 2)])
    with qtbot.waitSignal(tree.selection_changed) as told:
        world.hosts[0].drop(guest(1).uuid)
    assert told.args == [[ref(world, 2)], []]


def test_header_is_remembered(tree: HostTree, world: World, qtbot: QtBot) -> None:
    head = tree.header()
    head.moveSection(head.visualIndex(Col.ADDRESS), 1)
    head.resizeSection(Col.STATE, 222)
    head.setSectionHidden(Col.DISK, True)
    tree.sortByColumn(Col.VCPUS, Qt.SortOrder.DescendingOrder)
    state = tree.save_header()
    other = HostTree(HostTreeModel(world))
    qtbot.addWidget(other)
    assert other.restore_header(state)
    assert other.save_header() == state
    assert other.header().logicalIndex(1) == Col.ADDRESS
    assert other.header().sectionSize(Col.STATE) == 222
    assert other.header().isSectionHidden(Col.DISK)
    assert model_of(other).sorted_by == (Col.VCPUS, True)


@pytest.mark.parametrize(
    "state", [b"", b"\xff", b"[]", b"{}", b'{"columns": [{"id": "cpu"}], "sort": {}}', b'{"columns": 1, "sort": 2}']
)
def test_broken_header_state_changes_nothing(tree: HostTree, state: bytes) -> None:
    before = tree.save_header()
    assert not tree.restore_header(state)
    assert tree.save_header() == before


def test_header_state_of_another_version(tree: HostTree) -> None:
    stored = json.loads(tree.save_header())
    stored["columns"] = [{"id": "of-tomorrow", "width": 9, "shown": True}, *stored["columns"][3::-1]]
    assert tree.restore_header(json.dumps(stored).encode())
    assert tree.header().logicalIndex(0) == Col.NAME
    assert [tree.header().logicalIndex(place) for place in (1, 2, 3)] == [Col.MEMORY, Col.CPU, Col.STATE]


def test_column_menu_hides_and_brings_back(tree: HostTree) -> None:
    menu = tree.header().menu()  # type: ignore[attr-defined]
    name, *others, _line, reset = menu.actions()
    assert not name.isEnabled()
    others[0].trigger()
    assert tree.header().isSectionHidden(Col.STATE)
    reset.trigger()
    assert not tree.header().isSectionHidden(Col.STATE)


def drag(tree: HostTree, place: QPoint, *paths: Path) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    both = (Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(place, *both)
    tree.dragEnterEvent(enter)
    drop = QDropEvent(QPointF(place), *both)
    drop.ignore()
    if enter.isAccepted():
        tree.grab()
        tree.dropEvent(drop)
    return drop


@pytest.mark.parametrize("target", ["guest", "host", "free space"])
def test_dropped_files_tell_what_they_fell_on(tree: HostTree, world: World, qtbot: QtBot, target: str) -> None:
    place, what = {
        "guest": (spot(tree, ref(world, 3)), ref(world, 3)),
        "host": (tree.visualRect(model_of(tree).index(1, 0)).center(), world.hosts[1]),
        "free space": (QPoint(300, tree.viewport().height() - 3), None),
    }[target]
    with qtbot.waitSignal(tree.file_dropped) as told:
        assert drag(tree, place, Path("/isos/a b.iso"), Path("/isos/ü.iso")).isAccepted()
    assert told.args == [what, [Path("/isos/a b.iso"), Path("/isos/ü.iso")]]


def test_dragged_text_is_refused(tree: HostTree, world: World, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(tree.file_dropped):
        assert not drag(tree, spot(tree, ref(world, 3))).isAccepted()


def test_drop_target_is_marked(tree: HostTree, world: World) -> None:
    before = tree.grab().toImage()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/a.iso")])
    enter = QDragEnterEvent(
        spot(tree, ref(world, 3)), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    tree.dragEnterEvent(enter)
    assert tree.grab().toImage() != before


def test_menu_key_asks_for_the_menu_at_the_current_row(tree: HostTree, world: World, qtbot: QtBot) -> None:
    tree.reveal(ref(world, 4))
    with qtbot.waitSignal(tree.context_menu_requested) as told:
        QApplication.sendEvent(tree.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), QPoint(1, 1)))
    row = tree.visualRect(model_of(tree).index_of(ref(world, 4)))
    assert row.top() <= tree.viewport().mapFromGlobal(told.args[0]).y() <= row.bottom()


def test_empty_list_says_why(qtbot: QtBot) -> None:
    world = World()
    view = HostTree(HostTreeModel(world))
    qtbot.addWidget(view)
    told: list[Emptiness] = []
    view.emptiness_changed.connect(told.append)
    assert view.emptiness() is Emptiness.NO_HOSTS
    host = world.add(WorldHost("test:///one"))
    host.put(guest(1))
    model_of(view).set_filter("nothing")
    model_of(view).set_filter("")
    host.drop(guest(1).uuid)
    world.remove(host)
    assert told == [
        Emptiness.NO_GUESTS, Emptiness.NOTHING, Emptiness.NO_MATCH, Emptiness.NOTHING, Emptiness.NO_GUESTS, Emptiness.NO_HOSTS,
    ]  # fmt: skip


def test_sample_repaints_only_while_shown(tree: HostTree, world: World, qtbot: QtBot) -> None:
    host, load = world.hosts[0], Load(world.hosts[0])
    with qtbot.waitSignal(tree.visible_changed):
        pass
    with qtbot.waitSignal(model_of(tree).dataChanged):
        host.statistics.add(load.sample())
    tree.hide()
    with qtbot.assertNotEmitted(model_of(tree).dataChanged, wait=300):
        host.statistics.add(load.sample())


def test_tooltip_of_a_state_gives_its_reason(tree: HostTree, world: World) -> None:
    world.hosts[0].put(guest(3, DomainState.PAUSED, reason=5))
    place = tree.visualRect(model_of(tree).index_of(ref(world, 3), Col.STATE)).center()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, tree.viewport().mapToGlobal(place))
    assert QApplication.sendEvent(tree.viewport(), event)
    assert "disk error" in model_of(tree).index_of(ref(world, 3), Col.STATE).data(Qt.ItemDataRole.ToolTipRole)


def test_name_takes_the_room_that_is_left(tree: HostTree) -> None:
    head = tree.header()
    tree.resize(2000, 600)
    assert head.length() == tree.viewport().width()
    tree.resize(500, 600)
    assert head.length() > tree.viewport().width()
    tree.resize(2000, 600)
    head.resizeSection(Col.NAME, 150)
    tree.resize(2100, 600)
    assert head.sectionSize(Col.NAME) == 150


def test_a_changed_state_repaints_its_icon_in_the_indentation(tree: HostTree, world: World, qtbot: QtBot) -> None:
    row = tree.visualRect(model_of(tree).index_of(ref(world, 2)))
    left_edge = QPoint(row.left() - tree.indentation() + 1, row.center().y())
    QTest.qWait(50)
    painted = PaintEar(tree.viewport()).regions
    world.hosts[0].put(guest(2, state=DomainState.CRASHED))
    qtbot.waitUntil(lambda: any(region.contains(left_edge) for region in painted))


class PaintEar(QObject):
    """Keeps the regions that a widget paints."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.regions: list[QRegion] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if isinstance(event, QPaintEvent):
            self.regions.append(event.region())
        return super().eventFilter(watched, event)


def test_narrow_list_shows_names_without_scrolling_sideways(tree: HostTree, qtbot: QtBot) -> None:
    for column in list(Col)[1:]:
        tree.header().setSectionHidden(column, True)
    tree.header().hide()
    tree.resize(220, 600)
    assert tree.header().length() == tree.viewport().width()
    qtbot.waitUntil(lambda: tree.horizontalScrollBar().maximum() == 0)
