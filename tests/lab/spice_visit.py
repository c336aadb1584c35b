"""A SPICE client of ours at the lab's desktop, on Qt's loop: for tests of what the agent gives."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QApplication

from app.console.client import ClientState
from app.console.graphics import GraphicsInfo
from app.console.protocols import Opening
from app.console.spice.client import SpiceClient
from app.console.transport import Link
from tests.lab.desk import until
from tests.lab.spice_guest import SpiceGuest
from ui.aio import cancel_everything, make_loop


class Visit:
    """A connected client, and the guest: programs of which run on a thread, as QEMU waits for its client."""

    def __init__(self, guest: SpiceGuest, client: SpiceClient) -> None:
        self.guest, self.client = guest, client

    async def shell(self, command: str, *, timeout_s: float = 30) -> str:
        """A command line in the guest, to its end."""
        return await asyncio.to_thread(self.guest.shell, command, timeout_s=timeout_s)

    async def guest_says(self, command: str, wanted: str) -> None:
        """Until the output of a command line has ``wanted`` in it."""
        for _try in range(100):
            told = await asyncio.to_thread(self.guest.shell, command, check=False)
            if wanted in told:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"“{command}” in the guest says: {told}")

    async def pasted(self, wanted: bytes, target: str = "UTF8_STRING") -> None:
        """Until a program of the guest would paste this."""
        for _try in range(50):
            found = await asyncio.to_thread(self.guest.paste, target)
            if found == wanted:
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"the guest pastes {found[:80]!r}, {len(found)} bytes")


Story = Callable[[Visit], Awaitable[None]]


async def opened(guest: SpiceGuest, *, prepare: Callable[[SpiceClient], None] = lambda client: None) -> SpiceClient:
    """A client with a picture; ``prepare``: before it starts."""
    address = await asyncio.to_thread(guest.world.virsh, "domdisplay", guest.name)
    path = address.strip().removeprefix("spice+unix://")

    async def more() -> Link:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.connect(path)
        return Link(sock, True)

    loop = asyncio.get_running_loop()

    def wake(call: Callable[[], None]) -> None:
        loop.call_soon_threadsafe(call)

    client = SpiceClient(Opening(GraphicsInfo(0, "spice"), await more(), more, wake))
    client.damaged.connect(lambda: client.framebuffer.take_damage() if client.framebuffer else None)
    prepare(client)
    client.start()
    await until(lambda: client.state is not ClientState.CONNECTING)
    assert client.state is ClientState.CONNECTED, client.error
    return client


def visit(
    qapp: QApplication, guest: SpiceGuest, story: Story, *, prepare: Callable[[SpiceClient], None] = lambda client: None
) -> None:
    """Runs a story with a new connection whose agent answers."""
    loop = make_loop(qapp)

    async def run() -> None:
        client = await opened(guest, prepare=prepare)
        try:
            await until(lambda: client.features.clipboard)
            await story(Visit(guest, client))
        finally:
            client.close()
            await cancel_everything()
            await loop.shutdown_default_executor()

    try:
        loop.run_until_complete(run())
    finally:
        loop.close()
        asyncio.set_event_loop(None)
