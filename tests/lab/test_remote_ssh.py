"""Hosts over SSH: keys, passwords, passphrases, unknown and changed hosts, and every way in which it can fail."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import errors
from app.ssh import folder
from app.virt import domains
from app.virt.credentials import Answers, CredentialRequest
from app.virt.session import Session, SessionState
from tests.lab import faults, hosts, ssh
from tests.lab.hosts import RootHost
from tests.lab.ssh import PASSPHRASE, PASSWORD, SshClient, SshServer
from tests.lab.test_engine_session import until


@pytest.fixture(scope="module")
def far_host() -> Iterator[RootHost]:
    if reason := hosts.why_not() or ssh.why_not():
        pytest.skip(reason)
    with RootHost("far", network=False) as host:
        yield host


@pytest.fixture(scope="module")
def shared_server(far_host: RootHost) -> Iterator[SshServer]:
    with SshServer(far_host) as server:
        yield server


@pytest.fixture
def server(shared_server: SshServer) -> Iterator[SshServer]:
    """Connections that tests shared do not outlive them: the next one signs in anew."""
    yield shared_server
    for control in folder.folder().glob("c-*"):
        folder.end_shared(control)
    shared_server.link.drop()


@pytest.fixture
def client(tmp_path: Path, server: SshServer) -> SshClient:
    """Someone who has been on the host before."""
    made = SshClient(tmp_path)
    made.trust(server)
    return made


class Person:
    """Answers in turn; None and a missing answer cancel."""

    def __init__(self, *answers: str | None) -> None:
        self.answers = list(answers)
        self.asked: list[CredentialRequest] = []

    async def __call__(self, request: CredentialRequest) -> Answers | None:
        self.asked.append(request)
        answer = self.answers.pop(0) if self.answers else None
        return None if answer is None else [answer]


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


def failure(uri: str, person: Person | None = None) -> errors.HostelryError:
    """What connecting fails with."""
    found: list[errors.HostelryError] = []

    async def story() -> None:
        session = Session(uri, ask=person)
        with pytest.raises(errors.HostelryError) as raised:
            await session.open()
        found.append(raised.value)
        await session.close()

    run(story())
    return found[0]


def works(uri: str, person: Person | None = None) -> None:
    async def story() -> None:
        session = Session(uri, ask=person)
        await session.open()
        assert await domains.list_states(session) == []
        await session.close()

    run(story())


def test_a_key_opens_without_a_question(server: SshServer, client: SshClient) -> None:
    person = Person()
    works(client.uri(server, keyfile=server.key), person)
    assert person.asked == []


def test_a_key_of_the_agent(server: SshServer, client: SshClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    socket = tmp_path / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL) as agent:
        try:
            while not socket.exists():
                assert agent.poll() is None
            monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
            subprocess.run(["ssh-add", "-q", str(server.key)], check=True, env=os.environ)
            works(client.uri(server))
        finally:
            agent.kill()


def test_a_password_is_asked_once_for_all_connections(server: SshServer, client: SshClient) -> None:
    person = Person(PASSWORD)

    async def story() -> None:
        session = Session(client.uri(server, "operator"), ask=person)
        await session.open()
        assert await session.call(lambda conn: conn.getHostname(), long=True) == server.host.name
        server.link.drop()
        await until(lambda: session.state is SessionState.WAITING)
        session.reconnect_now()
        await session.open()
        await session.close()

    run(story())
    assert len(person.asked) == 1
    assert "operator@127.0.0.1" in person.asked[0].questions[0].prompt


def test_a_wrong_password_is_asked_again_and_then_refused(server: SshServer, client: SshClient) -> None:
    person = Person("guess", PASSWORD)
    works(client.uri(server, "operator"), person)
    assert [request.again for request in person.asked] == [False, True]
    error = failure(client.uri(server, "visitor"), Person("guess", "guess", "guess", "guess"))
    assert isinstance(error, errors.AuthFailed)
    assert "ssh-copy-id" in error.next_step


def test_a_cancelled_password_asks_no_more(server: SshServer, client: SshClient) -> None:
    person = Person(None, PASSWORD)
    error = failure(client.uri(server, "operator"), person)
    assert isinstance(error, errors.AuthFailed)
    assert "cancelled" in error.why
    assert len(person.asked) == 1


def test_a_passphrase_of_a_key(server: SshServer, client: SshClient) -> None:
    person = Person("wrong", PASSPHRASE)
    works(client.uri(server, keyfile=server.locked_key), person)
    assert str(server.locked_key) in person.asked[0].questions[0].prompt
    assert person.asked[1].again


def test_an_unknown_host_shows_its_fingerprint(server: SshServer, tmp_path: Path) -> None:
    client, person = SshClient(tmp_path), Person("yes")
    works(client.uri(server, keyfile=server.key), person)
    key = person.asked[0].host_key
    assert key is not None
    assert key.fingerprint == server.fingerprint
    assert "127.0.0.1" in key.host
    assert client.known_hosts.exists()


def test_an_unknown_host_that_is_not_accepted(server: SshServer, tmp_path: Path) -> None:
    client = SshClient(tmp_path)
    error = failure(client.uri(server, keyfile=server.key) + "&no_verify=1", Person(None))
    assert isinstance(error, errors.AuthFailed)
    assert "not accepted" in error.why
    assert not client.known_hosts.exists()


def test_a_changed_host_is_refused_with_the_repair(server: SshServer, client: SshClient) -> None:
    known = client.known_hosts.read_text().split()
    other = server.stranger_key.with_suffix(".pub").read_text().split()
    client.known_hosts.write_text(f"{known[0]} {other[0]} {other[1]}\n")
    person = Person("yes", "yes")
    error = failure(client.uri(server, keyfile=server.key), person)
    assert isinstance(error, errors.AuthFailed)
    assert f"ssh-keygen -R '[127.0.0.1]:{server.port}'" in error.next_step
    assert person.asked == []


def test_a_stranger_s_key(server: SshServer, client: SshClient) -> None:
    error = failure(client.uri(server, keyfile=server.stranger_key), Person())
    assert isinstance(error, errors.AuthFailed)


def test_a_user_who_may_not_manage_machines(server: SshServer, client: SshClient) -> None:
    error = failure(client.uri(server, "visitor"), Person(PASSWORD))
    assert isinstance(error, errors.Denied)
    assert "usermod -aG libvirt visitor" in error.next_step


def test_a_host_without_libvirt(server: SshServer, client: SshClient) -> None:
    server.limit_path("sh", "which")
    try:
        error = failure(client.uri(server, keyfile=server.key))
    finally:
        server.limit_path()
    assert isinstance(error, errors.Unsupported)
    assert "Install libvirt" in error.next_step


@pytest.mark.parametrize("proxy", ["native", "netcat"])
def test_a_service_that_does_not_run(server: SshServer, client: SshClient, proxy: str) -> None:
    server.host.kill_daemon()
    try:
        error = failure(client.uri(server, keyfile=server.key) + f"&proxy={proxy}")
    finally:
        server.host.start_daemon()
    assert isinstance(error, errors.Disconnected)
    assert "Start it on the host" in error.next_step


def at(client: SshClient, where: str) -> str:
    return f"qemu+ssh://root@{where}/system?command={client.command}"


def test_addresses_where_nobody_is(client: SshClient) -> None:
    unknown = failure(at(client, "no.such.host.invalid"))
    assert isinstance(unknown, errors.NotFound)
    assert "no.such.host.invalid" in unknown.why
    refused = failure(at(client, f"127.0.0.1:{faults.unreachable_port()}"))
    assert isinstance(refused, errors.Disconnected)
    assert "openssh-server" in refused.next_step


def test_a_host_that_never_answers_times_out_by_itself(client: SshClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ssh.attempt.OPTIONS", ("ConnectTimeout=1", "LogLevel=ERROR"))
    with faults.BlackHole(tcp=True) as hole:
        error = failure(at(client, f"127.0.0.1:{hole.port}"))
    assert isinstance(error, errors.TimedOut)
    assert "switched on" in error.next_step


def test_connecting_to_a_silent_host_is_cancelled_at_once(client: SshClient) -> None:
    async def story(port: int) -> None:
        session = Session(at(client, f"127.0.0.1:{port}"))
        opening = asyncio.ensure_future(session.open())
        await asyncio.sleep(0.3)
        session.cancel()
        with pytest.raises(errors.Cancelled):
            await opening

    with faults.BlackHole(tcp=True) as hole:
        run(story(hole.port))


def test_several_hosts_ask_at_once(server: SshServer, client: SshClient) -> None:
    """Each question reaches its own session's user, whatever comes first."""
    right, wrong = Person(PASSWORD), Person(None)

    async def story() -> None:
        good = Session(client.uri(server, "operator"), ask=right)
        bad = Session(client.uri(server, "visitor"), ask=wrong)
        done = await asyncio.gather(good.open(), bad.open(), return_exceptions=True)
        assert done[0] is None
        assert isinstance(done[1], errors.AuthFailed)
        await asyncio.gather(good.close(), bad.close())

    run(story())
    assert [request.uri for request in right.asked + wrong.asked] == [
        client.uri(server, "operator"), client.uri(server, "visitor"),
    ]  # fmt: skip


def test_no_secret_is_seen_by_others(server: SshServer, client: SshClient) -> None:
    """Neither in command lines, nor in environments, nor in files, while the question is open and after it."""
    seen: list[str] = []

    class Looking(Person):
        async def __call__(self, request: CredentialRequest) -> Answers | None:
            seen.append(everything_open())
            return await super().__call__(request)

    async def story() -> None:
        session = Session(client.uri(server, "operator"), ask=Looking(PASSWORD))
        await session.open()
        seen.append(everything_open())
        await session.close()

    run(story())
    assert len(seen) == 2
    assert all("HOSTELRY_ASK_ID" in text for text in seen[:1])
    assert not any(PASSWORD in text for text in seen)
    assert folder.folder().stat().st_mode & 0o777 == 0o700
    assert (folder.folder() / "door").stat().st_mode & 0o777 == 0o600


def everything_open() -> str:
    """Command lines and environments of all other processes, and our files."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            if process.name != str(os.getpid()):
                try:
                    found.append((process / name).read_bytes().decode(errors="replace"))
                except OSError:
                    continue
    found += [path.read_text() for path in folder.folder().iterdir() if path.is_file()]
    return "\n".join(found)
