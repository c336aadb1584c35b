"""``packaging/translations``: extract the texts, bring the catalogues up to date, compile them."""

from __future__ import annotations

import argparse
import sys

from prepare import catalogues, place
from prepare.terminal import Stop, say


def main(arguments: list[str]) -> int:
    """Runs the command; gives the exit code."""
    parser = argparse.ArgumentParser(prog="packaging/translations", description=__doc__)
    parser.add_argument("--compile", action="store_true", help="only compile the catalogues")
    parser.add_argument("--new", metavar="LANGUAGE", help="begin a catalogue, such as de or pt_BR")
    options = parser.parse_args(arguments)
    try:
        work(options)
    except FileNotFoundError as error:
        say(f"“{error.filename}” is not there. Install your distribution's gettext package and run this again.")
        return 2
    except Stop as stop:
        say(str(stop))
        return stop.code
    return 0


def work(options: argparse.Namespace) -> None:
    """Does what the options ask."""
    if not options.compile:
        catalogues.extract()
    if options.new:
        target = place.TRANSLATIONS / f"{options.new}.po"
        names = [f"--locale={options.new}.UTF-8", f"--input={catalogues.TEMPLATE}", f"--output-file={target}"]
        catalogues.tool(["msginit", "--no-translator", "--no-wrap", *names])
    for catalogue in sorted(place.TRANSLATIONS.glob("*.po")):
        if not options.compile:
            catalogues.update(catalogue)
        print(f"{catalogue.name}: {catalogues.statistics(catalogue)}", file=sys.stderr)
    catalogues.compile_all()
