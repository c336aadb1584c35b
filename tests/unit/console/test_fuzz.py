"""A short fuzz of the VNC client; the long one is ``python -m tests.fuzz.vnc --minutes 10``."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz import vnc
from tests.fuzz.servers import VERSION, play

pytestmark = pytest.mark.usefixtures("decoders")

CORPUS = vnc.honest()


@pytest.mark.parametrize("place", range(len(CORPUS)))
def test_honest_sessions_are_honest(place: int) -> None:
    """The corpus must get to its end, or the mutations start from rubbish."""
    error = play(CORPUS[place], vnc.WIDTH, vnc.HEIGHT).error
    assert error is not None and not error.raw


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_mutated_sessions_end_in_a_sentence(seed: int) -> None:
    source = random.Random(seed)
    vnc.run_one(vnc.mutated(source.choice(CORPUS), source))
    vnc.run_handshake(vnc.mutated(source.choice(vnc.HANDSHAKES), source))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_noise_ends_in_a_sentence(data: bytes) -> None:
    vnc.run_one(data)
    vnc.run_one(b"\0\0\0\xff" + data)
    vnc.run_handshake(data)
    vnc.run_handshake(VERSION + data)
