"""The part of the page about the first start: cloud-init for images, an installer's answers for ISO files, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.install.plan import Plan, Problem
from app.install.seed.form import Form
from app.install.sources.images import CloudImage
from app.install.unattended.use import Wish
from ui.aio import spawn
from ui.wizard.first_start.cloud import CloudSection
from ui.wizard.first_start.script import ScriptSection
from ui.wizard.row import Hint


class FirstStart(QWidget):
    """edited: another answer; ``seed()`` and ``wish()`` are what the machine gets."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hint = Hint()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.hint)
        self._cloud: CloudSection | None = None
        self._script: ScriptSection | None = None
        self._cloudy = False

    @property
    def cloud(self) -> CloudSection:
        """cloud-init's settings; made when they are first wanted, for most machines never."""
        if self._cloud is None:
            self._cloud = CloudSection()
            self._column.insertWidget(0, self._cloud)
            self._cloud.edited.connect(self.edited)
        return self._cloud

    @property
    def script(self) -> ScriptSection:
        """The answers to an installer; made when a medium was recognised."""
        if self._script is None:
            self._script = ScriptSection()
            self._column.insertWidget(0, self._script)
            self._script.edited.connect(self.edited)
        return self._script

    def show_plan(self, plan: Plan) -> None:
        """Another source, system or name."""
        cloudy = isinstance(plan.source, CloudImage)
        self._cloudy = cloudy
        if cloudy or self._cloud is not None:
            self.cloud.setVisible(cloudy)
        if cloudy:
            self.cloud.begin(plan.name.value)
        if self._script is not None or (plan.medium is not None and plan.medium.exact):
            spawn(self.script.follow(plan.system, plan.medium, plan.name.value), self)

    def seed(self) -> Form | None:
        """cloud-init's settings; None without."""
        return self.cloud.form() if self._cloudy else None

    def commit(self) -> None:
        """A password that is being typed is taken."""
        if self._cloudy:
            self.cloud.password.commit()

    def wish(self) -> Wish | None:
        """An installation without questions; None for one by hand."""
        return self._script.wish() if self._script is not None and not self._cloudy else None

    def problems(self) -> list[Problem]:
        """What stands in the way, under the field "seed"."""
        if not self._cloudy and self._script is None:
            return []
        found = self.cloud.blocking() if self._cloudy else self.script.blocking()
        return [Problem("seed", one.text) for one in found]

    def say(self, problems: Sequence[Problem], *, tried: bool) -> None:
        """The first of them, below."""
        self.hint.say(problems[0].text if problems and tried else "", "dialog-error" if problems and tried else "")

    def reveal(self) -> None:
        """The cursor goes there."""
        section = self.cloud.user if self._cloudy else self.script.fields["user"]
        section.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_secrets(self) -> None:
        """The machine is made."""
        if self._script is not None:
            self._script.forget_secrets()
