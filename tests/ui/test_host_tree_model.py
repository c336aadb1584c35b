"""The tree of hosts and guests follows the inventory by exact steps: never a reset, never a row out of place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.errors import Disconnected
from app.model.filter import Subject, parse
from app.model.records import DomainRef, DomainState
from tests.ui.host_world import Address, Load, State, World, WorldHost, guest
from ui.models import host_tree_model, row_keeper, row_plan
from ui.models.columns import COLUMNS, Col
from ui.models.host_tree_model import HostTreeModel
from ui.models.rows import VALUES, GuestRow, HostRow, natural_key

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """So few guests must reach the ways that thousands take."""
    if request.cls is TestTree:
        monkeypatch.setattr(row_keeper, "FEW", 5)
        monkeypatch.setattr(row_plan, "MOST_MOVES", 4)
        monkeypatch.setattr(row_plan, "MOST_RANGES", 8)
        monkeypatch.setattr(host_tree_model, "FIRST_SLICE", 6)


NAMES = ("web", "WEB-2", "db-9", "db-10", "a", "ß", "vm 1", "vm-01", "état")
NUMBERS = st.one_of(
    st.sets(st.integers(0, 28), max_size=3),
    st.tuples(st.integers(0, 24), st.integers(1, 24), st.integers(1, 3)).map(
        lambda span: set(range(span[0], sum(span[:2]), span[2]))
    ),
)
FILTERS = ("", "web", "db -9", "state:run", "state:off ip:10.", "host:lab", "-a", "zzz", "ip:")


class Mirror:
    """Follows the model's signals as a view does: rows by persistent indexes and by counting."""

    def __init__(self, model: HostTreeModel) -> None:
        self.model = model
        self.hosts: list[list[str]] = []
        self.forbidden: list[str] = []
        for name in ("modelReset", "modelAboutToBeReset", "layoutChanged", "layoutAboutToBeChanged"):
            getattr(model, name).connect(lambda *_a, name=name: self.forbidden.append(name))
        model.rowsInserted.connect(self._inserted)
        model.rowsRemoved.connect(self._removed)
        model.rowsMoved.connect(self._moved)

    def _names(self, parent: QModelIndex, first: int, last: int) -> list[str]:
        return [self.model.index(row, Col.UUID, parent).data() for row in range(first, last + 1)]

    def _inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        if parent.isValid():
            self.hosts[parent.row()][first:first] = self._names(parent, first, last)
        else:
            self.hosts[first:first] = [[] for _row in range(first, last + 1)]

    def _removed(self, parent: QModelIndex, first: int, last: int) -> None:
        rows: list[Any] = self.hosts[parent.row()] if parent.isValid() else self.hosts
        del rows[first : last + 1]

    def _moved(self, parent: QModelIndex, first: int, last: int, _to: QModelIndex, before: int) -> None:
        rows = self.hosts[parent.row()]
        moved = rows[first : last + 1]
        del rows[first : last + 1]
        place = before - len(moved) if before > first else before
        rows[place:place] = moved


def expected(model: HostTreeModel, host: WorldHost) -> list[str]:
    """What should be shown of a host, worked out from nothing but the inventory, the filter and the sort column."""
    column, descending = model.sorted_by
    wanted, row = parse(model.filter_text), HostRow(0, host)
    rows = []
    for record in host.inventory.domains.values():
        addresses = host.addresses.get(record.uuid, ())
        if wanted(Subject(record, host.label, tuple(entry.address for entry in addresses))):
            entry = GuestRow(record)
            entry.addresses = addresses
            rows.append(entry)
    rows.sort(key=lambda entry: (natural_key(entry.record.title or entry.record.name), entry.record.uuid))
    rows.sort(key=lambda entry: VALUES[column](row, entry), reverse=descending)
    return [entry.record.uuid for entry in rows]


