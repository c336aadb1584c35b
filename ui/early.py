"""The saved connections, opened in threads while Qt is still being imported."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from app.i18n import _
from app.settings.connections import SavedConnection
from app.settings.store import Settings

if TYPE_CHECKING:
    from app.hosts.host_list import HostList
    from app.virt.credentials import Answers, CredentialRequest
    from app.virt.defaults import DefaultConnection
    from ui.commandline import Wishes
    from ui.dialogs.interface import QtInterface


class LateAsker:
    """Answers a host's questions as soon as there is a window that can ask them."""

    def __init__(self) -> None:
        self.ui: QtInterface | None = None

    async def __call__(self, request: CredentialRequest) -> Answers | None:
        """A host that asks before there are dialogs waits for them."""
        import asyncio  # noqa: PLC0415 (imported by whoever runs the loop)

        while self.ui is None:  # noqa: ASYNC110 (made before there is a loop)
            await asyncio.sleep(0.05)
        return await self.ui.ask_credentials(request)


class EarlySessions:
    """Makes the list of hosts in a thread; ``result`` waits for it.

    first_choice: what was chosen because nothing is configured; None otherwise.
    """

    def __init__(self, settings: Settings, wishes: Wishes) -> None:
        self.asker = LateAsker()
        self.first_choice: DefaultConnection | None = None
        self._settings, self._wishes = settings, wishes
        self._hosts: HostList | None = None
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._make, name="early connections")

    def begin(self) -> None:
        """Starts; returns at once."""
        self._thread.start()

    def result(self) -> HostList:
        """The hosts; those which connect by themselves are at it.  Raises what went wrong in the thread."""
        self._thread.join()
        if self._problem is not None:
            raise self._problem
        assert self._hosts is not None  # noqa: S101 (the thread set it or the problem)
        return self._hosts

    def _make(self) -> None:
        try:
            from app.hosts.host_list import HostList  # noqa: PLC0415 (imports libvirt beside Qt's import)
            from app.virt import uris  # noqa: PLC0415

            hosts = HostList(ask=self.asker)
            for saved in self._wanted():
                label = saved.label or _(uris.suggested_label(saved.uri))
                host = hosts.add(saved.uri, label=label, autoconnect=saved.autoconnect, accel=saved.accel)
                if saved.autoconnect:
                    host.begin()
            self._hosts = hosts
        except BaseException as problem:  # noqa: BLE001 (handed to the main thread)
            self._problem = problem

    def _wanted(self) -> list[SavedConnection]:
        saved = self._settings.connections
        if not self._settings.configured and not self._wishes.connect:
            from app.virt import defaults  # noqa: PLC0415

            self.first_choice = defaults.choose()
            saved = [SavedConnection(self.first_choice.uri)]
        known = [one.uri for one in saved]
        asked = [SavedConnection(uri) for uri in dict.fromkeys(self._wishes.connect) if uri not in known]
        return [*saved, *asked]
