"""Catalogues of translations: extraction of the texts, merging, compilation, through GNU gettext's tools."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from prepare import place
from prepare.terminal import Stop, say

DOMAIN = "hostelry"
TEMPLATE = place.TRANSLATIONS / f"{DOMAIN}.pot"
KEYWORDS = ("_", "N_", "ngettext:1,2", "pgettext:1c,2")


def sources(root: Path = place.ROOT) -> list[str]:
    """The files with texts, relative to ``root``, sorted so that the template changes only with the texts."""
    return sorted(str(path.relative_to(root)) for top in ("app", "ui") for path in (root / top).rglob("*.py"))


def version() -> str:
    """The program's version, from the one place that has it."""
    text = (place.ROOT / "app" / "__init__.py").read_text(encoding="utf-8")
    match = re.search(r'^VERSION = "([^"]+)"', text, re.MULTILINE)
    return match.group(1) if match else ""


def extract(template: Path = TEMPLATE) -> None:
    """Writes the template of all texts."""
    command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--sort-by-file", "--add-comments=Translators:"]
    command += ["--keyword", *(f"--keyword={word}" for word in KEYWORDS), "--no-wrap", "--add-location=file"]
    command += [f"--package-name={DOMAIN}", f"--package-version={version()}", "--files-from=-", f"--output={template}"]
    tool(command, "\n".join(sources()))
    text = template.read_text(encoding="utf-8").replace("charset=CHARSET", "charset=UTF-8")
    # A date would make every extraction a change.
    template.write_text(re.sub(r'^"POT-Creation-Date: .*\n', "", text, flags=re.MULTILINE), encoding="utf-8")


def update(catalogue: Path, template: Path = TEMPLATE) -> None:
    """Merges new and changed texts into a catalogue; nothing is guessed, so no text is fuzzy."""
    tool(["msgmerge", "--quiet", "--update", "--backup=none", "--no-fuzzy-matching", "--no-wrap", str(catalogue), str(template)])
    tool(["msgattrib", "--no-obsolete", "--no-wrap", f"--output-file={catalogue}", str(catalogue)])


def compiled(catalogue: Path) -> Path:
    """Where Python's gettext looks for the compiled form of ``catalogue`` (LANGUAGE.po)."""
    return catalogue.parent / catalogue.stem / "LC_MESSAGES" / f"{DOMAIN}.mo"


def compile_all(folder: Path = place.TRANSLATIONS) -> list[Path]:
    """Compiles every catalogue whose compiled form is older; raises FileNotFoundError without gettext."""
    made = []
    for catalogue in sorted(folder.glob("*.po")):
        target = compiled(catalogue)
        if not target.exists() or target.stat().st_mtime < catalogue.stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            tool(["msgfmt", "--check", f"--output-file={target}", str(catalogue)])
            made.append(target)
    return made


def bring_up_to_date() -> None:
    """Compiles what is older than its source; without gettext, or with a broken catalogue, the program speaks English there."""
    try:
        compile_all()
    except FileNotFoundError:
        say("gettext's msgfmt is not installed: the program may speak English only.")
    except Stop as stop:
        say(str(stop))


def statistics(catalogue: Path) -> str:
    """How much of a catalogue is translated, in gettext's words."""
    return tool(["msgfmt", "--check", "--statistics", "--output-file=/dev/null", str(catalogue)]).strip()


def tool(command: list[str], standard_input: str = "") -> str:
    """Runs one of gettext's tools in the checkout; gives what it said; raises Stop if it failed."""
    done = subprocess.run(command, cwd=place.ROOT, input=standard_input, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()
        raise Stop(f"{command[0]} refused: {said}\nMend the line that it names and run this again.")
    return done.stderr
