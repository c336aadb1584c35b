"""A user who answers as the test says, and remembers what was asked and told: ``UserInterface`` without a window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.actions.delete_plan import DeletePlan, DeleteRequest
from app.actions.interface import Deleted, Notice, Offer, Question
from app.editing.history import Entry, History
from app.errors import HostelryError
from app.jobs.job import Job
from app.model.records import DomainRef
from app.signal import Signal

Delete = Callable[[DeletePlan], DeleteRequest | None]


@dataclass
class ScriptedUi:
    """Answers come from the fields; by default every question is declined."""

    yes: bool = False
    choice: str | None = None
    text: str | None = None
    file: Path | None = None
    delete: Delete = lambda _plan: None
    error_choices: list[str] = field(default_factory=list)
    offer_answers: list[str | None] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    errors: list[HostelryError] = field(default_factory=list)
    error_offers: list[Sequence[Offer]] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    offers: list[Notice] = field(default_factory=list)
    withdrawn: list[Notice] = field(default_factory=list)
    copied: list[Any] = field(default_factory=list)
    consoles: list[DomainRef] = field(default_factory=list)
    settings: list[DomainRef] = field(default_factory=list)
    plans: list[DeletePlan] = field(default_factory=list)
    deleted: list[Deleted] = field(default_factory=list)
    bring_back: Callable[[list[Deleted]], Entry | None] = lambda _machines: None
    checks: list[str] = field(default_factory=list)
    try_texts: tuple[str, ...] = ()
    told: Signal[[]] = field(default_factory=Signal)

    async def confirm(self, question: Question) -> bool:
        self.questions.append(question)
        return self.yes

    async def choose(self, question: Question, offers: Sequence[Offer]) -> str | None:
        self.questions.append(question)
        self.error_offers.append(offers)
        return self.choice

    async def ask_text(
        self, title: str, label: str, *, verb: str, value: str = "", check: Callable[[str], str] | None = None
    ) -> str | None:
        self.questions.append(Question(title, label, verb))
        if check is not None:
            self.checks = [check(text) for text in self.try_texts]
        return self.text

    async def ask_password(self, title: str, label: str, *, verb: str = "") -> str | None:
        self.questions.append(Question(title, label, verb))
        return self.text

    async def pick_file(self, title: str, *, filters: Sequence[str] = (), folder: Path | None = None) -> Path | None:
        return self.file

    async def save_file(self, title: str, *, name: str, filters: Sequence[str] = ()) -> Path | None:
        return self.file

    async def show_delete(self, plan: DeletePlan) -> DeleteRequest | None:
        self.plans.append(plan)
        return self.delete(plan)

    async def show_deleted(self, machines: Sequence[Deleted], history: History) -> Entry | None:
        self.deleted = list(machines)
        return self.bring_back(self.deleted)

    async def show_error(self, error: HostelryError, offers: Sequence[Offer] = ()) -> str | None:
        self.errors.append(error)
        self.error_offers.append(offers)
        return self.error_choices.pop(0) if self.error_choices else None

    async def show_job(self, job: Job) -> None:
        self.jobs.append(job)

    async def offer(self, notice: Notice) -> str | None:
        """Without an answer left it waits, as a user who has gone for coffee."""
        self.offers.append(notice)
        self.told.emit()
        if self.offer_answers:
            return self.offer_answers.pop(0)
        try:
            await asyncio.Event().wait()
        finally:
            self.withdrawn.append(notice)
        return None

    def notify(self, notice: Notice) -> None:
        self.notices.append(notice)

    def copy_text(self, text: str) -> None:
        self.copied.append(text)

    def copy_image(self, data: bytes) -> None:
        self.copied.append(data)

    def open_console(self, ref: DomainRef) -> None:
        self.consoles.append(ref)

    def open_settings(self, ref: DomainRef) -> None:
        self.settings.append(ref)
