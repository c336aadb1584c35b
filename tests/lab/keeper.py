"""Keeps one lab world alive and takes it down when its owner ends, however it ends.

Run as a script (`python -I -S keeper.py CONFIG.json`), standard library only. Two processes:

* **inner** enters the world's namespaces (root hosts only), starts the daemons when told and adopts every orphan
  (PR_SET_CHILD_SUBREAPER): libvirt waits at "destroy" until the PID is gone, and an init that reaps late makes each stop slow.
  It reads one JSON request a line from stdin; the end of stdin, or the death of the owner, ends the world.
* **outer** waits for inner, kills whatever is left and removes the control groups and the folder.

Requests: {"op": "spawn", "argv": [...], "env": {...}|null, "user": uid|null, "log": path|absent} -> {"pid": n};
{"op": "run", "argv": [...]} -> {"rc": n, "out": text}; {"op": "quit"}.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWNET = 0x20000, 0x02000000, 0x04000000, 0x40000000
CGROUP = Path("/sys/fs/cgroup")
LIBC = ctypes.CDLL(None, use_errno=True)

Config = dict[str, Any]


def start_time(pid: int) -> int | None:
    """The start time of a process in clock ticks since boot (proc(5), field 22), or None when it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def descendants(root: int) -> list[int]:
    """The living processes below `root`, zombies left out."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except (OSError, ValueError):
                continue
            children.setdefault(int(parent), []).append(int(entry.name) if state not in "ZX" else -int(entry.name))
    found: list[int] = []
    todo = [root]
    while todo:
        below = children.get(abs(todo.pop()), [])
        found += [pid for pid in below if pid > 0]
        todo += below
    return found


def kill_all_below(root: int, spare: int = 0) -> None:
    """SIGKILL for every descendant until there is none; a stopped process dies of it too."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        left = [pid for pid in descendants(root) if pid != spare]
        if not left:
            return
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        reap()
        time.sleep(0.01)


def reap() -> None:
    """Collects every dead child."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def check(result: int, what: str) -> None:
    """Raises OSError when a libc call gave -1."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def command(*argv: str) -> None:
    """Runs a set-up command; its own words go into the error."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"{' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")


# -- namespaces of a root host --------------------------------------------------------------------------------------------


def cgroup_controllers() -> list[str]:
    """Controllers mounted the v1 way, each in its own folder; none on a machine with the unified hierarchy alone."""
    names = ("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "systemd")
    return [name for name in names if (CGROUP / name / "cgroup.procs").exists()]


def join_cgroups(cfg: Config) -> None:
    """A subtree of our own: two hosts would otherwise share /machine/qemu-1-NAME."""
    for controller in cfg["cgroups"]:
        folder = CGROUP / controller / cfg["cgroup_name"]
        folder.mkdir(exist_ok=True)
        if controller == "cpuset":
            for name in ("cpuset.cpus", "cpuset.mems"):  # empty at birth, and then no process may enter
                (folder / name).write_text((CGROUP / "cpuset" / name).read_text())
        (folder / "cgroup.procs").write_text(str(os.getpid()))


def remove_cgroups(cfg: Config) -> None:
    """Removes our subtree; a group is busy for a moment after its last process."""
    for controller in cfg["cgroups"]:
        top = CGROUP / controller / cfg["cgroup_name"]
        for attempt in range(50):
            for folder, _, _ in os.walk(top, topdown=False):
                with contextlib.suppress(OSError):
                    Path(folder).rmdir()
            if not top.exists() or attempt == 49:
                break
            time.sleep(0.02)


def enter_namespaces(cfg: Config) -> None:
    """Own mounts, network, host name and control groups; what libvirt has compiled in becomes the world's folders."""
    root = Path(cfg["root"])
    check(LIBC.unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWCGROUP), "unshare")
    name = cfg["name"].encode()
    check(LIBC.sethostname(name, len(name)), "sethostname")
    command("mount", "--make-rprivate", "/")
    for source, target in cfg["binds"]:
        if not Path(target).exists():
            Path(target).mkdir(parents=True, exist_ok=True)
        command("mount", "--bind", source, target)
    hide_bus()
    mount_sys(cfg, root / "cg")
    command("ip", "link", "set", "lo", "up")


def hide_bus() -> None:
    """Without the system bus no machined, firewalld or polkit of the real machine takes part."""
    if Path("/run/dbus").is_dir():
        command("mount", "-t", "tmpfs", "-o", "mode=755,size=64k", "lab-no-bus", "/run/dbus")


