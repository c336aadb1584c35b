"""Checks of files as text: what must not be in them, their length, the version."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

MAX_LINES = 400
TEXT = {".py", ".pyi", ".md", ".toml", ".txt", ".svg", ".xml", ".po", ".pot", ".sh", ".desktop", ".json", ".in", ".1", ""}
# Written apart, so that this file does not contain what it looks for.
HOSTS = tuple("".join(parts) for parts in (("pypi", ".org"), ("python", "hosted.org"), ("registry.", "npm"), ("index", "-url")))
ALLOWED_INVISIBLE = frozenset("\n\t")
SKIPPED = ("LICENSE", "tests/data/", "build/")


def files(root: Path) -> list[str]:
    """The files that belong to the tree: git's, with new ones that it does not ignore; all files where git cannot tell."""
    command = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        found = (path for path in root.rglob("*") if ".venv" not in path.parts and ".git" not in path.parts)
        return sorted(str(path.relative_to(root)) for path in found if path.is_file())
    names = sorted(set(done.stdout.decode().split("\0")) - {""})
    return [name for name in names if (root / name).is_file()]


def check(root: Path, names: Sequence[str]) -> Iterator[str]:
    """Findings in all text files, as "file:line: sentence"."""
    for name in names:
        if name.startswith(SKIPPED) or Path(name).suffix not in TEXT:
            continue
        try:
            text = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield f"{name}:1: is not UTF-8"
            continue
        yield from in_text(root, name, text)
    yield from version(root)


def in_text(root: Path, name: str, text: str) -> Iterator[str]:
    """Findings in one file."""
    developer_path = re.compile(rf"(?<![\w.]){re.escape(str(root))}(?![\w-])") if len(root.parts) > 2 else None
    for number, line in enumerate(text.split("\n"), start=1):
        hidden = [letter for letter in line if invisible(letter)]
        if hidden:
            yield f"{name}:{number}: invisible character U+{ord(hidden[0]):04X}; write it as an escape"
        if any(host in line for host in HOSTS):
            yield f"{name}:{number}: names a package registry; that belongs to the machine's configuration"
        if developer_path and developer_path.search(line):
            yield f"{name}:{number}: names the folder of this checkout"
    lines = text.count("\n")
    if name.endswith(".py") and lines > MAX_LINES:
        yield f"{name}:1: has {lines} lines, over {MAX_LINES}; it is more than one noun"


def invisible(letter: str) -> bool:
    """Whether a character cannot be seen: controls, formats (bidirectional marks among them), odd spaces."""
    if letter in ALLOWED_INVISIBLE or (letter.isascii() and letter.isprintable()):
        return False
    category = unicodedata.category(letter)
    return category in {"Cc", "Cf", "Co", "Cn", "Zl", "Zp"} or (category == "Zs" and letter != " ")


def version(root: Path) -> Iterator[str]:
    """The version is in app/__init__.py; the newest release of the metainfo must agree."""
    match = re.search(r'^VERSION = "([^"]+)"', (root / "app/__init__.py").read_text(encoding="utf-8"), re.MULTILINE)
    if match is None:
        yield "app/__init__.py:1: has no VERSION"
        return
    metainfo = root / "packaging/linux/io.github.hostelry.Hostelry.metainfo.xml"
    release = re.search(r'<release version="([^"]+)"', metainfo.read_text(encoding="utf-8")) if metainfo.is_file() else None
    if release is not None and release.group(1) != match.group(1):
        yield f"{metainfo.relative_to(root)}:1: newest release {release.group(1)} is not VERSION {match.group(1)}"


def lengths(root: Path, names: Sequence[str]) -> str:
    """One line about the length of the program's files."""
    counted = [((root / name).read_text(encoding="utf-8").count("\n"), name) for name in names if name.endswith(".py")]
    own = sorted(pair for pair in counted if pair[1].startswith(("app/", "ui/")) and pair[0])
    if not own:
        return "no files"
    longest = ", ".join(f"{name} {lines}" for lines, name in own[:-4:-1])
    return f"lengths: {len(own)} files, {sum(lines for lines, _ in own)} lines, median {own[len(own) // 2][0]}, longest {longest}"
