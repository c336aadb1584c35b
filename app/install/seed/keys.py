"""The user's SSH public keys: the files in ``~/.ssh`` and what the agent holds."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

AGENT_S = 3.0
"""An agent on a forwarded connection, or one that asks for a token, may take long or for ever."""

_LARGEST = 64 << 10
_MOST = 200
_KINDS = re.compile(r"(ssh-(ed25519|rsa|dss|ed448)|ecdsa-sha2-nistp\d+|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """line: as it goes into authorized_keys.  file: where it was found, None in the agent alone."""

    line: str
    kind: str
    fingerprint: str
    comment: str = ""
    file: Path | None = None
    in_agent: bool = False


def parse(line: str, *, file: Path | None = None, in_agent: bool = False) -> PublicKey | None:
    """The key of one line ("ssh-ed25519 AAAA… me@here"); None if it is none.  Options before the kind are not taken."""
    parts = line.strip().split(None, 2)
    if len(parts) < 2 or not _KINDS.fullmatch(parts[0]) or "\n" in line.strip():
        return None
    try:
        blob = base64.b64decode(parts[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    named = parts[0].encode()
    if blob[:4] != len(named).to_bytes(4, "big") or blob[4 : 4 + len(named)] != named or len(blob) < len(named) + 24:
        return None
    comment = "".join(char for char in (parts[2] if len(parts) > 2 else "") if char.isprintable())
    print_ = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    whole = " ".join([*parts[:2], *([comment] if comment else [])])
    return PublicKey(whole, parts[0], f"SHA256:{print_}", comment, file, in_agent)


def in_folder(folder: Path | None = None) -> list[PublicKey]:
    """The keys of ``*.pub`` in ``~/.ssh``, by file name.  Blocks; what cannot be read is left out."""
    folder = folder or Path.home() / ".ssh"
    found: list[PublicKey] = []
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob("*.pub"))[:_MOST]:
            with contextlib.suppress(OSError):
                found += [key for line in _text(path).splitlines() if (key := parse(line, file=path))]
    return found


def _text(path: Path) -> str:
    if not path.is_file():  # a FIFO would wait for ever
        return ""
    with path.open("rb") as file:
        return file.read(_LARGEST).decode("utf-8", "replace")


async def in_agent(timeout_s: float = AGENT_S) -> list[PublicKey]:
    """What the agent holds; empty without an agent, without ``ssh-add``, and where it does not answer in time."""
    if not os.environ.get("SSH_AUTH_SOCK"):
        return []
    try:
        child = await asyncio.create_subprocess_exec(
            "ssh-add", "-L", stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
    except OSError:
        return []
    try:
        async with asyncio.timeout(timeout_s):
            out, _err = await child.communicate()
    except TimeoutError:
        return []
    finally:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    lines = out[: _LARGEST * 4].decode("utf-8", "replace").splitlines()[:_MOST]
    return [key for line in lines if (key := parse(line, in_agent=True))]


async def find(folder: Path | None = None) -> list[PublicKey]:
    """All keys, each once; those of the agent first, as they can be used without asking for a passphrase."""
    files, held = await asyncio.gather(asyncio.to_thread(in_folder, folder), in_agent())
    by_print = {key.fingerprint: key for key in files}
    first = [_both(key, by_print.get(key.fingerprint)) for key in held]
    known = {key.fingerprint for key in first}
    return [*first, *(key for key in by_print.values() if key.fingerprint not in known)]


def _both(held: PublicKey, file: PublicKey | None) -> PublicKey:
    if file is None:
        return held
    return PublicKey(file.line, file.kind, file.fingerprint, file.comment or held.comment, file.file, in_agent=True)
