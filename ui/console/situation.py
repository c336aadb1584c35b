"""What a machine's console page says: a sentence and one button for every state.  No widgets; tested as a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from app.console.graphics import NoClient, NoGraphics
from app.console.trust.question import TrustQuestion
from app.errors import AuthFailed, HostelryError
from app.i18n import N_, _
from app.model.reasons import state_reason
from app.model.records import DomainRecord, DomainState


class Wants(NamedTuple):
    """What to ask for; ``limit``: how many bytes of the password count (0: all)."""

    name: bool = False
    password: bool = True
    limit: int = 0


PASSWORD_ONLY = Wants()


class Button(Enum):
    """What the one button does; the values of machine actions are their ids."""

    NONE = ""
    START = "domain.start"
    START_EMULATED = "domain.start-emulated"
    RESUME = "domain.resume"
    WAKE_UP = "domain.wake-up"
    FORCE_OFF = "domain.force-off"
    CONNECT_HOST = "host.connect"
    RECONNECT = "reconnect"
    TEXT_CONSOLE = "text-console"
    TRUST = "trust"
    TRUST_CHANGED = "trust-changed"
    PASSWORD = "password"  # noqa: S105 - a name, no secret


@dataclass(frozen=True, slots=True)
class Situation:
    """text, detail: sentences.  live: the picture is shown as it is, without a word.

    timed: the time that it has lasted is shown.  The last picture stays behind it, dimmed.
    wants: what to ask for, with ``Button.PASSWORD``.  error: whose details can be read, if it has any.
    """

    live: bool = False
    icon: str = ""
    text: str = ""
    detail: str = ""
    button: Button = Button.NONE
    timed: bool = False
    wants: Wants = PASSWORD_ONLY
    error: HostelryError | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page knows.

    host_up: connected; host_trying: connecting now.  kvm_failure: why it stopped or froze right after its start
    under KVM, a sentence.  connected: the client has a picture.  asks: it waits for what ``wants`` says.
    question: whether its server is the right one.  problem: why the last connection ended or could not be made.
    """

    host_up: bool = True
    host_trying: bool = False
    host_error: HostelryError | None = None
    record: DomainRecord | None = None
    kvm_failure: str = ""
    connected: bool = False
    asks: bool = False
    wants: Wants = PASSWORD_ONLY
    question: TrustQuestion | None = None
    problem: HostelryError | None = field(default=None)


def situation(facts: Facts) -> Situation:
    """The first thing that stands in the way."""
    if not facts.host_up:
        return _host_away(facts)
    if facts.record is None:
        return Situation(icon="dialog-information", text=_("This machine no longer exists on its host."))
    if facts.kvm_failure and facts.record.state not in (DomainState.RUNNING, DomainState.BLOCKED):
        return _failed_start(facts)
    if not facts.record.active:
        return _off(facts.record)
    return _standing(facts.record) or _screen(facts)


def _host_away(facts: Facts) -> Situation:
    if facts.host_trying:
        why = str(facts.host_error) if facts.host_error else ""
        return Situation(icon="network-server", text=_("Connecting to the host…"), detail=why, timed=True)
    return Situation(
        icon="network-offline",
        text=_("The host of this machine is not connected."),
        detail=str(facts.host_error) if facts.host_error else "",
        button=Button.CONNECT_HOST,
        error=facts.host_error,
    )


def _off(record: DomainRecord) -> Situation:
    if record.managed_save:
        text = _("This machine is saved. Start it to go on where it was.")
    elif record.state is DomainState.CRASHED:
        text = _("This machine has crashed.")
    else:
        text = _("This machine is off.")
    why = state_reason(record) if record.reason and not record.managed_save else ""
    return Situation(icon="system-shutdown", text=text, detail=why, button=Button.START)


def _failed_start(facts: Facts) -> Situation:
    return Situation(
        icon="dialog-warning",
        text=_("This machine stopped right after it was started with KVM."),
        detail=" ".join((facts.kvm_failure, _("Emulation is slower but works."))),
        button=Button.START_EMULATED,
    )


def _standing(record: DomainRecord) -> Situation | None:
    """A guest that has a screen but does not move."""
    why = state_reason(record) if record.reason else ""
    if record.state is DomainState.PAUSED:
        return Situation(
            icon="media-playback-pause", text=_("This machine is paused."), detail=why, button=Button.RESUME
        )
    if record.state is DomainState.PMSUSPENDED:
        return Situation(
            icon="weather-clear-night", text=_("This machine is asleep."), detail=why, button=Button.WAKE_UP
        )
    if record.state is DomainState.CRASHED:
        return Situation(
            icon="dialog-warning", text=_("This machine's system has crashed."), detail=why, button=Button.FORCE_OFF
        )
    return None


def _screen(facts: Facts) -> Situation:
    if facts.connected:
        return Situation(live=True)
    asked = _asked(facts)
    if asked is not None:
        return asked
    problem = facts.problem
    if problem is None:
        return Situation(icon="video-display", text=_("Waiting for the machine's screen…"), timed=True)
    if isinstance(problem, NoGraphics | NoClient):
        return Situation(icon="video-display", text=problem.what, detail=problem.next_step, button=Button.TEXT_CONSOLE)
    if isinstance(problem, AuthFailed):
        return Situation(
            icon="dialog-password", text=problem.what, detail=problem.why, button=Button.PASSWORD, wants=facts.wants
        )
    detail = " ".join(part for part in (problem.why, problem.next_step) if part)
    return Situation(icon="network-disconnect", text=problem.what, detail=detail, button=Button.RECONNECT, error=problem)


def _asked(facts: Facts) -> Situation | None:
    if facts.question is not None:
        return _doubt(facts.question)
    return _log_in(facts.wants) if facts.asks else None


def _log_in(wants: Wants) -> Situation:
    text = _("The screen of this machine is protected by a password.")
    if wants.name:
        text = _("The screen of this machine asks for a name and a password.")
    return Situation(icon="dialog-password", text=text, button=Button.PASSWORD, wants=wants)


def _doubt(question: TrustQuestion) -> Situation:
    if question.doubt.loud:
        return Situation(icon="dialog-warning", text=question.text, detail=question.detail, button=Button.TRUST_CHANGED)
    return Situation(icon="dialog-question", text=question.text, detail=question.detail, button=Button.TRUST)


BUTTON_TEXTS: dict[Button, tuple[str, str]] = {
    Button.START: ("media-playback-start", N_("Start")),
    Button.START_EMULATED: ("media-playback-start", N_("Start with emulation instead")),
    Button.RESUME: ("media-playback-start", N_("Resume")),
    Button.WAKE_UP: ("media-playback-start", N_("Wake up")),
    Button.FORCE_OFF: ("system-shutdown", N_("Force off")),
    Button.CONNECT_HOST: ("network-connect", N_("Connect")),
    Button.RECONNECT: ("view-refresh", N_("Reconnect")),
    Button.TEXT_CONSOLE: ("utilities-terminal", N_("Show its serial console")),
    Button.TRUST: ("dialog-ok", N_("Trust this server")),
    Button.TRUST_CHANGED: ("dialog-warning", N_("Trust it nevertheless…")),
    Button.PASSWORD: ("dialog-ok", N_("Show the screen")),
}