class TreeMachine(RuleBasedStateMachine):
    """Random batches, renames, filters, sorts, hosts and states, in any order."""

    hosts: Bundle[WorldHost] = Bundle("hosts")

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.model = HostTreeModel(self.world)
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.mirror = Mirror(self.model)
        self.number = 0

    def teardown(self) -> None:
        self.tester.deleteLater()
        self.model.deleteLater()

    @initialize(target=hosts)
    def begin_with_a_full_host(self) -> WorldHost:
        host = WorldHost("test:///first", label="lab first")
        host.put(*(guest(number, list(DomainState)[number % 8], name=NAMES[number % len(NAMES)]) for number in range(24)))
        return self.world.add(host)

    @rule(target=hosts, place=st.integers(0, 3), count=st.integers(0, 12))
    def add_host(self, place: int, count: int) -> WorldHost:
        self.number += 1
        host = WorldHost(f"test:///{self.number}", label=("lab", "rack")[self.number % 2] + str(self.number))
        host.put(*(guest(number, name=NAMES[number % len(NAMES)]) for number in range(count)))
        return self.world.add(host, min(place, len(self.world.hosts)))

    @precondition(lambda self: self.world.hosts)
    @rule(place=st.integers(0, 3))
    def remove_host(self, place: int) -> None:
        self.world.remove(self.world.hosts[place % len(self.world.hosts)])

    @rule(
        host=hosts,
        numbers=NUMBERS,
        name=st.sampled_from(NAMES),
        state=st.sampled_from(list(DomainState)),
        title=st.sampled_from(["", "", "Shop", "b"]),
        vcpus=st.sampled_from([None, 1, 4]),
    )
    def put(self, host: WorldHost, numbers: set[int], name: str, state: DomainState, **more: Any) -> None:
        host.put(*(guest(number, state, name=f"{name}{number % 4}", **more) for number in numbers))

    @rule(host=hosts, numbers=NUMBERS)
    def drop(self, host: WorldHost, numbers: set[int]) -> None:
        host.drop(*(guest(number).uuid for number in numbers))

    @rule(host=hosts)
    def lose_everything(self, host: WorldHost) -> None:
        host.inventory.clear()
        host.set_state(State.DISCONNECTED)

    @rule(host=hosts, state=st.sampled_from(list(State)))
    def change_state(self, host: WorldHost, state: State) -> None:
        host.set_state(state)

    @rule(host=hosts, label=st.sampled_from(["lab", "web", "x"]))
    def rename_host(self, host: WorldHost, label: str) -> None:
        host.label = label
        host.changed.emit(host)

    @rule(host=hosts, number=st.integers(0, 20), address=st.sampled_from(["10.0.0.7", "10.0.0.12", "fe80::1", "192.168.1.1"]))
    def tell_address(self, host: WorldHost, number: int, address: str) -> None:
        host.tell(guest(number).uuid, Address(address))

    @rule(text=st.sampled_from(FILTERS))
    def set_filter(self, text: str) -> None:
        self.model.set_filter(text)

    @rule(column=st.sampled_from(list(Col)), order=st.sampled_from(list(Qt.SortOrder)))
    def sort(self, column: Col, order: Qt.SortOrder) -> None:
        self.model.sort(column, order)

    @rule(host=hosts)
    def sample(self, host: WorldHost) -> None:
        load = Load(host)
        load.tick = self.number = self.number + 1
        host.statistics.add(load.sample())
        self.model.sort_again()

    @invariant()
    def rows_are_as_expected(self) -> None:
        self.model.flush()
        if COLUMNS[self.model.sorted_by[0]].metric is not None:
            self.model.sort_again()  # the order of live columns follows only when asked
        shown = [self._shown(row) for row in range(self.model.rowCount())]
        assert shown == [expected(self.model, host) for host in self.world.hosts]
        assert self.mirror.hosts == shown
        assert not self.mirror.forbidden

    @invariant()
    def guests_are_found(self) -> None:
        for host, uuids in zip(self.world.hosts, self.mirror.hosts, strict=True):
            for row, uuid in enumerate(uuids):
                index = self.model.index_of(DomainRef(host.id, uuid))
                assert (index.row(), index.parent().row()) == (row, self.world.hosts.index(host))

    def _shown(self, row: int) -> list[str]:
        parent = self.model.index(row, 0)
        return [self.model.index(child, Col.UUID, parent).data() for child in range(self.model.rowCount(parent))]


TreeMachine.TestCase.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestTree = TreeMachine.TestCase


@pytest.fixture
def world() -> World:
    return World()


def load(world: World, count: int, label: str = "lab") -> WorldHost:
    host = world.add(WorldHost(f"test:///{label}", label=label))
    host.put(*(guest(number) for number in range(count)))
    return host


def shown(model: HostTreeModel, column: Col = Col.NAME) -> list[str]:
    parent = model.index(0, 0)
    return [model.index(row, column, parent).data() for row in range(model.rowCount(parent))]


def test_long_listing_comes_in_slices_and_ends_sorted(world: World, qtbot: QtBot) -> None:
    model = HostTreeModel(world)
    sizes: list[int] = []
    model.rowsInserted.connect(lambda parent, *_rows: sizes.append(model.rowCount(parent)) if parent.isValid() else None)
    with qtbot.waitSignal(model.loaded, check_params_cb=lambda rows: rows == 5000):
        load(world, 5000)
        assert model.rowCount(model.index(0, 0)) == host_tree_model.FIRST_SLICE
    assert len(sizes) > 3
    assert shown(model) == sorted(shown(model), key=natural_key)


