"""Nothing stays, also when the owner of a world dies without a word."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab import hosts
from tests.lab.keeper import CGROUP, start_time
from tests.lab.nest import Nest, sweep, wait_for
from tests.lab.world import SessionWorld, World

OWNER = """
import sys, time
from tests.lab import guests, hosts, world
made = (hosts.RootHost if sys.argv[1] == "root" else world.SessionWorld)("doomed").open()
pid = guests.define_boot_sector(made).start().qemu_pid()
print(made.root, made.daemon_pid, pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("kind", ["session", "root"])
def test_a_killed_test_run_leaves_nothing(kind: str) -> None:
    if kind == "root" and (reason := hosts.why_not()):
        pytest.skip(reason)
    with subprocess.Popen([sys.executable, "-c", OWNER, kind], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        folder, *pids = owner.stdout.readline().split()
        owner.send_signal(signal.SIGKILL)
    wait_for(lambda: not Path(folder).exists(), "the world's folder to go")
    assert [pid for pid in pids if start_time(int(pid))] == []
    assert list(CGROUP.glob(f"*/hostelry-{Path(folder).name}")) == []


def test_closing_ends_the_daemon_and_removes_the_folder() -> None:
    with SessionWorld() as session:
        pid, folder = session.daemon_pid, session.root
        assert len(str(session.socket)) < 108
    assert start_time(pid) is None
    assert not folder.exists()


def test_a_nest_whose_keeper_was_killed_is_swept() -> None:
    nest = Nest("lost").start_keeper()
    sleeper = nest.spawn(["sleep", f"{600}"], {"PATH": os.environ["PATH"], "NEST": f"{nest.root}/"})
    keeper = json.loads((nest.root / "keeper.pid").read_text())[0]
    os.kill(nest.inner_pid, signal.SIGSTOP)  # it must not tidy up by itself
    os.kill(keeper, signal.SIGKILL)
    os.kill(nest.inner_pid, signal.SIGKILL)
    config = json.loads((nest.root / "keeper.json").read_text())
    (nest.root / "keeper.json").write_text(json.dumps(config | {"owner": [1, 0]}))  # the owner is gone as well
    wait_for(lambda: start_time(keeper) is None, "the keeper to be gone")
    assert nest.root in sweep()
    wait_for(lambda: start_time(sleeper) is None, "what it had started to be gone")
    nest.close()


def test_a_living_world_is_not_swept(session_world: World) -> None:
    assert session_world.root not in sweep()
    assert session_world.domains() == []
