"""Makes QEMU look for what a key has changed.

QEMU looks at its screen at once when input comes, which is before the guest has done anything with it, and if nothing has changed
then waits 80 ms for its next look (ui/vnc.c, vnc_refresh: the interval grows by 50 ms; any input sets it back to 30 ms).  So what
is typed at rest shows after 80 ms, unless more input comes soon.  The release of no key at all is input that no guest notices.
"""

from __future__ import annotations

from collections.abc import Callable

from app.console.vnc import messages
from app.console.vnc.beat import Beat


def nudges(send: Callable[[bytes], None]) -> Beat:
    """``go`` with every input: QEMU then looks every 30 ms for a while.  Close it with the connection."""
    data = messages.no_key()
    return Beat(lambda: send(data), first_s=0.008, every_s=0.02, lasts_s=0.15)
