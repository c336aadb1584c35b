"""Checks of the program's syntax trees: icons that exist, texts that can be translated, calls that the house does not make."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

TRANSLATORS = {"_", "N_", "ngettext"}
ICON_CALLS = {"icon", "own_icon"}
ICON_KEYWORDS = {"icon", "icon_name"}
# In ui alone: app has no ui.aio, and its job runner and actions await what they start.
FORBIDDEN = {
    "processEvents": "starves the loop of its order; await instead",
    "setStyleSheet": "fixes colours; use the palette and the theme",
    "create_task": "loses its errors; use ui.aio.spawn",
    "ensure_future": "loses its errors; use ui.aio.spawn",
}


def check(root: Path, names: Sequence[str]) -> Iterator[str]:
    """Findings in the program's own Python files, as "file:line: sentence"."""
    icons = {path.stem for path in (root / "resources" / "icons").rglob("*.svg")}
    for name in names:
        if not name.endswith(".py") or not name.startswith(("app/", "ui/")):
            continue
        tree = ast.parse((root / name).read_text(encoding="utf-8"), filename=name)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for finding in (*icon(node, icons), *text(node), *forbidden(node, name)):
                    yield f"{name}:{node.lineno}: {finding}"


def called(node: ast.Call) -> str:
    """The last name of what is called: "icon" for ``icons.icon(...)``."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def literal(node: ast.expr) -> str | None:
    """The text of a string literal."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def icon(node: ast.Call, icons: set[str]) -> Iterator[str]:
    """Icons by a literal name that have no SVG."""
    given = [keyword.value for keyword in node.keywords if keyword.arg in ICON_KEYWORDS]
    if called(node) in ICON_CALLS:
        given += node.args[:1]
    for value in given:
        name = literal(value)
        if name and name not in icons:
            yield f"icon “{name}” has no SVG in resources/icons"


def text(node: ast.Call) -> Iterator[str]:
    """Texts that extraction cannot see or translators cannot translate."""
    if not isinstance(node.func, ast.Name) or node.func.id not in TRANSLATORS:
        return
    for argument in node.args[: 2 if node.func.id == "ngettext" else 1]:
        if isinstance(argument, ast.JoinedStr):
            yield "an f-string cannot be translated; use .format() on the translated text"
        if isinstance(argument, ast.BinOp):
            yield "a put-together text cannot be translated; write the whole sentence"
        if isinstance(argument, ast.Call) and called(argument) == "format":
            yield "format() goes outside of the translation"
        if node.func.id != "_" and literal(argument) is None and not isinstance(argument, (ast.JoinedStr, ast.BinOp, ast.Call)):
            yield f"{node.func.id}() needs a literal text"


def forbidden(node: ast.Call, name: str) -> Iterator[str]:
    """Calls that this house does not make."""
    word = called(node)
    if word in FORBIDDEN and name.startswith("ui/") and name != "ui/aio.py":
        yield f"{word}() {FORBIDDEN[word]}"
