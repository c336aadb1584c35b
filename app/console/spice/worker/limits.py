"""What this process may not do: outlive the program, take the machine's memory, or leave passwords in a core file."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal

MEMORY = 2 << 30
"""Address space.  A screen of 64 megapixels takes 256 MiB in the library, as much in the memory that is shared, and as much
again in a message that paints all of it and in its decoded form."""

PR_SET_PDEATHSIG = 1


def apply(parent: int) -> None:
    """Before anything is loaded.  parent: whose end is ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the program, which ends this process
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        _soft, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))
    # Where memory is short this goes first, not the program.
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123 - pathlib takes 15 ms
        score.write("700")
