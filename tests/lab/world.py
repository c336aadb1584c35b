"""Worlds: a folder, a libvirt daemon of its own, and everything that belongs to it.

`World` is what session worlds (here) and root hosts (`hosts`) share. Use as a context manager:

    with SessionWorld() as world:
        world.virsh("list", "--all")
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import uuid
from pathlib import Path
from typing import Any, Self

from tests.lab import cache
from tests.lab.keeper import start_time
from tests.lab.nest import LabError, Nest, find_program, missing_programs, sweep, wait_for

__all__ = [
    "LabError",
    "SessionWorld",
    "World",
    "find_program",
    "missing_programs",
    "repair_kvm_node",
    "sweep",
    "unprivileged_user",
    "wait_for",
]


class World(Nest):
    """One libvirt daemon with its own folders. Nothing outside `root` is touched; closing it leaves nothing behind."""

    kind = "session"
    """"session" or "system": the path of its URIs."""

    def __init__(self, name: str = "lab") -> None:
        super().__init__(name)
        self.images = self.root / "images"
        """A folder that its QEMU can use, at the same path inside and outside."""
        self.daemon_pid = 0
        self.host_uuid = str(uuid.uuid4())

    # -- to be given by the kinds --

    @property
    def socket(self) -> Path:
        """libvirt's read-write socket, seen from outside."""
        raise NotImplementedError

    def _prepare(self) -> dict[str, Any]:
        """Makes folders and configuration; gives the keeper's settings of this kind."""
        raise NotImplementedError

    def _daemon_command(self) -> tuple[list[str], dict[str, str] | None]:
        """How to start libvirtd: its command line and environment."""
        raise NotImplementedError

    # -- life --

    def open(self) -> Self:
        """Starts it; on an error nothing stays."""
        try:
            self.images.mkdir()
            self.start_keeper(**self._prepare())
            self._seed_capabilities()
            self.start_daemon()
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Ends its guests and daemons and removes its folder; returns when all of that is gone."""
        self._save_capabilities()
        super().close()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    _spawn_user: int | None = None

    def spawn(
        self, argv: list[str], env: dict[str, str] | None = None, *, log: Path | None = None, user: int | None = None
    ) -> int:
        """Starts a program on this world: within a root host's namespaces, or as a session world's user. See `Nest.spawn`."""
        return super().spawn(argv, env, log=log, user=self._spawn_user if user is None else user)

    # -- the daemon --

    def start_daemon(self) -> None:
        """Starts libvirtd (again) in its old surroundings; guests that ran go on. Returns when it answers."""
        self.socket.unlink(missing_ok=True)
        self.daemon_pid = self.spawn(*self._daemon_command())
        wait_for(self._answers, f"libvirtd of “{self.name}” to answer\n{self.log_tail()}")

    def _answers(self) -> bool:
        if not self.daemon_runs():
            raise LabError(f"libvirtd of “{self.name}” ended at its start:\n{self.log_tail()}")
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket))
            except OSError:
                return False
        return True

    def daemon_runs(self) -> bool:
        """Whether libvirtd is there (a stopped one is)."""
        return start_time(self.daemon_pid) is not None

    def kill_daemon(self, number: int = signal.SIGKILL) -> None:
        """Ends libvirtd at once (or by the given signal) and waits until it is gone; guests go on."""
        os.kill(self.daemon_pid, number)
        wait_for(lambda: not self.daemon_runs(), "libvirtd to be gone")

    def stop_daemon(self) -> None:
        """SIGSTOP: the daemon hangs, its socket still accepts."""
        os.kill(self.daemon_pid, signal.SIGSTOP)

    def cont_daemon(self) -> None:
        """Ends `stop_daemon`."""
        os.kill(self.daemon_pid, signal.SIGCONT)

    def restart_daemon(self) -> None:
        """A clean stop and start."""
        self.kill_daemon(signal.SIGTERM)
        self.start_daemon()

    # -- use --

    @property
    def uri(self) -> str:
        """A URI that works from any process which may open the socket."""
        return f"qemu+unix:///{self.kind}?socket={self.socket}"

    def virsh(self, *args: str, check: bool = True, timeout_s: float = 60) -> str:
        """The output of a virsh command on this world, without its last line end; LabError holds what virsh complained about."""
        env = os.environ | {"LC_ALL": "C"}
        argv = [find_program("virsh"), "-q", "-c", self.uri, *args]
        done = subprocess.run(argv, capture_output=True, text=True, env=env, timeout=timeout_s, check=False)
        if check and done.returncode:
            raise LabError(f"virsh {' '.join(args)}: {done.stderr.strip()}")
        return done.stdout.strip("\n")

    def define(self, xml: str) -> None:
        """Defines a domain from its XML."""
        file = self.root / "define.xml"
        file.write_text(xml, encoding="utf-8")
        self.virsh("define", str(file))

    def domains(self) -> list[str]:
        """The names of all its domains."""
        return [name for name in self.virsh("list", "--all", "--name").splitlines() if name.strip()]

    def state(self, name: str) -> str:
        """virsh's word for the state: "running", "shut off", "paused", ..."""
        return self.virsh("domstate", name).strip()

    def qemu_pid(self, name: str) -> int:
        """The process of a running guest."""
        return int((self.run_dir / f"{name}.pid").read_text())

    @property
    def run_dir(self) -> Path:
        """Where libvirtd keeps its guests' pid files, seen from outside."""
        raise NotImplementedError

    def put(self, source: Path, name: str | None = None) -> Path:
        """A private copy of a file (an image of the lab's cache) in `images`, which this world's QEMU may write."""
        path = cache.copy_sparse(source, self.images / (name or source.name))
        self.give(path)
        return path

    def give(self, path: Path) -> None:
        """Makes a file belong to the user whom this world's QEMU and daemon run as."""

    def log_tail(self, lines: int = 30) -> str:
        """The last lines of what libvirtd said (libvirtd.log, boot.log), for error messages."""
        texts = []
        for file in sorted(self.root.glob("log/*.log")):
            tail = file.read_text(errors="replace").splitlines()[-lines:]
            texts.append(f"--- {file.name}\n" + "\n".join(tail))
        return "\n".join(texts)

    def guest_log(self, name: str) -> str:
        """QEMU's own log of a guest."""
        raise NotImplementedError

    def remove_domains(self) -> None:
        """Ends and undefines every domain, so that the next test finds an empty world. Files in `images` go too."""
        if not self.daemon_runs():
            self.start_daemon()
        self.cont_daemon()
        for name in self.domains():
            self.virsh("destroy", name, check=False)
            self.virsh(
                "undefine", name, "--managed-save", "--snapshots-metadata", "--checkpoints-metadata", "--nvram", check=False
            )
        if self.domains():
            raise LabError(f"domains that will not go: {self.domains()}\n{self.log_tail()}")
        for entry in self.images.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    # -- QEMU's capabilities, probed once a machine --

    @property
    def _capabilities_dir(self) -> Path:
        raise NotImplementedError

    def _seed_capabilities(self) -> None:
        """Probing four emulators takes seconds. libvirt itself checks whether what we put there still holds."""
        known = cache.cache_dir() / f"capabilities-{self.kind}"
        if known.is_dir():
            shutil.copytree(known, self._capabilities_dir, dirs_exist_ok=True)

    def _save_capabilities(self) -> None:
        known = cache.cache_dir() / f"capabilities-{self.kind}"
        for file in self._capabilities_dir.glob("*.xml"):
            target = known / file.name
            if not target.exists() or target.stat().st_mtime < file.stat().st_mtime:
                known.mkdir(exist_ok=True)
                scratch = known / f".{file.name}.{os.getpid()}"
                shutil.copyfile(file, scratch)
                scratch.rename(target)


