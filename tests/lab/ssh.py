"""A real OpenSSH server on an isolated host, and a client's configuration that leaves the real user's alone.

    with RootHost("far") as host, SshServer(host) as server, SshClient(tmp_path) as client:
        uri = client.uri(server, "root", keyfile=server.key)

The server listens within the host's network namespace; a `faults.Link` leads to it, so that every line to it can be delayed, frozen
and dropped. Users: "root" (key alone), "operator" (password or key; may manage machines), "visitor" (password; may not).
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Self
from urllib.parse import quote

from tests.lab import faults
from tests.lab.hosts import RootHost
from tests.lab.world import find_program, missing_programs, wait_for

NEEDS = ("sshd", "ssh", "ssh-keygen", "ssh-add", "ssh-agent", "openssl")

PASSWORD = "correct horse"
"""Of "operator" and "visitor"."""

PASSPHRASE = "open, sesame"
"""Of `SshServer.locked_key`."""

INNER_PORT = 2222


def why_not() -> str | None:
    """Why there can be no SSH server here, with the remedy; None when there can."""
    if missing := missing_programs(*NEEDS):
        return f"needs programs that are not installed: {', '.join(missing)} (packages openssh-server, openssh-client)"
    return None


def make_key(path: Path, passphrase: str = "") -> Path:
    """A key pair."""
    argv = [find_program("ssh-keygen"), "-q", "-t", "ed25519", "-N", passphrase, "-C", "lab", "-f", str(path)]
    subprocess.run(argv, check=True, capture_output=True)
    return path


class SshServer:
    """sshd on `host`.  key: opens root's and the operator's account; locked_key: the same with a passphrase; stranger_key: none."""

    def __init__(self, host: RootHost, *, rtt_s: float = 0.0) -> None:
        self.host = host
        self.folder = host.root / "ssh"
        self.link = faults.Link(("127.0.0.1", INNER_PORT), rtt_s=rtt_s, listen=("127.0.0.1", 0), inside=host)
        self.key, self.locked_key, self.stranger_key = (self.folder / name for name in ("key", "locked", "stranger"))
        self.pid = 0

    @property
    def port(self) -> int:
        """Where it is reached from outside, on 127.0.0.1."""
        return self.link.port

    @property
    def fingerprint(self) -> str:
        """Of its host key, as ssh shows it."""
        argv = [find_program("ssh-keygen"), "-l", "-f", str(self.folder / "host_key.pub")]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()[1]

    def open(self) -> Self:
        """Starts it."""
        self.folder.mkdir(mode=0o755)
        make_key(self.folder / "host_key")
        make_key(self.key)
        make_key(self.locked_key, PASSPHRASE)
        make_key(self.stranger_key)
        self._write_users()
        self._write_config()
        self._start()
        self.link.start()
        return self

    def close(self) -> None:
        """Ends the way to it; the server ends with its host."""
        self.link.stop()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    def change_host_key(self) -> None:
        """As after a new installation: another key under the same name."""
        for name in ("host_key", "host_key.pub"):
            (self.folder / name).unlink()
        make_key(self.folder / "host_key")
        self._stop()
        self._start()

    def limit_path(self, *programs: str) -> None:
        """Sessions from now on find these programs only, as on a host with little installed; none: all of them again."""
        bare = self.folder / "bare"
        shutil.rmtree(bare, ignore_errors=True)
        if programs:
            bare.mkdir()
            for name in programs:
                (bare / name).symlink_to(find_program(name))
        self.configure(f"SetEnv PATH={bare}\n" if programs else "")

    def configure(self, more: str) -> None:
        """More lines for sshd_config; "" takes them back."""
        self._write_config(more)
        self._stop()
        self._start()

    def _start(self) -> None:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # its jail, compiled in
        log = self.folder / "sshd.log"
        self.pid = self.host.spawn([find_program("sshd"), "-D", "-e", "-f", str(self.folder / "config")], log=log)
        wait_for(lambda: "Server listening" in log.read_text(errors="replace").split("--started--")[-1], "sshd to listen")

    def _stop(self) -> None:
        os.kill(self.pid, 15)
        wait_for(lambda: not Path(f"/proc/{self.pid}").exists(), "sshd to end")
        with (self.folder / "sshd.log").open("a") as log:
            log.write("--started--\n")

    def _write_config(self, more: str = "") -> None:
        (self.folder / "config").write_text(
            f"Port {INNER_PORT}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host_key\nPidFile none\nUsePAM no\nStrictModes no\n"
            f"AuthorizedKeysFile {self.folder}/authorized_%u\nPasswordAuthentication yes\nKbdInteractiveAuthentication no\n"
            f"PermitRootLogin prohibit-password\nMaxStartups 50\nPrintMotd no\nUseDNS no\n{more}"
        )
        keys = "".join(key.with_suffix(".pub").read_text() for key in (self.key, self.locked_key))
        for user in ("root", "operator"):
            (self.folder / f"authorized_{user}").write_text(keys)

    def _write_users(self) -> None:
        """The host gets users of its own; the operator's group may open libvirt's socket (see `RootHost._write_config`)."""
        argv = [find_program("openssl"), "passwd", "-6", "-stdin"]
        secret = subprocess.run(argv, input=PASSWORD, text=True, check=True, capture_output=True).stdout.strip()
        home = self.folder / "home"
        home.mkdir(mode=0o777)
        users = {"operator": (64201, 0), "visitor": (64202, 65534)}
        passwd = "".join(f"{name}:x:{uid}:{gid}::{home}:/bin/sh\n" for name, (uid, gid) in users.items())
        shadow = "".join(f"{name}:{secret}:19000:0:99999:7:::\n" for name in users)
        for name, more in (("passwd", passwd), ("shadow", shadow)):
            own = self.folder / name
            shutil.copy(f"/etc/{name}", own)
            with own.open("a") as file:
                file.write(more)
            self.host.run_inside("mount", "--bind", str(own), f"/etc/{name}")


class SshClient:
    """What a user's ~/.ssh would hold, in a folder of its own: OpenSSH does not look at HOME.

    `command` is an ssh that uses it, for libvirt's URI parameter of that name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "dot-ssh"
        self.folder.mkdir(mode=0o700)
        self.known_hosts, self.config = self.folder / "known_hosts", self.folder / "config"
        self.command = self.folder / "ssh"
        self.config.write_text(
            f"Host *\n  UserKnownHostsFile {self.known_hosts}\n  GlobalKnownHostsFile /dev/null\n"
            f"  IdentityFile {self.folder}/none\n  UpdateHostKeys no\n"
        )
        self.command.write_text(f'#!/bin/sh\nexec {find_program("ssh")} -F {self.config} "$@"\n')
        self.command.chmod(stat.S_IRWXU)

    def trust(self, server: SshServer) -> None:
        """The server's key is known from now on."""
        kind, key = (server.folder / "host_key.pub").read_text().split()[:2]
        self.known_hosts.write_text(f"[127.0.0.1]:{server.port} {kind} {key}\n")

    def uri(self, server: SshServer, user: str = "root", *, keyfile: Path | None = None, path: str = "/system") -> str:
        """libvirt's URI to it, with this client's configuration."""
        key = f"&keyfile={quote(str(keyfile))}" if keyfile else ""
        return f"qemu+ssh://{user}@127.0.0.1:{server.port}{path}?command={quote(str(self.command))}{key}"
