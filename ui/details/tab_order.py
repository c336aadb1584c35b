"""The Tab key goes down a page as one sees it, whatever was made first."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.details.row import FieldRow

if TYPE_CHECKING:
    from ui.details.form import Form


class TabOrder:
    """after: what has the keyboard before the page; None: where Qt puts it."""

    def __init__(self) -> None:
        self.after: QWidget | None = None
        self._last: list[QWidget] = []

    def start_after(self, widget: QWidget, form: Form) -> None:
        """Once both are in one window."""
        self.after = widget
        self._last = []
        self.follow(form)

    def follow(self, form: Form) -> None:
        """Sets it anew if the page shows something else now."""
        blocks = _blocks(form)
        for block in blocks:
            if block.focusProxy() is not None:  # Qt would stop at the block, wherever that is, and then go round from its proxy
                block.setFocusProxy(None)  # type: ignore[arg-type]
        found = [stop for block in blocks for stop in stops(block)]
        if found == self._last:
            return
        self._last = found
        chain = [self.after, *found] if self.after is not None else found
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)


def _blocks(form: Form) -> list[QWidget]:
    found: list[QWidget] = []
    for part in form.parts:
        if not part.head.isHidden():
            found += [part.head, *part.widgets()]
    return found + form.foot


def stops(block: QWidget) -> list[QWidget]:
    """What takes the keyboard in a block, in order."""
    if isinstance(block, FieldRow):
        return [block.widget]
    inside = [block, *block.findChildren(QWidget)]
    return [one for one in inside if _takes_it(one) and one.window() is block.window()]


def _takes_it(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
