"""The checks of the house find what they are for, and say where."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from checks import calls, tree


def findings(code: str, name: str = "ui/x.py") -> list[str]:
    node = ast.parse(code, mode="eval").body
    assert isinstance(node, ast.Call)
    return [*calls.icon(node, {"go-next"}), *calls.text(node), *calls.forbidden(node, name)]


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("icon('no-such')", "no-such"),
        ("Action(icon='no-such')", "no-such"),
        ("_(f'Start {name}')", "f-string"),
        ("_('Start ' + name)", "whole sentence"),
        ("_('Start {name}'.format(name=name))", "format"),
        ("N_(text)", "literal"),
        ("self.setStyleSheet('color: red')", "theme"),
        ("asyncio.create_task(work())", "spawn"),
    ],
)
def test_what_the_house_does_not_do_is_found(code: str, word: str) -> None:
    assert any(word in finding for finding in findings(code))


GOOD = ["icon('go-next')", "icon(name)", "_('Start')", "_(text)", "N_('Start')", "ngettext('a', 'b', n)"]


@pytest.mark.parametrize("code", GOOD)
def test_what_it_does_is_let_be(code: str) -> None:
    assert findings(code) == []


@pytest.mark.parametrize("letter", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u00a0", "\x07", "\r"])
def test_invisible_characters_are_found(tmp_path: Path, letter: str) -> None:
    assert next(tree.in_text(tmp_path, "a.py", f"x = 1\ny = '{letter}'\n")).startswith("a.py:2: invisible")


def test_visible_ones_of_any_script_are_let_be(tmp_path: Path) -> None:
    assert list(tree.in_text(tmp_path, "a.py", "x = 'Привет, 世界 “é” — … ✓'\n")) == []


def test_registries_and_the_checkouts_folder_are_found(tmp_path: Path) -> None:
    assert list(tree.in_text(tmp_path, "a.md", "see https://" + "pypi" + ".org/simple\n"))
    assert list(tree.in_text(tmp_path, "a.md", f"run {tmp_path}/packaging/run\n"))


def test_long_files_are_found(tmp_path: Path) -> None:
    assert list(tree.in_text(tmp_path, "a.py", "x = 1\n" * 401))
    assert not list(tree.in_text(tmp_path, "a.md", "x\n" * 401))
