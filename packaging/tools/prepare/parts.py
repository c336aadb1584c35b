"""The parts of the test suite: what each runs, how long it may take, beside what it may run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prepare import place

PY = str(place.VENV_PYTHON)


@dataclass(frozen=True)
class Part:
    """One part.

    commands: run one after the other; each is a check, or a pytest run if ``pytest``.
    lane: parts of one lane run one after the other, lanes side by side; those of "machine" then, alone.
    limit_s: after that the part is stopped and counts as failed.
    again: tests that fail while others load the machine are run once more, one after the other, and named; twice is a failure.
    """

    name: str
    commands: tuple[tuple[str, ...], ...]
    lane: str
    limit_s: int
    pytest: bool = False
    again: bool = False
    environment: tuple[tuple[str, str], ...] = ()


def pytest_part(name: str, folder: str, lane: str, limit_s: int, *options: str, **environment: str) -> Part:
    """A part that is a folder of tests."""
    command = (PY, "-m", "pytest", folder, f"--junit-xml={report_of(name)}", "--durations=5", *cache_of(name), *options)
    return Part(name, (command,), lane, limit_s, pytest=True, again=name != "unit", environment=tuple(environment.items()))


def cache_of(name: str) -> tuple[str, str]:
    """Where pytest remembers what failed: for each part its own, as two run at a time."""
    return "-o", f"cache_dir={place.LOGS / f'cache-{name}'}"


def again_command(part: Part) -> tuple[str, ...]:
    """What runs the tests of ``part`` that failed last, one at a time."""
    options = ("--last-failed", "--last-failed-no-failures=none", f"--junit-xml={report_of(again_name(part))}")
    return (PY, "-m", "pytest", f"tests/{part.name}", *options, *cache_of(part.name))


def again_name(part: Part) -> str:
    """The name of the second run's report."""
    return f"{part.name}-again"


def report_of(name: str) -> Path:
    """The JUnit report of a part."""
    return place.LOGS / f"{name}.xml"


OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
BY_FILES = ("--numprocesses=2", "--dist=loadfile")
"""Two at once: each file has worlds of its own, which are costly to make."""
PARTS = (
    Part(
        "lint",
        (
            (PY, "-m", "ruff", "check", "--no-cache", "."),
            (PY, "-I", "-B", str(place.PACKAGING / "tools" / "checks")),
        ),
        "left",
        300,
    ),
    Part("layers", ((str(place.VENV / "bin" / "lint-imports"), "--no-cache"),), "left", 300),
    Part("types", ((PY, "-m", "mypy"),), "left", 900),
    pytest_part("unit", "tests/unit", "right", 1500, **OFFSCREEN),
    pytest_part("ui", "tests/ui", "left", 1500, **OFFSCREEN),
    Part(
        "fuzz",
        ((PY, "-m", "tests.fuzz.vnc", "--minutes", "1"), (PY, "-m", "tests.fuzz.native", "--minutes", "0.5")),
        "left",
        300,
    ),
    pytest_part("lab", "tests/lab", "machine", 1800, *BY_FILES),
    pytest_part("e2e", "tests/e2e", "machine", 1200, *BY_FILES),
)
BY_NAME = {part.name: part for part in PARTS}


def has_tests(part: Part) -> bool:
    """Whether a part has anything to run: a folder that is not there (yet) is not a failure."""
    folder = place.ROOT / "tests" / part.name
    return not part.pytest or any(folder.rglob("test_*.py"))
