"""A Linux desktop that runs the SPICE agent: X, spice-vdagent, WebDAV, sound, USB. Started from a saved state where there is one."""

from __future__ import annotations

import base64
import json
import os
import shlex
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from tests.lab import cache, closure, guests, initramfs, media, packages
from tests.lab.world import LabError, World, wait_for

PACKAGES = (
    "spice-vdagent spice-webdavd xserver-xorg-core xserver-xorg-input-evdev x11-xserver-utils x11-utils x11-xkb-utils xclip "
    "alsa-utils qemu-guest-agent udev libc-bin dbus-daemon avahi-daemon curl"
)

WITHOUT = (
    "libllvm* libgl1-mesa-dri libglx-mesa0 libegl-mesa0 perl* libperl* *-perl adwaita-* cpp* systemd systemd-sysv dpkg tar dbus "
    "dbus-bin dbus-*-bus-common dbus-user* passwd debconf adduser mount gcc-* libisl* libmpfr* libmpc* libz3* usrmerge libpam* hicolor-* shared-mime-* "
    "keyboard-configuration init-system-helpers sysvinit-utils fonts-* procps libcups2* libcolord* lsb-base dconf* "
    "libicu* gtk-update* spice-client* libspice*"
)
"""What the packages ask for and these programs do not load."""

PROGRAMS = (
    "usr/lib/xorg/Xorg usr/lib/xorg/modules/drivers/modesetting_drv.so usr/lib/xorg/modules/input/evdev_drv.so "
    "usr/lib/xorg/modules/libshadow.so usr/lib/xorg/modules/libfbdevhw.so usr/bin/xkbcomp usr/bin/xrandr usr/bin/xsetroot "
    "usr/bin/xev usr/bin/xclip usr/bin/xdpyinfo usr/bin/xwininfo usr/bin/xset usr/bin/setxkbmap usr/bin/aplay usr/bin/speaker-test "
    "usr/bin/amixer usr/bin/spice-vdagent usr/sbin/spice-vdagentd usr/sbin/spice-webdavd usr/sbin/qemu-ga "
    "usr/bin/dbus-daemon usr/sbin/avahi-daemon usr/bin/curl"
)
"""Names in the packages; some releases have them at the same place below /usr."""

DATA = "usr/share/X11/xkb usr/share/X11/xorg.conf.d usr/share/alsa usr/lib/locale/C.utf8"

MODULES = "snd_hda_intel snd_hda_codec_generic snd_intel8x0 uinput uas vfat ext4 nls_utf8 nls_iso8859_1"

CMDLINE = f"{media.CMDLINE} net.ifnames=0"

MEMORY_MIB = 512


def initrd() -> Path:
    """The initial ramdisk that goes with `media.kernel("generic")`."""
    here = [Path(__file__), Path(closure.__file__), Path(initramfs.__file__), *sorted(initramfs.GUEST.iterdir())]
    return cache.cached("initrd-spice.img", cache.digest(media.kernel("generic").name, *here), _build)


def _build(path: Path) -> None:
    busybox = packages.find_in(packages.unpacked("busybox", "busybox-static"), "bin/busybox")
    first = initramfs.base(packages.kernel_tree("generic"), busybox, more_modules=MODULES)
    path.write_bytes(first + bytes(-len(first) % 4) + _desktop())  # a part that is not packed begins at a multiple of 4


