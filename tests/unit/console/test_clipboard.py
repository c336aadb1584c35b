"""Text between the clipboards, and sound from QEMU, as messages."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console.vnc.audio import switch_on
from app.console.vnc.clipboard import MAX_TEXT, Clipboard, Extended, Flag, extended, packed, read, unpacked
from app.console.vnc.wire import Wire
from app.errors import Invalid
from tests.fuzz.servers import Memory, play
from tests.fuzz.vnc import extended_clipboard, sound

QEMU = Flag.CAPS | Flag.TEXT | Flag.NOTIFY | Flag.REQUEST | Flag.PROVIDE
CAPS = QEMU | Flag.PEEK


class Peer:
    """A clipboard and what it sent, as the server reads it."""

    def __init__(self) -> None:
        self.sent = bytearray()
        self.told: list[str] = []
        self.clipboard = Clipboard(self.sent.extend, self.told.append)

    def messages(self) -> list[str | Extended | None]:
        wire = Wire(Memory(bytes(self.sent)))
        out: list[str | Extended | None] = []
        self.sent.clear()
        while True:
            try:
                wire.u8()
            except Exception:  # noqa: BLE001 - the end of what was sent
                return out
            out.append(read(wire))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")))
def test_any_text_survives_both_ways(text: str) -> None:
    assert unpacked(packed(text)) == text


def test_without_the_extension_latin_1_goes_at_once() -> None:
    peer = Peer()
    peer.clipboard.offer("Grüße")
    assert peer.messages() == ["Grüße"]
    peer.clipboard.hear("zeile\r\nzwei")
    assert peer.told == ["zeile\nzwei"]


def test_a_text_is_announced_and_given_when_asked_for() -> None:
    peer = Peer()
    peer.clipboard.hear(Extended(CAPS, b"\0\0\0\0"))
    ours = peer.messages()[0]
    assert isinstance(ours, Extended) and ours.flags & Flag.CAPS and struct.unpack(">I", ours.data) == (MAX_TEXT,)
    peer.clipboard.offer("мир")
    assert peer.messages() == [Extended(Flag.NOTIFY | Flag.TEXT, b"")]
    peer.clipboard.hear(Extended(Flag.REQUEST | Flag.TEXT, b""))
    (given_,) = peer.messages()
    assert isinstance(given_, Extended) and unpacked(given_.data) == "мир"
    stream = zlib.decompressobj()
    assert stream.decompress(given_.data)[4:] == "мир".encode() + b"\0"
    assert not stream.eof, "libvncserver takes the end of the stream for an error"


def test_qemu_gets_the_text_as_the_guest_shall_have_it() -> None:
    peer = Peer()
    peer.clipboard.hear(Extended(QEMU, b""))
    peer.clipboard.offer("мир\r\nzwei")
    peer.messages()
    peer.clipboard.hear(Extended(Flag.REQUEST | Flag.TEXT, b""))
    (given_,) = peer.messages()
    assert isinstance(given_, Extended)
    assert zlib.decompressobj().decompress(given_.data)[4:] == "мир\nzwei".encode()


def test_an_early_offer_is_repeated_once_the_server_can_more() -> None:
    peer = Peer()
    peer.clipboard.offer("мир")
    assert peer.messages() == ["???"]
    peer.clipboard.hear(Extended(CAPS, b""))
    assert Extended(Flag.NOTIFY | Flag.TEXT, b"") in peer.messages()


def test_the_guests_text_is_asked_for_and_told() -> None:
    peer = Peer()
    peer.clipboard.hear(Extended(Flag.NOTIFY | Flag.TEXT, b""))
    assert peer.messages() == [Extended(Flag.REQUEST | Flag.TEXT, b"")]
    peer.clipboard.hear(Extended(Flag.PROVIDE | Flag.TEXT, packed("a\nb 漢")))
    assert peer.told == ["a\nb 漢"]


@pytest.mark.parametrize("data", [b"", b"rubbish", zlib.compress(b"\0\0"), zlib.compress(b"\xff\xff\xff\xffabc")])
def test_rubbish_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        unpacked(data)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(struct.pack(">I", 1 << 30) + bytes(MAX_TEXT * 8))
    with pytest.raises(Invalid):
        unpacked(bomb)


def test_a_text_of_gigabytes_is_passed_over_or_refused() -> None:
    wire = Wire(Memory(b"\0\0\0" + struct.pack(">i", -(2 << 20)) + bytes(2 << 20) + b"\x07"))
    assert read(wire) is None and wire.u8() == 7
    with pytest.raises(Invalid):
        read(Wire(Memory(b"\0\0\0\x7f\xff\xff\xff")))
    with pytest.raises(Invalid):
        read(Wire(Memory(b"\0\0\0\xff\xff\xff\xfe")))


def test_a_session_hears_texts_and_sound() -> None:
    notes = play(b"".join(extended_clipboard()) + sound())
    assert ("cut", "Grüße, мир") in notes.events
    assert notes.sound.heard == [b"", bytes(8), bytes(8), None]
    assert extended(Flag.REQUEST | Flag.TEXT) in bytes(notes.sent)


def test_the_wish_for_sound_says_the_format_first() -> None:
    assert switch_on() == b"\xff\1\0\2\3\2" + struct.pack(">I", 44100) + b"\xff\1\0\0"
