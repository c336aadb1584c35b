"""The line of counts sums tests and checks, and nothing that went wrong is lost in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from prepare import counts, parts, place, test_command
from prepare.counts import Counts
from prepare.parts import Part
from prepare.terminal import Stop

REPORT = """<testsuites><testsuite tests="5">
<testcase classname="a" name="one"/>
<testcase classname="a" name="two"><failure/></testcase>
<testcase classname="a" name="two"><error/></testcase>
<testcase classname="a" name="three"><skipped/></testcase>
<testcase classname="b" name="one"/>
</testsuite></testsuites>"""


def test_the_plain_line() -> None:
    assert Counts(3, 0).line() == "3 passed, 0 failed"
    assert Counts(3, 1, 2).line() == "3 passed, 1 failed, 2 skipped"


def test_a_report_is_counted_by_test(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT, encoding="utf-8")
    assert counts.of_pytest(report, 1) == Counts(2, 1, 1)


@pytest.mark.parametrize("text", [None, "", "<testsuites><testsuite>", "<testsuites/>"])
def test_a_run_that_crashed_is_a_failure(tmp_path: Path, text: str | None) -> None:
    report = tmp_path / "report.xml"
    if text is not None:
        report.write_text(text, encoding="utf-8")
    assert counts.of_pytest(report, 134).failed == 1


def test_no_tests_are_no_failure(tmp_path: Path) -> None:
    assert counts.of_pytest(tmp_path / "none.xml", 5) == Counts()


def test_parts_come_in_the_tables_order() -> None:
    assert [part.name for part in test_command.select(["unit", "lint"])] == ["lint", "unit"]
    assert test_command.select([]) == parts.PARTS
    with pytest.raises(Stop, match="no part “typos”"):
        test_command.select(["typos"])


def test_a_run_sums_its_parts_and_shows_the_log_of_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(place, "LOGS", tmp_path)
    monkeypatch.setattr(place, "ROOT", tmp_path)
    chosen = (
        Part("good", (("/bin/true",), ("/bin/true",)), "left", 60),
        Part("bad", (("/bin/sh", "-c", "echo why it failed; exit 3"),), "right", 60),
    )
    total = test_command.run_all(chosen)
    assert total == Counts(2, 1)
    said = capsys.readouterr().out
    assert re.search(r"^FAILED bad: 0 passed, 1 failed", said, re.MULTILINE)
    assert "why it failed" in said


def test_a_part_that_takes_too_long_is_stopped_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "LOGS", tmp_path)
    monkeypatch.setattr(place, "ROOT", tmp_path)
    part = Part("slow", (("/bin/sh", "-c", "sleep 600"),), "left", 0)
    assert test_command.run_all((part,)) == Counts(0, 1)
    assert "took longer" in (tmp_path / "slow.log").read_text(encoding="utf-8")


UNSTEADY = """
from pathlib import Path

def test_steady(): pass

def test_unsteady():
    mark = Path("been_here")
    first = not mark.exists()
    mark.touch()
    assert not first

def test_other(): assert {holds}
"""


@pytest.mark.parametrize(("holds", "expected"), [(False, Counts(2, 1)), (True, Counts(3, 0))])
def test_what_failed_is_run_again_alone_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], holds: bool, expected: Counts
) -> None:
    monkeypatch.setattr(place, "LOGS", tmp_path)
    monkeypatch.setattr(place, "ROOT", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (tmp_path / "tests" / "odd").mkdir(parents=True)
    (tmp_path / "tests" / "odd" / "test_odd.py").write_text(UNSTEADY.format(holds=holds), encoding="utf-8")
    part = parts.pytest_part("odd", "tests/odd", "machine", 60)
    monkeypatch.setitem(parts.BY_NAME, "odd", part)
    assert test_command.run_all((part,)) == expected
    assert re.search(r"odd: run again alone, .*test_unsteady", capsys.readouterr().out)
