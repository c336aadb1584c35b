"""Hosts over SSH: keys, passwords, passphrases, unknown and changed hosts, and every way in which it can fail."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from app import errors
from app.ssh import folder
from app.virt import domains
from app.virt.credentials import Answers, CredentialRequest
from app.virt.session import Session, SessionState
from tests.lab import faults
from tests.lab.ssh import PASSPHRASE, PASSWORD, SshClient, SshServer
from tests.lab.test_engine_session import until


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


def test_a_key_opens_without_a_question(ssh_server: SshServer, ssh_client: SshClient) -> None:
    person = Person()
    works(ssh_client.uri(ssh_server, keyfile=ssh_server.key), person)
    assert person.asked == []


def test_a_key_of_the_agent(
    ssh_server: SshServer, ssh_client: SshClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = tmp_path / "agent"
    with subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL) as agent:
        try:
            while not socket.exists():
                assert agent.poll() is None
            monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
            subprocess.run(["ssh-add", "-q", str(ssh_server.key)], check=True, env=os.environ)
            works(ssh_client.uri(ssh_server))
        finally:
            agent.kill()


def test_a_password_is_asked_once_for_all_connections(ssh_server: SshServer, ssh_client: SshClient) -> None:
    person = Person(PASSWORD)

    async def story() -> None:
        session = Session(ssh_client.uri(ssh_server, "operator"), ask=person)
        await session.open()
        assert await session.call(lambda conn: conn.getHostname(), long=True) == ssh_server.host.name
        ssh_server.link.drop()
        await until(lambda: session.state is SessionState.WAITING)
        session.reconnect_now()
        await session.open()
        await session.close()

    run(story())
    assert len(person.asked) == 1
    assert "operator@127.0.0.1" in person.asked[0].questions[0].prompt


def test_a_wrong_password_is_asked_again_and_then_refused(ssh_server: SshServer, ssh_client: SshClient) -> None:
    person = Person("guess", PASSWORD)
    works(ssh_client.uri(ssh_server, "operator"), person)
    assert [request.again for request in person.asked] == [False, True]
    error = failure(ssh_client.uri(ssh_server, "visitor"), Person("guess", "guess", "guess", "guess"))
    assert isinstance(error, errors.AuthFailed)
    assert "ssh-copy-id" in error.next_step


def test_a_cancelled_password_asks_no_more(ssh_server: SshServer, ssh_client: SshClient) -> None:
    person = Person(None, PASSWORD)
    error = failure(ssh_client.uri(ssh_server, "operator"), person)
    assert isinstance(error, errors.AuthFailed)
    assert "cancelled" in error.why
    assert len(person.asked) == 1


def test_a_passphrase_of_a_key(ssh_server: SshServer, ssh_client: SshClient) -> None:
    person = Person("wrong", PASSPHRASE)
    works(ssh_client.uri(ssh_server, keyfile=ssh_server.locked_key), person)
    assert str(ssh_server.locked_key) in person.asked[0].questions[0].prompt
    assert person.asked[1].again


def test_an_unknown_host_shows_its_fingerprint(ssh_server: SshServer, tmp_path: Path) -> None:
    ssh_client, person = SshClient(tmp_path), Person("yes")
    works(ssh_client.uri(ssh_server, keyfile=ssh_server.key), person)
    key = person.asked[0].host_key
    assert key is not None
    assert key.fingerprint == ssh_server.fingerprint
    assert "127.0.0.1" in key.host
    assert ssh_client.known_hosts.exists()


def test_an_unknown_host_that_is_not_accepted(ssh_server: SshServer, tmp_path: Path) -> None:
    ssh_client = SshClient(tmp_path)
    error = failure(ssh_client.uri(ssh_server, keyfile=ssh_server.key) + "&no_verify=1", Person(None))
    assert isinstance(error, errors.AuthFailed)
    assert "not accepted" in error.why
    assert not ssh_client.known_hosts.exists()


def test_a_changed_host_is_refused_with_the_repair(ssh_server: SshServer, ssh_client: SshClient) -> None:
    known = ssh_client.known_hosts.read_text().split()
    other = ssh_server.stranger_key.with_suffix(".pub").read_text().split()
    ssh_client.known_hosts.write_text(f"{known[0]} {other[0]} {other[1]}\n")
    person = Person("yes", "yes")
    error = failure(ssh_client.uri(ssh_server, keyfile=ssh_server.key), person)
    assert isinstance(error, errors.AuthFailed)
    assert f"ssh-keygen -R '[127.0.0.1]:{ssh_server.port}'" in error.next_step
    assert person.asked == []


def test_a_stranger_s_key(ssh_server: SshServer, ssh_client: SshClient) -> None:
    error = failure(ssh_client.uri(ssh_server, keyfile=ssh_server.stranger_key), Person())
    assert isinstance(error, errors.AuthFailed)


def test_a_user_who_may_not_manage_machines(ssh_server: SshServer, ssh_client: SshClient) -> None:
    error = failure(ssh_client.uri(ssh_server, "visitor"), Person(PASSWORD))
    assert isinstance(error, errors.Denied)
    assert "usermod -aG libvirt visitor" in error.next_step


def test_a_host_without_libvirt(ssh_server: SshServer, ssh_client: SshClient) -> None:
    ssh_server.limit_path("sh", "which")
    try:
        error = failure(ssh_client.uri(ssh_server, keyfile=ssh_server.key))
    finally:
        ssh_server.limit_path()
    assert isinstance(error, errors.Unsupported)
    assert "Install libvirt" in error.next_step


@pytest.mark.parametrize("proxy", ["native", "netcat"])
def test_a_service_that_does_not_run(ssh_server: SshServer, ssh_client: SshClient, proxy: str) -> None:
    ssh_server.host.kill_daemon()
    try:
        error = failure(ssh_client.uri(ssh_server, keyfile=ssh_server.key) + f"&proxy={proxy}")
    finally:
        ssh_server.host.start_daemon()
    assert isinstance(error, errors.Disconnected)
    assert "Start it on the host" in error.next_step


def at(ssh_client: SshClient, where: str) -> str:
    return f"qemu+ssh://root@{where}/system?command={ssh_client.command}"


def test_addresses_where_nobody_is(ssh_client: SshClient) -> None:
    unknown = failure(at(ssh_client, "no.such.host.invalid"))
    assert isinstance(unknown, errors.NotFound)
    assert "no.such.host.invalid" in unknown.why
    refused = failure(at(ssh_client, f"127.0.0.1:{faults.unreachable_port()}"))
    assert isinstance(refused, errors.Disconnected)
    assert "openssh-server" in refused.next_step


def test_a_host_that_never_answers_times_out_by_itself(ssh_client: SshClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ssh.attempt.OPTIONS", ("ConnectTimeout=1", "LogLevel=ERROR"))
    with faults.BlackHole(tcp=True) as hole:
        error = failure(at(ssh_client, f"127.0.0.1:{hole.port}"))
    assert isinstance(error, errors.TimedOut)
    assert "switched on" in error.next_step


def test_connecting_to_a_silent_host_is_cancelled_at_once(ssh_client: SshClient) -> None:
    async def story(port: int) -> None:
        session = Session(at(ssh_client, f"127.0.0.1:{port}"))
        opening = asyncio.ensure_future(session.open())
        await asyncio.sleep(0.3)
        session.cancel()
        with pytest.raises(errors.Cancelled):
            await opening

    with faults.BlackHole(tcp=True) as hole:
        run(story(hole.port))


def test_several_hosts_ask_at_once(ssh_server: SshServer, ssh_client: SshClient) -> None:
    """Each question reaches its own session's user, whatever comes first."""
    right, wrong = Person(PASSWORD), Person(None)

    async def story() -> None:
        good = Session(ssh_client.uri(ssh_server, "operator"), ask=right)
        bad = Session(ssh_client.uri(ssh_server, "visitor"), ask=wrong)
        done = await asyncio.gather(good.open(), bad.open(), return_exceptions=True)
        assert done[0] is None
        assert isinstance(done[1], errors.AuthFailed)
        await asyncio.gather(good.close(), bad.close())

    run(story())
    assert [request.uri for request in right.asked + wrong.asked] == [
        ssh_client.uri(ssh_server, "operator"), ssh_client.uri(ssh_server, "visitor"),
    ]  # fmt: skip


def test_no_secret_is_seen_by_others(ssh_server: SshServer, ssh_client: SshClient) -> None:
    """Neither in command lines, nor in environments, nor in files, while the question is open and after it."""
    seen: list[str] = []

    class Looking(Person):
        async def __call__(self, request: CredentialRequest) -> Answers | None:
            seen.append(everything_open())
            return await super().__call__(request)

    async def story() -> None:
        session = Session(ssh_client.uri(ssh_server, "operator"), ask=Looking(PASSWORD))
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
