"""CopyRect: pixels that are on the screen already, elsewhere (RFC 6143, 7.7.2)."""

from __future__ import annotations

from app.console.framebuffer import Rect
from app.console.vnc import problems
from app.console.vnc.canvas import Canvas
from app.console.vnc.wire import Wire


class CopyRectDecoder:
    """No state."""

    def decode(self, wire: Wire, canvas: Canvas, rect: Rect) -> None:
        """The source must lie within the screen."""
        x, y = wire.u16(), wire.u16()
        if x + rect.w > canvas.width or y + rect.h > canvas.height:
            raise problems.garbage(f"copy of {rect.w}x{rect.h} from {x},{y} of {canvas.width}x{canvas.height}")
        canvas.copy(x, y, rect)