def _desktop() -> bytes:
    tree, cpio = closure.unpacked("spice-guest", PACKAGES.split(), WITHOUT.split()), initramfs.Cpio()
    programs = closure.Programs(tree, cpio)
    for path in PROGRAMS.split():
        programs.add(path, to="usr/bin/Xorg" if path.endswith("/Xorg") else path)
    udevadm = next(name for name in ("bin/udevadm", "usr/bin/udevadm") if (tree / name).exists())
    programs.add(udevadm, to="bin/udevadm")
    programs.add(udevadm, to="lib/systemd/systemd-udevd")
    rules = next(name for name in ("lib/udev/rules.d", "usr/lib/udev/rules.d") if (tree / name).exists())
    programs.data(*DATA.split(), *(f"{rules}/{name}.rules" for name in ("60-input-id", "60-evdev", "64-xorg-xkb", "70-mouse")))
    for name, target in (("rc.spice", "etc/rc.local"), ("follow-size", "usr/bin/follow-size"), ("shutdown", "sbin/shutdown")):
        cpio.file(target, (initramfs.GUEST / name).read_bytes(), 0o755)
    cpio.file("etc/X11/xorg.conf", (initramfs.GUEST / "xorg.conf").read_bytes())
    cpio.file("etc/dbus-1/lab.conf", (initramfs.GUEST / "bus.conf").read_bytes())
    cpio.file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\navahi:x:100:100::/run/avahi-daemon:/bin/false\n")
    cpio.file("etc/group", b"root:x:0:\navahi:x:100:\n")
    cpio.file("etc/avahi/avahi-daemon.conf", b"[server]\nuse-ipv6=no\n")
    cpio.link("bin/arecord", "/usr/bin/aplay")
    for name in ("etc/serial-login", "etc/qemu/.keep", "var/lib/xkb/.keep"):
        cpio.file(name, b"")
    cpio.file("etc/machine-id", b"6c61626775657374206f6620737069636521"[:32] + b"\n")
    cpio.file("etc/os-release", b'NAME="Lab desktop"\nPRETTY_NAME="Lab desktop 1"\nID=lab\nVERSION_ID="1"\nVERSION="1"\n')
    return cpio.close(packed=False)


AGENT = "<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>"
WEBDAV = (
    "<channel type='spiceport'><source channel='org.spice-space.webdav.0'/>"
    "<target type='virtio' name='org.spice-space.webdav.0'/></channel>"
)
USB = "<controller type='usb' model='qemu-xhci'/>" + "<redirdev bus='usb' type='spicevmc'/>" * 2
SOUND = "<sound model='ich6'/><audio id='1' type='spice'/>"
SPICE = "<graphics type='spice' port='-1' autoport='yes'><listen type='address' address='127.0.0.1'/></graphics>"
SPICE_SOCKET = "<graphics type='spice'><listen type='socket'/></graphics>"


def desktop_xml(world: World, name: str, *, video: str = "qxl", heads: int = 1, agent: bool = True, graphics: str = "") -> str:
    """The XML of the desktop. video: a model of libvirt's; heads: its monitors."""
    devices = USB + SOUND + WEBDAV + guests.AGENT_CHANNEL + guests.serial_log(world, name) + (AGENT if agent else "")
    display = graphics or (SPICE if world.kind == "system" else SPICE_SOCKET)
    text = guests.domain_xml(
        name, devices=devices, memory_mib=MEMORY_MIB, kernel=world.images / "vmlinuz-generic", initrd=world.images / "spice.img",
        graphics=display, extra=f"<uuid>{uuid.uuid5(uuid.NAMESPACE_DNS, name)}</uuid>",
    )  # fmt: skip
    ram = "ram='65536' vram='65536' vgamem='32768'" if video == "qxl" else ""
    card = f"<model type='{video}' heads='{heads}' {ram}/>"
    return text.replace("<model type='vga' vram='16384'/>", card).replace(media.CMDLINE, CMDLINE)


