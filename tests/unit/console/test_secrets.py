"""The desktop's password store, where it fails half-way; with a real one in tests/lab/test_console_passwords.py."""

from __future__ import annotations

import pytest

from app.console.secrets import secret_service
from app.console.secrets.secret_service import SecretService, StoreProblem


class Keyring:
    """As much of ``keyring``'s as is used.  refuses: it stores nothing more."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {"alice": "old"}
        self.refuses = False

    def set_password(self, _service: str, username: str, password: str) -> None:
        if self.refuses:
            raise RuntimeError("the disk is full")
        self.kept[username] = password

    def delete_password(self, _service: str, username: str) -> None:
        del self.kept[username]


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    made = Keyring()
    monkeypatch.setattr(secret_service, "_keyring", lambda: made)
    monkeypatch.setattr(secret_service, "_usernames", lambda _service: set(made.kept))
    return made


@pytest.mark.parametrize("username", ["alice", "bob"])
def test_the_old_password_stays_where_the_new_one_cannot_be_stored(keyring: Keyring, username: str) -> None:
    keyring.refuses = True
    with pytest.raises(StoreProblem, match="the disk is full"):
        SecretService().write("screen", username, "new")
    assert keyring.kept == {"alice": "old"}


@pytest.mark.parametrize("username", ["alice", "bob"])
def test_a_new_password_replaces_the_old_one_under_any_name(keyring: Keyring, username: str) -> None:
    SecretService().write("screen", username, "new")
    assert keyring.kept == {username: "new"}
