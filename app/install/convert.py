"""Disk images brought into another format by ``qemu-img``, with progress and a stop that works."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
from pathlib import Path

from app.errors import Cancelled, Failed, HostelryError, NoSpace, Unsupported
from app.i18n import _
from app.install import disk_image
from app.jobs.job import Job

READABLE = ("raw", "qcow2", "vmdk", "vdi", "vhdx", "qed", "vpc")
"""Formats that are taken from; each is one that other programs write."""

WRITABLE = ("qcow2", "raw")
"""Formats that machines get: all features of libvirt work with these."""

_PROGRESS = re.compile(r"\((\d+(?:\.\d+)?)/100%\)")
_FULL = re.compile(r"no space left|disk full|ENOSPC", re.IGNORECASE)


def command(source: str, source_format: str, target: str, target_format: str) -> list[str]:
    """``qemu-img convert``: progress (-p), the source may be in use (-U), both formats named so that nothing is guessed from
    what a file contains, ``--`` and absolute paths so that no name is taken for an option or a protocol."""
    tool = shutil.which("qemu-img") or "qemu-img"
    formats = ["-f", source_format, "-O", target_format]
    return [tool, "convert", "-p", "-U", *formats, "--", str(Path(source).absolute()), str(Path(target).absolute())]


def why_not(path: str, form: str) -> str:
    """Why an image cannot be converted here, as a sentence with what to do; "" if it can."""
    if shutil.which("qemu-img") is None:
        return _("qemu-img is not installed on this computer (package qemu-utils or qemu-img), so images cannot be converted.")
    if form not in READABLE:
        return _("Images of the format “{format}” cannot be converted.").format(format=form)
    return ""


async def convert(source: str, source_format: str, target: str, target_format: str, job: Job) -> None:
    """Writes ``target``, which must not exist; half a file is removed again.

    Raises ``Unsupported`` (no qemu-img), ``NoSpace``, ``Failed``, ``Cancelled``, and what ``disk_image.read`` finds wrong.
    """
    name = Path(source).name
    reason = why_not(source, source_format)
    if reason:
        raise Unsupported(_("“{name}” cannot be converted.").format(name=name), why=reason)
    await asyncio.to_thread(disk_image.read, source)  # refuses images that name further files
    job.report(0.0, _("Converting “{name}” from {old} to {new}").format(name=name, old=source_format, new=target_format))
    before = job.abort
    try:
        await _run(command(source, source_format, target, target_format), job, name)
    except (HostelryError, asyncio.CancelledError):
        await asyncio.to_thread(_remove, target)
        raise
    finally:
        job.abort = before


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        Path(path).unlink()


async def _run(arguments: list[str], job: Job, name: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "LC_ALL": "C"},
    )
    stopped = False

    async def stop() -> None:
        nonlocal stopped
        stopped = True
        with contextlib.suppress(ProcessLookupError):
            process.terminate()

    job.abort = stop
    try:
        errors = asyncio.ensure_future(_all(process.stderr))
        await _follow(process.stdout, job)
        complaint, code = await errors, await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())
        raise
    if stopped:
        raise Cancelled(_("Converting “{name}” was stopped.").format(name=name))
    if code:
        raise _failed(name, complaint)


async def _all(stream: asyncio.StreamReader | None) -> str:
    return (await stream.read(1 << 16)).decode("utf-8", "replace") if stream else ""


async def _follow(stream: asyncio.StreamReader | None, job: Job) -> None:
    """The percentages come in one line, each after a carriage return."""
    rest = ""
    while stream is not None and (data := await stream.read(4096)):
        rest = (rest + data.decode("ascii", "replace"))[-4096:]
        found = _PROGRESS.findall(rest)
        if found:
            job.report(float(found[-1]) / 100, job.text)
            rest = rest[rest.rindex(")") + 1 :]


def _failed(name: str, complaint: str) -> HostelryError:
    what = _("“{name}” could not be converted.").format(name=name)
    if _FULL.search(complaint):
        return NoSpace(
            what,
            why=_("There is no room left where the new image is written."),
            next_step=_("Choose another pool."),
            raw=complaint,
        )
    return Failed(
        what,
        why=_("qemu-img could not read it to the end; the file may be damaged or incomplete."),
        next_step=_("Fetch the file again."),
        raw=complaint.strip(),
    )
