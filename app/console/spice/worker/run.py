"""The library's process: ``python -I -S run.py PARENT DESCRIPTOR FOLDER``, the folder being that of GObject's binding."""

import sys

if __name__ == "__main__":
    sys.path.insert(0, __file__.rsplit("/", 5)[0])  # what begins here is waited for: no more is imported than is needed
    if sys.argv[3]:
        sys.path.append(sys.argv[3])

    from app.console.spice.worker.main import main

    main(int(sys.argv[1]), int(sys.argv[2]))
