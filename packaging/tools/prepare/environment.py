"""The program's own Python environment, ``.venv``: made of the distribution's Python, with its packages visible."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from prepare import place, stamp
from prepare.terminal import Stop, interactive, quoted, say

PTH = "hostelry-checkout.pth"
"""Puts the checkout on the environment's path, so that the program starts from any folder."""


def requirements(purpose: str, project: Path = place.PROJECT) -> list[str]:
    """What pyproject.toml asks of PyPI for ``purpose``."""
    table = place.read_toml(project)["project"]
    names: list[str] = list(table["dependencies"])
    if purpose != "run":
        names += table["optional-dependencies"]["test"]
    return names


def name_of(requirement: str) -> str:
    """The normalised name of "PySide6-Essentials==6.11.3" (PEP 503)."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", match.group(0)).lower() if match else ""


def ensure(purpose: str) -> None:
    """Makes the environment, or brings it up to what the lists say now."""
    names = requirements(purpose)
    marker = place.VENV / stamp.UNDER_WORK
    if marker.exists() or not sound(place.VENV_PYTHON):
        rebuild()
    marker.touch()
    fill(names)
    unpack_support()
    link_checkout()
    marker.unlink()
    stamp.write(purpose)


def sound(python: Path) -> bool:
    """Whether an environment's Python runs, has pip, sees the system's packages and is of the distribution's version."""
    if not python.exists():
        return False
    code = "import sys, pip; sys.exit(sys.version_info[:2] != tuple(map(int, sys.argv[1:])))"
    version = [str(number) for number in sys.version_info[:2]]
    done = subprocess.run([str(python), "-I", "-c", code, *version], capture_output=True, check=False)
    configuration = python.parent.parent / "pyvenv.cfg"
    sees = configuration.is_file() and "include-system-site-packages = true" in configuration.read_text(encoding="utf-8")
    return done.returncode == 0 and sees


def rebuild() -> None:
    """Makes the environment from nothing; what is left of a broken one goes first."""
    if place.VENV.exists():
        say("The Python environment is incomplete; making it anew.")
        shutil.rmtree(place.VENV)
    say("Making the Python environment in .venv.")
    place.VENV.mkdir()
    (place.VENV / stamp.UNDER_WORK).touch()
    call(
        [str(place.SYSTEM_PYTHON), "-m", "venv", "--system-site-packages", str(place.VENV)],
        "The Python environment could not be made. On Debian and Ubuntu it needs the package python3-venv.",
    )


def fill(names: Sequence[str]) -> None:
    """Installs the pinned packages from PyPI. PIP_* variables and pip's configuration files are honoured as always."""
    say("Installing Python packages: " + ", ".join(name_of(text) for text in names) + ".")
    quiet = () if interactive() else ("--quiet", "--quiet")  # a person wants to see a long download move
    call(
        [
            *(str(place.VENV_PYTHON), "-m", "pip", "install", *quiet, "--no-input", "--disable-pip-version-check"),
            *("--constraint", str(place.CONSTRAINTS), *names),
        ],
        "The Python packages could not be installed; pip says why above. Check the network (a proxy or mirror is set by pip's own"
        " PIP_* variables or pip.conf), then run this again: it goes on from here.",
    )


def unpack_support() -> None:
    """PySide carries part of itself as packed source, compiled anew at each start; unpacked, Python keeps it compiled (-12 ms).

    ``SBK_EMBED`` is PySide's own switch for that (its ``signature_bootstrap``); a version without it does nothing.
    """
    command = ["env", "SBK_EMBED=0", str(place.VENV_PYTHON), "-I", "-c", "import PySide6.QtCore"]
    call(command, "Qt cannot be loaded; Python says why above.")


def link_checkout() -> None:
    """Lets the environment's Python import the program from the checkout."""
    for folder in place.VENV.glob("lib/python*/site-packages"):
        (folder / PTH).write_text(f"{place.ROOT}\n", encoding="utf-8")


def call(command: Sequence[str], failure: str) -> None:
    """Runs a command of set-up with its output on standard error; raises Stop with ``failure``."""
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(list(command), env=environment, stdout=2, check=False)
    if done.returncode != 0:
        raise Stop(f"{failure}\nThe command was:\n  {quoted(command)}")
