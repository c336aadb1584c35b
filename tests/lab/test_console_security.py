"""Our VNC client at servers that ask for certificates, names and passwords: QEMU, Xvnc, x11vnc."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile

import pytest

from app.console.client import Credentials
from app.console.trust.guard import Vouched
from app.console.trust.pins import VERIFIED, Pins
from app.console.trust.question import Doubt, readable
from app.errors import AuthFailed, Denied
from tests.lab.secure_vnc import (
    PASSWORD,
    USER,
    Guest,
    X11Vnc,
    XServer,
    guarded_qemu,
    password_file,
    port_of,
    sasl_folder,
)  # fmt: skip
from tests.lab.tls import Pki

pytestmark = pytest.mark.lab
Visit = Callable[..., Guest]


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki") / "a")


@pytest.fixture(scope="module")
def other_pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki") / "b")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a user who knows no authority yet."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """Visits that share their pins; they end with the test."""
    made: list[Guest] = []

    def begin(port: int, **how: object) -> Guest:
        made.append(Guest(port, Pins(tmp_path / "pins.json"), **how))  # type: ignore[arg-type]
        return made[-1]

    yield begin
    for guest in made:
        guest.leave()


def believe(home: Path, pki: Pki) -> None:
    """Where libvirt's documentation says that a viewer looks."""
    (home / ".pki/CA").mkdir(parents=True, exist_ok=True)
    copyfile(pki.folder / "cacert.pem", home / ".pki/CA/cacert.pem")


def carry(home: Path, pki: Pki) -> None:
    """A certificate of our own."""
    (home / ".pki/libvirt-vnc/private").mkdir(parents=True, exist_ok=True)
    copyfile(pki.client / "clientcert.pem", home / ".pki/libvirt-vnc/clientcert.pem")
    copyfile(pki.client / "clientkey.pem", home / ".pki/libvirt-vnc/private/clientkey.pem")


def x509(pki: Pki, *, verify: bool = False) -> str:
    """QEMU's object; it looks for names of its own in a folder."""
    for ours, theirs in (("cacert", "ca-cert"), ("servercert", "server-cert"), ("serverkey", "server-key")):
        copyfile(pki.folder / f"{ours}.pem", pki.folder / f"{theirs}.pem")
    return f"tls-creds-x509,id=tls,dir={pki.folder},endpoint=server,verify-peer={'on' if verify else 'off'}"


def test_a_server_of_a_known_authority_is_believed_without_a_question(boot_sector: Path, pki: Pki, home: Path, visit: Visit) -> None:
    believe(home, pki)
    with guarded_qemu(boot_sector, "tls-creds=tls", x509(pki)) as qemu:
        guest = visit(port_of(qemu))
        assert guest.connected() is Vouched.AUTHORITY
        assert not guest.asked


def test_a_stranger_is_asked_about_once_and_not_shown_before(boot_sector: Path, pki: Pki, visit: Visit) -> None:
    with guarded_qemu(boot_sector, "tls-creds=tls", x509(pki)) as qemu:
        port = port_of(qemu)
        waiting = visit(port)
        assert [question.doubt for question in waiting.asked] == [Doubt.UNKNOWN]
        assert waiting.client.framebuffer is None
        certificate = waiting.asked[0].certificate
        assert certificate is not None and "CN=localhost" in certificate.subject and certificate.issuer == "CN=lab CA"
        assert readable(certificate.sha256) in waiting.asked[0].detail
        waiting.client.trust(True)
        waiting.pump.until(lambda: waiting.client.framebuffer is not None)
        again = visit(port)
        assert again.connected() is Vouched.USER and not again.asked


def test_no_means_no(boot_sector: Path, pki: Pki, visit: Visit) -> None:
    with guarded_qemu(boot_sector, "tls-creds=tls", x509(pki)) as qemu:
        refused = visit(port_of(qemu), trusts=False)
        assert isinstance(refused.client.error, Denied) and refused.client.framebuffer is None
        assert len(visit(port_of(qemu), trusts=False).asked) == 1, "the answer was taken for a yes"


def test_a_certificate_for_another_host_is_a_question(boot_sector: Path, pki: Pki, home: Path, visit: Visit) -> None:
    believe(home, pki)
    with guarded_qemu(boot_sector, "tls-creds=tls", x509(pki)) as qemu:
        assert visit(port_of(qemu), host="elsewhere.example").asked[0].doubt is Doubt.OTHER_NAME


