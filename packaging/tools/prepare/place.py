"""Where the checkout and its parts are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prepare.terminal import Stop

ROOT = Path(__file__).resolve().parents[3]
PACKAGING = ROOT / "packaging"
PROJECT = ROOT / "pyproject.toml"
CONSTRAINTS = PACKAGING / "constraints.txt"
PACKAGES = PACKAGING / "packages.toml"
TRANSLATIONS = ROOT / "resources" / "translations"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
SYSTEM_PYTHON = Path("/usr/bin/python3")
LOGS = ROOT / "build" / "logs"


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file of the checkout; raises Stop where it is broken, as after an interrupted merge."""
    import tomllib  # noqa: PLC0415  a start that has nothing to install does not need it

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Stop(f"{path.name} cannot be read: {error}. Mend it, or restore it from git, and run this again.") from error

PURPOSES = ("run", "test", "bench")
"""What a machine is made ready for; each needs what those before it need."""
