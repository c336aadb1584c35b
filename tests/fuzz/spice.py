"""Hostile SPICE servers: ``python -m tests.fuzz.spice [--rounds 50] [--seed 1]``.

Each round is a whole log-in by the rules, then each channel says nonsense: random bytes, messages with random types, sizes and
contents, surfaces with random measures.  The library runs in a process of its own and may end as it likes; the program, which
each round starts anew, must live, say a reason with a next step if the screen is closed, take little memory, and leave no process.
A round where it does not is printed with its seed; at the end it is told how often the library's process ended, and how.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import resource
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

MAIN, DISPLAY, INPUTS, CURSOR = 1, 2, 3, 4
ROUND_S = 20.0
MEMORY = 1 << 30
"""Address space that the program gets over what it has when it begins: pictures of 256 MiB are mapped into it."""


def public_key() -> bytes:
    """For the ticket, which nobody reads: 1024 bits, DER, 162 bytes as the protocol wants."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


class Server:
    """Listens at ``path``; each connection is a thread, which ends with it."""

    def __init__(self, path: Path, seed: int) -> None:
        self._seed, self._key = seed, public_key()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(16)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        for number in range(1000):
            sock, _address = self._listener.accept()
            threading.Thread(target=self._serve, args=(sock, number), daemon=True).start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        chance = random.Random(self._seed * 1000 + number)
        with sock, contextlib.suppress(OSError, struct.error):
            kind = self._let_in(sock)
            if kind == MAIN:
                sock.sendall(message(103, struct.pack("<8I", 7, 1, 3, 2, chance.randrange(2), 10, 0, 0)))
                channels = [(DISPLAY, 0), (DISPLAY, 1), (INPUTS, 0), (CURSOR, 0)]
                sock.sendall(message(104, struct.pack("<I", len(channels)) + bytes(part for each in channels for part in each)))
            if kind == DISPLAY:
                width, height = chance.choice([(640, 480), (1, 1), (chance.randrange(1 << 16), chance.randrange(1 << 14))])
                sock.sendall(message(314, struct.pack("<5I", 0, width, height, chance.choice([32, 96, 16, 80, 1]), 1)))
            if chance.random() < 0.2:
                sock.sendall(chance.randbytes(chance.randrange(1, 100_000)))
            for _each in range(chance.randrange(1, 40)):
                sock.sendall(nonsense(chance, kind))
            sock.settimeout(chance.choice([0.05, 0.3]))
            sock.recv(65536)

    def _let_in(self, sock: socket.socket) -> int:
        header = sock.recv(16, socket.MSG_WAITALL)
        asked = sock.recv(struct.unpack("<I", header[12:])[0], socket.MSG_WAITALL)
        reply = struct.pack("<I162sIII", 0, self._key, 1, 0, 178) + struct.pack("<I", 1 << 0 | 1 << 1 | 1 << 3)
        sock.sendall(b"REDQ" + struct.pack("<III", 2, 2, len(reply)) + reply)
        sock.recv(4 + 128, socket.MSG_WAITALL)
        sock.sendall(struct.pack("<I", 0))
        return asked[4]


def message(kind: int, body: bytes) -> bytes:
    """With the small header."""
    return struct.pack("<HI", kind, len(body)) + body


TYPES = {
    MAIN: (*range(1, 9), *range(101, 120)),
    DISPLAY: (*range(1, 9), *range(101, 109), *range(122, 127), *range(302, 323)),
    INPUTS: (*range(1, 9), *range(101, 104), 111),
    CURSOR: (*range(1, 9), *range(101, 109)),
}


def nonsense(chance: random.Random, kind: int) -> bytes:
    """One message: its type is one of the channel's; its body mostly small numbers, which are offsets and sizes more often."""
    body = bytearray(chance.randbytes(chance.choice([0, 4, 16, 64, 200, 4096])))
    if chance.random() < 0.8:
        for at in range(0, len(body) - 3, 4):
            body[at : at + 4] = struct.pack("<I", chance.choice([0, 1, 2, 16, 64, 100, 480, 1 << 16, 1 << 31, 0xFFFFFFFF, at]))
    number = chance.choice(TYPES.get(kind, (1,))) if chance.random() < 0.95 else chance.randrange(1 << 16)
    if chance.random() < 0.05:
        return struct.pack("<HI", number, chance.choice([1 << 20, 1 << 31, 0xFFFFFFFF])) + bytes(body)
    return message(number, bytes(body))


def visit(seed: int) -> None:
    """One round; this process is the program.  Prints how it ended."""
    from app.console.client import ClientState
    from app.console.spice.problems import LibraryEnded
    from app.console.transport import Link
    from tests.lab.qemu_spice import Viewer, served, until

    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    with tempfile.TemporaryDirectory(prefix="hl-fuzz-") as folder:
        path = Path(folder) / "spice"
        Server(path, seed)

        async def link() -> Link:
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(str(path))
            return Link(sock, True)

        async def story() -> None:
            viewer = Viewer(await link(), link)
            client = viewer.client
            with contextlib.suppress(AssertionError):  # one that is not closed by then may well be alive
                await until(lambda: client.state is ClientState.CLOSED, 3)
            error, pid = client.error, client.connection.process.pid
            client.close()
            await until(lambda: not Path(f"/proc/{pid}").exists())
            assert error is None or (error.what and error.next_step)
            print("connected" if error is None else f"{type(error).__name__} {error.raw if isinstance(error, LibraryEnded) else ''}")

        served(story())


def rounds(first: int, count: int) -> tuple[dict[int, str], Counter[str]]:
    """The rounds that ended badly, by seed; how often the others ended how."""
    bad: dict[int, str] = {}
    ends: Counter[str] = Counter()
    for seed in range(first, first + count):
        try:
            done = subprocess.run([sys.executable, "-m", "tests.fuzz.spice", "--visit", str(seed)],
                                  capture_output=True, text=True, timeout=ROUND_S, check=False)  # fmt: skip
        except subprocess.TimeoutExpired:
            bad[seed] = "hung"
            continue
        if done.returncode:
            bad[seed] = f"{done.returncode}: {done.stderr.strip().splitlines()[-3:]}"
        else:
            ends[done.stdout.strip()] += 1
    return bad, ends


def main() -> int:
    """1 if a round ended badly."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--visit", type=int)
    options = parser.parse_args()
    if options.visit is not None:
        visit(options.visit)
        return 0
    bad, ends = rounds(options.seed, options.rounds)
    for seed, how in bad.items():
        print(f"seed {seed}: {how}")
    for end, number in ends.most_common():
        print(f"{number:4} {end}")
    print(f"{options.rounds} rounds, {len(bad)} ended badly")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
