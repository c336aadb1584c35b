"""The installed PySide keeps the counts of None, True and False; the program would abort after a while otherwise."""

from __future__ import annotations

import subprocess
import sys


def test_no_references_are_lost() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.references"], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
