"""The line of a text console: what the user wants outlives a try that is on its way."""

from __future__ import annotations

import asyncio

from app.console.text.console import ByteConsole
from app.errors import HostelryError
from app.virt.text_stream import ConsoleTaken, TextStream
from tests.ui.conftest import Run
from tests.ui.program_world import until
from ui.console.terminal.line import Ended, LineState, Received, TextLine
from ui.console.wake import QtWake


def test_taking_over_is_not_forgotten_while_a_try_is_on_its_way(run: Run) -> None:
    asked: list[bool] = []
    answers = asyncio.Event()

    async def open_stream(force: bool, _received: Received, _ended: Ended) -> TextStream:
        asked.append(force)
        await answers.wait()
        raise ConsoleTaken("Another program has it.") if not force else HostelryError("seen")

    async def story() -> None:
        console = ByteConsole(QtWake())
        line = TextLine(console, open_stream)
        line.want(True)
        await until(lambda: asked == [False])
        line.reconnect(force=True)
        answers.set()
        await until(lambda: line.state is LineState.FAILED)
        assert asked == [False, True]
        line.end()
        console.close()
        assert console.join(5)

    run(story())
