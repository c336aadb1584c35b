"""The SPICE client and a library's process that was taken over: what it says beyond its part is not heeded, or ends the screen."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.console.client import ClientState
from app.console.graphics import GraphicsInfo
from app.console.protocols import Opening
from app.console.spice import audio, process
from app.console.spice.client import SpiceClient
from app.console.spice.problems import LibraryEnded
from app.console.transport import Link
from app.errors import Disconnected, HostelryError, Invalid
from tests.lab.qemu_spice import served, until
from tests.unit.console.test_spice_process import HEAD

Story = Callable[[SpiceClient], Awaitable[None]]
Play = Callable[[str, Story], None]

STAY = "\nfor message in heard(): pass\n"
"""The process lives until it is told to go."""


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Runs a story with a client whose library's process is a small program."""

    def run(program: str, story: Story) -> None:
        path = tmp_path / "program.py"
        path.write_text(HEAD.format(root=str(Path(__file__).resolve().parents[3])) + program)
        monkeypatch.setattr(process, "PROGRAM", path)

        async def visit() -> None:
            loop = asyncio.get_running_loop()

            def wake(call: Callable[[], None]) -> None:
                loop.call_soon_threadsafe(call)

            async def more() -> Link:
                raise Disconnected("There is no server.")

            ours, theirs = socket.socketpair()
            with theirs:
                client = SpiceClient(Opening(GraphicsInfo(0, "spice"), Link(ours, True), more, wake))
                client.start()
                try:
                    await story(client)
                finally:
                    client.close()

        served(visit())

    return run


async def reason(client: SpiceClient) -> HostelryError:
    await until(lambda: client.state is ClientState.CLOSED)
    assert client.error is not None
    return client.error


@pytest.mark.parametrize("program", [
    "sock.sendall(b'x' * 5000)",
    "tell('cursor', 0, 9, 9, 0, 0, payload=b'short')",
    "tell('damage', 0, 0, 1, 1, [0, 0, 1, 1])",
    "tell('view', 0, 0, 0, 0, 1, 1)",
    "for number in range(100): tell('socket', number, False)",
    "os.abort()",
])  # fmt: skip
def test_nonsense_and_crashes_are_a_sentence_with_a_way_on(play: Play, program: str) -> None:
    async def story(client: SpiceClient) -> None:
        error = await reason(client)
        assert isinstance(error, LibraryEnded) or (type(error) is Disconnected and "socket" in program)
        assert error.what
        assert error.next_step or type(error) is Disconnected

    play(program + STAY, story)


@pytest.mark.parametrize(("event", "received", "kind"), [(22, 0, Disconnected), (22, 100, Invalid), (21, 100, Invalid), (24, 100, Disconnected)])
def test_what_a_channel_failed_by_is_told(play: Play, event: int, received: int, kind: type[HostelryError]) -> None:
    async def story(client: SpiceClient) -> None:
        error = await reason(client)
        assert type(error) is kind and "bad" in error.raw

    play(f"tell('event', 1, {event}, {received}, 'bad')" + STAY, story)


def test_a_screen_that_nobody_has_is_refused(play: Play) -> None:
    async def story(client: SpiceClient) -> None:
        assert "70000×1" in (await reason(client)).why

    play("tell('too_large', 70000, 1)" + STAY, story)


def test_nothing_is_pasted_that_was_not_asked_for(play: Play) -> None:
    told: list[str] = []

    async def story(client: SpiceClient) -> None:
        client.cut_text.connect(told.append)
        await until(lambda: "second" in told)
        assert told == ["second"]

    play("""
tell('clipboard', 1, payload=b'first')
tell('clipboard_offered', [1])
for message in heard():
    if message.name == "clipboard_ask":
        assert message.args == (1,)
        for word in (b'second', b'third'):
            tell('clipboard', 1, payload=word)
""", story)  # fmt: skip


def test_the_microphone_and_the_loudspeakers_open_by_the_users_switch_only(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(audio, "Recorder", lambda *_args: opened.append("microphone"))
    monkeypatch.setattr(audio, "Player", lambda *_args: opened.append("sound"))

    async def story(client: SpiceClient) -> None:
        await until(lambda: client.features.microphone and client.features.audio)
        await asyncio.sleep(0.1)
        assert not opened

    begin = "tell('record_start', 1, 2, 48000)\ntell('sound_start', 1, 2, 48000)\ntell('sound', payload=bytes(100))\n"
    play(f"{begin}tell('channel', 5)\ntell('channel', 6)\n{begin}" + STAY, story)
