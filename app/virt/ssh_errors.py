"""What ssh and the programs that it starts on the other side complain about, by cause and with the repair.

The texts are those of OpenSSH 7 to 10, of virt-ssh-helper and of netcat; ssh is run with LC_ALL=C.
"""

from __future__ import annotations

from app import errors
from app.errors import HostelryError
from app.i18n import N_, _
from app.ssh.target import SshTarget
from app.virt.error_table import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        errors.AuthFailed,
        text=r"remote host identification has changed|host key for .* has changed|offending .* key in",
        why=N_("The key of “{host}” is not the one it had before: it was installed anew, or another machine answers for it."),
        next_step=N_(
            "If it was installed anew, remove the old key with “ssh-keygen -R {known}” and connect again."
            " If not, do not connect: ask its administrator."
        ),
    ),
    Rule(
        errors.AuthFailed,
        text=r"host key verification failed|no \S+ host key is known",
        why=N_("The key of “{host}” is not known, and ssh did not accept it."),
        next_step=N_("Connect again, compare the fingerprint and accept it."),
    ),
    Rule(
        errors.Unsupported,
        text=r"no matching (host key type|key exchange method|cipher|mac) found",
        why=N_("“{host}” and this computer have no SSH algorithm in common."),
        next_step=N_("Update the SSH server there; the details name what it offers."),
    ),
    Rule(
        errors.AuthFailed,
        text=r"too many authentication failures",
        why=N_("“{host}” was offered too many keys and closed the connection."),
        next_step=N_("Name the right key: in the connection's key file field, or in ~/.ssh/config with IdentitiesOnly."),
    ),
    Rule(
        errors.AuthFailed,
        text=r"permission denied \(|no more authentication methods|permission denied, please try again",
        why=N_("“{host}” did not accept your key or password."),
        next_step=N_(
            "Check the user name; load your key with ssh-add, or copy it to the host with “ssh-copy-id {target}”; then try again."
        ),
    ),
    Rule(
        errors.NotFound,
        text=r"could not resolve hostname|name or service not known|temporary failure in name resolution",
        why=N_("No host of the name “{host}” was found."),
        next_step=N_("Check the spelling of the host name, and that this computer is on line."),
    ),
    Rule(
        errors.Disconnected,
        text=r"connect to (host|address) .*: connection refused",
        why=N_("“{host}” answers, but has no SSH server on that port."),
        next_step=N_("Start the SSH server there (package openssh-server), or correct the port."),
    ),
    Rule(
        errors.TimedOut,
        text=r"(connect to (host|address)|banner exchange|connection to|timeout, server).*(timed out|not responding)"
        r"|connection timed out during|operation timed out",
        why=N_("“{host}” did not answer."),
        next_step=N_("Check that it is switched on, the port, and the network, VPN or firewall between you and it."),
    ),
    Rule(
        errors.Disconnected,
        text=r"no route to host|network is unreachable|host is down",
        why=N_("“{host}” cannot be reached."),
        next_step=N_("Check that it is switched on, and the network or VPN between you and it."),
    ),
    Rule(
        errors.Unsupported,
        text=r"cannot find '?\S*ssh'? in path|cannot execute binary \S*ssh\b|\bssh: not found",
        why=N_("The program ssh is missing on this computer."),
        next_step=N_("Install the OpenSSH client (package openssh-client or openssh-clients)."),
    ),
    Rule(
        errors.Unsupported,
        text=r"\b(nc|ncat|netcat|virt-ssh-helper)'?: (command )?not found|(nc|virt-ssh-helper).*no such file",
        why=N_("“{host}” has neither virt-ssh-helper nor netcat, so libvirt is probably not installed there."),
        next_step=N_("Install libvirt on the host (for example the packages libvirt-daemon-system or libvirt-daemon-kvm)."),
    ),
    Rule(
        errors.Denied,
        text=r"(failed to connect socket|unix connect failed|libvirt-sock|virtqemud-sock).*permission denied",
        why=N_("The user “{user}” may not use the libvirt service on “{host}”."),
        next_step=N_("Add that user to the group “libvirt” there (sudo usermod -aG libvirt {user}), or connect as another."),
    ),
    Rule(
        errors.Disconnected,
        text=r"(failed to connect socket|unix connect failed|nc: \S*sock).*(no such file|connection refused)",
        why=N_("The libvirt service does not run on “{host}”, or is not installed there."),
        next_step=N_("Start it on the host (sudo systemctl enable --now libvirtd, or virtqemud.socket), then try again."),
    ),
    Rule(
        errors.Denied,
        text=r"administratively prohibited|port forwarding is disabled|stdio forwarding failed.*prohibited",
        why=N_("The SSH server of “{host}” does not allow forwarding, over which the screen comes."),
        next_step=N_("Set “AllowTcpForwarding yes” in its sshd_config."),
    ),
    Rule(
        errors.Disconnected,
        text=r"kex_exchange_identification|connection (closed|reset) by (remote host|\S+ port)|connection reset by peer$",
        why=N_("“{host}” closed the connection."),
        next_step=N_("Check that an SSH server listens on that port and lets this computer in; then try again."),
    ),
)


def explain(what: str, raw: str, target: SshTarget) -> HostelryError | None:
    """The error as people should see it; None if none of the causes fits."""
    rule = next((rule for rule in RULES if rule.matches("", raw)), None)
    if rule is None:
        return None
    known = f"[{target.host}]:{target.port}" if target.port not in (0, 22) else target.host
    login = f"-p {target.port} {_login(target)}" if target.port not in (0, 22) else _login(target)
    words = {"host": target.host, "user": target.user or _("you"), "known": f"'{known}'", "target": login}
    return rule.kind(what, why=_(rule.why).format(**words), next_step=_(rule.next_step).format(**words), raw=raw)


def _login(target: SshTarget) -> str:
    return f"{target.user}@{target.host}" if target.user else target.host
