"""Passwords of screens in a real Secret Service: GNOME Keyring on a bus of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.console.client import Credentials
from app.console.secrets.secret_service import SecretService, StoreProblem
from app.console.secrets.vault import Screen, Vault
from tests.lab.world import missing_programs, wait_for

pytestmark = [
    pytest.mark.lab,
    pytest.mark.skipif(bool(missing_programs("gnome-keyring-daemon", "dbus-daemon")), reason="needs gnome-keyring and dbus-daemon"),
]

HERE, THERE = Screen("uuid-1", "qemu:///system"), Screen("uuid-1", "qemu+ssh://far/system")


class Bus:
    """A session bus with nothing on it, for this process; ``unlock`` puts a keyring there, opened as at a log-in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._daemons: list[subprocess.Popen[bytes]] = []
        (folder / "bus.conf").write_text(
            f'<busconfig><type>session</type><listen>unix:path={folder}/bus</listen><policy context="default"><allow send_destination="*"/>'
            '<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
        )
        daemon = self._run("dbus-daemon", "--nofork", f"--config-file={folder}/bus.conf", "--print-address")
        assert daemon.stdout is not None
        daemon.stdout.readline()

    @property
    def environment(self) -> dict[str, str]:
        home = str(self._folder)
        return {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={home}/bus", "HOME": home, "XDG_DATA_HOME": f"{home}/data",
                "XDG_RUNTIME_DIR": home, "XDG_CACHE_HOME": f"{home}/cache"}  # fmt: skip

    def unlock(self) -> None:
        daemon = self._run("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets", f"--control-directory={self._folder}/c")
        assert daemon.stdin is not None
        daemon.stdin.write(b"login")
        daemon.stdin.close()
        daemon.stdin = None  # or communicate() flushes it
        wait_for(_answers, "the keyring")

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        self._daemons.append(
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             env={**os.environ, **self.environment}))  # fmt: skip
        return self._daemons[-1]

    def close(self) -> None:
        for daemon in reversed(self._daemons):
            daemon.terminate()
            daemon.communicate()


def _answers() -> bool | None:
    try:
        SecretService().read("nothing")
    except StoreProblem:
        return None
    return True


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    folder = Path("/tmp") / f"hl-bus-{os.getpid()}"  # a socket's path must be short
    folder.mkdir()
    bus = Bus(folder)
    for name, value in bus.environment.items():
        monkeypatch.setenv(name, value)
    yield bus
    bus.close()
    shutil.rmtree(folder)


def test_a_password_is_found_again_by_the_next_run(bus: Bus) -> None:
    bus.unlock()

    async def story() -> None:
        assert await Vault(SecretService()).recall(HERE) is None
        assert await Vault(SecretService()).keep(HERE, Credentials("alice", "öffne dich"), lasting=True) == ""
        assert await Vault(SecretService()).recall(HERE) == Credentials("alice", "öffne dich")
        assert await Vault(SecretService()).recall(THERE) is None
        assert await Vault(SecretService()).keep(HERE, Credentials(password="new"), lasting=True) == ""
        assert await Vault(SecretService()).recall(HERE) == Credentials(None, "new")
        await Vault(SecretService()).forget(HERE)
        assert await Vault(SecretService()).recall(HERE) is None
        await Vault(SecretService()).forget(HERE)

    asyncio.run(story())


def test_other_programs_find_it_under_a_name_that_tells(bus: Bus) -> None:
    bus.unlock()
    SecretService().write(HERE.service, "alice", "sesame")
    import secretstorage

    connection = secretstorage.dbus_init()
    (item,) = secretstorage.search_items(connection, {"username": "alice"})
    assert "hostelry" in item.get_label() and "uuid-1@qemu:///system" in item.get_label()
    assert item.get_secret() == b"sesame"
    connection.close()


def test_without_a_store_it_lasts_for_this_run(bus: Bus) -> None:
    async def story() -> None:
        vault = Vault(SecretService())
        said = await vault.keep(HERE, Credentials(password="sesame"), lasting=True)
        assert "until this program ends" in said and "Secret Service" in said
        assert await vault.recall(HERE) == Credentials(password="sesame")
        assert await Vault(SecretService()).recall(HERE) is None

    asyncio.run(story())
