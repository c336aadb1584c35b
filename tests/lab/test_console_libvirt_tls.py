"""A guest's screen as libvirt protects it: vnc_tls, vnc_tls_x509_verify, vnc_sasl and a password, from the first question to a key."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.console.secrets.vault import Screen, Vault
from app.console.trust.guard import Vouched
from app.console.trust.pins import user_pins
from app.hosts.host import Host
from tests.lab import faults, guests, hosts
from tests.lab.desk import Desk, Story, type_and_see, until
from tests.lab.hosts import RootHost
from tests.lab.secure_vnc import PASSWORD, USER, sasl_folder
from tests.lab.tls import Pki
from tests.ui.passwords import MemoryStore
from ui.aio import cancel_everything, make_loop
from ui.console import console_view
from ui.console.console_view import ConsoleView
from ui.console.protection import Protection
from ui.console.situation import Button

pytestmark = pytest.mark.lab
PORT = 5973
NAME = "guarded"
GRAPHICS = f"<graphics type='vnc' port='{PORT}' autoport='no' listen='0.0.0.0'{{password}}/>"
Tell = Callable[[Story], None]


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    made = Pki(tmp_path_factory.mktemp("pki"))
    for ours, theirs in (("cacert", "ca-cert"), ("servercert", "server-cert"), ("serverkey", "server-key")):
        copyfile(made.folder / f"{ours}.pem", made.folder / f"{theirs}.pem")
    return made


@pytest.fixture(scope="module")
def sasl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sasl_folder(tmp_path_factory.mktemp("sasl") / "conf", "scram-sha-256", realm=NAME)


@pytest.fixture(scope="module", params=["sasl", "password"])
def host(request: pytest.FixtureRequest, pki: Pki, sasl: Path) -> Iterator[RootHost]:
    """As an administrator sets it up in qemu.conf."""
    if reason := hosts.why_not():
        pytest.skip(reason)
    conf = f'vnc_tls = 1\nvnc_tls_x509_cert_dir = "{pki.folder}"\nvnc_tls_x509_verify = 1\n'
    if request.param == "sasl":
        conf += f'vnc_sasl = 1\nvnc_sasl_dir = "{sasl}"\n'
    with RootHost(NAME, listen_tcp=True, network=False, qemu_conf=conf) as made:
        yield made


@pytest.fixture
def by_sasl(host: RootHost, request: pytest.FixtureRequest) -> bool:
    return "sasl" in request.node.callspec.params["host"]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """In place of the desktop's, with all that is remembered."""
    store = MemoryStore()
    vault = Vault(store)
    monkeypatch.setattr(console_view, "user_vault", lambda: vault)
    return store


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pki: Pki) -> Iterator[Path]:
    """Of a user with a certificate of the lab's authority, who does not know that authority."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / ".pki/libvirt-vnc/private").mkdir(parents=True)
    copyfile(pki.client / "clientcert.pem", tmp_path / ".pki/libvirt-vnc/clientcert.pem")
    copyfile(pki.client / "clientkey.pem", tmp_path / ".pki/libvirt-vnc/private/clientkey.pem")
    user_pins.cache_clear()
    yield tmp_path
    user_pins.cache_clear()


@pytest.fixture
def tell(qapp: QApplication, host: RootHost, home: Path, store: MemoryStore) -> Iterator[Tell]:
    """Runs a story with that host connected over TCP, as if it were far away."""
    loop = make_loop(qapp)

    async def run(story: Story) -> None:
        with (
            faults.Link(("127.0.0.1", 16509), listen=("127.0.0.1", 0), inside=host) as line,
            faults.Link(("127.0.0.1", PORT), listen=("127.0.0.1", PORT), inside=host),
        ):
            far = Host(f"qemu+tcp://127.0.0.1:{line.port}/system", label="far")
            await far.connect()
            desk = Desk(far, home)
            try:
                await story(desk)
            finally:
                desk.close()
                await until(lambda: not any(thread.name.startswith("vnc") for thread in threading.enumerate()))
                await far.disconnect()
                await cancel_everything()

    yield lambda story: loop.run_until_complete(run(story))
    loop.close()
    asyncio.set_event_loop(None)
    host.remove_domains()


def log_in(view: ConsoleView, name: str, password: str, *, remember: bool) -> None:
    form = view.cover.form
    if form.name.isVisible():
        form.name.clear()
        QTest.keyClicks(form.name, name)
    form.password.setText(password)
    form.remember.setChecked(remember)
    view.cover.button.click()


def test_from_the_first_question_to_a_key_in_the_guest(tell: Tell, host: RootHost, by_sasl: bool, store: MemoryStore, home: Path) -> None:
    password = "" if by_sasl else " passwd='opensesa'"
    serial = f"<serial type='file'><source path='{host.images}/boot.serial'/><target port='0'/></serial>"
    guest = guests.define_boot_sector(host, graphics=GRAPHICS.format(password=password), extra_devices=serial).start()
    right = PASSWORD if by_sasl else "opensesa"

    async def story(desk: Desk) -> None:
        view = await desk.open(guest)
        await until(lambda: view.situation().button is Button.TRUST)
        assert "CN=lab CA" in view.situation().detail
        view.cover.button.click()
        await until(lambda: view.connector.access.asks)
        assert view.situation().wants.name is by_sasl
        assert view.situation().wants.limit == (0 if by_sasl else 8)
        log_in(view, USER, "wrong", remember=True)
        await until(lambda: view.connector.problem is not None)
        assert view.situation().button is Button.PASSWORD and "not accepted" in view.situation().text
        assert not store.kept
        log_in(view, USER, right, remember=True)
        await until(lambda: view.situation().live)
        await until(lambda: store.kept)
        view.display.setFocus()
        await until(lambda: view.display.captured)
        await type_and_see(view, Qt.Key.Key_A)
        protection = next(feature for feature in view.features if isinstance(feature, Protection))
        assert view.connector.client is not None and view.connector.client.vouched is Vouched.USER  # type: ignore[attr-defined]
        words = protection.words()
        assert words is not None and words.text == "Encrypted"
        again = await desk.open(guest)
        await until(lambda: again.situation().live)
        assert not again.connector.access.asks

    tell(story)
    ((service, (name, kept)),) = store.kept.items()
    assert kept == right and name == (USER if by_sasl else "")
    assert guest.uuid in service and Screen("", "").kind in service
    pins = json.loads((home / "config/hostelry/trusted-screens.json").read_text())
    assert list(pins) == [f"127.0.0.1:{PORT}"] and right not in json.dumps(pins)
