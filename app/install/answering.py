"""Answers for an installer, and a profile's settings, brought into the new machine."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from app.i18n import _
from app.install import carriage
from app.install.bench import Bench
from app.install.plan import Plan
from app.install.profile import profile
from app.install.stage import Cd
from app.xmldoc import Document


async def attach(bench: Bench, plan: Plan) -> Plan:
    """The plan with the answers in a drive of their own, which goes after the installation.  The file here, which may hold
    passwords, is deleted as soon as the host has it, or could not get it."""
    carrier = plan.answers
    if carrier is None or carrier.device == "initrd":
        return plan
    bench.job.report(text=_("Bringing the answers to the host"))
    try:
        path = await carriage.copy_to_pool(
            bench.session, str(carrier.path), "", bench.job, bench.made.add, stem=carrier.path.stem
        )
    finally:
        await asyncio.to_thread(carrier.path.unlink, missing_ok=True)
    drive = Cd(path, remove=True, floppy=carrier.device == "floppy")
    return replace(plan, extra_cds=(*plan.extra_cds, drive), answers=None)


def fitted(plan: Plan, definition: str) -> str:
    """The definition with the profile's settings."""
    if plan.profile is None:
        return definition
    return profile.apply(plan.profile, Document.parse(definition)).document.to_text()
