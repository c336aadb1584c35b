"""What is missing from the distribution, and its installation."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from prepare import place
from prepare.distribution import Family, family_of, read_os_release, title_of
from prepare.terminal import Stop, agree, quoted, say

APT_LISTS = Path("/var/lib/apt/lists")
PACMAN_LISTS = Path("/var/lib/pacman/sync")


@dataclass(frozen=True)
class Capability:
    """One row of packages.toml. ``purpose`` is one of `place.PURPOSES`; ``names`` maps a family to its package expressions."""

    name: str
    why: str
    purpose: str
    names: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Gap:
    """A capability that lacks packages: each inner tuple is one package or alternatives in order of preference."""

    capability: Capability
    wanted: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...] = ()


def load_table(path: Path = place.PACKAGES) -> tuple[Capability, ...]:
    """The rows of packages.toml in their order."""
    rows = place.read_toml(path)["capability"]
    families = ("debian", "fedora", "arch")
    return tuple(Capability(row["name"], row["why"], row["for"], {f: tuple(row[f]) for f in families}) for row in rows)


def needed(table: Iterable[Capability], purpose: str) -> tuple[Capability, ...]:
    """The rows that ``purpose`` needs: tests need what the program needs, and more; benches need both, and more."""
    return tuple(row for row in table if place.PURPOSES.index(row.purpose) <= place.PURPOSES.index(purpose))


def alternatives(expression: str) -> tuple[str, ...]:
    """The names in "a | b" or "a?"."""
    return tuple(name.strip().rstrip("?") for name in expression.split("|"))


def all_names(rows: Iterable[Capability], family: str) -> tuple[str, ...]:
    """Every package name that the rows mention for ``family``, each once."""
    return tuple(dict.fromkeys(name for row in rows for text in row.names[family] for name in alternatives(text)))


def parse_installed(family: str, asked: Sequence[str], output: str) -> frozenset[str]:
    """The installed ones of ``asked``, from the output of the family's query."""
    if family == "arch":  # pacman --deptest prints what is NOT satisfied
        return frozenset(asked) - frozenset(output.split())
    lines = (line.split() for line in output.splitlines())
    return frozenset(words[1] for words in lines if len(words) == 2 and words[0] == "installed")


def installed(family: Family, names: Sequence[str]) -> frozenset[str]:
    """Which of ``names`` are installed now."""
    done = subprocess.run([*family.query, *names], capture_output=True, text=True, check=False)
    return parse_installed(family.name, names, done.stdout)


def gaps(rows: Iterable[Capability], family: str, there: frozenset[str]) -> tuple[Gap, ...]:
    """The rows of which something is missing, given the names that are ``there``."""
    found = []
    for row in rows:
        lacking = [text for text in row.names[family] if not there.intersection(alternatives(text))]
        if lacking:
            optional = tuple(alternatives(text)[0] for text in lacking if text.endswith("?"))
            wanted = tuple(alternatives(text) for text in lacking)
            found.append(Gap(row, wanted, optional))
    return tuple(found)


def offered(family: Family, name: str) -> bool:
    """Whether the distribution has a package of this name (Debian only: elsewhere the table has no doubtful names)."""
    if family.name != "debian":
        return True
    done = subprocess.run(["apt-cache", "show", name], capture_output=True, check=False)
    return done.returncode == 0


def resolve(gap: Gap, has: Callable[[str], bool]) -> tuple[str, ...]:
    """The package names to install for ``gap``: of alternatives the first offered, of optional ones only what is offered."""
    chosen = []
    for names in gap.wanted:
        first = next((name for name in names if has(name)), None)
        if first is not None:
            chosen.append(first)
        elif names[0] not in gap.optional:
            chosen.append(names[0])  # the package manager will name it in its error
    return tuple(chosen)


def as_root(command: Sequence[str]) -> list[str]:
    """``command`` as root: as it is for root, through sudo for others."""
    return list(command) if os.geteuid() == 0 else ["sudo", *command]


