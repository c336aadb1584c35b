"""A host that asks for a password: asked once, remembered for the reconnect; refused; cancelled while the question is open."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from app.errors import AuthFailed, Cancelled
from app.virt import domains
from app.virt.credentials import Answers, CredentialKind, CredentialRequest
from app.virt.session import Session, SessionState
from tests.lab import faults, hosts
from tests.lab.hosts import RootHost
from tests.lab.test_engine_session import until
from tests.lab.world import missing_programs


@pytest.fixture(scope="module")
def locked_host() -> Iterator[RootHost]:
    """A host that wants a user name and a password."""
    if reason := hosts.why_not():
        pytest.skip(reason)
    if missing_programs("saslpasswd2"):
        pytest.skip("needs saslpasswd2 (package sasl2-bin)")
    with RootHost("locked", listen_tcp=True, sasl={"alice": "open sesame"}, network=False) as host:
        yield host


@pytest.fixture
def locked(locked_host: RootHost) -> Iterator[faults.Link]:
    """A TCP link to it."""
    with faults.Link(("127.0.0.1", 16509), listen=("127.0.0.1", 0), inside=locked_host) as link:
        yield link


def uri_of(link: faults.Link) -> str:
    return f"qemu+tcp://127.0.0.1:{link.port}/system"


class User:
    """Answers the questions."""

    def __init__(self, password: str) -> None:
        self.password = password
        self.asked: list[CredentialRequest] = []

    async def answer(self, request: CredentialRequest) -> Answers | None:
        self.asked.append(request)
        answers = {CredentialKind.USER_NAME: "alice@locked", CredentialKind.PASSWORD: self.password}
        return [answers.get(question.kind, "locked") for question in request.questions]


def test_a_password_is_asked_once_and_remembered(locked: faults.Link) -> None:
    user = User("open sesame")

    async def scenario() -> None:
        session = Session(uri_of(locked), ask=user.answer)
        session.begin()
        await session.open()
        assert await domains.list_states(session) == []
        asked = len(user.asked)
        assert asked >= 1
        locked.drop()
        await until(lambda: session.state is SessionState.WAITING)
        session.reconnect_now()
        await session.open()
        assert len(user.asked) == asked
        await session.close()

    asyncio.run(scenario())


def test_a_wrong_password_is_refused_and_asked_anew(locked: faults.Link) -> None:
    user = User("wrong")

    async def scenario() -> None:
        session = Session(uri_of(locked), ask=user.answer)
        with pytest.raises(AuthFailed):
            await session.open()
        assert session.state is SessionState.FAILED
        user.password = "open sesame"
        await session.open()
        await session.close()

    asyncio.run(scenario())


def test_a_cancelled_question_and_a_cancelled_connect(locked: faults.Link) -> None:
    taken_back = []

    async def nothing(_request: CredentialRequest) -> Answers | None:
        return None

    async def undecided(_request: CredentialRequest) -> Answers | None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            taken_back.append(True)
            raise
        return None

    async def scenario() -> None:
        session = Session(uri_of(locked), ask=nothing)
        with pytest.raises(AuthFailed):
            await session.open()
        session = Session(uri_of(locked), ask=undecided)
        opening = asyncio.ensure_future(session.open())
        await until(lambda: locked.connections > 0 and session.state is SessionState.CONNECTING)
        await asyncio.sleep(0.3)
        session.cancel()
        with pytest.raises(Cancelled):
            await opening
        await until(lambda: bool(taken_back))

    asyncio.run(scenario())