def test_guests_that_go_while_they_wait_are_never_shown(world: World, qtbot: QtBot) -> None:
    model = HostTreeModel(world)
    host = load(world, 1000)
    with qtbot.waitSignal(model.loaded, check_params_cb=lambda rows: rows == 10):
        host.drop(*(guest(number).uuid for number in range(10, 1000)))
    assert shown(model) == [f"vm-{number}" for number in range(10)]


def test_renaming_moves_one_row(world: World) -> None:
    host = load(world, 50)
    model = HostTreeModel(world)
    steps: list[str] = []
    for name in ("rowsInserted", "rowsRemoved", "rowsMoved"):
        getattr(model, name).connect(lambda *_a, name=name: steps.append(name))
    host.put(guest(3, name="zebra"))
    assert steps == ["rowsMoved"]
    assert shown(model)[-1] == "zebra"


def test_a_change_of_state_touches_only_that_row(world: World) -> None:
    host = load(world, 50)
    model = HostTreeModel(world)
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(
        lambda top, bottom, *_r: changed.append((top.row(), bottom.row())) if top.parent().isValid() else None
    )
    host.put(guest(7, DomainState.PAUSED))
    assert changed == [(7, 7)]


def test_samples_announce_only_what_is_visible(world: World, qtbot: QtBot) -> None:
    host = load(world, 200)
    model = HostTreeModel(world)
    model.set_visible({1: (20, 59)})
    spans: set[tuple[int, int, int, int]] = set()
    model.dataChanged.connect(lambda top, end, *_r: spans.add((top.row(), end.row(), top.column(), end.column())))
    work = Load(host)
    with qtbot.waitSignal(model.dataChanged):
        host.statistics.add(work.sample())
        host.statistics.add(work.sample())
    assert spans == {(0, 0, Col.CPU, Col.NETWORK), (20, 59, Col.CPU, Col.NETWORK)}


def test_nothing_is_announced_while_hidden(world: World, qtbot: QtBot) -> None:
    host = load(world, 20)
    model = HostTreeModel(world)
    model.set_visible({1: (0, 19)})
    model.set_live(False)
    with qtbot.assertNotEmitted(model.dataChanged, wait=400):
        host.statistics.add(Load(host).sample())


def test_host_says_how_many_run_and_how_many_fit(world: World) -> None:
    host = load(world, 12)
    host.put(guest(1, DomainState.SHUTOFF))
    model = HostTreeModel(world)
    state = model.index(0, Col.STATE)
    assert state.data() == "11 of 12 running"
    model.set_filter("vm-1")
    assert state.data() == "3 of 12 shown"
    model.set_filter("nothing like it")
    assert state.data() == "0 of 12 shown"
    assert not model.hasChildren(model.index(0, 0))


def test_host_says_why_it_is_away(world: World) -> None:
    host = load(world, 2)
    model = HostTreeModel(world)
    why = Disconnected("Cannot connect to “lab”.", why="The host does not answer.", next_step="Check that it is on.")
    host.set_state(State.FAILED, why)
    assert model.index(0, Col.STATE).data() == "Disconnected: The host does not answer."
    assert "Check that it is on." in model.index(0, Col.STATE).data(Qt.ItemDataRole.ToolTipRole)
    host.set_state(State.CONNECTING)
    assert model.index(0, Col.STATE).data() == "Connecting…"
    host.set_state(State.CONNECTING, why)
    assert model.index(0, Col.STATE).data() == "Connecting again: The host does not answer."


def test_cells_say_more_in_their_tooltips_and_aloud(world: World) -> None:
    host = load(world, 1)
    record = guest(0, DomainState.PAUSED, title="Shop", reason=5)
    host.put(record)
    host.tell(record.uuid, Address("fe80::1", "agent"), Address("10.0.0.5", "agent"))
    model = HostTreeModel(world)
    row = model.index_of(DomainRef(host.id, record.uuid))
    assert row.data() == "Shop"
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "Shop, Paused"
    assert "vm-0" in row.data(Qt.ItemDataRole.ToolTipRole)
    assert "disk error" in row.siblingAtColumn(Col.STATE).data(Qt.ItemDataRole.ToolTipRole)
    assert row.siblingAtColumn(Col.ADDRESS).data() == "10.0.0.5"
    assert "guest agent" in row.siblingAtColumn(Col.ADDRESS).data(Qt.ItemDataRole.ToolTipRole)
    assert row.siblingAtColumn(Col.VCPUS).data(Qt.ItemDataRole.AccessibleTextRole) == "Processors: 1"


def test_guest_of_a_lost_host_shows_no_load(world: World) -> None:
    host = load(world, 1)
    work = Load(host)
    host.statistics.add(work.sample())
    host.statistics.add(work.sample())
    model = HostTreeModel(world)
    cpu = model.index(0, Col.CPU, model.index(0, 0))
    assert cpu.data() == "3 %"
    host.set_state(State.WAITING)
    assert not cpu.data()
