"""The library's process: ``python -I -S run.py PARENT DESCRIPTOR FOLDER``, the folder being that of GObject's binding."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[4]))
    if sys.argv[3]:
        sys.path.append(sys.argv[3])

    from app.console.spice.worker.main import main

    main(int(sys.argv[1]), int(sys.argv[2]))
