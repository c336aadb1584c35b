"""Desktop notices over a private session bus, with a small server that checks the types of the call."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from app.actions.interface import Notice, NoticeKind, Offer
from tests.lab.world import missing_programs
from ui.notify import BusDesktop

SERVER = """
import sys
from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import open_dbus_connection
bus = open_dbus_connection()
bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.Notifications"))
print("ready", flush=True)
place = DBusAddress("/org/freedesktop/Notifications", interface="org.freedesktop.Notifications")
number = 6
while True:
    call = bus.receive()
    if call.header.message_type != MessageType.method_call:
        continue
    if call.header.fields.get(HeaderFields.member) == "GetCapabilities":
        bus.send(new_method_return(call, "as", (sys.argv[1:],)))
        continue
    if call.header.fields.get(HeaderFields.signature) != "susssasa{sv}i":
        bus.send(new_error(call, "org.freedesktop.DBus.Error.InvalidArgs", "s", ("wrong types",)))
        continue
    number = call.body[1] or number + 1
    bus.send(new_method_return(call, "u", (number,)))
    print(repr((call.body[1], call.body[3], call.body[4], call.body[5])), flush=True)
    if len(call.body[5]) > 2:
        bus.send(new_signal(place, "ActionInvoked", "us", (number, call.body[5][2])))
"""


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session bus of the test's own."""
    if missing := missing_programs("dbus-daemon"):
        pytest.skip(f"needs programs that are not installed: {', '.join(missing)}")
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert daemon.stdout is not None
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().strip())
    yield
    daemon.send_signal(signal.SIGTERM)
    daemon.wait()
    daemon.stdout.close()


@pytest.fixture(params=["body-markup", "actions"])
def server(bus: None, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A notification service, one that draws HTML and one that does not."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, request.param], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_notice_with_an_answer(server: subprocess.Popen[str], request: pytest.FixtureRequest) -> None:
    async def main() -> list[str | None]:
        desktop = BusDesktop("Hostelry", "io.github.hostelry.Hostelry")
        answers: list[str | None] = []
        answered = asyncio.Event()

        def answer(offer: str | None) -> None:
            answers.append(offer)
            answered.set()

        notice = Notice("“web1” was deleted.", NoticeKind.OFFER, "<b>web</b> & co", offers=(Offer("undo", "Undo"),), key="k")
        assert await desktop.show(notice, answer)
        await asyncio.wait_for(answered.wait(), 10)
        assert await desktop.show(Notice("Again", key="k"), answers.append)
        await desktop.close()
        return answers

    assert asyncio.run(main()) == ["undo"]
    assert server.stdout is not None
    marked = "body-markup" in request.node.callspec.params.values()
    body = "&lt;b&gt;web&lt;/b&gt; &amp; co" if marked else "<b>web</b> & co"
    assert server.stdout.readline() == f"(0, '“web1” was deleted.', '{body}', ['default', 'Show', 'undo', 'Undo'])\n"
    assert server.stdout.readline() == "(7, 'Again', '', ['default', 'Show'])\n"


def test_no_service_is_no_error(bus: None) -> None:
    async def main() -> bool:
        desktop = BusDesktop("Hostelry", "x")
        shown = await desktop.show(Notice("x"), lambda _offer: None)
        await desktop.close()
        return shown

    assert not asyncio.run(main())


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "nonsense", ""])
def test_no_bus_is_no_error(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert not asyncio.run(BusDesktop("Hostelry", "x").show(Notice("x"), lambda _offer: None))
