"""What libvirt's errors mean to people: by code, and by the text where one code covers many causes.

The codes are named as in libvirt's virErrorNumber; the texts are those of libvirt 9 to 12 and of the
programs that it starts (ssh, qemu), which are not translated because the daemon speaks English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app import errors
from app.errors import HostelryError
from app.i18n import N_


@dataclass(frozen=True, slots=True)
class Rule:
    """One cause.  codes: names of virErrorNumber, empty for any; text: a pattern in the raw message, empty for any."""

    kind: type[HostelryError]
    codes: tuple[str, ...] = ()
    text: str = ""
    why: str = ""
    next_step: str = ""

    def matches(self, code_name: str, raw: str) -> bool:
        """True if both the code and the text fit."""
        if self.codes and code_name not in self.codes:
            return False
        return not self.text or re.search(self.text, raw, re.IGNORECASE) is not None


MISSING_FILE = Rule(
    errors.NotFound,
    text=r"no such file or directory|cannot access storage file|could not open .* no such file",
    why=N_("A file or folder that it needs does not exist on the host."),
    next_step=N_("Put the file back, or change or remove the device that names it."),
)

# The first rule that fits wins: texts before bare codes.
CONNECTING: tuple[Rule, ...] = (
    Rule(
        errors.AuthFailed,
        text=r"host key verification failed|no matching host key|remote host identification has changed",
        why=N_("SSH does not know the host's key, or the key has changed."),
        next_step=N_("Connect once with ssh in a terminal, compare the key's fingerprint and accept it; then try again."),
    ),
    Rule(
        errors.AuthFailed,
        text=r"permission denied \((publickey|password|keyboard|gssapi)|no more authentication methods"
        r"|all authentication methods failed",
        why=N_("The SSH server did not accept your key or password."),
        next_step=N_("Load your key with ssh-add or copy it to the host with ssh-copy-id, check the user name, then try again."),
    ),
    Rule(
        errors.NotFound,
        text=r"could not resolve hostname|unable to resolve address|name or service not known"
        r"|nodename nor servname|temporary failure in name resolution",
        why=N_("No host of that name was found."),
        next_step=N_("Check the spelling of the host name and that this computer is on line."),
    ),
    Rule(
        errors.Unsupported,
        text=r"(nc|netcat|virt-ssh-helper).*(not found|no such file)|command not found"
        r"|cannot find 'ssh'|cannot find .*ssh.* in path",
        why=N_("A program that the SSH connection needs is missing."),
        next_step=N_("Install the OpenSSH client here and libvirt's client tools (virt-ssh-helper or netcat) on the host."),
    ),
    Rule(
        errors.AuthFailed,
        text=r"certificate|x509|CA cert|clientcert|cacert|\bTLS\b|gnutls",
        why=N_("The TLS certificates do not fit: one is missing, out of date, or made for another name."),
        next_step=N_("Check the files under /etc/pki, that the host's certificate names this host, and both clocks."),
    ),
    Rule(
        errors.Denied,
        text=r"polkit|policykit|authentication unavailable|unable to get system bus connection"
        r"|authorization requires authentication",
        why=N_("The host's policy does not allow you to manage machines there."),
        next_step=N_("Add yourself to the “libvirt” group (sudo usermod -aG libvirt $USER), log in again, and try again."),
    ),
    Rule(
        errors.Disconnected,
        text=r"failed to connect socket to .*no such file|no such file or directory.*(libvirt|sock)"
        r"|failed to connect socket.*connection refused"
        r"|cannot find '?(libvirtd|virtqemud)",
        why=N_("The libvirt service does not run there, or its socket is missing."),
        next_step=N_("Start the libvirt service on that host (libvirtd, or virtqemud.socket), then try again."),
    ),
    Rule(
        errors.Denied,
        text=r"failed to connect socket.*permission denied|permission denied.*libvirt-sock|libvirt-sock.*permission denied",
        why=N_("You may not use the libvirt service's socket."),
        next_step=N_("Add yourself to the “libvirt” group (sudo usermod -aG libvirt $USER), log in again, and try again."),
    ),
    Rule(
        errors.Disconnected,
        text=r"connection refused",
        why=N_("The host answers, but nothing listens on that port."),
        next_step=N_(
            "Check that the libvirt service runs there, listens for this kind of connection, and that the port is right."
        ),
    ),
    Rule(
        errors.Disconnected,
        text=r"no route to host|network is unreachable|connection timed out|operation timed out|host is down|keepalive",
        why=N_("The host cannot be reached or does not answer."),
        next_step=N_("Check that it is switched on, and the network or VPN between you and it."),
    ),
    Rule(
        errors.Disconnected,
        text=r"client socket is closed|end of file while reading|connection reset|broken pipe|cannot recv data|cannot write data"
        r"|connection closed|received hangup",
        why=N_("The connection to the host was lost."),
        next_step=N_("Check that the libvirt service runs on the host and that the network works; then connect again."),
    ),
    Rule(
        errors.Invalid,
        text=r"no connection driver available|unable to parse uri",
        why=N_("No libvirt driver on this computer understands that address."),
        next_step=N_("Correct the address, for example qemu+ssh://user@host/system, or install the driver for that hypervisor."),
    ),
    Rule(
        errors.Unsupported,
        text=r"state driver is not active",
        why=N_("The hypervisor of that address is not installed or does not run on the host."),
        next_step=N_("Choose another kind of connection, or install and start that hypervisor."),
    ),
    Rule(
        errors.Invalid,
        codes=("VIR_ERR_INVALID_ARG",),
        text=r"\buri\b",
        why=N_("The address is not one that libvirt understands."),
        next_step=N_("Correct the address, for example qemu+ssh://user@host/system."),
    ),
)

BY_TEXT: tuple[Rule, ...] = (
    Rule(
        errors.NoSpace,
        text=r"no space left on device|disk quota exceeded|enospc|not enough free space|not enough space",
        why=N_("There is no space left on the disk."),
        next_step=N_("Free some space, or choose another place."),
    ),
    Rule(
        errors.NoSpace,
        text=r"cannot set up guest memory|cannot allocate memory|out of memory",
        why=N_("The host has too little free memory."),
        next_step=N_("Give the machine less memory, or shut another one down."),
    ),
    Rule(
        errors.Busy,
        text=r"failed to get \"?(write|shared \"write\"|consistent read)\"? lock|failed to lock"
        r"|already in use|resource busy|conflict with pool",
        why=N_("Another machine or program uses the same file or device."),
        next_step=N_("Shut down the machine that uses it, or give this one a copy; then try again."),
    ),
    Rule(
        errors.Busy,
        text=r"timed out waiting to open tray|tray is locked|is locked",
        why=N_("The guest has locked the drive because it uses the medium."),
        next_step=N_("Eject the medium inside the guest, or force the change."),
    ),
    Rule(
        errors.Busy,
        text=r"cannot acquire state change lock",
        why=N_("The machine is busy with another operation, or its hypervisor process does not answer."),
        next_step=N_("Wait for the other operation to end; if nothing moves, force the machine off."),
    ),
    Rule(
        errors.Failed,
        text=r"emulation failure|KVM internal error|resetting the virtual machine is required",
        why=N_("The processor could not run the guest's code with KVM."),
        next_step=N_("Start the machine with emulation instead."),
    ),
    Rule(
        errors.Unsupported,
        text=r"could not access kvm kernel module|/dev/kvm|failed to initialize kvm|kvm is not available|type=kvm",
        why=N_("KVM is not available to you on this host."),
        next_step=N_("Use emulation for this machine, or enable virtualisation in the firmware and load the kvm module."),
    ),
    Rule(
        errors.Unsupported,
        text=r"qemu guest agent is not (connected|configured|available)|guest agent is not responding|guest agent",
        why=N_("The agent inside the guest does not answer."),
        next_step=N_("Install and start “qemu-guest-agent” in the guest, or choose another way."),
    ),
    Rule(
        errors.Invalid,
        text=r"migration without shared storage is unsafe|unsafe migration",
        why=N_("The machine's disks are not on storage that both hosts share."),
        next_step=N_("Copy the storage along, or move the disks to shared storage."),
    ),
    Rule(
        errors.Busy,
        text=r"already (running|active|paused)|is not (running|paused)",
        why=N_("That cannot be done in the state in which it is now."),
        next_step=N_("Look at its state, which may have changed, and try again."),
    ),
    Rule(
        errors.Busy,
        text=r"network '.*' is not active",
        why=N_("The virtual network that the machine uses is not active."),
        next_step=N_("Start the network, then try again."),
    ),
    Rule(
        errors.Denied,
        text=r"permission denied|operation not permitted|access denied",
        why=N_("The host refused access."),
        next_step=N_("Check the owner and the permissions of the file, also of the folders above it, for the hypervisor's user."),
    ),
    MISSING_FILE,
    Rule(
        errors.Exists,
        text=r"file exists|already exists",
        why=N_("Something of that name exists already."),
        next_step=N_("Choose another name."),
    ),
)

_GONE = N_("It does not exist any more; perhaps someone else removed it.")
_REFRESH = N_("The list is brought up to date by itself; choose again.")

BY_CODE: tuple[Rule, ...] = (
    Rule(
        errors.NotFound,
        codes=(
            "VIR_ERR_NO_DOMAIN",
            "VIR_ERR_NO_NETWORK",
            "VIR_ERR_NO_STORAGE_POOL",
            "VIR_ERR_NO_STORAGE_VOL",
            "VIR_ERR_NO_NODE_DEVICE",
            "VIR_ERR_NO_SECRET",
            "VIR_ERR_NO_INTERFACE",
            "VIR_ERR_NO_NWFILTER",
            "VIR_ERR_NO_DOMAIN_SNAPSHOT",
            "VIR_ERR_NO_DOMAIN_CHECKPOINT",
            "VIR_ERR_NO_DOMAIN_BACKUP",
            "VIR_ERR_NO_NETWORK_PORT",
        ),
        why=_GONE,
        next_step=_REFRESH,
    ),
    Rule(errors.NotFound, codes=("VIR_ERR_NO_DOMAIN_METADATA",), why=N_("It has no such note.")),
    Rule(
        errors.NotFound,
        codes=("VIR_ERR_DEVICE_MISSING",),
        why=N_("The machine does not have that device any more."),
        next_step=N_("Read its details again and repeat the change."),
    ),
    Rule(
        errors.Exists,
        codes=("VIR_ERR_DOM_EXIST", "VIR_ERR_NETWORK_EXIST", "VIR_ERR_STORAGE_VOL_EXIST", "VIR_ERR_OPERATION_FAILED"),
        text=r"already|exists|in use",
        why=N_("The name or the identity is taken."),
        next_step=N_("Choose another name."),
    ),
    Rule(
        errors.Exists,
        codes=("VIR_ERR_DOM_EXIST", "VIR_ERR_NETWORK_EXIST", "VIR_ERR_STORAGE_VOL_EXIST"),
        why=N_("The name or the identity is taken."),
        next_step=N_("Choose another name."),
    ),
    Rule(
        errors.AuthFailed,
        codes=("VIR_ERR_AUTH_FAILED",),
        why=N_("The user name or the password was not accepted."),
        next_step=N_("Check them and try again."),
    ),
    Rule(
        errors.AuthFailed,
        codes=("VIR_ERR_AUTH_CANCELLED",),
        why=N_("The question for the password was cancelled or could not be asked."),
        next_step=N_("Connect again and enter it."),
    ),
    Rule(
        errors.Denied,
        codes=("VIR_ERR_AUTH_UNAVAILABLE", "VIR_ERR_ACCESS_DENIED", "VIR_ERR_OPERATION_DENIED"),
        why=N_("You are not allowed to do that on this host."),
        next_step=N_("Ask the host's administrator, or connect as a user who may."),
    ),
    Rule(
        errors.Busy,
        codes=("VIR_ERR_OPERATION_INVALID",),
        why=N_("That cannot be done in the state in which it is now."),
        next_step=N_("Look at its state, which may have changed, and try again."),
    ),
    Rule(
        errors.Busy,
        codes=("VIR_ERR_RESOURCE_BUSY", "VIR_ERR_BLOCK_COPY_ACTIVE"),
        why=N_("It is in use."),
        next_step=N_("Wait until it is free, or stop what uses it."),
    ),
    Rule(
        errors.TimedOut,
        codes=("VIR_ERR_OPERATION_TIMEOUT",),
        why=N_("The host or the machine did not answer in time."),
        next_step=N_("It may still happen; look at the state and try again."),
    ),
    Rule(
        errors.Unsupported,
        codes=("VIR_ERR_AGENT_UNRESPONSIVE", "VIR_ERR_AGENT_UNSYNCED"),
        why=N_("The agent inside the guest does not answer."),
        next_step=N_("Install and start “qemu-guest-agent” in the guest, or choose another way."),
    ),
    Rule(
        errors.Unsupported,
        codes=(
            "VIR_ERR_NO_SUPPORT",
            "VIR_ERR_ARGUMENT_UNSUPPORTED",
            "VIR_ERR_OPERATION_UNSUPPORTED",
            "VIR_ERR_CONFIG_UNSUPPORTED",
            "VIR_ERR_SNAPSHOT_REVERT_RISKY",
            "VIR_ERR_CPU_INCOMPATIBLE",
            "VIR_ERR_CHECKPOINT_INCONSISTENT",
        ),
        why=N_("The hypervisor or its version on this host cannot do that."),
        next_step=N_("The details say what it lacks; a newer libvirt or QEMU on the host may help."),
    ),
    Rule(
        errors.Invalid,
        codes=(
            "VIR_ERR_XML_ERROR",
            "VIR_ERR_XML_DETAIL",
            "VIR_ERR_XML_INVALID_SCHEMA",
            "VIR_ERR_PARSE_FAILED",
            "VIR_ERR_CONF_SYNTAX",
        ),
        why=N_("The description (XML) has a mistake."),
        next_step=N_("The details name the element; correct it and try again."),
    ),
    Rule(
        errors.Invalid,
        codes=("VIR_ERR_INVALID_ARG", "VIR_ERR_OVERFLOW", "VIR_ERR_SYSTEM_ERROR"),
        text=r"invalid|must|malformed|out of range|unknown",
        why=N_("A value is not one that the hypervisor accepts."),
        next_step=N_("The details name it; correct it and try again."),
    ),
    Rule(
        errors.Invalid,
        codes=("VIR_ERR_INVALID_ARG",),
        why=N_("A value is not one that the hypervisor accepts."),
        next_step=N_("The details name it; correct it and try again."),
    ),
    Rule(
        errors.Invalid,
        codes=("VIR_ERR_MIGRATE_UNSAFE",),
        why=N_("The machine could not be moved safely as it is set up."),
        next_step=N_("Copy the storage along, or move the disks to shared storage."),
    ),
    Rule(
        errors.Cancelled,
        codes=("VIR_ERR_OPERATION_ABORTED",),
        why=N_("It was stopped."),
    ),
    Rule(
        errors.NoSpace,
        codes=("VIR_ERR_NO_MEMORY",),
        why=N_("The host has too little free memory."),
        next_step=N_("Give the machine less memory, or shut another one down."),
    ),
    Rule(
        errors.Disconnected,
        codes=("VIR_ERR_NO_CONNECT", "VIR_ERR_INVALID_CONN", "VIR_ERR_RPC", "VIR_ERR_LIBSSH", "VIR_ERR_SSH"),
        why=N_("The connection to the host could not be made or was lost."),
        next_step=N_("The details say why; check that the host is on line and its libvirt service runs."),
    ),
)
