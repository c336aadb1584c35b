"""What a VNC server may ask before its first picture: TLS with and without a certificate, names, passwords, SASL."""

from __future__ import annotations

import random
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from app.console.client import ClientState
from app.console.trust.authorities import open_context
from app.console.trust.guard import Vouched
from app.console.trust.pins import Pins
from app.console.trust.question import Doubt, Peer, TrustQuestion, readable
from app.console.vnc.client import VncClient
from app.console.vnc.handshake import ServerInit
from app.console.vnc.line import Line
from app.console.vnc.vencrypt import Sub
from app.errors import AuthFailed, Denied, HostelryError, Invalid, Unsupported
from tests.fuzz import visits
from tests.fuzz.servers import VERSION, raw, server_init, update
from tests.fuzz.vnc import mutated
from tests.fuzz.waiting import Pump

END = bytes(4) + server_init() + update(raw(0, 0, 64, 48, b"\0\0\xff\0"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of "somewhere", signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "somewhere <b>bold</b>")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    )
    return path


class Server:
    """Says ``before``, waits for ``count`` bytes, begins TLS, says ``inside`` and listens to the end."""

    def __init__(self, before: bytes, count: int, inside: bytes, certificate: Path | None) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.heard = bytearray()
        self._script = before, count, inside
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate is None:
            self._context.maximum_version = ssl.TLSVersion.TLSv1_2
            self._context.set_ciphers("AECDH:@SECLEVEL=0")
        else:
            self._context.load_cert_chain(certificate)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _address = self._listening.accept()
            except OSError:
                return
            with visitor:
                self._talk(visitor)

    def _talk(self, visitor: socket.socket) -> None:
        before, count, inside = self._script
        try:
            visitor.sendall(before)
            while count:
                count -= len(visitor.recv(count))
            with self._context.wrap_socket(visitor, server_side=True) as secured:
                secured.sendall(inside)
                while data := secured.recv(4096):
                    self.heard += data
        except OSError:
            return

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)


@pytest.fixture
def ends() -> Iterator[list[Server | VncClient]]:
    made: list[Server | VncClient] = []
    yield made
    for each in reversed(made):
        each.close()
        if isinstance(each, VncClient):
            assert each.join(10)


class Meeting:
    """A server on a port of its own and a client that reaches it as if from far away."""

    def __init__(self, ends: list[Server | VncClient], server: Server, pins: Path, *, trusts: bool, user: str | None = None) -> None:
        ends.append(server)
        self.pump, self.asked = Pump(), list[TrustQuestion]()
        self._server = server
        self.client = VncClient(
            self._open(), wake=self.pump, local=False, user=user, password="sesame" if user else None,
            peer=Peer("localhost", server.port), pins=Pins(pins), reopen=self._open,
        )  # fmt: skip
        ends.append(self.client)
        self.client.trust_asked.connect(self._on_asked)
        self._trusts = trusts
        self.client.start()
        self.pump.until(lambda: self.client.state is not ClientState.CONNECTING)

    def _open(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self._server.port), 10)

    def _on_asked(self, question: TrustQuestion) -> None:
        self.asked.append(question)
        self.client.trust(self._trusts)


def test_name_and_password_are_said_inside_of_tls(ends: list[Server | VncClient], certificate: Path, tmp_path: Path) -> None:
    before = visits.vencrypt(Sub.X509_PLAIN, inside=b"")
    server = Server(before, 12 + 1 + 2 + 4, END, certificate)
    meeting = Meeting(ends, server, tmp_path / "pins", trusts=True, user="alice")
    assert meeting.client.state is ClientState.CONNECTED, meeting.client.error
    assert meeting.client.vouched is Vouched.USER
    meeting.pump.until(lambda: bytes(server.heard).startswith(struct.pack(">II", 5, 6) + b"alicesesame"))


def test_the_question_names_the_certificate_as_plain_text(
    ends: list[Server | VncClient], certificate: Path, tmp_path: Path
) -> None:
    server = Server(visits.vencrypt(Sub.X509_NONE, inside=b""), 19, END, certificate)
    meeting = Meeting(ends, server, tmp_path / "pins", trusts=False)
    assert isinstance(meeting.client.error, Denied)
    question = meeting.asked[0]
    assert question.doubt is Doubt.UNKNOWN and question.certificate is not None
    assert "somewhere" in question.detail and readable(question.certificate.sha256) in question.detail
    assert not server.heard


