"""Settings that one machine may take over from another."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n import N_


@dataclass(frozen=True, slots=True)
class Setting:
    """name: to be translated where it is shown.  paths: what belongs together.  remove: what goes where it is not wanted."""

    id: str
    name: str
    paths: tuple[str, ...]
    remove: str


_RNG = ("devices/rng/@model", "devices/rng/backend/@model", "devices/rng/backend")
_TPM = ("devices/tpm/@model", "devices/tpm/backend/@type", "devices/tpm/backend/@version")
_CLOCK = ("clock/@offset", "clock/timer[@name='hypervclock']/@present", "clock/timer[@name='hpet']/@present")
_CALLS = ("relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "frequencies", "tlbflush", "ipi", "reset")
_HYPERV = (
    "features/hyperv/@mode",
    *(f"features/hyperv/{name}/@state" for name in _CALLS),
    "features/hyperv/spinlocks/@retries",
)
_CPU = ("cpu/@mode", "cpu/@check", "cpu/@migratable", "cpu/model", "cpu/model/@fallback")
_SHARED = ("memoryBacking/source/@type", "memoryBacking/access/@mode")
_VIDEO = ("devices/video/model/@type", "devices/video/model/@heads")

SETTINGS: tuple[Setting, ...] = (
    Setting("memory", N_("Memory"), ("memory/@unit", "memory", "currentMemory/@unit", "currentMemory"), "currentMemory"),
    Setting("processors", N_("Number of processors"), ("vcpu",), "vcpu/@current"),
    Setting("cpu", N_("Processor model"), _CPU, "cpu/@mode"),
    Setting("hyperv", N_("Windows' enlightenments"), _HYPERV, "features/hyperv"),
    Setting("clock", N_("Clock"), _CLOCK, "clock/timer[@name='hypervclock']"),
    Setting("huge-pages", N_("Huge pages"), ("memoryBacking/hugepages",), "memoryBacking/hugepages"),
    Setting("shared-memory", N_("Shared memory"), _SHARED, "memoryBacking/access"),
    Setting("io-threads", N_("I/O threads"), ("iothreads",), "iothreads"),
    Setting("crash", N_("What happens at a crash"), ("on_crash",), "on_crash"),
    Setting("video", N_("Graphics card"), _VIDEO, "devices/video/model/@heads"),
    Setting("sound", N_("Sound"), ("devices/sound/@model",), "devices/sound"),
    Setting("tpm", N_("TPM"), _TPM, "devices/tpm"),
    Setting("rng", N_("Random numbers"), _RNG, "devices/rng"),
    Setting("watchdog", N_("Watchdog"), ("devices/watchdog/@model", "devices/watchdog/@action"), "devices/watchdog"),
    Setting(
        "balloon", N_("Memory balloon"),
        ("devices/memballoon/@model", "devices/memballoon/@freePageReporting", "devices/memballoon/stats/@period"),
        "devices/memballoon/@freePageReporting",
    ),
)  # fmt: skip
