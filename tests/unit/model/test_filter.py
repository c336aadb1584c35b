"""What people type into the filter box finds what they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.filter import EVERYTHING, Subject, parse
from app.model.records import DomainRecord, DomainState

WEB = Subject(DomainRecord("u1", "web-01", id=3, state=DomainState.RUNNING, title="Shop front"), "Lab", ("10.0.3.7", "fe80::1"))
SAVED = Subject(DomainRecord("u2", "Базa", state=DomainState.SHUTOFF, managed_save=True), "rack 2")


@pytest.mark.parametrize(
    "text",
    ["", "  ", "web", "WEB", "shop web", "lab", "10.0", "state:running", "state:run", "STATE:on", "host:la", "ip:10.",
     "ip:fe80::", '"shop front"', 'title:"shop front" -state:off', "-db", "state:", "host: web", '"', "-"],
)  # fmt: skip
def test_finds_the_running_guest(text: str) -> None:
    assert parse(text)(WEB)


@pytest.mark.parametrize(
    "text", ["db", "web db", "state:off", "host:rack", "ip:0.0", "-web", "name:shop", "52:54:00", "-state:run"]
)
def test_does_not_find_the_running_guest(text: str) -> None:
    assert not parse(text)(WEB)


@pytest.mark.parametrize("text", ["баз", "state:saved", "state:off", "state:shutoff", 'host:"rack 2"', "-ip:10."])
def test_finds_the_saved_guest(text: str) -> None:
    assert parse(text)(SAVED)


def test_empty_text_is_no_filter() -> None:
    assert parse(" ") is EVERYTHING
    assert not parse("state:")


@given(st.text())
def test_any_text_is_a_filter(text: str) -> None:
    assert parse(text)(WEB) in {True, False}
