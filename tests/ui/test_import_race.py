"""Qt is imported while a thread imports the rest: PySide walks through ``sys.modules`` then, which must not change meanwhile."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import os, sys, threading
from ui import main
done = threading.Event()
def imports():
    number = 0
    while not done.is_set():
        number += 1
        sys.modules[f"made{number}"] = sys
        os.stat("/")  # as a real import does: others may go on
sys.setswitchinterval(0.00001)
thread = threading.Thread(target=imports)
thread.start()
try:
    main.import_qt()
finally:
    done.set()
print(sys.getswitchinterval())
"""


def test_qt_is_imported_whole_while_a_thread_imports() -> None:
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr[-2000:]
        assert float(done.stdout) == 0.001
