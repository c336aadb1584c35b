"""The schema's engine on one large definition: ``python -m tests.bench.schema [--runs 15] [--disks 100]``.

Medians in milliseconds of CPU time, so that other work on the machine counts little.  The first load is measured in processes of their own; everything else with the schema loaded.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from app.xmldoc import Document
from app.xmldoc.schema import load
from app.xmldoc.schema.completion import complete
from app.xmldoc.schema.folding import breadcrumb, fold_ranges
from app.xmldoc.schema.inspector import Inspector
from app.xmldoc.schema.places import places
from app.xmldoc.schema.tokens import read
from app.xmldoc.schema.validate import Validator
from tests.unit.xmldoc.schema.machines import MINIMAL, big

_COLD = """
import time
from lxml import etree
began = time.process_time()
from app.xmldoc.schema import load
{work}
print((time.process_time() - began) * 1000)
"""
BAR_MS = 150.0


def median(work: Callable[[], object], runs: int) -> float:
    """Milliseconds; the first run is not counted.  The text is read anew each time, as after a key was pressed."""
    work()
    times = []
    for _run in range(runs):
        read.cache_clear()
        began = time.process_time()
        work()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def cold(work: str, runs: int) -> float:
    """Milliseconds in a fresh Python that has lxml, with the import of the engine."""
    times = [
        float(subprocess.run([sys.executable, "-c", _COLD.format(work=work)], capture_output=True, text=True, check=True).stdout)
        for _run in range(runs)
    ]
    return statistics.median(times)


def main() -> None:
    """Prints one line for each measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--disks", type=int, default=100, help="times ten lines")
    options = parser.parse_args()
    text = big(options.disks)
    broken = text.replace("bus='virtio'", "bus='virtuous'", 1).replace("<model type='virtio'/>", "<modell/>", 1)
    schema, validator, document = load(), Validator(load()), Document.parse(text)
    inspector, disk = Inspector(document, schema), document.find_all("devices/disk")[options.disks // 2]
    offset = text.index("<target", len(text) // 2)
    print(f"{len(text.splitlines())} lines; bar {BAR_MS:.0f} ms")
    measures: dict[str, float] = {
        "load, first time": cold("load()", 5),
        "load and every place, first time": cold("from app.xmldoc.schema.places import places; places(load())", 5),
        "every place": median(lambda: places(schema), options.runs),
        "validate, legal": median(lambda: validator.problems(text), options.runs),
        "validate, two faults": median(lambda: validator.problems(broken), options.runs),
        "validate, not well-formed": median(lambda: validator.problems(text[:-20]), options.runs),
        "rows of a disk": median(lambda: inspector.rows(disk), options.runs),
        "rows of the domain": median(lambda: inspector.rows(document.root), options.runs),
        "rows of the devices": median(lambda: inspector.rows(document.root[-1]), options.runs),
        "complete an element": median(lambda: complete(schema, text[:offset] + "<" + text[offset:], offset + 1), options.runs),
        "complete an attribute": median(lambda: complete(schema, text, offset + 8), options.runs),
        "folds": median(lambda: fold_ranges(text), options.runs),
        "breadcrumb": median(lambda: breadcrumb(text, offset), options.runs),
        "reach a place": median(lambda: Inspector(Document.parse(MINIMAL), schema).reach("domain/devices/disk/source/@pool"), options.runs),
    }
    for name, value in measures.items():
        print(f"{name:36}{value:8.1f}{'' if value < BAR_MS else '   OVER THE BAR'}")


if __name__ == "__main__":
    main()
