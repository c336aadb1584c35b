"""One text console of a machine: bar, terminal, search, and why nothing comes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QPoint, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.actions.context import Context, Notice
from app.actions.interface import Question
from app.console.text.console import ByteConsole
from app.console.text.devices import TextDevice
from app.console.text.log import TextLog, log_path
from app.console.text.paste import Paste, pasted, shown
from app.errors import HostelryError
from app.hosts.host import Host
from app.i18n import _, ngettext
from app.model.records import DomainRef
from app.settings import options
from app.settings.folders import state_folder
from app.virt.text_stream import TextStream, open_text, send_break
from ui.aio import spawn
from ui.console.situation import Button, Situation
from ui.console.terminal.find_bar import FindBar
from ui.console.terminal.line import Ended, LineState, Received, TextLine
from ui.console.terminal.strip import TAKE_OVER, Strip, words
from ui.console.terminal.terminal_widget import TerminalWidget
from ui.console.terminal.text_bar import TextBar
from ui.console.wake import QtWake


class TextView(QWidget):
    """Connects when it is first shown, and stays connected until ``end``.  pressed: a ``Button`` that the page answers."""

    pressed = Signal(object)

    def __init__(self, host: Host, ref: DomainRef, ctx: Context, device: TextDevice) -> None:
        super().__init__()
        self.host, self.ref, self.ctx, self.device = host, ref, ctx, device
        self._wanted = self._alive = False
        self._run_id = -1
        self._standing = Situation(live=True)
        self.console = ByteConsole(QtWake(self))
        self.line = TextLine(self.console, self._open, self)
        self.terminal = TerminalWidget(self.console)
        self.bar = TextBar(self)
        self.find_bar = FindBar()
        self.strip = Strip()
        self._arrange()
        self._connect_parts()
        self._apply_zoom()
        self.use_device(device)
        if self._log_key in ctx.settings.get(options.TEXT_CONSOLE_LOGS):
            self.set_logging(True)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.bar, self.terminal, self.find_bar, self.strip):
            column.addWidget(widget, 1 if widget is self.terminal else 0)
        self.find_bar.hide()
        self.setFocusProxy(self.terminal)

    def _connect_parts(self) -> None:
        self.line.changed.connect(self._show_state)
        self.strip.pressed.connect(self._on_button)
        self.terminal.paste_wanted.connect(lambda paste: self._spawn(self._paste(paste), "paste"))
        self.terminal.url_opened.connect(lambda url: self._spawn(self._open_url(url), "address"))
        self.terminal.zoom_wanted.connect(self.zoom)
        self.terminal.find_wanted.connect(self.open_find)
        self.terminal.menu_wanted.connect(self._show_menu)
        self.find_bar.wanted.connect(self._on_find)
        self.find_bar.closed.connect(self._on_find_closed)
        self.console.bell.connect(QApplication.beep)
        self.console.log_failed.connect(self._on_log_failed)
        self._links = [self.ctx.settings.changed.connect(self._on_setting)]

    # For the page around it.

    def use_device(self, device: TextDevice) -> None:
        """The same device, perhaps by another name since the machine was started anew."""
        self.device = device
        self.terminal.setAccessibleName(_("Terminal: {device}").format(device=device.title))

    def machine(self, standing: Situation, *, alive: bool, run_id: int) -> None:
        """How the machine stands.  alive: it runs on a connected host."""
        self._standing = standing
        if run_id != self._run_id:
            if self._run_id >= 0 or (run_id >= 0 and self.console.frame.top > 0):
                self.console.begin_anew(_("The machine was started again.") if run_id >= 0 else _ended(standing))
            self._run_id = run_id
        self._alive = alive
        self.line.want(self._wanted and alive and self.device.opens)
        self._show_state()

    @property
    def waits(self) -> bool:
        """Whether it wants to be connected and is not yet, which can still change."""
        return self._wanted and self.device.opens and self.line.state in (LineState.OFF, LineState.CONNECTING)

    def begin(self) -> None:
        """Somebody looks: from now on it is connected, seen or not."""
        self._wanted = True
        self.line.want(self._alive and self.device.opens)
        self.terminal.setFocus()

    def end(self) -> None:
        """For good; the machine runs on."""
        for link in self._links:
            link.disconnect()
        self.line.end()
        self.console.close()

    async def _open(self, force: bool, received: Received, ended: Ended) -> TextStream:
        channel = self.device.kind == "channel"
        return await open_text(
            self.host.session, self.ref.uuid, self.device.alias, channel=channel, force=force, received=received, ended=ended
        )  # fmt: skip

    def _show_state(self) -> None:
        self.strip.say(*words(self._standing, self.line))
        live = self.line.state is LineState.OPEN
        self.terminal.set_live(live)
        self.bar.set_live(live)

    def _on_button(self, button: Button | str) -> None:
        if button == TAKE_OVER:
            self._spawn(self._take_over(), "take over")
        elif button is Button.RECONNECT:
            self.line.reconnect()
        else:
            self.pressed.emit(button)

    async def _take_over(self) -> None:
        if await self.ctx.ui.confirm(Question(
            _("Take the console over"), _("Take this console over?"), _("Take over"),
            _("The other program, perhaps another person's, is disconnected from it and loses what it has not shown yet."),
        )):  # fmt: skip
            self.line.reconnect(force=True)

    # What the user does.

    def zoom(self, step: int) -> None:
        """+1, -1, or 0 for the usual size; for all terminals."""
        now = self.ctx.settings.get(options.TEXT_CONSOLE_ZOOM)
        self.ctx.settings.set(options.TEXT_CONSOLE_ZOOM, 0 if step == 0 else min(max(now + step, -8), 30))

    def open_find(self) -> None:
        """Opens the search."""
        self.find_bar.open_bar(self.terminal.selected_text())

    def tell_size(self) -> None:
        """Types the command that tells a shell how large the terminal is; serial lines cannot say it themselves."""
        frame = self.terminal.frame_shown
        self.console.send(f"stty rows {len(frame.rows)} cols {frame.cols}\r".encode())
        self.ctx.ui.notify(Notice(
            _("The command “stty rows {rows} cols {cols}” was typed for the guest's shell.").format(
                rows=len(frame.rows), cols=frame.cols)))  # fmt: skip
        self.terminal.setFocus()

    def clear(self) -> None:
        """Screen and scrollback, here only."""
        self.terminal.selecting.selection = None
        self.console.clear()

    async def save(self) -> None:
        """All that is kept, as a text file."""
        record = self.host.inventory.domains.get(self.ref.uuid)
        name = f"{record.name if record else ''}-{self.device.key}.txt"
        path = await self.ctx.ui.save_file(_("Save what the console has shown"), name=name, filters=(_("Text (*.txt)"),))
        if path is None:
            return
        try:
            await asyncio.get_running_loop().run_in_executor(None, _write, path, self.terminal.whole_text())
        except OSError as error:
            await self.ctx.ui.show_error(HostelryError(
                _("“{name}” cannot be written.").format(name=path.name), why=error.strerror or "",
                next_step=_("Choose another folder."), raw=str(error)))  # fmt: skip

    async def send_break(self) -> None:
        """To the guest's serial line."""
        try:
            await send_break(self.host.session, self.ref.uuid, self.device.alias)
        except HostelryError as error:
            await self.ctx.ui.show_error(error)

    @property
    def log_file(self) -> Path:
        """Where it is logged when that is switched on."""
        record = self.host.inventory.domains.get(self.ref.uuid)
        return log_path(state_folder(), record.name if record else "", self.ref.uuid, self.device.key)

    @property
    def _log_key(self) -> str:
        return f"{self.ref.uuid} {self.device.key}"

    def set_logging(self, on: bool) -> None:
        """Remembered for this console of this machine."""
        kept = [key for key in self.ctx.settings.get(options.TEXT_CONSOLE_LOGS) if key != self._log_key]
        self.ctx.settings.set(options.TEXT_CONSOLE_LOGS, [*kept, self._log_key] if on else kept)
        self.console.use_log(TextLog(self.log_file) if on else None)
        self.bar.show_logging(on)

    def open_log_folder(self) -> None:
        """In the desktop's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.log_file.parent)))

    def _on_log_failed(self, error: HostelryError) -> None:
        self.bar.show_logging(False)
        self.ctx.ui.notify(Notice(str(error)))

    async def _paste(self, paste: Paste) -> None:
        if paste.too_long:
            self.ctx.ui.notify(Notice(_("The clipboard has more text than can be pasted into a console.")))
            return
        modes = self.terminal.frame_shown.modes
        if paste.asks(modes) and not await self.ctx.ui.confirm(_paste_question(paste)):
            return
        self.console.send(pasted(paste, self.terminal.frame_shown.modes, controls=paste.controls))
        self.terminal.to_the_end()

    async def _open_url(self, url: str) -> None:
        if await self.ctx.ui.confirm(Question(
            _("Open an address"), _("Open this address, which the guest has shown?"), _("Open"), items=(url,)
        )):  # fmt: skip
            QDesktopServices.openUrl(QUrl(url, QUrl.ParsingMode.StrictMode))

    def _on_find(self, text: str, back: bool, again: bool) -> None:
        self.find_bar.tell(self.terminal.seek(text, back=back, again=again))

    def _on_find_closed(self) -> None:
        self.terminal.seek("")
        self.terminal.setFocus()

    def _show_menu(self, where: QPoint) -> None:
        self.bar.more.popup(where)

    def _on_setting(self, key: str) -> None:
        if key == options.TEXT_CONSOLE_ZOOM.key:
            self._apply_zoom()

    def _apply_zoom(self) -> None:
        self.terminal.set_zoom(self.ctx.settings.get(options.TEXT_CONSOLE_ZOOM))

    def _spawn(self, work: object, name: str) -> None:
        spawn(work, self, name=f"text console: {name}")  # type: ignore[arg-type]


def _ended(standing: Situation) -> str:
    """As the strip says it: why, as far as the host knows."""
    return standing.detail or standing.text or _("The machine is off.")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _paste_question(paste: Paste) -> Question:
    several = ngettext(
        "The guest may run each line at once: {count} line.", "The guest may run each line at once: {count} lines.", paste.lines
    ).format(count=paste.lines)
    odd = _("It contains control characters, which do what keys do.") if paste.controls else ""
    return Question(
        _("Paste"), _("Paste this into the console?"), _("Paste"), " ".join(filter(None, (several, odd))), items=shown(paste.text)
    )
