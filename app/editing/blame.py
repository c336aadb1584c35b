"""Which of several changes is the one that was refused."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from app.devices import checks
from app.devices.values import read
from app.editing.plan import Change, Plan
from app.errors import HostelryError, Invalid, NotFound
from app.i18n import _
from app.xmldoc import schema
from app.xmldoc.schema.validate import Validator

if TYPE_CHECKING:
    from app.editing.session import EditSession

_SCHEMA = "validate against schema"


def own_problem(edit: EditSession, plan: Plan) -> tuple[HostelryError, Change] | None:
    """The first changed setting that cannot be so, by the same checks as at its field."""
    for change in plan.changes:
        setting = change.setting
        if setting is None or setting.field is None or change.deltas[0].new is None:
            continue
        value = read(plan.new, setting.field, setting.at)
        found = checks.problem(setting.field, value, plan.new, setting.at, edit.offers)
        if found:
            what = _("“{setting}” cannot be so.").format(setting=_(setting.field.label))
            return Invalid(what, why=found, next_step=_("Correct it, then apply again.")), change
    return None


async def named(error: HostelryError, plan: Plan) -> Change | None:
    """The change that a refusal is about, as far as it can be told; the only one, if there is just one."""
    if len(plan.changes) == 1:
        return plan.changes[0]
    raw = error.raw or str(error)
    if _SCHEMA not in raw:
        found = [change for change in plan.changes if any(_says(raw, delta.after) for delta in change.deltas)]
        if len(found) == 1:
            return found[0]
    return await asyncio.to_thread(_by_schema, plan) if isinstance(error, Invalid) else None


def _says(raw: str, value: str | None) -> bool:
    """Whether libvirt's sentence quotes a value; short words stand in too many sentences."""
    return bool(value) and len(value or "") > 1 and re.search(rf"(?<![\w-]){re.escape(value or '')}(?![\w-])", raw) is not None


def _by_schema(plan: Plan) -> Change | None:
    try:
        problems = Validator(schema.load("domain")).problems(plan.new.to_text())
        before = {problem.place for problem in Validator(schema.load("domain")).problems(plan.old.to_text())}
    except NotFound:
        return None
    places = [problem.place.removeprefix("domain/") for problem in problems if problem.place not in before]
    for place in places:
        fitting = [change for change in plan.changes if change.path.startswith(place) or place.startswith(change.path)]
        if len(fitting) == 1:
            return fitting[0]
    return None
