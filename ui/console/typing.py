"""Types text into a guest that has no clipboard: as a job, at a pace that the guest can follow."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDialog

from app.console.client import ConsoleClient
from app.console.keys.layout import Stroke
from app.console.keys.typing import type_text
from app.errors import Failed
from app.i18n import _, ngettext
from app.jobs.job import Job
from app.settings import options
from ui.aio import ask, spawn
from ui.console.console_bar import BarMenu, ConsoleBar
from ui.console.feature import ConsoleFeature
from ui.console.type_dialog import TypeDialog

if TYPE_CHECKING:
    from ui.console.console_view import ConsoleView

CAPS_LOCK = (0x3A, 0xFFE5)
CAPS_LED = 4
WAIT_S = 0.2
KEPT_LAYOUTS = 500
"""Machines whose layout is remembered; the oldest are forgotten."""

SECRET_HINT = "x-kde-passwordManagerHint"  # noqa: S105 - a kind of data on the clipboard
"""How password managers mark what they copy (KeePassXC, KWallet; also honoured by clipboard managers)."""


class Typing(ConsoleFeature):
    """“Type text…” in the Keys menu; while it goes on, “Stop typing”."""

    def __init__(self, console: ConsoleView) -> None:
        super().__init__(console)
        self._actions: list[QAction] = []
        self._job: Job | None = None
        self._client: ConsoleClient | None = None
        self._leds = 0

    def dress(self, bar: ConsoleBar) -> None:
        """The entry is the first of the menu."""
        menu = bar.menus[BarMenu.KEYS]
        action = QAction(menu)
        action.triggered.connect(self._on_action)
        first = menu.actions()[0] if menu.actions() else None
        menu.insertAction(first, action)  # type: ignore[arg-type]
        menu.insertSeparator(first)  # type: ignore[arg-type]
        self._actions.append(action)
        bar.destroyed.connect(lambda: self._actions.remove(action))
        self._say()

    def client_changed(self, client: ConsoleClient | None) -> None:
        """Listens to the guest's Caps Lock."""
        self._client, self._leds = client, 0
        if client is not None:
            client.leds_changed.connect(self._on_leds)

    def end(self) -> None:
        """Nobody sees any more what is typed."""
        self._stop()

    @property
    def job(self) -> Job | None:
        """What is being typed now."""
        return self._job if self._job is not None and not self._job.over else None

    def _on_leds(self, leds: int) -> None:
        self._leds = leds

    def _on_action(self) -> None:
        if self.job is not None:
            self._stop()
        else:
            spawn(self._ask(), self, name="console: type text")

    def _stop(self) -> None:
        if self.job is not None:
            self.console.ctx.jobs.cancel(self.job)

    def _say(self) -> None:
        text = _("Stop typing") if self.job is not None else _("Type text…")
        for action in self._actions:
            action.setText(text)
            action.setToolTip(_("Types what is on the clipboard, or any text, key by key"))

    async def _ask(self) -> None:
        settings, record = self.console.ctx.settings, self.console.record
        data = QGuiApplication.clipboard().mimeData()
        dialog = TypeDialog(
            record.name if record is not None else "", data.text() if data.hasText() else "", self._layout,
            settings.get(options.TYPING_SPEED), secret=_secret(data), parent=self.console.display.window(),
        )  # fmt: skip
        if await ask(dialog) == QDialog.DialogCode.Accepted:
            self._remember(dialog.layout_name, dialog.speed)
            self._begin(dialog.plan.strokes, dialog.speed)
        self.console.display.setFocus()

    @property
    def _layout(self) -> str:
        """This machine's, else the one that was used last."""
        known = self.console.ctx.settings.get(options.TYPING_LAYOUTS)
        name = known.get(self.console.ref.uuid) or next(reversed(known.values()), "us")
        return name if isinstance(name, str) else "us"

    def _remember(self, layout: str, speed: int) -> None:
        settings = self.console.ctx.settings
        known = settings.get(options.TYPING_LAYOUTS)
        known.pop(self.console.ref.uuid, None)
        known[self.console.ref.uuid] = layout
        settings.set(options.TYPING_LAYOUTS, dict(list(known.items())[-KEPT_LAYOUTS:]))
        settings.set(options.TYPING_SPEED, speed)

    def _begin(self, strokes: tuple[tuple[Stroke, ...], ...], speed: int) -> None:
        record = self.console.record
        name = record.name if record is not None else ""
        waiting = [strokes]

        async def work(job: Job) -> str:
            if not waiting:
                raise Failed(_("The text was not kept."), next_step=_("Choose “Type text…” once more."))
            return await self._type(job, waiting.pop(), speed)

        self._job = self.console.ctx.jobs.run(
            _("Type text into “{name}”").format(name=name), work, subject=name, host_id=self.console.host.id)
        self._job.changed.connect(lambda _job: self._say())
        self._say()

    async def _type(self, job: Job, strokes: tuple[tuple[Stroke, ...], ...], speed: int) -> str:
        """The text is in no title, result or log: it may be a password."""

        def report(done: int) -> None:
            job.report(done / max(1, len(strokes)), _("{done} of {count} characters").format(done=done, count=len(strokes)))

        async def ready() -> None:
            while not self.console.situation().live:
                job.report(job.fraction, _("Waiting until the machine takes keys"))
                await asyncio.sleep(WAIT_S)

        self.console.display.keyboard.let_go()  # a modifier that is held would make commands of the text
        locked = bool(self._leds & CAPS_LED)
        await ready()
        try:
            if locked:
                self._tap_caps_lock()
            await type_text(strokes, self._send, per_second=speed, ready=ready, report=report)
        finally:
            if locked:
                self._tap_caps_lock()
        return ngettext("{count} character was typed.", "{count} characters were typed.", len(strokes)).format(count=len(strokes))

    def _send(self, code: int, sym: int, pressed: bool) -> None:
        if self._client is not None:
            self._client.key(code, sym, pressed)

    def _tap_caps_lock(self) -> None:
        for pressed in (True, False):
            self._send(*CAPS_LOCK, pressed)


def _secret(data: QMimeData) -> bool:
    return bool(data.hasFormat(SECRET_HINT)) and bytes(data.data(SECRET_HINT).data()) == b"secret"
