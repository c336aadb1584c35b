"""Whether a volume of the same name and size is a whole copy of a local file, or the rest of one that broke off."""

from __future__ import annotations

import asyncio
import os

from app.errors import HostelryError
from app.virt import storage
from app.virt.session import Session

PIECE = 64 * 1024


async def is_whole(session: Session, volume_path: str, path: str) -> bool:
    """Compares the last piece with data in it: copies are written from the beginning, so a broken one lacks its end.

    The first piece is compared too, for another file of that name and size.
    """
    for offset, data in await asyncio.to_thread(_pieces, path):
        try:
            if await storage.read_piece(session, volume_path, offset, len(data)) != data:
                return False
        except HostelryError:
            return False
    return True


def _pieces(path: str) -> list[tuple[int, bytes]]:
    """First and last piece with something else than zeros in it, as (offset, content); reads backwards over what is empty."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - read by position
            size = os.fstat(file.fileno()).st_size
            pieces = [(0, file.read(PIECE))]
            for offset in range((size - 1) // PIECE * PIECE, 0, -PIECE):
                file.seek(offset)
                if (data := file.read(PIECE)).strip(b"\0"):
                    pieces.append((offset, data))
                    break
            return pieces
    except OSError:
        return []
