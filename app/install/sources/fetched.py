"""An installer in the network whose kernel is fetched when the machine is made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from app.install.bench import Bench
from app.install.plan import Plan
from app.install.sources.plain import Tree
from app.install.tree import record
from app.install.tree.boot import fetch_boot


@dataclass(frozen=True, slots=True)
class FetchedTree(Tree):
    """found: the tree; until it is prepared, ``kernel`` and ``initrd`` are addresses."""

    found: record.Tree = field(default_factory=lambda: record.Tree("", "", ""))

    async def prepare(self, bench: Bench, plan: Plan) -> Plan:
        """Downloads both (the cache may have them), then as every tree."""
        boot = await fetch_boot(self.found, bench.job)
        bench.stop_point()
        local = replace(self, kernel=str(boot.kernel.path), initrd=str(boot.initrd.path))
        return await Tree.prepare(local, bench, replace(plan, source=local))
