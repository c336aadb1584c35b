"""Reading a piece of a volume's content."""

from __future__ import annotations

from app.i18n import _
from app.virt.binding import libvirt
from app.virt.session import Session

READ_S = 60.0


async def read_piece(session: Session, volume_path: str, offset: int, length: int) -> bytes:
    """``length`` bytes from ``offset``, fewer at the volume's end; for pieces of some KiB."""

    def work(conn: libvirt.virConnect) -> bytes:
        stream = conn.newStream(0)
        parts: list[bytes] = []
        conn.storageVolLookupByPath(volume_path).download(stream, offset, length, 0)
        stream.recvAll(lambda _stream, data, _opaque: parts.append(data), None)
        stream.finish()
        return b"".join(parts)

    return await session.call(work, what=_("Cannot read “{path}”.").format(path=volume_path), timeout_s=READ_S)
