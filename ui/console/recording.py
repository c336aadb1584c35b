"""Films of the screen: recorded to a file, with a mark in the bar as long as it runs; and clips of the last seconds."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton

from app.actions.interface import Notice
from app.console.client import ConsoleClient
from app.console.framebuffer import Framebuffer, Rect
from app.errors import Failed, HostelryError
from app.i18n import _, ngettext
from app.settings import options
from ui.aio import spawn
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.console.screenshot import file_name, picture_folder
from ui.console.wake import QtWake
from ui.icons import icon

if TYPE_CHECKING:
    from app.console.video.clip import Ring
    from app.console.video.recorder import Recorder
    from ui.console.console_view import ConsoleView

TICK_MS = 1000


class Recording(ConsoleFeature):
    """The film goes on while the page is hidden, over reconnects and in full screen, until it is stopped or the machine ends."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self.recorder: Recorder | None = None
        self._wake = QtWake(self)
        self._actions: dict[ConsoleBar, QAction] = {}
        self._marks: dict[ConsoleBar, QToolButton] = {}
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)

    def dress(self, bar: ConsoleBar) -> None:
        """An entry to begin; while it runs, a red mark that ends it."""
        menu = bar.menus[BarMenu.PICTURE]
        menu.addSeparator()
        action = menu.addAction(icon("media-record"), "")
        action.triggered.connect(self.toggle)
        mark = bar.add_button("media-record", "", _("Stop recording the screen"), self.stop, needs_picture=False)
        self._actions[bar], self._marks[bar] = action, mark
        self._tick()

    def toggle(self) -> None:
        """Begins or ends."""
        if self.recorder is None:
            spawn(self._begin(), self, name="console: record")
        else:
            self.stop()

    async def _begin(self) -> None:
        record, ctx = self.console.record, self.console.ctx
        name = file_name(record.name if record else "", datetime.now(), "webm")
        path = await ctx.ui.save_file(
            _("Record the screen"), name=str(picture_folder(ctx.settings) / name), filters=(_("Videos (*.webm)"),)
        )
        if path is not None and self.recorder is None and self.console.display.picture.framebuffer is not None:
            self._start(path)

    def _start(self, path: Path) -> None:
        from app.console.video.recorder import Recorder  # noqa: PLC0415 (few record)

        recorder = self.recorder = Recorder(path, self._screen, lambda problem: self._wake(lambda: self._finished(problem)))
        self.console.display.keep_watching(self, True)
        self.console.display.damage_taken.connect(self._touch)
        self._timer.start()
        recorder.start()
        self._tick()

    def _screen(self) -> Framebuffer | None:
        """On the recorder's thread."""
        return self.console.display.picture.framebuffer

    def _touch(self, _damage: list[Rect]) -> None:
        if self.recorder is not None:
            self.recorder.touch()

    def stop(self) -> None:
        """The file is closed soon, and the user told."""
        if self.recorder is not None:
            self.recorder.stop()

    def _finished(self, problem: HostelryError | None) -> None:
        recorder, self.recorder = self.recorder, None
        if recorder is None:
            return
        self._let_go()
        if problem is not None:
            spawn(self._complain(problem), self, name="console: recording failed")
        else:
            self.console.ctx.settings.set(options.PICTURE_FOLDER, str(recorder.path.parent))
            self.console.ctx.ui.notify(Notice(_("The recording was saved as {path}.").format(path=recorder.path)))

    async def _complain(self, problem: HostelryError) -> None:
        await self.console.ctx.ui.show_error(problem)

    def _let_go(self) -> None:
        self._timer.stop()
        self.console.display.damage_taken.disconnect(self._touch)
        self.console.display.keep_watching(self, False)
        self._tick()

    def client_changed(self, client: ConsoleClient | None) -> None:
        """A reconnect goes on in the same file."""
        self._touch([])

    def _tick(self) -> None:
        recorder, record = self.recorder, self.console.record
        if recorder is not None and (record is None or not record.active):
            self.stop()
        for bar in list(self._marks):
            if bar not in self.console.bars:
                del self._marks[bar], self._actions[bar]
        text = "" if recorder is None else _("{time} · {size}").format(
            time=clock(recorder.elapsed_s), size=QLocale().formattedDataSize(recorder.size_bytes, 1))  # fmt: skip
        for bar, mark in self._marks.items():
            mark.setText(text)
            if mark.isHidden() == (recorder is not None):
                mark.setVisible(recorder is not None)
                bar.keep_words(mark)
            self._actions[bar].setText(_("Record the screen…") if recorder is None else _("Stop recording"))

    def end(self) -> None:
        """The page is closed: the film ends with it, in its own time."""
        if self.recorder is not None:
            self.recorder.stop()
            self.recorder = None
            self._timer.stop()


