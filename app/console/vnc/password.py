"""The answer to a VNC password challenge: DES with each byte of the key mirrored (RFC 6143, 7.2.2).

DES comes from ``cryptography`` (a dependency of ``keyring`` already) as TripleDES with three equal keys,
which is single DES; newer versions keep it among the decrepit ciphers.  The scheme is weak by design:
eight characters, no protection of what follows.
"""

from __future__ import annotations

from typing import Any

PASSWORD_BYTES = 8


def response(challenge: bytes, password: str) -> bytes:
    """Sixteen bytes for sixteen; only the first eight bytes of the password count, as everywhere."""
    key = password.encode("utf-8")[:PASSWORD_BYTES].ljust(PASSWORD_BYTES, b"\0")
    mirrored = bytes(int(f"{byte:08b}"[::-1], 2) for byte in key)
    from cryptography.hazmat.primitives.ciphers import Cipher, modes  # noqa: PLC0415 - 10 ms, wanted only here

    encryptor = Cipher(_triple_des()(mirrored * 3), modes.ECB()).encryptor()  # noqa: S305 - what the protocol says
    return bytes(encryptor.update(challenge) + encryptor.finalize())


def _triple_des() -> Any:
    try:
        from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES  # noqa: PLC0415
    except ImportError:  # before version 43
        from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES  # noqa: PLC0415
    return TripleDES
