"""A picture of what a VNC server shows: ``picture.py PORT FILE.png [SECONDS]``. No password, raw encoding."""

from __future__ import annotations

import socket
import struct
import sys
import time
import zlib
from pathlib import Path

RAW = 0
PIXEL_FORMAT = struct.pack(">BBBBHHHBBBxxx", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)  # 0x00RRGGBB, little endian


def read(sock: socket.socket, size: int) -> bytes:
    """Exactly ``size`` bytes; EOFError if the server hangs up before."""
    found = bytearray()
    while len(found) < size:
        piece = sock.recv(size - len(found))
        if not piece:
            raise EOFError("the server hung up")
        found += piece
    return bytes(found)


def greet(sock: socket.socket) -> tuple[int, int]:
    """The handshake of RFC 6143, section 7; gives width and height."""
    version = read(sock, 12)
    sock.sendall(version)
    if version == b"RFB 003.003\n":
        if struct.unpack(">I", read(sock, 4))[0] != 1:
            raise OSError("the server asks for a password")
    else:
        if 1 not in read(sock, read(sock, 1)[0]):
            raise OSError("the server asks for a password")
        sock.sendall(b"\1")
        if version == b"RFB 003.008\n":
            read(sock, 4)
    sock.sendall(b"\1")
    width, height, _, length = struct.unpack(">HH16sI", read(sock, 24))
    read(sock, length)
    sock.sendall(b"\0\0\0\0" + PIXEL_FORMAT + struct.pack(">BxHi", 2, 1, RAW))
    return width, height


def ask(sock: socket.socket, size: tuple[int, int], incremental: int) -> None:
    """Asks for the whole picture, or for what changes in it."""
    sock.sendall(struct.pack(">BBHHHH", 3, incremental, 0, 0, *size))


def update(sock: socket.socket, picture: bytearray, width: int) -> None:
    """Reads one message of the server into ``picture`` (4 bytes a pixel)."""
    if read(sock, 1) != b"\0":
        raise OSError("the server sent something else than a picture")
    for _ in range(struct.unpack(">xH", read(sock, 3))[0]):
        x, y, columns, rows, encoding = struct.unpack(">HHHHi", read(sock, 12))
        if encoding != RAW:
            raise OSError("the server does not send raw pixels")
        pixels = read(sock, columns * rows * 4)
        for row in range(rows):
            begin = ((y + row) * width + x) * 4
            picture[begin : begin + columns * 4] = pixels[row * columns * 4 : (row + 1) * columns * 4]


def png(picture: bytes, width: int, height: int) -> bytes:
    """A PNG file of the pixels."""
    rgb = bytearray(width * height * 3)
    rgb[0::3], rgb[1::3], rgb[2::3] = picture[2::4], picture[1::4], picture[0::4]
    rows = b"".join(b"\0" + rgb[row * width * 3 : (row + 1) * width * 3] for row in range(height))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def main() -> int:
    """Looks for SECONDS (2 by default), so that a window which is just opening is complete; 1 if nothing was drawn."""
    port, path = int(sys.argv[1]), Path(sys.argv[2])
    until = time.monotonic() + float(sys.argv[3] if len(sys.argv) > 3 else "2")
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
            width, height = greet(sock)
            picture = bytearray(width * height * 4)
            ask(sock, (width, height), 0)
            update(sock, picture, width)
            while (left := until - time.monotonic()) > 0:
                ask(sock, (width, height), 1)
                sock.settimeout(max(0.05, left))
                try:
                    update(sock, picture, width)
                except TimeoutError:
                    break
    except (OSError, EOFError) as error:
        print(f"No picture: {error}", file=sys.stderr)
        return 1
    path.write_bytes(png(bytes(picture), width, height))
    return 0 if len(set(picture)) > 8 else 1


sys.exit(main())
