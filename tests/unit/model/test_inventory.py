"""The inventory tells exactly what changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.changes import Change
from app.model.inventory import Inventory
from app.model.records import DomainRecord, DomainState, NetworkRecord, NodeDeviceRecord, ObjectKind

FACTS = st.tuples(st.sampled_from(["x", "y"]), st.sampled_from(list(DomainState)), st.sampled_from([None, 2, 4]))
RECORDS = st.dictionaries(st.sampled_from("abcdefgh"), FACTS).map(
    lambda facts: {key: DomainRecord(key, name, state=state, vcpus=vcpus) for key, (name, state, vcpus) in facts.items()}
)


@pytest.fixture
def inventory() -> Inventory:
    return Inventory("test:///default")


def test_listing_tells_added_removed_and_updated(inventory: Inventory) -> None:
    inventory.replace(ObjectKind.DOMAIN, [DomainRecord("1", "a"), DomainRecord("2", "b"), DomainRecord("3", "c")])
    told: list[Change] = []
    inventory.changed.connect(told.append)
    change = inventory.replace(ObjectKind.DOMAIN, [DomainRecord("2", "b"), DomainRecord("3", "new"), DomainRecord("4", "d")])
    assert change == Change(
        inventory.host_id, ObjectKind.DOMAIN, added=frozenset("4"), removed=frozenset("1"), updated=frozenset("3")
    )
    assert told == [change]
    assert list(inventory.domains) == ["2", "3", "4"]


def test_same_listing_says_nothing(inventory: Inventory) -> None:
    records = [NetworkRecord("n", "default", active=True)]
    inventory.replace(ObjectKind.NETWORK, records)
    told: list[Change] = []
    inventory.changed.connect(told.append)
    assert not inventory.replace(ObjectKind.NETWORK, records)
    assert not told


def test_fast_listing_does_not_forget_what_the_slow_one_told(inventory: Inventory) -> None:
    inventory.merge(ObjectKind.DOMAIN, [DomainRecord("1", "a", vcpus=4, memory_kib=1024, autostart=True)])
    inventory.replace(ObjectKind.DOMAIN, [DomainRecord("1", "a", id=7, state=DomainState.RUNNING)])
    now = inventory.domains["1"]
    assert (now.state, now.vcpus, now.memory_kib, now.autostart) == (DomainState.RUNNING, 4, 1024, True)


def test_object_that_is_both_read_and_gone_is_kept(inventory: Inventory) -> None:
    inventory.merge(ObjectKind.DOMAIN, [DomainRecord("1", "a")])
    assert not inventory.merge(ObjectKind.DOMAIN, [DomainRecord("1", "a")], gone=["1", "unknown"])


def test_kinds_are_apart_and_node_devices_go_by_name(inventory: Inventory) -> None:
    inventory.merge(ObjectKind.NODEDEV, [NodeDeviceRecord("pci_0000")])
    inventory.merge(ObjectKind.DOMAIN, [DomainRecord("1", "a")])
    assert list(inventory.nodedevs) == ["pci_0000"]
    assert {change.kind for change in inventory.clear()} == {ObjectKind.NODEDEV, ObjectKind.DOMAIN}
    assert not inventory.domains


def test_views_cannot_be_written(inventory: Inventory) -> None:
    with pytest.raises(TypeError):
        inventory.domains["1"] = DomainRecord("1", "a")  # type: ignore[index]


@given(st.lists(st.tuples(st.booleans(), RECORDS, st.sets(st.sampled_from("abcdefgh")))))
def test_changes_replayed_give_the_inventory(batches: list[tuple[bool, dict[str, DomainRecord], set[str]]]) -> None:
    inventory, replica = Inventory("x"), dict[str, DomainRecord]()

    def follow(change: Change) -> None:
        assert not change.added & replica.keys()
        assert change.removed | change.updated <= replica.keys()
        for key in change.removed:
            del replica[key]
        for key in change.added | change.updated:
            assert replica.get(key) != inventory.domains[key]
            replica[key] = inventory.domains[key]

    inventory.changed.connect(follow)
    for whole, records, gone in batches:
        if whole:
            inventory.replace(ObjectKind.DOMAIN, records.values())
            assert inventory.domains.keys() == records.keys()
        else:
            inventory.merge(ObjectKind.DOMAIN, records.values(), gone)
        assert replica == inventory.domains
