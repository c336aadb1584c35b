"""The VNC password scheme against known answers."""

from __future__ import annotations

from app.console.vnc.password import response


def test_known_answers() -> None:
    """DES of zeros under the zero key (FIPS 81)."""
    assert response(bytes(16), "")[:8].hex() == "8ca64de9c1b123a7"


def test_only_eight_characters_count_and_blocks_are_independent() -> None:
    challenge = bytes(range(16))
    assert response(challenge, "12345678") == response(challenge, "123456789")
    assert response(challenge, "1234567") != response(challenge, "12345678")
    assert response(challenge, "abc")[8:] == response(challenge[8:] * 2, "abc")[:8]
