"""Names of files in the guest, and agents that say anything."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from app.errors import Failed
from app.virt import guest_agent
from app.virt.agent_files import _bytes_of, guest_path
from app.virt.session import Session


@pytest.mark.parametrize("name", ["a,b.txt", "a=b.txt", "a;b.txt", "a&b.txt", "a%b.txt", "a^b.txt"])
def test_no_name_is_two_words_to_windows(name: str) -> None:
    assert guest_path(name, windows=True) == "C:\\Users\\Public\\Downloads\\a_b.txt"


def test_other_guests_keep_what_their_systems_take() -> None:
    assert guest_path("a,b=c.tar.gz", 2, windows=False) == "/tmp/a,b=c.tar (2).gz"


@pytest.mark.parametrize("answer", [5, None, [], {"buf-b64": 5}, {"buf-b64": "a"}, {"buf-b64": "é"}])
def test_nonsense_of_a_guest_is_an_error_with_a_next_step(answer: Any) -> None:
    with pytest.raises(Failed) as caught:
        _bytes_of(answer)
    assert caught.value.next_step


@pytest.mark.parametrize("known", [5, "text", {"a": 1}, [5, None, {"enabled": True}]])
def test_an_agent_that_lists_nonsense_takes_no_files(known: object, monkeypatch: pytest.MonkeyPatch) -> None:
    async def command(*_arguments: object, **_more: object) -> object:
        return {"supported_commands": known}

    monkeypatch.setattr(guest_agent, "command", command)
    assert not asyncio.run(guest_agent.ask(cast(Session, None), "uuid")).takes_files