class Clips(ConsoleFeature):
    """When switched on, the last seconds can be saved after something has happened."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self.ring: Ring | None = None
        self._actions: dict[ConsoleBar, tuple[QAction, QAction]] = {}

    def dress(self, bar: ConsoleBar) -> None:
        """A switch, and what it makes possible."""
        menu = bar.menus[BarMenu.PICTURE]
        keep = menu.addAction(_("Keep the last 30 seconds"))
        keep.setCheckable(True)
        keep.setToolTip(_("Remembers what changes on the screen, so that it can be saved after something has happened"))
        keep.toggled.connect(self.switch)
        save = menu.addAction(icon("document-save"), _("Save the last seconds…"))
        save.triggered.connect(lambda: spawn(self._save(), self, name="console: clip"))
        self._actions[bar] = keep, save
        self._show()

    def switch(self, on: bool) -> None:
        """Off forgets what was kept."""
        if on == (self.ring is not None):
            return
        display = self.console.display
        if on:
            from app.console.video.clip import Ring  # noqa: PLC0415 (few keep clips)

            self.ring = Ring(lambda: display.picture.framebuffer)
            display.damage_taken.connect(self.ring.touch)
            self.ring.start()
        elif self.ring is not None:
            display.damage_taken.disconnect(self.ring.touch)
            self.ring.stop()
            self.ring = None
        display.keep_watching(self, on)
        self._show()

    def _show(self) -> None:
        for bar in [bar for bar in self._actions if bar not in self.console.bars]:
            del self._actions[bar]
        for keep, save in self._actions.values():
            keep.setChecked(self.ring is not None)
            save.setEnabled(self.ring is not None)

    async def _save(self) -> None:
        kept, end_s = self.ring.taken() if self.ring is not None else None, time.monotonic()
        record, ctx = self.console.record, self.console.ctx
        if kept is None:
            return
        name = str(picture_folder(ctx.settings) / file_name(record.name if record else "", datetime.now()))
        path = await ctx.ui.save_file(_("Save the last seconds"), name=name, filters=(_("Animated pictures (*.png)"),))
        if path is None:
            return
        from app.console.video.clip import write  # noqa: PLC0415 (few keep clips)

        try:
            count = await asyncio.to_thread(write, path, *kept, end_s)
        except OSError as problem:
            await ctx.ui.show_error(
                Failed(_("The clip could not be saved as {path}.").format(path=path),
                       next_step=_("Choose another folder, or make room there."), raw=str(problem)))  # fmt: skip
            return
        ctx.settings.set(options.PICTURE_FOLDER, str(path.parent))
        text = ngettext(
            "A clip of {count} picture was saved as {path}.", "A clip of {count} pictures was saved as {path}.", count
        )
        ctx.ui.notify(Notice(text.format(count=count, path=path)))

    def end(self) -> None:
        """The page is closed."""
        if self.ring is not None:
            self.ring.stop()
            self.ring = None


def clock(seconds: float) -> str:
    """Minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