@dataclass(frozen=True)
class SpiceGuest(guests.LabGuest):
    """The desktop: programs are run in it by QEMU's guest agent."""

    def run(self, *argv: str, input_: bytes = b"", timeout_s: float = 30, check: bool = True) -> bytes:
        """Runs a program to its end; gives its output (16 MiB at most; of input 64 KiB). Raises LabError if it fails."""
        environment = [f"{name}={value}" for name, value in ENVIRONMENT.items()]
        asked: dict[str, object] = {"path": argv[0], "arg": argv[1:], "capture-output": True, "env": environment}
        if input_:
            asked["input-data"] = base64.b64encode(input_).decode()
        pid = self._ask("guest-exec", asked)["pid"]
        ended = wait_for(lambda: self._ended(pid), f"“{argv[0]}” in “{self.name}”", timeout_s, 0.05)
        out, error = (base64.b64decode(str(ended.get(key, ""))) for key in ("out-data", "err-data"))
        if check and ended.get("exitcode") != 0:
            raise LabError(f"{shlex.join(argv)} in “{self.name}” failed: {ended} {out!r} {error!r}")
        return out

    def shell(self, command: str, *, input_: bytes = b"", timeout_s: float = 30, check: bool = True) -> str:
        """The output of a shell's command line."""
        return self.run("/bin/sh", "-c", command, input_=input_, timeout_s=timeout_s, check=check).decode(errors="replace")

    def copy(self, data: bytes, target: str = "UTF8_STRING") -> None:
        """Puts something onto the clipboard of its desktop; ``target``: X's name of the format, for example image/png."""
        self.shell(f"xclip -i -selection clipboard -t {target} > /dev/null 2>&1", input_=data)

    def paste(self, target: str = "UTF8_STRING") -> bytes:
        """What a program of its desktop would paste; empty if there is nothing of that format."""
        return self.run("/bin/timeout", "5", "xclip", "-o", "-selection", "clipboard", "-t", target, check=False)

    def begin(self, command: str) -> None:
        """Starts a shell's command line, which goes on."""
        self.shell(f"setsid sh -c {shlex.quote(command)} > /dev/null 2>&1 < /dev/null &")

    def screen_size(self) -> tuple[int, int]:
        """What X in the guest says."""
        words = self.shell("xdpyinfo | grep dimensions").split()
        width, height = words[1].split("x")
        return int(width), int(height)

    def _ended(self, pid: object) -> dict[str, object] | None:
        status = self._ask("guest-exec-status", {"pid": pid})
        return status if status["exited"] else None

    def _ask(self, command: str, arguments: dict[str, object]) -> dict[str, object]:
        text = json.dumps({"execute": command, "arguments": arguments})
        answer: dict[str, object] = json.loads(self.world.virsh("qemu-agent-command", self.name, text))["return"]
        return answer


ENVIRONMENT = {"DISPLAY": ":0", "HOME": "/root", "LC_ALL": "C.UTF-8", "PATH": "/bin:/sbin:/usr/bin:/usr/sbin"}


def define(world: World, name: str = "desktop", **how: object) -> SpiceGuest:
    """Defines it; ``how``: see `desktop_xml`. A login on the serial port: root, no password."""
    world.put(media.kernel("generic"), "vmlinuz-generic")
    world.put(initrd(), "spice.img")
    world.define(desktop_xml(world, name, **how))  # type: ignore[arg-type]
    return SpiceGuest(world, name)


def start(world: World, name: str = "desktop", **how: object) -> SpiceGuest:
    """The running desktop, its agents answering: from a saved state in a second; the first time it boots (13 s) and is saved.

    A state is kept for each ``how``: with one that names a path, use `define`, its `start` and `wait_ready`.
    """
    guest = define(world, name, **how)
    key = cache.digest(world.kind, name, repr(sorted(how.items())), initrd().name, guests.versions(world))
    saved = cache.cached(f"{name}-{world.kind}-spice.state", key, lambda file: _boot_and_save(guest, file))
    guests.restore(guest, saved)
    wait_for(lambda: guests.agent_answers(guest), f"the agent of “{guest.name}”", 60, 0.1)
    return guest


def _boot_and_save(guest: SpiceGuest, file: Path) -> None:
    guest.start()
    wait_ready(guest)
    state = guest.world.images / "saving.state"
    guest.world.virsh("save", guest.name, str(state))
    shutil.move(state, file)
    os.chown(file, os.geteuid(), os.getegid())


def wait_ready(guest: SpiceGuest, timeout_s: float = 120) -> None:
    """Waits for X and the agents."""
    guest.wait_serial("DESKTOP READY", timeout_s)
    wait_for(lambda: guests.agent_answers(guest), f"the agent of “{guest.name}”", 30, 0.2)
