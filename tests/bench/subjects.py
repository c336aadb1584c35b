"""The programs that the manager's benchmark compares: how each is set up, started and watched."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.bench.desk import Desk
from tests.bench.probe import Watch

ROOT = Path(__file__).resolve().parents[2]

VIRT_MANAGER_SETTINGS = """[org/virt-manager/virt-manager]
manager-window-width=900
manager-window-height=1000

[org/virt-manager/virt-manager/connections]
uris=['{uri}']
autoconnect=['{uri}']
"""

VIRT_MANAGER_ALL_STATS = """
[org/virt-manager/virt-manager/stats]
update-interval=1
enable-cpu-poll=true
enable-disk-poll=true
enable-net-poll=true
enable-memory-poll=true

[org/virt-manager/virt-manager/vmlist-fields]
cpu-usage=true
host-cpu-usage=true
memory-usage=true
disk-usage=true
network-traffic=true
"""


@dataclass(frozen=True)
class Start:
    """A program ready to start."""

    command: list[str]
    env: dict[str, str]
    watch: Watch


def virt_manager(desk: Desk, uri: str, *, all_stats: bool = False) -> Start:
    """Normal start with the connection stored and autoconnected; its own log says when the list is filled."""
    folder = desk.home / ".config/glib-2.0/settings"
    folder.mkdir(parents=True, exist_ok=True)
    text = VIRT_MANAGER_SETTINGS.format(uri=uri) + (VIRT_MANAGER_ALL_STATS if all_stats else "")
    (folder / "keyfile").write_text(text)
    cache = desk.home / ".cache/virt-manager"
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(parents=True)
    watch = Watch("Virtual Machine Manager", cache / "virt-manager.log", r"changed to state=Active")
    return Start(["/usr/bin/virt-manager", "--no-fork"], desk.env, watch)


def hostelry(desk: Desk, uri: str, *, all_stats: bool = False) -> Start:
    """This program with the connection given on the command line; the trace file says when the list is painted."""
    for folder in (".config/hostelry", ".local/state/hostelry", ".cache/hostelry"):
        shutil.rmtree(desk.home / folder, ignore_errors=True)
    if all_stats:
        config = desk.home / ".config/hostelry"
        config.mkdir(parents=True)
        (config / "settings.json").write_text('{"stats.interval_s": 1}')
    trace = desk.home / "trace.log"
    trace.write_text("")
    env = desk.env | {"HOSTELRY_TRACE": str(trace), "PYTHONPATH": str(ROOT)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "ui.main", "--connect", uri]
    return Start(command, env, Watch("Hostelry", trace, r"loaded rows=\d+"))


AVAILABLE = {"virt-manager": virt_manager, "hostelry": hostelry}
