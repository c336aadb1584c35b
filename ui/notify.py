"""Tells the user what happened: inside the window while it is in front, else through the desktop."""

from __future__ import annotations

import asyncio
import html
import logging
from collections.abc import Callable
from typing import Any, Protocol

from jeepney import DBusAddress, HeaderFields, MatchRule, message_bus, new_method_call
from jeepney.io.asyncio import DBusRouter, open_dbus_router
from PySide6.QtWidgets import QApplication, QWidget

from app.actions.interface import Notice, NoticeKind
from app.i18n import _
from app.settings import options
from app.settings.option import Option
from app.settings.store import Settings
from ui.aio import spawn
from ui.widgets.message_bar import MessageBar

log = logging.getLogger(__name__)

SWITCHES: dict[NoticeKind, Option[bool]] = {
    NoticeKind.JOB_DONE: options.NOTIFY_JOB_DONE,
    NoticeKind.JOB_FAILED: options.NOTIFY_JOB_FAILED,
    NoticeKind.MACHINE_STOPPED: options.NOTIFY_MACHINE_STOPPED,
    NoticeKind.HINT: options.NOTIFY_HINTS,
}
"""Each kind can be turned off, but for questions: they wait for an answer."""

_SERVICE = DBusAddress(
    "/org/freedesktop/Notifications", bus_name="org.freedesktop.Notifications", interface="org.freedesktop.Notifications"
)
_ANSWER_S = 5.0

Answer = Callable[[str | None], None]


class Desktop(Protocol):
    """The desktop's notifications."""

    async def show(self, notice: Notice, answer: Answer) -> bool:
        """False if the desktop has none, or does not answer."""

    async def close(self) -> None:
        """Stops listening."""


class BusDesktop:
    """org.freedesktop.Notifications (Desktop Notifications Specification 1.2) over the session bus.

    Not by QtDBus: PySide6 cannot send the unsigned number that ``Notify`` wants (it sends ``i``, and GLib's
    servers refuse the call).
    """

    def __init__(self, app_name: str, icon_name: str) -> None:
        self._name, self._icon = app_name, icon_name
        self._open: Any = None
        self._router: DBusRouter | None = None
        self._listener: asyncio.Task[None] | None = None
        self._answers: dict[int, Answer] = {}
        self._keys: dict[str, int] = {}
        self._html: bool | None = None

    async def show(self, notice: Notice, answer: Answer) -> bool:
        """See ``Desktop``; a notice with the same key replaces the one before."""
        try:
            router = await self._connected()
            async with asyncio.timeout(_ANSWER_S):
                detail = html.escape(notice.detail, quote=False) if await self._draws_html(router) else notice.detail
                call = new_method_call(_SERVICE, "Notify", "susssasa{sv}i", self._arguments(notice, detail))
                number = int((await router.send_and_get_reply(call)).body[0])
        except (OSError, KeyError, ValueError, TypeError, IndexError, TimeoutError, asyncio.IncompleteReadError) as error:
            log.info("No desktop notification: %s", error)
            return False
        self._answers[number] = answer
        if notice.key:
            self._keys[notice.key] = number
        return True

    async def close(self) -> None:
        """See ``Desktop``."""
        if self._listener is not None:
            self._listener.cancel()
        if self._open is not None:
            await self._open.__aexit__(None, None, None)
        self._router = self._open = self._listener = None

    async def _draws_html(self, router: DBusRouter) -> bool:
        """Whether the service takes the text for a kind of HTML; names of machines are none."""
        if self._html is None:
            reply = await router.send_and_get_reply(new_method_call(_SERVICE, "GetCapabilities"))
            listed = reply.body[0] if reply.body else []
            self._html = isinstance(listed, list) and "body-markup" in listed
        return self._html

    def _arguments(self, notice: Notice, detail: str) -> tuple[Any, ...]:
        actions = ["default", _("Show")]
        for offer in notice.offers:
            actions += [offer.id, offer.text]
        failed = notice.kind in (NoticeKind.JOB_FAILED, NoticeKind.MACHINE_STOPPED)
        hints = {"urgency": ("y", 2 if notice.kind is NoticeKind.OFFER else 1), "desktop-entry": ("s", self._icon)}
        picture = "dialog-error" if failed else self._icon
        return (self._name, self._keys.get(notice.key, 0), picture, notice.text, detail, actions, hints, -1)

    async def _connected(self) -> DBusRouter:
        if self._router is None:
            opening = open_dbus_router(bus="SESSION")
            # Not wait_for, which loses a cancellation that comes together with the answer (Python 3.11).
            async with asyncio.timeout(_ANSWER_S):
                self._router = await opening.__aenter__()
            self._open = opening
            self._listener = spawn(self._listen(self._router), self, name="desktop notifications")
        return self._router

    async def _listen(self, router: DBusRouter) -> None:
        rule = MatchRule(type="signal", interface=_SERVICE.interface, path=_SERVICE.object_path)
        await router.send_and_get_reply(message_bus.AddMatch(rule))
        with router.filter(rule, bufsize=50) as queue:
            while True:
                message = await queue.get()
                self._heard(message.header.fields.get(HeaderFields.member), message.body)

    def _heard(self, member: object, body: tuple[Any, ...]) -> None:
        if member == "ActionInvoked":
            self._answered(body[0], str(body[1]))
        elif member == "NotificationClosed":
            self._answered(body[0], None)

    def _answered(self, number: int, action: str | None) -> None:
        answer = self._answers.pop(number, None)
        if answer is not None:
            answer(action)


class Notifier:
    """Chooses where a notice is seen.  ``bar`` is the main window's; ``window`` is raised by a click."""

    def __init__(self, settings: Settings, window: QWidget, bar: MessageBar, desktop: Desktop | None) -> None:
        self._settings, self._window, self._bar, self._desktop = settings, window, bar, desktop

    def show(self, notice: Notice, answer: Answer = lambda _id: None) -> Callable[[], None]:
        """Shows it where it will be seen, unless its kind is turned off; gives a function that takes it away."""
        switch = SWITCHES.get(notice.kind)
        if switch is not None and not self._settings.get(switch):
            answer(None)
            return lambda: None
        once = _once(answer)
        message = self._bar.add(notice, once)
        if self._desktop is not None and not in_front() and self._settings.get(options.NOTIFY_IN_BACKGROUND):
            spawn(self._on_desktop(notice, message.answer), self._window, name="notify")
        return lambda: message.answer(None)

    async def _on_desktop(self, notice: Notice, choose: Answer) -> None:
        if self._desktop is not None:
            await self._desktop.show(notice, lambda offer_id: self._clicked(offer_id, choose))

    def _clicked(self, offer_id: str | None, choose: Answer) -> None:
        """A click on the text brings the window; closing the desktop's notice leaves ours in the window."""
        if offer_id == "default":
            self._window.show()
            self._window.raise_()
            self._window.activateWindow()
        elif offer_id is not None:
            choose(offer_id)


def in_front() -> bool:
    """Whether a window of this program has the user's attention."""
    return QApplication.activeWindow() is not None


def _once(answer: Answer) -> Answer:
    """The first answer counts, wherever it was given."""
    given: list[str | None] = []

    def first(offer_id: str | None) -> None:
        if not given:
            given.append(offer_id)
            answer(offer_id)

    return first