def test_a_changed_certificate_is_warned_of(boot_sector: Path, pki: Pki, other_pki: Pki, tmp_path: Path, visit: Visit) -> None:
    with guarded_qemu(boot_sector, "tls-creds=tls", x509(pki)) as qemu:
        first = visit(port_of(qemu), trusts=True)
        first.connected()
        before = first.asked[0].certificate
    with guarded_qemu(boot_sector, "tls-creds=tls", x509(other_pki)) as qemu:
        port = port_of(qemu)
        assert before is not None
        Pins(tmp_path / "pins.json").put(first.asked[0].peer._replace(port=port), before.sha256)
        question = visit(port).asked[0]
        assert question.doubt is Doubt.CHANGED and question.doubt.loud
        assert question.before == before.sha256 and readable(before.sha256) in question.detail


def test_a_pinned_server_that_stops_encrypting_is_warned_of(boot_sector: Path, tmp_path: Path, visit: Visit) -> None:
    with guarded_qemu(boot_sector, "share=ignore") as qemu:
        port = port_of(qemu)
        plain = visit(port)
        assert plain.connected() is Vouched.NOBODY and not plain.asked
        Pins(tmp_path / "pins.json").put(plain.client._guard.peer, "AA:BB")
        assert visit(port, trusts=False).asked[0].doubt is Doubt.DOWNGRADED


def test_a_verified_server_that_is_a_stranger_or_silent_tomorrow_is_warned_of(
    boot_sector: Path, pki: Pki, home: Path, tmp_path: Path, visit: Visit
) -> None:
    believe(home, pki)
    with guarded_qemu(boot_sector, "tls-creds=tls", x509(pki)) as qemu:
        good = visit(port_of(qemu))
        assert good.connected() is Vouched.AUTHORITY
        (home / ".pki/CA/cacert.pem").unlink()
        assert visit(port_of(qemu)).asked[0].doubt is Doubt.CHANGED
    with guarded_qemu(boot_sector, "tls-creds=tls", "tls-creds-anon,id=tls,endpoint=server") as qemu:
        port = port_of(qemu)
        Pins(tmp_path / "pins.json").put(good.client._guard.peer._replace(port=port), VERIFIED)
        assert visit(port, trusts=False).asked[0].doubt is Doubt.DOWNGRADED


def test_a_server_that_wants_our_certificate(boot_sector: Path, pki: Pki, other_pki: Pki, home: Path, visit: Visit) -> None:
    believe(home, pki)
    with guarded_qemu(boot_sector, "tls-creds=tls", x509(pki, verify=True)) as qemu:
        bare = visit(port_of(qemu))
        assert isinstance(bare.client.error, Denied), bare.client.error
        assert "clientcert.pem" in bare.client.error.next_step
        carry(home, other_pki)
        wrong = visit(port_of(qemu))
        assert isinstance(wrong.client.error, Denied) and str(home) in wrong.client.error.why, wrong.client.error
        carry(home, pki)
        assert visit(port_of(qemu)).connected() is Vouched.AUTHORITY


def test_a_password_inside_of_tls(boot_sector: Path, pki: Pki, home: Path, visit: Visit) -> None:
    believe(home, pki)
    (home / "secret").write_text("opensesame")
    secret = f"secret,id=word,file={home}/secret"
    with guarded_qemu(boot_sector, "tls-creds=tls,password-secret=word", x509(pki), secret) as qemu:
        port = port_of(qemu)
        good = visit(port, credentials=[Credentials(password="opensesame")])
        assert good.connected() is Vouched.AUTHORITY and good.wanted == [(False, True)]
        assert good.client.password_limit == 8
        bad = visit(port, credentials=[Credentials(password="wrong-and-long")])
        assert isinstance(bad.client.error, AuthFailed) and "8" in bad.client.error.why


def test_encryption_without_a_certificate_is_agreed_to_once(boot_sector: Path, visit: Visit) -> None:
    with guarded_qemu(boot_sector, "tls-creds=tls", "tls-creds-anon,id=tls,endpoint=server") as qemu:
        port = port_of(qemu)
        first = visit(port, trusts=True)
        assert first.connected() is Vouched.ANONYMOUS
        assert [question.doubt for question in first.asked] == [Doubt.ANONYMOUS]
        again = visit(port)
        assert again.connected() is Vouched.ANONYMOUS and not again.asked