def test_the_old_tls_type_has_its_log_ins_inside(ends: list[Server | VncClient], tmp_path: Path) -> None:
    server = Server(VERSION + b"\x01\x12", 12 + 1, b"\x01\x01" + END, None)
    meeting = Meeting(ends, server, tmp_path / "pins", trusts=True)
    assert meeting.client.state is ClientState.CONNECTED, meeting.client.error
    assert meeting.client.vouched is Vouched.ANONYMOUS
    assert [question.doubt for question in meeting.asked] == [Doubt.ANONYMOUS]


def test_words_before_the_encryption_do_not_count_as_inside(ends: list[Server | VncClient], certificate: Path, tmp_path: Path) -> None:
    server = Server(visits.vencrypt(Sub.X509_NONE, inside=b"injected"), 19, END, certificate)
    meeting = Meeting(ends, server, tmp_path / "pins", trusts=True)
    assert isinstance(meeting.client.error, Invalid) and "TLS" in meeting.client.error.raw


def test_what_is_believed_decides_the_order() -> None:
    both = VERSION + b"\x02\x01\x13"
    over_ssh, _line = visits.play_handshake(both + END, visitor=visits.a_visitor(private=True))
    assert isinstance(over_ssh, ServerInit)
    open_line, line = visits.play_handshake(
        both + b"\0\2\0" + struct.pack(">BII", 2, Sub.TLS_NONE, Sub.TLS_SASL) + b"\1" + END, visitor=visits.a_visitor()
    )
    assert isinstance(open_line, ServerInit) and line.encrypted


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (visits.VENCRYPT.replace(b"\0\2", b"\0\1"), Unsupported),
        (visits.vencrypt(Sub.PLAIN, inside=b""), Unsupported),
        (visits.vencrypt(inside=b""), Unsupported),
        (visits.vencrypt(Sub.TLS_NONE, accepted=b"\0", inside=b""), Denied),
        (visits.vencrypt(Sub.TLS_PLAIN, inside=b"\0\0\0\1\0\0\0\3bad"), AuthFailed),
        (VERSION + b"\x01\x14" + visits.sasl(b"PLAIN,LOGIN"), Unsupported),
        (VERSION + b"\x01\x14" + visits.sasl(b""), Unsupported),
        (VERSION + b"\x01\x14" + b"\0\x10\0\0", Invalid),
        (VERSION + b"\x01\x14" + visits.sasl(b"," * 4096), Unsupported),
        (VERSION + b"\x01\x14" + visits.sasl(b"DIGEST-MD5", b"\x7f\xff\xff\xff"), Invalid),
        (VERSION + b"\x01\x14" + visits.sasl(b"DIGEST-MD5", visits.sasl_step(None, True)), AuthFailed),
        (VERSION + b"\x01\x14" + visits.sasl(b"DIGEST-MD5", *[visits.sasl_step(b"nonsense", False)] * 50), AuthFailed),
    ],
)  # fmt: skip
def test_every_refusal_is_a_sentence(script: bytes, kind: type[HostelryError]) -> None:
    end, _line = visits.play_handshake(script)
    assert type(end) is kind, end
    assert isinstance(end, HostelryError) and end.what and end.next_step


def test_honest_handshakes_are_honest() -> None:
    ends = [visits.play_handshake(data)[0] for data in visits.secured_handshakes()]
    assert sum(isinstance(end, ServerInit) for end in ends) == 5, ends


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_mutated_handshakes_end_in_a_sentence(seed: int) -> None:
    source = random.Random(seed)
    visits.play_handshake(mutated(source.choice(visits.secured_handshakes()), source), source.choice((1 << 30, 3)))


def test_an_endless_exchange_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is content with everything; the number of steps is ours to bound."""
    monkeypatch.setattr("app.console.vnc.libsasl.SaslClient.step", lambda _self, said: (False, said))
    end, _line = visits.play_handshake(
        VERSION + b"\x01\x14" + visits.sasl(b"DIGEST-MD5", *[visits.sasl_step(b"more", False)] * 1000)
    )
    assert isinstance(end, Invalid) and "steps" in end.raw




def test_writing_into_a_connection_that_broke_is_no_error(certificate: Path) -> None:
    """Keys are sent from the window's thread, which must not hear of it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server = threading.Thread(target=lambda: context.wrap_socket(theirs, server_side=True).close())
        server.start()
        line = Line(ours)
        line.start_tls(open_context("vnc"), "localhost")
        server.join(10)
        for _ in range(3):
            line.send(b"key")
        with pytest.raises(HostelryError):
            line.wire.u8()
        line.send(b"key")
