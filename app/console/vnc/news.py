"""Rectangles that are no pixels: cursor, size, name, keyboard and pointer news (rfbproto.rst; QEMU ui/vnc.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.console.client import Cursor
from app.console.framebuffer import Rect
from app.console.vnc import problems
from app.console.vnc.cursors import from_mask, from_rgba
from app.console.vnc.protocol import MAX_CURSOR_SIDE, MAX_NAME, Encoding
from app.console.vnc.wire import Wire

if TYPE_CHECKING:
    from app.console.vnc.session import Session

Handler = Callable[["Session", Wire, Rect], None]


def _cursor(session: Session, wire: Wire, rect: Rect) -> None:
    _check_cursor(rect)
    pixels = wire.exactly(rect.w * rect.h * 4, 4 * MAX_CURSOR_SIDE**2)
    mask = wire.exactly((rect.w + 7) // 8 * rect.h)
    argb = from_mask(pixels, mask, rect.w, rect.h)
    session.listener.on_cursor(_made(rect, argb))


def _alpha_cursor(session: Session, wire: Wire, rect: Rect) -> None:
    _check_cursor(rect)
    if (encoding := wire.u32()) != Encoding.RAW:
        raise problems.garbage(f"cursor in encoding {encoding}")
    pixels = wire.exactly(rect.w * rect.h * 4, 4 * MAX_CURSOR_SIDE**2)
    # The protocol says red, green, blue, alpha; QEMU sends its own memory: blue, green, red, alpha.
    session.listener.on_cursor(_made(rect, bytes(pixels) if session.is_qemu else from_rgba(pixels)))


def _check_cursor(rect: Rect) -> None:
    if rect.w > MAX_CURSOR_SIDE or rect.h > MAX_CURSOR_SIDE:
        raise problems.garbage(f"cursor of {rect.w}x{rect.h}")


def _made(rect: Rect, argb: bytes) -> Cursor:
    if not argb:
        return Cursor()
    return Cursor(rect.w, rect.h, min(rect.x, rect.w - 1), min(rect.y, rect.h - 1), argb)


def _desktop_size(session: Session, _wire: Wire, rect: Rect) -> None:
    session.resize(rect.w, rect.h)


def _extended_desktop_size(session: Session, wire: Wire, rect: Rect) -> None:
    """rect.x: who asked (1: we did); rect.y: 0, or why our request was refused."""
    count = wire.u8()
    wire.exactly(3)
    screens = wire.exactly(count * 16)
    if rect.x == 1 and rect.y != 0:
        return
    screen_id, flags = (int.from_bytes(screens[at : at + 4], "big") for at in (0, 12)) if count else (0, 0)
    session.listener.on_resizable(screen_id, flags)
    session.resize(rect.w, rect.h)


def _desktop_name(session: Session, wire: Wire, _rect: Rect) -> None:
    session.listener.on_name(wire.exactly(wire.u32(), MAX_NAME).decode("utf-8", "replace"))


def _pointer_motion(session: Session, _wire: Wire, rect: Rect) -> None:
    session.listener.on_pointer_mode(bool(rect.x))


def _extended_key(session: Session, _wire: Wire, _rect: Rect) -> None:
    if session.is_qemu:
        session.poke()
    session.listener.on_scancodes()


def _led_state(session: Session, wire: Wire, _rect: Rect) -> None:
    session.listener.on_leds(wire.u8())


def _audio(session: Session, _wire: Wire, _rect: Rect) -> None:
    session.listener.on_audio()


HANDLERS: dict[int, Handler] = {
    Encoding.CURSOR: _cursor,
    Encoding.ALPHA_CURSOR: _alpha_cursor,
    Encoding.DESKTOP_SIZE: _desktop_size,
    Encoding.EXTENDED_DESKTOP_SIZE: _extended_desktop_size,
    Encoding.DESKTOP_NAME: _desktop_name,
    Encoding.QEMU_POINTER_MOTION: _pointer_motion,
    Encoding.QEMU_EXTENDED_KEY: _extended_key,
    Encoding.QEMU_LED_STATE: _led_state,
    Encoding.QEMU_AUDIO: _audio,
}