@pytest.mark.parametrize("mechanisms", ["digest-md5", "digest-md5 gssapi"])
def test_sasl_encrypts_by_itself(boot_sector: Path, tmp_path: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch, mechanisms: str) -> None:
    monkeypatch.setenv("SASL_CONF_PATH", str(sasl_folder(tmp_path / "sasl", mechanisms)))
    with guarded_qemu(boot_sector, "sasl=on") as qemu:
        port = port_of(qemu)
        good = visit(port, credentials=[Credentials(USER, PASSWORD)])
        good.connected()
        assert good.wanted == [(True, True)]
        good.pump.until(lambda: good.client.framebuffer is not None and good.client.features.scancodes)
        bad = visit(port, credentials=[Credentials(USER, "wrong")])
        assert isinstance(bad.client.error, AuthFailed), bad.client.error


@pytest.mark.parametrize("mechanisms", ["scram-sha-256", "plain"])
def test_sasl_inside_of_tls(
    boot_sector: Path, pki: Pki, home: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch, mechanisms: str
) -> None:
    believe(home, pki)
    monkeypatch.setenv("SASL_CONF_PATH", str(sasl_folder(home / "sasl", mechanisms)))
    with guarded_qemu(boot_sector, "tls-creds=tls,sasl=on", x509(pki)) as qemu:
        port = port_of(qemu)
        assert visit(port, credentials=[Credentials(USER, PASSWORD)]).connected() is Vouched.AUTHORITY
        bad = visit(port, credentials=[Credentials(USER, "wrong")])
        assert isinstance(bad.client.error, AuthFailed), bad.client.error


def test_no_common_mechanism_is_said(boot_sector: Path, tmp_path: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password in the clear over an open line is never one."""
    monkeypatch.setenv("SASL_CONF_PATH", str(sasl_folder(tmp_path / "sasl", "digest-md5")))
    monkeypatch.setattr("app.console.vnc.sasl._mechanisms", lambda _data: ["PLAIN", "LOGIN"])
    with guarded_qemu(boot_sector, "sasl=on") as qemu:
        refused = visit(port_of(qemu), credentials=[Credentials(USER, PASSWORD)])
        assert not refused.wanted and "PLAIN" in str(refused.client.error)


@pytest.mark.parametrize(
    ("kind", "vouched"),
    [("TLSNone", Vouched.ANONYMOUS), ("TLSVnc", Vouched.ANONYMOUS), ("X509None", Vouched.AUTHORITY), ("X509Vnc", Vouched.AUTHORITY),
     ("TLSVnc,X509Vnc,VncAuth,None", Vouched.AUTHORITY), ("VncAuth,TLSNone", Vouched.ANONYMOUS)],
)  # fmt: skip
def test_tigervncs_server(pki: Pki, home: Path, visit: Visit, kind: str, vouched: Vouched) -> None:
    believe(home, pki)
    password = password_file(home, "sesame")
    certificate = ("-X509Cert", f"{pki.folder}/servercert.pem", "-X509Key", f"{pki.folder}/serverkey.pem")
    with XServer(home, "-SecurityTypes", kind, "-rfbauth", str(password), *certificate) as server:
        guest = visit(server.port, trusts=True, credentials=[Credentials(password="sesame")])
        assert guest.connected() is vouched
        assert guest.client.framebuffer is not None and guest.client.framebuffer.width == 320
        assert bool(guest.wanted) is (kind.split(",", maxsplit=1)[0].endswith("Vnc"))


@pytest.mark.parametrize("kind", ["X509Plain", "TLSPlain"])
def test_tigervncs_server_asks_for_name_and_password(pki: Pki, home: Path, visit: Visit, kind: str) -> None:
    """That the right ones are accepted is tested without PAM, in tests/unit/console/test_visits.py."""
    believe(home, pki)
    certificate = ("-X509Cert", f"{pki.folder}/servercert.pem", "-X509Key", f"{pki.folder}/serverkey.pem")
    with XServer(home, "-SecurityTypes", kind, "-PlainUsers", "nobody", *certificate) as server:
        guest = visit(server.port, trusts=True, credentials=[Credentials("nobody", "wrong")])
        assert guest.wanted == [(True, True)]
        assert isinstance(guest.client.error, AuthFailed)


def test_x11vnc_encrypts(home: Path, visit: Visit) -> None:
    """By a certificate that it makes up.  Its older "TLS" type fails on its own side with today's OpenSSL."""
    options = ("-ssl", "SAVE", "-passwd", "sesame", "-vencrypt", "only")
    with XServer(home, "-SecurityTypes", "None") as screen, X11Vnc(screen.display, home, *options) as server:
        assert visit(server.port, trusts=True, credentials=[Credentials(password="sesame")]).connected() is Vouched.USER
