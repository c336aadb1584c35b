"""Who is believed: certificates as people see them, pins in a file, and the order of the questions."""

from __future__ import annotations

import json
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from app.console.trust.authorities import authority_files, client_key, strict_context
from app.console.trust.certificate import MAX_DER, parse
from app.console.trust.guard import Guard, Vouched
from app.console.trust.pins import ANONYMOUS, VERIFIED, Pins
from app.console.trust.question import Doubt, Peer, TrustQuestion
from app.errors import Denied, Invalid

HOST = Peer("kvm1", 5900)


def a_certificate(name: str = "kvm1", names: tuple[str, ...] = ()) -> bytes:
    """DER, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(7)
        .not_valid_before(now).not_valid_after(now + timedelta(days=1))
    )  # fmt: skip
    if names:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


class User:
    """Answers, and remembers the questions."""

    def __init__(self, yes: bool = True) -> None:
        self.yes = yes
        self.asked: list[TrustQuestion] = []

    def __call__(self, question: TrustQuestion) -> bool:
        self.asked.append(question)
        return self.yes

    @property
    def doubts(self) -> list[Doubt]:
        return [question.doubt for question in self.asked]


@pytest.fixture
def pins(tmp_path: Path) -> Pins:
    return Pins(tmp_path / "pins.json")


def refused(code: int = 18) -> ssl.SSLCertVerificationError:
    """OpenSSL's verdict: 18 signed by itself."""
    problem = ssl.SSLCertVerificationError(1, "no")
    problem.verify_code = code
    return problem


def test_what_a_certificate_says() -> None:
    seen = parse(a_certificate("kvm1", ("kvm1.example", "other.example")))
    assert seen.subject == seen.issuer == "CN=kvm1"
    assert seen.names == ("kvm1.example", "other.example")
    assert len(seen.sha256) == 95 and seen.public_key and seen.valid_from < seen.valid_to


@given(st.binary(max_size=300))
def test_rubbish_is_no_certificate(data: bytes) -> None:
    with pytest.raises(Invalid):
        parse(data)


def test_a_certificate_of_megabytes_is_not_looked_at() -> None:
    with pytest.raises(Invalid):
        parse(a_certificate() + bytes(MAX_DER))


def test_a_long_name_is_cut() -> None:
    assert len(parse(a_certificate("x" * 64, tuple("y" * 60 + str(i) for i in range(50)))).names) == 20


def test_pins_last_and_can_be_dropped(pins: Pins, tmp_path: Path) -> None:
    assert pins.get(HOST) == ""
    assert pins.put(HOST, "AA:BB", "CN=x") == ""
    assert Pins(tmp_path / "pins.json").get(HOST) == "AA:BB"
    entry = json.loads((tmp_path / "pins.json").read_text())["kvm1:5900"]
    assert entry["subject"] == "CN=x" and entry["since"]
    assert (tmp_path / "pins.json").stat().st_mode & 0o077 == 0
    pins.drop(HOST)
    assert Pins(tmp_path / "pins.json").get(HOST) == "" == pins.get(HOST)


def test_what_cannot_be_written_lasts_for_this_run() -> None:
    pins = Pins(Path("/dev/null/pins.json"))
    assert pins.put(HOST, "AA:BB")
    assert pins.get(HOST) == "AA:BB"
    pins.drop(HOST)
    assert pins.get(HOST) == ""


@pytest.mark.parametrize("content", ["", "[]", "{", '{"kvm1:5900": 7}', '{"kvm1:5900": {"sha256": []}}'])
def test_a_broken_file_trusts_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / "pins.json").write_text(content)
    assert Pins(tmp_path / "pins.json").get(HOST) == ""


def test_a_stranger_is_asked_about_then_expected(pins: Pins) -> None:
    user, der = User(), a_certificate()
    first = Guard(HOST, pins, user, "vnc")
    assert first.strict
    first.doubt(refused())
    assert not first.strict
    first.check(der)
    assert first.vouched is Vouched.USER and user.doubts == [Doubt.UNKNOWN]
    second = Guard(HOST, pins, user, "vnc")
    assert not second.strict, "an authority cannot put another one in its place"
    second.check(der)
    assert second.vouched is Vouched.USER and len(user.asked) == 1


@pytest.mark.parametrize(("code", "doubt"), [(10, Doubt.OUT_OF_DATE), (9, Doubt.OUT_OF_DATE), (62, Doubt.OTHER_NAME), (64, Doubt.OTHER_NAME),
                                             (18, Doubt.UNKNOWN), (20, Doubt.UNKNOWN)])  # fmt: skip
def test_why_it_is_asked(pins: Pins, code: int, doubt: Doubt) -> None:
    user = User(yes=False)
    guard = Guard(HOST, pins, user, "vnc")
    guard.doubt(refused(code))
    with pytest.raises(Denied):
        guard.check(a_certificate())
    assert user.doubts == [doubt] and guard.vouched is Vouched.NOBODY and pins.get(HOST) == ""


def test_another_certificate_is_a_loud_question(pins: Pins) -> None:
    user, before = User(yes=False), parse(a_certificate()).sha256
    pins.put(HOST, before)
    with pytest.raises(Denied):
        Guard(HOST, pins, user, "vnc").check(a_certificate())
    assert user.doubts == [Doubt.CHANGED] and user.asked[0].before == before
    assert pins.get(HOST) == before


def test_the_same_certificate_at_another_port_of_the_host_is_no_question(pins: Pins) -> None:
    user, der = User(), a_certificate()
    pins.put(HOST, parse(der).sha256)
    for peer, asked in ((HOST._replace(port=5901), 0), (Peer("kvm2", 5900), 1)):
        guard = Guard(peer, pins, user, "vnc")
        guard.doubt(refused())
        guard.check(der)
        assert len(user.asked) == asked


@pytest.mark.parametrize("before", ["AA:BB", VERIFIED])
def test_less_than_before_is_a_loud_question(pins: Pins, before: str) -> None:
    user = User(yes=False)
    pins.put(HOST, before)
    with pytest.raises(Denied):
        Guard(HOST, pins, user, "vnc").check_anonymous()
    with pytest.raises(Denied):
        Guard(HOST, pins, user, "vnc").check_plain()
    assert user.doubts == [Doubt.DOWNGRADED] * 2
    assert all(before not in question.detail for question in user.asked) or before != VERIFIED


def test_more_than_before_is_none(pins: Pins) -> None:
    user = User()
    pins.put(HOST, ANONYMOUS)
    guard = Guard(HOST, pins, user, "vnc")
    assert guard.strict
    guard.check(b"not looked at: the handshake has verified it")
    assert guard.vouched is Vouched.AUTHORITY and not user.asked and pins.get(HOST) == VERIFIED


def test_a_private_link_needs_no_encryption(pins: Pins) -> None:
    user = User()
    pins.put(HOST, "AA:BB")
    guard = Guard(HOST, pins, user, "vnc")
    guard.check_plain(private=True)
    assert guard.vouched is Vouched.LINK and not user.asked


def test_broken_files_of_the_user_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".pki/CA").mkdir(parents=True)
    (tmp_path / ".pki/CA/cacert.pem").write_text("rubbish")
    (tmp_path / ".pki/libvirt-vnc/private").mkdir(parents=True)
    for name in ("clientcert.pem", "private/clientkey.pem"):
        (tmp_path / ".pki/libvirt-vnc" / name).write_text("rubbish")
    assert authority_files("vnc")[0] == tmp_path / ".pki/CA/cacert.pem" and client_key("vnc")
    context = strict_context("vnc")
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname
