"""How a machine's screen is opened: what its server asks, what the password store knows, what the user says."""

from __future__ import annotations

import asyncio
import contextlib

from PySide6.QtCore import QObject, Signal

from app.actions.interface import Question, UserInterface
from app.console.capabilities import Guarded, LimitedPassword
from app.console.client import ConsoleClient, Credentials
from app.console.secrets.vault import Screen, Vault
from app.console.trust.question import TrustQuestion
from app.i18n import _
from ui.aio import spawn
from ui.console.situation import Wants

PATIENCE_S = 30.0
"""So long the password store may take, which may ask to be unlocked; then the user is asked for the password itself."""


class Access(QObject):
    """One machine's.  changed: something is asked, or no more.  again: connect with ``credentials``.  told: a sentence to show.

    What the user said is tried first, then what the vault knows; what is refused is forgotten in both.
    """

    changed = Signal()
    again = Signal()
    told = Signal(str)

    def __init__(self, vault: Vault, screen: Screen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vault, self._screen = vault, screen
        self._client: ConsoleClient | None = None
        self._looked = self._entered = self._lasting = False
        self.credentials: Credentials | None = None
        self.asks = False
        self.wants = Wants()
        self.question: TrustQuestion | None = None

    # The connector.

    def attach(self, client: ConsoleClient) -> None:
        """Listens to a new connection, before it begins."""
        self._client = client
        client.credentials_needed.connect(lambda name, password: self._on_asked(client, name, password))
        if isinstance(client, Guarded):
            client.trust_asked.connect(lambda question: self._on_doubt(client, question))

    def detach(self) -> None:
        """The connection has ended."""
        self._client, self.asks, self.question = None, False, None

    def accepted(self) -> None:
        """There is a picture: what opened it is remembered."""
        self.asks, self.question, self._looked = False, None, False
        if self._entered and self.credentials is not None:
            self._entered = False
            spawn(self._keep(self.credentials, self._lasting), self, name="console: remember")

    def refused(self) -> None:
        """The server did not take them; the vault is not asked for them again."""
        wrong, self.credentials, self._entered, self._looked = self.credentials, None, False, True
        if wrong is not None:
            spawn(self._vault.forget(self._screen), self, name="console: forget")

    # The user.

    def enter(self, credentials: Credentials, *, lasting: bool) -> None:
        """lasting: also for the next start of the program, once they have been accepted."""
        self.credentials, self._entered, self._lasting = credentials, True, lasting
        if self.asks and self._client is not None:
            self.asks = False
            self._client.answer(credentials)
            self.changed.emit()
        else:
            self.again.emit()

    def trust(self, yes: bool) -> None:
        """The answer to ``question``."""
        client = self._client
        if self.question is not None and isinstance(client, Guarded):
            self.question = None
            client.trust(yes)
            self.changed.emit()

    async def agree(self, ui: UserInterface) -> None:
        """The user pressed "Trust": at what may be an attack, asked again."""
        question = self.question
        if question is None:
            return
        loud = Question(_("Changed server"), question.text, _("Trust it as it is now"), detail=question.detail, danger=True)
        if (not question.doubt.loud or await ui.confirm(loud)) and self.question is question:
            self.trust(True)

    # The server.

    def _on_asked(self, client: ConsoleClient, name: bool, password: bool) -> None:
        if client is not self._client:
            return
        limit = client.password_limit if isinstance(client, LimitedPassword) else 0
        self.wants = Wants(name, password, limit)
        if self._looked:
            self._ask()
        else:
            self._looked = True
            spawn(self._recall(client), self, name="console: password store")

    async def _recall(self, client: ConsoleClient) -> None:
        found = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                found = await self._vault.recall(self._screen)
        if client is not self._client:
            return
        if found is None or (self.wants.name and not found.username):
            self._ask()
            return
        self.credentials = found
        client.answer(found)

    def _ask(self) -> None:
        self.asks = True
        self.changed.emit()

    def _on_doubt(self, client: ConsoleClient, question: TrustQuestion) -> None:
        if client is self._client:
            self.question = question
            self.changed.emit()

    async def _keep(self, credentials: Credentials, lasting: bool) -> None:
        problem = await self._vault.keep(self._screen, credentials, lasting=lasting)
        if problem:
            self.told.emit(problem)
