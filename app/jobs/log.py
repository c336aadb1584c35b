"""The task log: one JSON object per line in the state folder, kept for 30 days.

Lines that cannot be read (a crash in mid-write, a newer version's record) are skipped when reading and
kept as they are when old lines are dropped: the file may be evidence.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from app.jobs.job import Job

log = logging.getLogger(__name__)

KEEP_S = 30 * 24 * 3600
"""How long an entry is kept."""

_LAST_S = 253402300800
"""The year 10000, which Python's dates do not reach."""

_SECRETS = (
    re.compile(
        r"""((?:passwd|password|passphrase|secret|token|key)["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;<>"']+)""",
        re.IGNORECASE,
    ),
    re.compile(r"(://[^/\s:@]*:)([^@/\s]+)(?=@)"),
)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """How one job ended.  Times are wall-clock seconds since 1970."""

    title: str
    subject: str
    host_id: str
    state: str
    started_s: float
    ended_s: float
    result: str = ""
    what: str = ""
    why: str = ""
    next_step: str = ""
    raw: str = ""
    left_behind: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, str], ...] = ()


def redact(text: str) -> str:
    """``text`` with values that look like passwords replaced by three dots."""
    for pattern in _SECRETS:
        text = pattern.sub(r"\1…", text)
    return text


def entry_of(job: Job) -> LogEntry:
    """What the log keeps of a job that is over; without secrets."""
    error = job.error
    return LogEntry(
        title=redact(job.title),
        subject=redact(job.subject),
        host_id=redact(job.host_id),
        state=job.state.value,
        started_s=job.started_wall_s,
        ended_s=job.ended_wall_s or time.time(),
        result=redact(job.result),
        what=redact(error.what) if error else "",
        why=redact(error.why) if error else "",
        next_step=redact(error.next_step) if error else "",
        raw=redact(error.raw) if error else "",
        left_behind=tuple(redact(item) for item in job.left_behind),
        rows=tuple((redact(row.subject), row.state.value, redact(row.text)) for row in job.rows),
    )


class TaskLog:
    """The file; every method may be called on any thread and does file I/O, so call it off the loop."""

    def __init__(self, path: Path, *, keep_s: float = KEEP_S) -> None:
        self.path = path
        self._keep_s = keep_s
        self._lock = threading.Lock()

    def append(self, entry: LogEntry) -> None:
        """Adds one line; raises OSError (disk full, no permission)."""
        line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(fd, "a+b") as file:
                # A file name that is no text in our encoding must not keep the rest out of the log.
                file.write(_newline_if_torn(fd) + line.encode(errors="replace"))

    def read(self) -> list[LogEntry]:
        """Entries not older than the limit, oldest first; a file that is not there is empty. Raises OSError."""
        limit = time.time() - self._keep_s
        return [entry for line in self._lines() if (entry := _parse(line)) is not None and entry.ended_s >= limit]

    def prune(self) -> None:
        """Drops entries older than the limit; keeps lines that it cannot read. Raises OSError."""
        limit = time.time() - self._keep_s
        with self._lock:
            lines = self._lines()
            kept = [line for line in lines if (entry := _parse(line)) is None or entry.ended_s >= limit]
            if len(kept) != len(lines):
                self._replace(kept)

    def _lines(self) -> list[bytes]:
        try:
            return [line for line in self.path.read_bytes().split(b"\n") if line.strip()]
        except FileNotFoundError:
            return []

    def _replace(self, lines: list[bytes]) -> None:
        new = self.path.with_name(self.path.name + ".new")
        fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.writelines(line + b"\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)


def _newline_if_torn(fd: int) -> bytes:
    """A line that a crash left unfinished must not swallow the next one."""
    size = os.fstat(fd).st_size
    return b"\n" if size and os.pread(fd, 1, size - 1) != b"\n" else b""


def _parse(line: bytes) -> LogEntry | None:
    """The entry, if every field is of the right kind: what is loaded here is shown without further questions."""
    try:
        data = json.loads(line)
        known = {field.name: data[field.name] for field in fields(LogEntry) if field.name in data}
        known["left_behind"] = tuple(str(item) for item in known.get("left_behind", ()))
        known["rows"] = tuple((str(a), str(b), str(c)) for a, b, c in known.get("rows", ()))
        return _checked(LogEntry(**known))
    except (ValueError, TypeError, KeyError, RecursionError):
        log.warning("The task log has a line that cannot be read; it is skipped.")
        return None


def _checked(entry: LogEntry) -> LogEntry:
    """Raises ValueError for a text that is none, and for a time that no calendar has."""
    times = {"started_s", "ended_s"}
    texts = [getattr(entry, field.name) for field in fields(entry) if field.name not in times | {"left_behind", "rows"}]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("a field is no text")
    if not all(type(time_s) in (int, float) and 0 <= time_s < _LAST_S for time_s in (entry.started_s, entry.ended_s)):
        raise ValueError("a time that no calendar has")
    return entry
