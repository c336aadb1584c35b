"""The driver on a toy program: what it does reaches a program through the X server, and it sees what a person would."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.driver import Driver
from tests.e2e.program import Program
from tests.lab.screen import Display

TOY = [sys.executable, "-m", "tests.e2e.toy"]


@pytest.fixture
def toy(display: Display) -> Iterator[Driver]:
    with Program(display, TOY) as program, Driver(program) as driver:
        driver.wait("Press me", "push button")
        yield driver


def test_mouse_and_keyboard(toy: Driver) -> None:
    toy.type("Anna-1", into="Name")
    toy.click("Press me", "push button")
    toy.wait("pressed with Anna-1")


def test_double_click_and_menu(toy: Driver) -> None:
    toy.double_click("second row")
    toy.wait("opened second row")
    toy.menu("Machine", "Start")
    toy.wait("started")


def test_context_menus(toy: Driver) -> None:
    for _ in range(2):
        toy.context_menu("second row", "Power", "Force off", role="list item")
        toy.wait("forced off")
        toy.context_menu("first row", "Pause", role="list item")
        toy.wait("paused")


def test_a_dropped_file_arrives(toy: Driver, tmp_path: Path) -> None:
    file = tmp_path / "a disc é.iso"
    file.write_bytes(b"x")
    outcome = toy.drop(file, on="first row")
    assert outcome.accepted and outcome.done
    toy.wait("dropped a disc é.iso")
    assert not toy.program.complaints
