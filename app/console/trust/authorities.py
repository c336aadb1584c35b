"""Who is believed here: the system's authorities and libvirt's, and the certificate that we show ourselves.

The files are those that libvirt's own documentation names for viewers (docs/tlscerts and "VNC TLS setup"): the user's before
the system's.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class ClientKey(NamedTuple):
    """Our certificate and its key, for servers that ask for one (``vnc_tls_x509_verify = 1``)."""

    certificate: Path
    key: Path


def authority_files(kind: str) -> list[Path]:
    """Authorities beside the system's.  kind: "vnc" or "spice"."""
    home = _home()
    return [
        path
        for path in (
            home / ".pki/CA/cacert.pem",
            home / f".pki/libvirt-{kind}/cacert.pem",
            home / f".{kind}/ca-cert.pem" if kind == "spice" else home / ".pki/libvirt/cacert.pem",
            Path("/etc/pki/CA/cacert.pem"),
            Path(f"/etc/pki/libvirt-{kind}/ca-cert.pem"),
            Path("/etc/pki/qemu/ca-cert.pem"),
        )
        if _readable(path)
    ]


def client_key(kind: str) -> ClientKey | None:
    """The first pair that is there whole."""
    home = _home()
    places = (
        (home / f".pki/libvirt-{kind}", "clientcert.pem", "private/clientkey.pem"),
        (home / ".pki/libvirt", "clientcert.pem", "clientkey.pem"),
        (Path(f"/etc/pki/libvirt-{kind}"), "clientcert.pem", "private/clientkey.pem"),
        (Path("/etc/pki/libvirt"), "clientcert.pem", "private/clientkey.pem"),
    )
    for folder, certificate, key in places:
        if _readable(folder / certificate) and _readable(folder / key):
            return ClientKey(folder / certificate, folder / key)
    return None


def strict_context(kind: str, extra: Sequence[Path] = ()) -> ssl.SSLContext:
    """Refuses every server that no authority vouches for by its name.  Reads files: console thread."""
    context = _client_context()
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    for path in (*extra, *authority_files(kind)):
        _load(context, path)
    _show_ours(context, kind)
    return context


def open_context(kind: str) -> ssl.SSLContext:
    """Takes any certificate; whoever uses it must look at it (``Guard.check``) before anything is said."""
    context = _client_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _show_ours(context, kind)
    return context


def anonymous_context() -> ssl.SSLContext:
    """Key exchange without any certificate: TLS 1.2 has it, at OpenSSL's level 0 only; TLS 1.3 has none."""
    context = _client_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ADH:AECDH:!eNULL:!RC4:!3DES:@SECLEVEL=0")
    return context


def _client_context() -> ssl.SSLContext:
    """Without renegotiation, which would let a server stop our writing in the middle."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.options |= ssl.OP_NO_RENEGOTIATION
    return context


def _load(context: ssl.SSLContext, path: Path) -> None:
    try:
        context.load_verify_locations(path)
    except (OSError, ssl.SSLError):
        return  # one bad file is no reason to believe nobody


def _show_ours(context: ssl.SSLContext, kind: str) -> None:
    ours = client_key(kind)
    if ours is None:
        return
    try:
        # An encrypted key must not make OpenSSL ask on the terminal.
        context.load_cert_chain(ours.certificate, ours.key, password=lambda: b"")
    except (OSError, ssl.SSLError):
        return


def _home() -> Path:
    return Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() raises where there is none


def _readable(path: Path) -> bool:
    return os.access(path, os.R_OK)
