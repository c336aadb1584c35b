"""The connections of one session: the first one, which also brings the events, and others beside it.

libvirt's client before 10.3 may die when a call joins another that waits on the same connection: what the first left in the
client's loop points into a stack that is gone (CVE-2024-4418; seen as protection faults in ``virNetClientIOEventFD``).  There,
one call at a time waits on each connection, and calls that would wait too long get a further connection.  Later libraries, and
drivers in this process, take several calls on the first connection; one other is opened for what takes minutes.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from app.errors import Disconnected, HostelryError
from app.i18n import _
from app.virt.link import Link
from app.virt.opener import Opener

MOST = 4
"""Connections for calls that are answered soon."""

MOST_LONG = 12
"""The same with those for what takes minutes."""

PATIENCE_S = 0.25
"""How long a call waits for a connection to be free before another is opened; most calls are over by then."""

STUCK = 3
"""So many calls that nobody waits for any more, and the connections under them are given up."""

NewOpener = Callable[[Callable[[Link, int], None]], Opener]
"""Makes an opener for a connection without events; the argument is called on VirEventThread when it is lost."""


class Lines:
    """On the event loop's thread.  ``begin`` with the first connection, then ``take`` and ``give_back``, at last ``end``."""

    def __init__(self, new_opener: NewOpener, post: Callable[[Callable[[], None]], None]) -> None:
        self._new_opener = new_opener
        self._post = post
        self._main: Link | None = None
        self._all: list[Link] = []
        self._free: list[Link] = []
        self._stuck: set[Link] = set()
        self._openers: set[Opener] = set()
        self._waiting: deque[tuple[asyncio.Future[Link], int]] = deque()
        self.answered_s = 0.0
        """When a call last came back, by the loop's clock."""

    @property
    def one_call_each(self) -> bool:
        """True where a connection takes one call at a time."""
        return self._main is not None and not self._main.shared

    def begin(self, main: Link) -> None:
        """A new first connection, free for calls."""
        self._main = main
        self._all, self._free = [main], [main]

    def end(self) -> list[Link]:
        """Forgets all connections and gives those beside the first; whoever waits for one is told."""
        others = [link for link in self._all if link is not self._main]
        self._main, self._all, self._free = None, [], []
        self._stuck.clear()
        for opener in self._openers:
            opener.cancel()
        self._openers.clear()
        waiting, self._waiting = self._waiting, deque()
        for future, _most in waiting:
            if not future.done():
                future.set_exception(Disconnected(_("The connection was lost.")))
        return others

    async def take(self, *, long: bool) -> Link:
        """A connection for one call; raises ``HostelryError`` if none can be opened."""
        assert self._main is not None  # noqa: S101 - the session asks before
        if self._main.shared and not long:
            return self._main
        # What takes minutes never blocks the first connection.
        found = next((link for link in reversed(self._free) if not (long and link is self._main)), None)
        if found is not None:
            self._taken(found)
            return found
        most = MOST_LONG if long else MOST
        future: asyncio.Future[Link] = asyncio.get_running_loop().create_future()
        self._waiting.append((future, most))
        timer = asyncio.get_running_loop().call_later(0 if long else PATIENCE_S, self._open_for, future)
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and not future.exception():
                self.give_back(future.result())
            raise
        finally:
            timer.cancel()
            self._waiting = deque(entry for entry in self._waiting if entry[0] is not future)

    def hold(self, link: Link) -> None:
        """Keeps calls away from a connection that is busy otherwise, until it is given back."""
        if link in self._free and not link.shared:
            self._free.remove(link)

    def give_back(self, link: Link) -> None:
        """Its call is over."""
        self.answered_s = asyncio.get_running_loop().time()
        if link not in self._all or (link is self._main and link.shared):
            return
        self._stuck.discard(link)
        if link.was_cut:
            self._drop(link)
            return
        self._offer(link)

    def given_up(self, link: Link) -> None:
        """Nobody waits for its call any more; it is used again when the call is over."""
        if link in self._all and not link.shared:
            self._stuck.add(link)
            if len(self._stuck) >= STUCK:
                for stuck in self._stuck - {self._main}:
                    stuck.cut()

    def _offer(self, link: Link) -> None:
        if link in self._free:
            return
        for entry in self._waiting:
            future, most = entry
            if not future.done() and not (most == MOST_LONG and link is self._main):
                self._waiting.remove(entry)
                future.set_result(link)
                return
        self._free.append(link)

    def _taken(self, link: Link) -> None:
        # One beside the first takes several calls where the library can.
        if not link.shared:
            self._free.remove(link)

    def _open_for(self, future: asyncio.Future[Link]) -> None:
        most = next((most for waiting, most in self._waiting if waiting is future), 0)
        if future.done() or len(self._all) + len(self._openers) >= most:
            return
        opener = self._new_opener(lambda link, _reason: self._post(lambda: self._drop(link)))
        self._openers.add(opener)
        opener.start(lambda opener, link, error: self._post(lambda: self._opened(opener, link, error)))

    def _opened(self, opener: Opener, link: Link | None, error: HostelryError | None) -> None:
        if opener not in self._openers:
            if link is not None:
                link.close_in_background()
            return
        self._openers.discard(opener)
        if link is not None:
            self._all.append(link)
            self._offer(link)
            if link.shared and link not in self._free:
                self._free.append(link)
        elif len(self._all) == 1 and not self._openers:
            self._refuse_long(error or Disconnected(_("No further connection could be opened.")))

    def _refuse_long(self, error: HostelryError) -> None:
        """What takes minutes has nowhere to go; short calls wait for the first connection, which will be free again."""
        for future, most in self._waiting:
            if most == MOST_LONG and not future.done():
                future.set_exception(error)

    def _drop(self, link: Link) -> None:
        if link not in self._all or link is self._main:
            return
        self._all.remove(link)
        self._stuck.discard(link)
        if link in self._free:
            self._free.remove(link)
        link.close_in_background(dead=True)
