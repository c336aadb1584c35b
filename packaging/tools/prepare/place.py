"""Where the checkout and its parts are."""

from __future__ import annotations

from pathlib import Path

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