def run_manager(command: Sequence[str]) -> bool:
    """Runs the package manager; its own output goes to standard error. Gives whether it succeeded."""
    # sudo drops variables, so this one is set behind it.
    full = ["env", "DEBIAN_FRONTEND=noninteractive", *command] if command[0] == "apt-get" else command
    try:
        return subprocess.run(as_root(full), stdout=2, check=False).returncode == 0
    except FileNotFoundError as error:
        raise Stop(f"“{error.filename}” is not there. Install what is listed above as root, then run this again.") from error


def lists_missing(family: Family) -> bool:
    """Whether the package manager has never fetched its lists here, as in a fresh container."""
    if family.name == "debian":
        return not any(APT_LISTS.glob("*_Packages*"))
    return family.name == "arch" and not any(PACMAN_LISTS.glob("*.db"))


def ensure(purpose: str, *, yes: bool, no_install: bool) -> None:
    """Makes sure that everything from the distribution is there, asking first; raises Stop where it cannot."""
    rows = needed(load_table(), purpose)
    release = read_os_release()
    family = family_of(release)
    if family is None and no_install:
        return
    if family is None:
        raise Stop(unknown(rows, title_of(release)), code=2)
    found = gaps(rows, family.name, installed(family, all_names(rows, family.name)))
    if any(resolvable(gap) for gap in found) or (found and must_install(family, found)):
        install(family, found, yes=yes, no_install=no_install)


def resolvable(gap: Gap) -> bool:
    """Whether the gap holds anything that is not optional."""
    return any(names[0] not in gap.optional for names in gap.wanted)


def must_install(family: Family, found: Sequence[Gap]) -> bool:
    """Whether the distribution offers one of the optional packages that are missing."""
    return any(resolve(gap, lambda name: offered(family, name)) for gap in found)


def install(family: Family, found: Sequence[Gap], *, yes: bool, no_install: bool) -> None:
    """Says what is missing and why, asks, and installs it."""
    if lists_missing(family) and family.refresh and not no_install:
        say("Fetching the distribution's list of packages, which this machine does not have yet.")
        run_manager(family.refresh)
    by_gap = [(gap, resolve(gap, lambda name: offered(family, name))) for gap in found]
    by_gap = [(gap, names) for gap, names in by_gap if names]
    packages = list(dict.fromkeys(name for _, names in by_gap for name in names))
    command = [*family.install, *packages]
    say("Missing from the distribution:")
    for gap, names in by_gap:
        say(f"  {gap.capability.name}: {gap.capability.why} ({' '.join(names)})")
    if no_install:
        say("Nothing is installed because of --no-install. The command would be:\n  " + quoted(as_root(command)))
        return
    if not agree(f"Install these {len(packages)} packages with {family.install[0]}?", yes=yes):
        raise Stop("Nothing was installed. To install them yourself:\n  " + quoted(as_root(command)), code=2)
    carry_out(family, command)


def carry_out(family: Family, command: Sequence[str]) -> None:
    """Installs; once more with fresh lists if that fails, because old lists name files that are gone."""
    if run_manager(command):
        return
    if family.refresh:
        say("That failed; fetching the list of packages anew and trying once more.")
        if run_manager(family.refresh) and run_manager(command):
            return
    raise Stop(
        "The packages could not be installed; the package manager says why above. Check the network and the package sources,"
        " then run this again, or install them yourself:\n  " + quoted(as_root(command))
    )


def unknown(rows: Iterable[Capability], title: str) -> str:
    """What a person on an unknown distribution needs to find there, by Debian's and Fedora's names."""
    lines = [f"Hostelry does not know the packages of {title}. It needs:"]
    for row in rows:
        lines.append(f"  {row.name}: {row.why}")
        lines.append(f"      Debian: {' '.join(row.names['debian'])}\n      Fedora: {' '.join(row.names['fedora'])}")
    lines.append("Install these with your package manager, then run this again with --no-install.")
    return "\n".join(lines)
