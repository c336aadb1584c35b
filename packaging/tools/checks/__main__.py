"""Checks of this house that no linter makes: ``python packaging/tools/checks``; part of ``packaging/test lint``."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

from checks import calls, tree  # noqa: E402  the path comes first


def main() -> int:
    """Prints every finding; gives 1 if there is any."""
    root = Path(__file__).resolve().parents[3]
    files = tree.files(root)
    findings = [*tree.check(root, files), *calls.check(root, files)]
    for finding in findings:
        print(finding)
    print(f"house checks: {len(files)} files, {len(findings)} findings")
    print(tree.lengths(root, files))
    return 1 if findings else 0


sys.exit(main())
