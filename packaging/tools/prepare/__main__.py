"""Entry of the commands in ``packaging/``: each is a module ``prepare.NAME_command``."""

import sys
from importlib import import_module
from pathlib import Path

COMMANDS = ("run", "test", "bench", "translations", "pictures", "install")


def main() -> int:
    """Runs the command named by the first argument; its module is imported only then, to start at once."""
    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    name, *arguments = sys.argv[1:]
    if name not in COMMANDS:
        print(f"Unknown command “{name}”. There are: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    try:
        return int(import_module(f"prepare.{name}_command").main(arguments))
    except KeyboardInterrupt:
        print("\nStopped. What was done so far is kept; run it again to go on.", file=sys.stderr)
        return 130


sys.exit(main())