def repair_kvm_node() -> None:
    """/dev/kvm for the group "kvm", as udev would set it; machines without udev have root alone there."""
    node = Path("/dev/kvm")
    if os.geteuid() == 0 and node.exists() and not node.stat().st_mode & 0o060:
        try:
            os.chown(node, 0, grp.getgrnam("kvm").gr_gid)
        except KeyError:
            return
        node.chmod(0o660)


def unprivileged_user() -> tuple[int, int, list[int]]:
    """uid, gid and further groups for session worlds: our own, or as root those of "nobody" plus the group of /dev/kvm.

    libvirt has no session for root: its URI leads to the system daemon.
    """
    if os.geteuid():
        return os.geteuid(), os.getegid(), os.getgroups()
    who = pwd.getpwnam(os.environ.get("HOSTELRY_LAB_USER", "nobody"))
    kvm = Path("/dev/kvm")
    return who.pw_uid, who.pw_gid, [kvm.stat().st_gid] if kvm.exists() else []


class SessionWorld(World):
    """A per-user libvirt (qemu:///session) with XDG folders of its own: no root, no namespaces, ready in 0.1 s.

    No bridges: guests use `<interface type='user'>`. `env` makes any program see this world as its user session.
    """

    kind = "session"

    def __init__(self, name: str = "session") -> None:
        super().__init__(name)
        self.uid, self.gid, self.groups = unprivileged_user()
        self._spawn_user = self.uid if os.geteuid() == 0 else None
        folders = {
            "HOME": "home",
            "XDG_RUNTIME_DIR": "run",
            "XDG_CONFIG_HOME": "cfg",
            "XDG_CACHE_HOME": "cache",
            "XDG_DATA_HOME": "data",
        }
        self.folders = {variable: self.root / folder for variable, folder in folders.items()}

    @property
    def env(self) -> dict[str, str]:
        """The environment of a program of this user; of the real one only PATH and the language stay."""
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL") if key in os.environ}
        return kept | {variable: str(path) for variable, path in self.folders.items()}

    @property
    def socket(self) -> Path:
        return self.root / "run/libvirt/libvirt-sock"

    @property
    def run_dir(self) -> Path:
        return self.root / "run/libvirt/qemu/run"

    def guest_log(self, name: str) -> str:
        return (self.root / f"cache/libvirt/qemu/log/{name}.log").read_text(errors="replace")

    @property
    def _capabilities_dir(self) -> Path:
        return self.root / "cache/libvirt/qemu/cache/capabilities"

    def _prepare(self) -> dict[str, Any]:
        for folder in self.folders.values():
            folder.mkdir(mode=0o700)
        config = self.root / "cfg/libvirt"
        config.mkdir()
        log = f'log_outputs = "3:file:{self.root}/log/libvirtd.log"'
        (config / "libvirtd.conf").write_text(f'host_uuid = "{self.host_uuid}"\nunix_sock_rw_perms = "0700"\n{log}\n')
        (self.root / "run/libvirt").mkdir()
        self._give()
        return {"gid": self.gid, "groups": self.groups}

    def _seed_capabilities(self) -> None:
        super()._seed_capabilities()
        self._give()

    def _give(self) -> None:
        """Everything belongs to the world's user."""
        if os.geteuid() == 0:
            for folder, _, files in os.walk(self.root):
                for path in (folder, *(f"{folder}/{name}" for name in files)):
                    os.chown(path, self.uid, self.gid)

    def give(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)

    def _daemon_command(self) -> tuple[list[str], dict[str, str] | None]:
        return [find_program("libvirtd"), "-p", str(self.root / "run/libvirt/libvirtd.pid")], self.env
