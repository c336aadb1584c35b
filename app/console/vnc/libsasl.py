"""Cyrus SASL's client by ctypes: the library that libvirt and QEMU log people in with themselves.

Source: sasl/sasl.h of libsasl2 2.1.28.  Console thread.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint, c_ulong, c_void_p
from functools import cache

OK, CONTINUE, INTERACT = 0, 1, 2
CB_USER, CB_AUTHNAME, CB_PASS, CB_REALM = 0x4001, 0x4002, 0x4004, 0x4008
PROP_SSF, PROP_MAX_OUT, PROP_SSF_EXTERNAL, PROP_SECURITY = 1, 2, 100, 101
NO_PLAINTEXT, NO_ANONYMOUS = 0x1, 0x10
MAX_BUFFER = 100_000
MAX_PROMPTS = 16

Answer = Callable[[int], str | None]
"""For a callback's number: what the user says; None: nothing is known."""


class SaslError(Exception):
    """libsasl's own words."""


class _Callback(Structure):
    _fields_ = (("id", c_ulong), ("proc", c_void_p), ("context", c_void_p))


class _Interact(Structure):
    _fields_ = (
        ("id", c_ulong), ("challenge", c_char_p), ("prompt", c_char_p), ("default", c_char_p),
        ("result", c_void_p), ("length", c_uint),
    )  # fmt: skip


class _Security(Structure):
    _fields_ = (
        ("min_ssf", c_uint), ("max_ssf", c_uint), ("max_buffer", c_uint), ("flags", c_uint),
        ("names", c_void_p), ("values", c_void_p),
    )  # fmt: skip


@cache
def library() -> ctypes.CDLL | None:
    """None where it is not installed."""
    for name in ("libsasl2.so.2", "libsasl2.so.3"):
        try:
            lib = ctypes.CDLL(name)
        except OSError:
            continue
        lib.sasl_errdetail.restype = c_char_p
        lib.sasl_errstring.restype = c_char_p
        if lib.sasl_client_init(None) != OK:
            return None
        return lib
    return None


class SaslClient:
    """One log-in; afterwards, if ``ssf`` is not 0, all that is said goes through ``encode`` and ``decode``.

    host: as the server calls itself.  external_bits: of the encryption around it.  min_bits, max_bits: of encryption that
    SASL shall bring itself.  plaintext: passwords may be sent as they are.
    """

    def __init__(
        self, host: str, answer: Answer, *, external_bits: int, min_bits: int, max_bits: int, plaintext: bool
    ) -> None:
        lib = library()
        if lib is None:
            raise SaslError("libsasl2 is not installed")
        self._lib, self._answer = lib, answer
        self._lock = threading.Lock()
        self._kept: list[object] = []
        self._callbacks = (_Callback * 5)(
            *(_Callback(number, None, None) for number in (CB_USER, CB_AUTHNAME, CB_PASS, CB_REALM, 0))
        )
        self._connection = c_void_p()
        self._check(
            lib.sasl_client_new(b"vnc", host.encode("utf-8", "replace"), None, None,
                                self._callbacks, 0, byref(self._connection))
        )  # fmt: skip
        flags = NO_ANONYMOUS | (0 if plaintext else NO_PLAINTEXT)
        security = _Security(min_bits, max_bits, MAX_BUFFER, flags, None, None)
        bits = c_uint(external_bits)
        self._check(lib.sasl_setprop(self._connection, PROP_SSF_EXTERNAL, byref(bits)))
        self._check(lib.sasl_setprop(self._connection, PROP_SECURITY, byref(security)))

    def close(self) -> None:
        """Frees what the library holds; with nobody encoding or decoding any more."""
        with self._lock:
            if self._connection:
                self._lib.sasl_dispose(byref(self._connection))
                self._connection = c_void_p()

    def start(self, mechanisms: str) -> tuple[str, bool, bytes | None]:
        """Chooses one: its name, whether that was all from us, and the first thing to say (None differs from empty)."""
        prompts, out, length, name = POINTER(_Interact)(), c_void_p(), c_uint(), c_char_p()
        for _round in range(MAX_PROMPTS):
            code = self._lib.sasl_client_start(
                self._connection, mechanisms.encode("ascii", "ignore"), byref(prompts), byref(out), byref(length), byref(name)
            )
            if code != INTERACT:
                break
            self._tell(prompts)
        self._check(code)
        return (name.value or b"").decode("ascii", "replace"), code == OK, _taken(out, length)

    def step(self, said: bytes | None) -> tuple[bool, bytes | None]:
        """The server said that: whether we are done, and what to answer."""
        prompts, out, length = POINTER(_Interact)(), c_void_p(), c_uint()
        for _round in range(MAX_PROMPTS):
            code = self._lib.sasl_client_step(
                self._connection, said, len(said or b""), byref(prompts), byref(out), byref(length)
            )
            if code != INTERACT:
                break
            self._tell(prompts)
        self._check(code)
        return code == OK, _taken(out, length)

    @property
    def ssf(self) -> int:
        """Strength of SASL's own encryption, in bits."""
        return self._number(PROP_SSF)

    def encode(self, data: bytes) -> bytes:
        """Any thread."""
        step, sealed = max(1, self._number(PROP_MAX_OUT) or MAX_BUFFER), []
        for at in range(0, len(data), step):
            sealed.append(self._convert(self._lib.sasl_encode, data[at : at + step]))
        return b"".join(sealed)

    def decode(self, data: bytes) -> bytes:
        """What has become whole with these bytes, maybe nothing."""
        return self._convert(self._lib.sasl_decode, data)

    def _convert(self, function: Callable[..., int], data: bytes) -> bytes:
        out, length = c_void_p(), c_uint()
        with self._lock:
            if not self._connection:
                raise SaslError("closed")
            self._check(function(self._connection, data, len(data), byref(out), byref(length)))
            return _taken(out, length) or b""

    def _number(self, prop: int) -> int:
        value = c_void_p()
        if self._lib.sasl_getprop(self._connection, prop, byref(value)) != OK or not value.value:
            return 0
        return int(ctypes.cast(value, POINTER(c_uint))[0])

    def _tell(self, prompts: object) -> None:
        """Fills in the answers; an empty name to act as means: as oneself."""
        index = 0
        while prompts[index].id:  # type: ignore[index]
            entry = prompts[index]  # type: ignore[index]
            text = self._answer(int(entry.id))
            data = (entry.default or b"") if text is None else text.encode("utf-8")
            kept = ctypes.create_string_buffer(data)
            self._kept.append(kept)
            entry.result, entry.length = ctypes.cast(kept, c_void_p), len(data)
            index += 1

    def _check(self, code: int) -> None:
        if code not in (OK, CONTINUE):
            detail = self._lib.sasl_errdetail(self._connection) if self._connection else None
            words = detail or self._lib.sasl_errstring(c_int(code), None, None) or b""
            raise SaslError(words.decode("utf-8", "replace"))


def _taken(out: c_void_p, length: c_uint) -> bytes | None:
    return None if out.value is None else ctypes.string_at(out.value, length.value)
