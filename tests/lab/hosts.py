"""Isolated hosts: libvirt's system daemon in namespaces of its own, several side by side on one machine. Needs root.

    with RootHost("a") as host:
        host.uri                      # qemu+unix:///system?socket=..., from any process of root
        host.virsh("list", "--all")

Own /etc/libvirt, /var/lib/libvirt, /run/libvirt, /var/cache/libvirt and /var/log/libvirt, own network namespace, host name and
control groups; a pool "default" (its folder is `images`, the same path inside and outside) and a NAT network "default".
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

from tests.lab.keeper import CLONE_NEWNET, cgroup_controllers, start_time
from tests.lab.world import LabError, World, find_program, missing_programs, repair_kvm_node, wait_for

NEEDS = ("libvirtd", "virtlogd", "virsh", "qemu-system-x86_64", "unshare", "mount", "ip", "dnsmasq")

DEFAULT_POOL = "<pool type='dir'><name>default</name><target><path>{path}</path></target></pool>"

DEFAULT_NETWORK = """<network><name>default</name><forward mode='nat'/><bridge name='virbr0' stp='on' delay='0'/>
<ip address='192.168.122.1' netmask='255.255.255.0'>
<dhcp><range start='192.168.122.2' end='192.168.122.254'/></dhcp></ip></network>"""


def why_not() -> str | None:
    """Why this process cannot make root hosts, with the remedy; None when it can."""
    if os.geteuid():
        return "needs root for isolated hosts: run “sudo packaging/test lab” (session worlds need no root)"
    if missing := missing_programs(*NEEDS):
        return f"needs programs that are not installed: {', '.join(missing)}"
    probe = subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, text=True, check=False)
    if probe.returncode:
        return f"this container forbids new namespaces ({probe.stderr.strip()}): give it CAP_SYS_ADMIN and CAP_NET_ADMIN"
    return None


class Lan:
    """A switch between hosts: a network namespace with one bridge; nothing is added to the real machine's network."""

    def __init__(self) -> None:
        self._holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "ip link add br0 type bridge && ip link set br0 up && echo ready && exec cat"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # "cat" ends with the pipe from us, and the namespace with it
        assert self._holder.stdout
        if self._holder.stdout.readline() != b"ready\n":
            raise LabError("The lab's LAN could not be made (ip link add br0 type bridge).")
        self._hosts = 0

    def plug(self, host: RootHost) -> str:
        """Gives a host a leg, eth0; returns its address."""
        self._hosts += 1
        number, address = self._hosts, f"10.66.0.{self._hosts}"
        host.run_inside(
            "ip", "link", "add", "eth0", "type", "veth", "peer", "name", f"leg{number}", "netns", str(self._holder.pid)
        )
        switch = ["nsenter", "-t", str(self._holder.pid), "-n", "ip", "link", "set", f"leg{number}", "master", "br0", "up"]
        subprocess.run(switch, check=True, capture_output=True)
        host.run_inside("ip", "address", "add", f"{address}/24", "dev", "eth0")
        host.run_inside("ip", "link", "set", "eth0", "up")
        return address

    def close(self) -> None:
        """Ends the switch; hosts that are still there keep a dead leg."""
        assert self._holder.stdin and self._holder.stdout
        self._holder.stdin.close()
        self._holder.wait(10)
        self._holder.stdout.close()

    def __enter__(self) -> Lan:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class RootHost(World):
    """One isolated host.

    `lan`: plugs it into a switch (`address` then holds its IP). `listen_tcp`: port 16509 within its network namespace;
    with `sasl={"user": "password"}` it asks for them. `network`, `pool`: whether the default ones exist. `cgroups=False`: as on a
    machine without control groups. `qemu_user`: "root", or "libvirt-qemu" for what a distribution really does (QEMU then
    cannot read files of ordinary users). `libvirtd_conf`, `qemu_conf`: further lines.
    """

    kind = "system"

    def __init__(
        self,
        name: str = "host",
        *,
        lan: Lan | None = None,
        listen_tcp: bool = False,
        sasl: dict[str, str] | None = None,
        network: bool = True,
        pool: bool = True,
        cgroups: bool = True,
        qemu_user: str = "root",
        libvirtd_conf: str = "",
        qemu_conf: str = "",
    ) -> None:
        super().__init__(name)
        self.address: str | None = None
        self._lan, self._listen_tcp, self._sasl = lan, listen_tcp, sasl
        self._network, self._pool, self._qemu_user = network, pool, qemu_user
        self._controllers = cgroup_controllers() if cgroups else []
        self._libvirtd_conf, self._qemu_conf = libvirtd_conf, qemu_conf
        self._tls = "listen_tls = 1" in libvirtd_conf  # with what `tls.Pki` says

    @property
    def socket(self) -> Path:
        return self.root / "run/libvirt-sock"

    @property
    def run_dir(self) -> Path:
        return self.root / "run/qemu"

    @property
    def _capabilities_dir(self) -> Path:
        return self.root / "cache/qemu/capabilities"

    def guest_log(self, name: str) -> str:
        return (self.root / f"log/qemu/{name}.log").read_text(errors="replace")

    # -- set-up --

    def _prepare(self) -> dict[str, Any]:
        repair_kvm_node()
        binds = [
            self._folder(name, target)
            for name, target in (
                ("etc", "/etc/libvirt"),
                ("lib", "/var/lib/libvirt"),
                ("run", "/run/libvirt"),
                ("cache", "/var/cache/libvirt"),
                ("log", "/var/log/libvirt"),
                ("localca", "/var/lib/swtpm-localca"),
            )
        ]
        self._own_localca()
        self._write_config()
        self._write_defaults()
        binds += self._name_service() + self._sasl_files()
        return {
            "isolated": True,
            "binds": binds,
            "cgroups": self._controllers,
            "cgroup_name": f"hostelry-{self.root.name}",
            "gid": 0,
            "groups": [],
        }

    def _folder(self, name: str, target: str) -> list[str]:
        (self.root / name).mkdir(exist_ok=True)
        return [str(self.root / name), target]

    def _own_localca(self) -> None:
        """swtpm_setup runs as tss and keeps its certificate authority here."""
        folder = self.root / "localca"
        try:
            shutil.chown(folder, "tss", "root")
        except LookupError:
            return
        folder.chmod(0o750)

    def _write_config(self) -> None:
        etc = self.root / "etc"
        if Path("/etc/libvirt/nwfilter").is_dir():
            shutil.copytree("/etc/libvirt/nwfilter", etc / "nwfilter")
        tcp = f'listen_tcp = 1\nauth_tcp = "{"sasl" if self._sasl else "none"}"\n' if self._listen_tcp else ""
        tcp += "" if self._tls else "listen_tls = 0\n"
        (etc / "libvirtd.conf").write_text(
            'unix_sock_group = "root"\nunix_sock_rw_perms = "0770"\nauth_unix_ro = "none"\nauth_unix_rw = "none"\n'
            f'host_uuid = "{self.host_uuid}"\nlog_outputs = "3:file:/var/log/libvirt/libvirtd.log"\n{tcp}{self._libvirtd_conf}\n'
        )
        user = f'user = "{self._qemu_user}"\n' + ('group = "root"\n' if self._qemu_user == "root" else "")
        groups = "" if self._controllers else "cgroup_controllers = []\n"
        (etc / "qemu.conf").write_text(f"{user}security_default_confined = 0\n{groups}{self._qemu_conf}\n")

    def _write_defaults(self) -> None:
        """Pool and network as files with an autostart link: the daemon starts them itself, without calls from here."""
        if self._pool:
            self._autostarted("storage", DEFAULT_POOL.format(path=self.images))
        if self._network:
            self._autostarted("qemu/networks", DEFAULT_NETWORK)

    def _autostarted(self, folder: str, xml: str) -> None:
        target = self.root / "etc" / folder
        (target / "autostart").mkdir(parents=True)
        (target / "default.xml").write_text(xml)
        (target / "autostart/default.xml").symlink_to(f"/etc/libvirt/{folder}/default.xml")

    def _name_service(self) -> list[list[str]]:
        """Its own name resolves, everything else fails at once: there is no DNS in the namespace, and libvirt would wait 35 s."""
        (self.root / "hosts").write_text(f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {self.name}\n")
        (self.root / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        real = str(Path("/etc/resolv.conf").resolve())  # often a link into /run
        return [[str(self.root / "hosts"), "/etc/hosts"], [str(self.root / "resolv.conf"), real]]

    def _sasl_files(self) -> list[list[str]]:
        """A private /etc/sasl2 with the given users. libvirt takes mechanisms that encrypt by themselves: digest-md5."""
        if not self._sasl:
            return []
        folder = self.root / "sasl2"
        folder.mkdir()
        (folder / "libvirt.conf").write_text("mech_list: digest-md5\nsasldb_path: /etc/sasl2/passwd.db\n")
        for user, password in self._sasl.items():
            argv = [
                find_program("saslpasswd2"),
                "-p",
                "-c",
                "-a",
                "libvirt",
                "-f",
                str(folder / "passwd.db"),
                "-u",
                self.name.lower(),
                user,
            ]
            subprocess.run(argv, input=password, text=True, check=True, capture_output=True)
        return [[str(folder), "/etc/sasl2"]]

    def _daemon_command(self) -> tuple[list[str], dict[str, str] | None]:
        return [find_program("libvirtd"), *(["--listen"] if self._listen_tcp or self._tls else []), "-p", "/run/libvirt/libvirtd.pid"], None

    def start_daemon(self) -> None:
        """Starts libvirtd, the first time with virtlogd and the LAN's leg before it."""
        if not (self.root / "run/virtlogd-sock").exists():
            self.spawn([find_program("virtlogd"), "-p", "/run/libvirt/virtlogd.pid"])
            wait_for((self.root / "run/virtlogd-sock").exists, "virtlogd's socket")
            if self._lan:
                self.address = self._lan.plug(self)
        super().start_daemon()

    # -- the network from outside --

    def enter_network(self) -> None:
        """Moves the CALLING THREAD into this host's network namespace, for good: for a thread that makes a connection there."""
        libc = ctypes.CDLL(None, use_errno=True)
        with Path(f"/proc/{self.inner_pid}/ns/net").open() as namespace:
            if libc.setns(namespace.fileno(), CLONE_NEWNET):
                raise LabError(f"setns: {os.strerror(ctypes.get_errno())}")

    def kill_qemu(self, name: str) -> None:
        """SIGKILL for a guest's process; returns when it is gone."""
        pid = self.qemu_pid(name)
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: start_time(pid) is None, "QEMU to be gone")
