"""Rates are right, and silent where two counters cannot be compared."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.rates import rates
from app.model.records import DomainState
from app.model.ring import Ring
from app.model.sample import DomainSample, StatsSample
from app.model.statistics import DETAIL_SAMPLES, LIST_SAMPLES, Metric, Statistics

SECOND_NS = 1_000_000_000
FIRST = DomainSample(
    cpu_time_ns=5 * SECOND_NS,
    vcpus=4,
    balloon_kib=4096,
    rss_kib=1024,
    disk_read_bytes=1000,
    disk_write_bytes=500,
    net_rx_bytes=10,
    net_tx_bytes=20,
    state=DomainState.RUNNING,
)
LATER = replace(FIRST, cpu_time_ns=9 * SECOND_NS, disk_read_bytes=3000, disk_write_bytes=700, net_rx_bytes=50, net_tx_bytes=20)


def feed(statistics: Statistics, at_s: float, **guests: DomainSample) -> None:
    statistics.add(StatsSample(at_s, guests))


def test_rates_of_two_samples() -> None:
    now = rates(FIRST, LATER, 2.0)
    assert now.cpu_cores == pytest.approx(2.0)
    assert now.cpu_percent == pytest.approx(50.0)
    assert (now.disk_read_bytes_s, now.disk_write_bytes_s, now.disk_bytes_s) == (1000, 100, 1100)
    assert (now.net_rx_bytes_s, now.net_tx_bytes_s) == (20, 0)
    assert now.memory_percent == pytest.approx(25.0)


def test_first_sample_tells_memory_only() -> None:
    now = rates(None, FIRST, 1.0)
    assert now.cpu_percent is None
    assert now.disk_bytes_s is None
    assert now.memory_used_kib == 1024


def test_restart_is_not_a_rate() -> None:
    again = replace(LATER, cpu_time_ns=SECOND_NS)
    assert rates(FIRST, again, 1.0).cpu_percent is None
    assert rates(FIRST, again, 1.0).net_bytes_s is None
    assert rates(replace(FIRST, state=DomainState.SHUTOFF), LATER, 1.0).cpu_percent is None


def test_unplugged_disk_silences_only_the_disk() -> None:
    now = rates(FIRST, replace(LATER, disk_read_bytes=0), 2.0)
    assert now.disk_read_bytes_s is None
    assert now.disk_bytes_s == 100
    assert now.cpu_percent == pytest.approx(50.0)


def test_counter_that_was_not_asked_for_is_unknown() -> None:
    assert rates(replace(FIRST, disk_read_bytes=None, disk_write_bytes=None), LATER, 1.0).disk_bytes_s is None
    assert rates(FIRST, replace(LATER, vcpus=None, cpu_time_ns=None), 1.0).cpu_percent is None


def test_vcpus_that_come_or_go_never_give_more_than_all() -> None:
    assert rates(FIRST, replace(LATER, vcpus=1), 1.0).cpu_percent == pytest.approx(100.0)
    assert rates(replace(FIRST, vcpus=2), replace(LATER, vcpus=8), 2.0).cpu_percent == pytest.approx(25.0)


def test_guest_that_is_off_is_idle() -> None:
    now = rates(LATER, DomainSample(state=DomainState.SHUTOFF), 1.0)
    assert (now.cpu_percent, now.memory_percent, now.disk_bytes_s, now.net_bytes_s) == (0, 0, 0, 0)


def test_memory_is_what_the_guest_says_before_what_the_host_sees() -> None:
    told = replace(FIRST, available_kib=4000, usable_kib=3000, unused_kib=500)
    assert rates(None, told, 1).memory_percent == pytest.approx(25.0)
    assert rates(None, replace(told, usable_kib=None), 1).memory_percent == pytest.approx(87.5)
    assert rates(None, replace(FIRST, rss_kib=9999), 1).memory_percent == pytest.approx(100.0)
    assert rates(None, replace(FIRST, rss_kib=None), 1).memory_percent is None


def test_samples_too_close_or_late_are_not_compared() -> None:
    assert rates(FIRST, LATER, 0.01).cpu_percent is None
    statistics = Statistics("x")
    feed(statistics, 10.0, a=FIRST)
    feed(statistics, 12.0, a=LATER)
    told: list[frozenset[str]] = []
    statistics.sampled.connect(lambda _host, uuids: told.append(uuids))
    feed(statistics, 11.0, a=FIRST)
    assert not told
    assert statistics.latest("a").cpu_percent == pytest.approx(50.0)


def test_history_has_gaps_where_nothing_was_known() -> None:
    statistics = Statistics("x")
    feed(statistics, 1.0, a=FIRST)
    feed(statistics, 3.0, a=LATER)
    history = list(statistics.history("a", Metric.CPU))
    assert math.isnan(history[0])
    assert history[1] == pytest.approx(50.0)
    assert not statistics.history("unknown", Metric.CPU)


def test_lost_connection_begins_anew() -> None:
    statistics = Statistics("x")
    feed(statistics, 1.0, a=FIRST)
    statistics.interrupted()
    feed(statistics, 100.0, a=LATER)
    assert statistics.latest("a").cpu_percent is None


def test_totals_of_a_host() -> None:
    statistics = Statistics("x", host_cpus=8)
    feed(statistics, 1.0, a=FIRST, b=FIRST, off=DomainSample(state=DomainState.SHUTOFF))
    feed(statistics, 3.0, a=LATER, b=LATER, off=DomainSample(state=DomainState.SHUTOFF))
    total = statistics.total()
    assert total.cpu_percent == pytest.approx(50.0)
    assert total.disk_bytes_s == pytest.approx(2200)
    assert statistics.total_history(Metric.CPU)[-1] == pytest.approx(50.0)
    statistics.forget(["a"])
    assert statistics.total().disk_bytes_s == pytest.approx(1100)


def test_open_guest_keeps_more() -> None:
    statistics = Statistics("x")
    statistics.deepen("a")
    for number in range(1000):
        feed(statistics, float(number + 1), a=replace(FIRST, cpu_time_ns=number * SECOND_NS), b=FIRST)
    assert len(statistics.history("a", Metric.CPU)) == DETAIL_SAMPLES
    assert len(statistics.history("b", Metric.CPU)) == LIST_SAMPLES
    statistics.deepen("a", False)
    assert len(statistics.history("a", Metric.CPU)) == LIST_SAMPLES


@given(st.integers(1, 8), st.lists(st.one_of(st.integers(0, 1000), st.tuples(st.integers(1, 8)))))
def test_ring_is_the_tail_of_a_list(capacity: int, steps: list[int | tuple[int]]) -> None:
    ring, plain = Ring(capacity), list[float]()
    for step in steps:
        if isinstance(step, tuple):
            ring.resize(step[0])
            plain = plain[-step[0] :]
        else:
            ring.append(step)
            plain = [*plain, float(step)][-ring.capacity :]
        assert list(ring) == plain
        assert [list(ring.tail(count)) for count in range(1, 4)] == [plain[-count:] for count in range(1, 4)]
        assert [ring[number] for number in range(-len(ring), len(ring))] == plain + plain
