"""Counts of tests and checks, and the plain line at the end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree


@dataclass(frozen=True)
class Counts:
    """How many tests or checks had which outcome. An expected failure (xfail) counts as skipped, as in pytest's XML."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        """The sum, outcome by outcome."""
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def line(self) -> str:
        """The plain line: "7 passed, 0 failed", with ", 1 skipped" where any was."""
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


def of_check(exit_code: int) -> Counts:
    """One check: lint, types, layers."""
    return Counts(passed=1) if exit_code == 0 else Counts(failed=1)


def of_pytest(report: Path, exit_code: int) -> Counts:
    """The counts in a JUnit report. A failed run that reports no failure (it crashed, or was stopped) counts as one."""
    counts = Counts()
    if report.is_file():
        try:
            root = ElementTree.parse(report).getroot()
        except ElementTree.ParseError:
            root = ElementTree.Element("testsuites")
        for suite in root.iter("testsuite"):
            counts += of_suite(suite)
    if exit_code not in (0, 5) and counts.failed == 0:
        counts += Counts(failed=1)
    return counts


def failures(report: Path) -> list[str]:
    """The names of the tests that failed."""
    try:
        root = ElementTree.parse(report).getroot()
    except (OSError, ElementTree.ParseError):
        return []
    found = (
        f"{case.get('classname', '')}.{case.get('name', '')}"
        for case in root.iter("testcase")
        if {child.tag for child in case} & {"failure", "error"}
    )
    return list(dict.fromkeys(found))


def of_suite(suite: ElementTree.Element) -> Counts:
    """The counts of one suite, test by test: a test that fails and then errors in its teardown is one failure."""
    outcomes: dict[tuple[str, str], str] = {}
    for case in suite.iter("testcase"):
        tags = {child.tag for child in case}
        outcome = "failed" if tags & {"failure", "error"} else "skipped" if "skipped" in tags else "passed"
        name = (case.get("classname", ""), case.get("name", ""))
        if outcomes.get(name) != "failed":
            outcomes[name] = outcome
    found = list(outcomes.values())
    return Counts(found.count("passed"), found.count("failed"), found.count("skipped"))
