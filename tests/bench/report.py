"""Pairs of outcomes, their ratios, and the table that is printed."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.bench.probe import Outcome

Reader = Callable[[Outcome], float | None]

MEASURES: dict[str, Reader] = {
    "window painted, s": lambda o: o.painted_s,
    "list filled, s": lambda o: o.loaded_s,
    "CPU until filled, s": lambda o: o.cpu_to_loaded_s or None,
    "memory, MiB": lambda o: o.rss_mib or None,
    "idle CPU, %": lambda o: o.idle_cpu_percent,
    "worst answer while loading, ms": lambda o: o.loading.max if o.loading.n else None,
    "answer when idle, p99 ms": lambda o: o.idle.p99 if o.idle.n else None,
    "worst answer when idle, ms": lambda o: o.idle.max if o.idle.n else None,
    "worst answer in the fault, ms": lambda o: o.act.max if o.act.n else None,
    "key to paint, median ms": lambda o: o.key_to_paint.p50 if o.key_to_paint.n else None,
    "key to paint, worst ms": lambda o: o.key_to_paint.max if o.key_to_paint.n else None,
}


@dataclass
class Case:
    """Outcomes of one case, by program, in the order of the runs."""

    name: str
    runs: dict[str, list[Outcome]] = field(default_factory=dict)

    def add(self, program: str, outcome: Outcome) -> None:
        self.runs.setdefault(program, []).append(outcome)

    def values(self, program: str, measure: str) -> list[float]:
        read = MEASURES[measure]
        return [value for outcome in self.runs.get(program, []) if (value := read(outcome)) is not None]

    def ratios(self, measure: str) -> list[float]:
        """Ours over virt-manager's, run by run."""
        pairs = zip(self.values("hostelry", measure), self.values("virt-manager", measure), strict=False)
        return [ours / theirs for ours, theirs in pairs if theirs]


def markdown(cases: list[Case]) -> str:
    """One table a case: medians, the median of the paired ratios and their range."""
    parts = []
    for case in cases:
        counts = ", ".join(f"{name}: {len(runs)} runs" for name, runs in case.runs.items())
        parts.append(f"### {case.name}\n\n{counts}\n\n| measure | virt-manager | Hostelry | ratio (range) |\n|---|---|---|---|")
        parts.extend(_row(case, measure) for measure in MEASURES if case.values("hostelry", measure))
        parts.append("")
    return "\n".join(parts)


def _row(case: Case, measure: str) -> str:
    ratios = case.ratios(measure)
    spread = f"**{statistics.median(ratios):.3f}** ({min(ratios):.3f}–{max(ratios):.3f})" if ratios else "–"
    return f"| {measure} | {_median(case.values('virt-manager', measure))} | {_median(case.values('hostelry', measure))} | {spread} |"


def _median(values: list[float]) -> str:
    return f"{statistics.median(values):.3g}" if values else "–"
