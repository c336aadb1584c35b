"""Actions around the machine's screen: open it, take a picture of it."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from pathlib import Path

from app.actions.action import Action, MenuPath
from app.actions.bulk import Wording, start_job, tell
from app.actions.conditions import domains as applies
from app.actions.conditions import is_active, matching
from app.actions.context import Context, Notice, Selection, Target
from app.errors import Denied, Failed, HostelryError, NoSpace
from app.i18n import N_, _, ngettext
from app.jobs.job import Job, JobState
from app.virt import domains

SUFFIXES = {"image/png": ".png", "image/x-portable-pixmap": ".ppm", "image/jpeg": ".jpg"}
"""By what libvirt says; QEMU makes PNG since 7.1, PPM before."""

WORDS = Wording(
    N_("Take a picture of “{name}”"),
    lambda n: ngettext("Take a picture of {count} machine", "Take pictures of {count} machines", n),
    N_("Cannot take a picture of “{name}”."),
)


async def open_console(ctx: Context, selection: Selection) -> None:
    """Opens a tab for each; it tells itself what can be done when the machine is off."""
    for target in ctx.targets(selection):
        ctx.ui.open_console(target.ref)


async def screenshot_to_file(ctx: Context, selection: Selection) -> None:
    """One machine: asks where.  Several: into the folder that is chosen with the first file, by their names."""
    targets = matching(ctx, selection, is_active)
    stamp = time.strftime("%Y-%m-%d %H-%M-%S")
    name = f"{_file_name(targets[0])} {stamp}.png"
    chosen = await ctx.ui.save_file(_("Save the picture"), name=name, filters=(_("Pictures (*.png *.ppm)"),))
    if chosen is None:
        return
    single = len(targets) == 1
    saved: list[Path] = []

    async def each(target: Target, _job: Job) -> str:
        mime, data = await domains.screenshot(target.host.session, target.record.uuid)
        path = chosen if single else chosen.with_name(f"{_file_name(target)} {stamp}.png")
        wanted = path.with_suffix(SUFFIXES.get(mime, path.suffix))
        path = await asyncio.to_thread(_write, wanted, chosen, data)
        saved.append(path)
        return _("Saved as “{path}”").format(path=path)

    if await tell(ctx, start_job(ctx, WORDS, targets, each)) is JobState.DONE:
        ctx.ui.notify(Notice(_("Saved: {paths}.").format(paths=", ".join(path.name for path in saved)), key="picture"))


async def screenshot_to_clipboard(ctx: Context, selection: Selection) -> None:
    """The picture of one machine on the clipboard."""
    target = matching(ctx, selection, is_active)[0]
    pictures: list[bytes] = []

    async def each(target: Target, _job: Job) -> str:
        _mime, data = await domains.screenshot(target.host.session, target.record.uuid)
        pictures.append(data)
        return _("Taken")

    if await tell(ctx, start_job(ctx, WORDS, [target], each)) is not JobState.DONE:
        return
    try:
        ctx.ui.copy_image(pictures[0])
    except HostelryError as error:
        await ctx.ui.show_error(error)
        return
    ctx.ui.notify(Notice(_("The picture of “{name}” was copied.").format(name=target.record.name), key="picture"))


def _file_name(target: Target) -> str:
    return re.sub(r"[/\x00-\x1f]+", "_", target.record.name)[:100] or "machine"


def _write(path: Path, agreed: Path, data: bytes) -> Path:
    """Writes whole or not at all, and gives the path; only ``agreed``, about which the user was asked, is replaced.  Blocks."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".picture-")
        new = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            return _put(new, path, replace=path == agreed)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        kind = Denied if isinstance(error, PermissionError) else NoSpace if error.errno in (28, 122) else Failed
        what = _("Cannot write “{path}”.").format(path=path)
        next_step = _("Choose another folder, or make room.")
        raise kind(what, why=error.strerror or str(error), next_step=next_step, raw=str(error)) from error


def _put(new: Path, path: Path, *, replace: bool) -> Path:
    """Gives the file its name, or the next free one with a number."""
    if replace:
        return new.replace(path)
    number, free = 2, path
    while free.exists():
        free, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return new.rename(free)


_NOT_RUNNING = N_("“{name}” is not running, so it has no picture")
_NONE_RUNNING = N_("None of the selected machines is running")

CONSOLE: tuple[Action, ...] = (
    Action(
        "domain.open-console", N_("Open"), N_("Open the machine's console in a tab"),
        "video-display", MenuPath.MACHINE, 10,
        applies(lambda _record: True, "", "", online=False), open_console, shortcut="Ctrl+Return", in_toolbar=True,
    ),
    Action(
        "domain.screenshot-file", N_("Save picture…"), N_("Write a picture of the screen to a file (virDomainScreenshot)"),
        "camera-photo", MenuPath.CONSOLE, 100, applies(is_active, _NOT_RUNNING, _NONE_RUNNING), screenshot_to_file,
    ),
    Action(
        "domain.screenshot-copy", N_("Copy picture"), N_("Copy a picture of the screen (virDomainScreenshot)"),
        "edit-copy", MenuPath.CONSOLE, 110, applies(is_active, _NOT_RUNNING, _NONE_RUNNING), screenshot_to_clipboard,
    ),
)  # fmt: skip
"""In menu order."""