def mount_sys(cfg: Config, keep: Path) -> None:
    """A fresh sysfs shows this network namespace's /sys/class/net; control groups start at our subtree, or are absent."""
    if cfg["cgroups"]:
        keep.mkdir(exist_ok=True)
        command("mount", "--rbind", str(CGROUP), str(keep))
    if CGROUP.is_dir():
        subprocess.run(("umount", "-R", "-l", str(CGROUP)), capture_output=True, check=False)
    command("mount", "-t", "sysfs", "sysfs", "/sys")
    if not cfg["cgroups"]:
        return
    command("mount", "-t", "tmpfs", "-o", "mode=755", "lab-cgroup", str(CGROUP))
    for controller in cfg["cgroups"]:
        (CGROUP / controller).mkdir()
        command("mount", "--bind", str(keep / controller / cfg["cgroup_name"]), str(CGROUP / controller))
    command("umount", "-l", str(keep))


# -- the two processes ----------------------------------------------------------------------------------------------------


def spawn(request: Config, cfg: Config) -> Config:
    """Starts a program in the world, in its own session, its output appended to a log."""
    with Path(request.get("log") or Path(cfg["root"]) / "log/boot.log").open("ab") as log:
        extra: dict[str, Any] = {}
        if request.get("user") is not None:
            extra = {"user": request["user"], "group": cfg["gid"], "extra_groups": cfg["groups"]}
        child = subprocess.Popen(
            request["argv"],
            env=request.get("env"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd="/",
            umask=0o022,
            restore_signals=True,
            **extra,
        )
    child.returncode = 0  # reap() collects it: Popen must not wait for it nor warn about it
    return {"pid": child.pid}


def run(request: Config, cfg: Config) -> Config:
    """Runs a short command in the world and gives its result."""
    done = subprocess.run(request["argv"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd="/")
    return {"rc": done.returncode, "out": done.stdout + done.stderr}


OPERATIONS: dict[str, Callable[[Config, Config], Config]] = {"spawn": spawn, "run": run}


def answer(line: str, cfg: Config) -> Config:
    """Does one request; an error becomes {"error": text}."""
    try:
        request = json.loads(line)
        return OPERATIONS[request["op"]](request, cfg)
    except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


def serve(cfg: Config) -> None:
    """Answers requests and adopts orphans until stdin ends, "quit" comes or the owner is gone."""
    wake_r, wake_w = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake_w, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    pending = b""
    while start_time(cfg["owner"][0]) == cfg["owner"][1]:
        ready = select.select([0, wake_r], [], [], 1.0)[0]
        if wake_r in ready:
            os.read(wake_r, 4096)
            reap()
        if 0 in ready:
            data = os.read(0, 65536)
            pending += data
            if not data or b'"quit"' in pending:
                return
            *lines, pending = pending.split(b"\n")
            for line in lines:
                say(answer(line.decode(), cfg))


def say(message: Config) -> None:
    """One JSON line to the owner; an owner that is gone is not an error here."""
    with contextlib.suppress(OSError):
        os.write(1, json.dumps(message).encode() + b"\n")


def inner(cfg: Config) -> None:
    """The process inside the world."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        if cfg["isolated"]:
            enter_namespaces(cfg)
    except OSError as error:
        say({"error": str(error)})
        return
    say({"ready": os.getpid()})
    serve(cfg)
    kill_all_below(os.getpid())


def remove_folder(cfg: Config) -> None:
    """The world's folder goes, unless the owner wants to look at it. Mounts below it are never followed."""
    if not cfg.get("keep"):
        for line in reversed(Path("/proc/mounts").read_text().splitlines()):
            mounted = line.split()[1]
            if mounted.startswith(cfg["root"] + "/"):
                subprocess.run(("umount", "-l", mounted), capture_output=True, check=False)
        shutil.rmtree(cfg["root"], ignore_errors=True)


def main() -> None:
    """Starts inner and stays as outer."""
    cfg: Config = json.loads(Path(sys.argv[1]).read_text())
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # not SIG_IGN, which the daemons would inherit
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if cfg["cgroups"]:
        join_cgroups(cfg)
    child = os.fork()
    if child == 0:
        try:
            inner(cfg)
        finally:
            os._exit(0)
    os.close(0)
    while True:
        try:
            if os.wait()[0] == child:
                break
        except ChildProcessError:
            break
    kill_all_below(os.getpid())
    if cfg["cgroups"]:
        for controller in cfg["cgroups"]:
            (CGROUP / controller / "cgroup.procs").write_text(str(os.getpid()))
    remove_cgroups(cfg)
    remove_folder(cfg)


if __name__ == "__main__":
    main()
