"""A serial console of a guest on a host over SSH: the same session's password, asked for once, and a long line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from app.console.text.console import ByteConsole
from app.virt.session import Session
from app.virt.text_stream import open_text
from tests.lab import guests
from tests.lab.desk import until
from tests.lab.ssh import PASSWORD, SshClient, SshServer
from tests.lab.test_remote_ssh import Person


@pytest.mark.parametrize("rtt_s", [0.0, 0.2])
def test_a_shell_over_ssh(ssh_server: SshServer, ssh_client: SshClient, rtt_s: float) -> None:
    guest = guests.define_linux(ssh_server.host).start()
    guest.wait_serial("LAB GUEST READY")
    ssh_server.link.rtt_s = rtt_s
    person = Person(PASSWORD)

    async def story() -> None:
        session = Session(ssh_client.uri(ssh_server, "operator"), ask=person)
        await session.open()
        loop = asyncio.get_running_loop()

        def wake(call: Callable[[], None]) -> None:
            loop.call_soon_threadsafe(call)

        console = ByteConsole(wake)
        console.changed.connect(console.take)
        console.take()
        ended: list[object] = []
        stream = await open_text(session, guest.uuid, "serial1", received=console.received, ended=ended.append)
        console.attach(stream)
        console.send(b"\r")
        await until(lambda: any("lab#" in line.text() for line in console.frame.rows))
        console.send(b"seq 1 500; echo far $((6*7))\r")
        await until(lambda: any("far 42" in line.text() for line in console.frame.rows))
        stream.close()
        console.close()
        await session.close()
        assert ended == []

    asyncio.run(story())
    assert len(person.asked) == 1
