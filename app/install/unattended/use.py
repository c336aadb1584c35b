"""An installer's script put into a plan, when the machine is made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from app.errors import Invalid
from app.i18n import _
from app.install.background import in_thread
from app.install.plan import Plan
from app.install.sources.discs import ScriptedIso
from app.install.unattended import delivery
from app.install.unattended.answers import Answers
from app.install.unattended.offer import InstallMedium, Method, Offer
from app.install.unattended.script import Script, generate

_MAKE_S = 120.0


@dataclass(frozen=True, slots=True)
class Wish:
    """Which profile of which system, with which answers; medium: what the database says of the ISO."""

    os_id: str
    offer: Offer
    answers: Answers = field(repr=False)
    medium: InstallMedium = field(default_factory=InstallMedium)

    @property
    def method(self) -> Method:
        """The first way that works with the medium."""
        known = bool(self.medium.kernel and self.medium.initrd)
        usable = [method for method in self.offer.methods if method is not Method.INITRD or known]
        if not usable:
            what = _("This medium cannot be installed without questions.")
            raise Invalid(what, why=_("Its kernel is not known."), next_step=_("Install by hand."))
        return usable[0]

    def script(self) -> Script:
        """Blocks."""
        return generate(self.os_id, self.offer, self.answers, self.method)


@dataclass(frozen=True, slots=True)
class Prepared:
    """plan: with the script in it.  files: of this computer, to be deleted when the machine is made or could not be."""

    plan: Plan
    files: tuple[Path, ...]


async def prepare(plan: Plan, wish: Wish) -> Prepared:
    """Writes the script's carrier.  Raises ``HostelryError``; then nothing is left behind."""
    return await in_thread(lambda: _prepare_now(plan, wish), timeout_s=_MAKE_S, what=_("The answers cannot be written."))


def _prepare_now(plan: Plan, wish: Wish) -> Prepared:
    script, folder = wish.script(), delivery.new_folder()
    if script.method is not Method.INITRD:
        carrier = delivery.make_now(script, folder)
        return Prepared(replace(plan, answers=carrier), (carrier.path,))
    iso = Path(plan.medium.path) if plan.medium else Path()
    kernel, initrd = delivery.extract_now(iso, (wish.medium.kernel, wish.medium.initrd), folder)
    try:
        carrier = delivery.make_now(script, folder, initrd=initrd)
    except BaseException:
        kernel.unlink(missing_ok=True)
        raise
    finally:
        initrd.unlink(missing_ok=True)
    source = ScriptedIso(plan.medium, str(kernel), str(carrier.path), script.command_line)
    return Prepared(replace(plan, source=source), (kernel, carrier.path))
