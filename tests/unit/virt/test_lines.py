"""Which connection a call gets where each takes one call at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest

from app.errors import Denied
from app.virt.lines import Lines
from app.virt.link import Link


class Line:
    """Stands for a connection; only what `Lines` looks at."""

    shared = False
    was_cut = False


class Refusing:
    """An opener whose host takes no further connection."""

    def start(self, opened: Callable[[Any, None, Denied], None]) -> None:
        opened(self, None, Denied("too many connections"))


def test_a_host_that_takes_no_further_connection_makes_short_calls_wait_and_refuses_long_ones() -> None:
    async def scenario() -> None:
        post = asyncio.get_running_loop().call_soon
        lines = Lines(lambda _lost: cast(Any, Refusing()), lambda work: cast(None, post(work)))
        main = cast(Link, Line())
        lines.begin(main)
        assert await lines.take(long=False) is main
        short = asyncio.ensure_future(lines.take(long=False))
        with pytest.raises(Denied):
            await lines.take(long=True)
        await asyncio.sleep(0.4)
        assert not short.done()
        lines.give_back(main)
        assert await short is main

    asyncio.run(scenario())
