"""The program does not keep the text of its own source in memory."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
from PySide6 import QtCore
from ui import lean
assert lean.read_no_sources()
import linecache
import ui.windows.main_window, ui.windows.list_control
from PySide6.QtWidgets import QApplication, QLabel
print([name for name in linecache.cache if "/ui/windows/" in name])
"""


def test_imported_modules_are_not_read_as_text() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_memory_is_given_back_where_the_c_library_can() -> None:
    """In a process of its own, as it is for good."""
    script = "import platform; from ui import lean; assert lean.return_memory() == (platform.libc_ver()[0] == 'glibc')"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
