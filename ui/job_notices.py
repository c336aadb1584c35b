"""Says that a task has ended, to those who wait for it: after a while, or when no window is in front."""

from __future__ import annotations

from app.actions.interface import Notice, NoticeKind
from app.i18n import _
from app.jobs.job import Job, JobState
from app.jobs.runner import JobRunner
from ui.notify import Notifier, in_front

WAITED_S = 5.0
"""A shorter task was over before the user could look away."""


class JobNotices:
    """Keep a reference to it as long as it shall work."""

    def __init__(self, jobs: JobRunner, notifier: Notifier) -> None:
        self._notifier = notifier
        jobs.finished.connect(self._finished)

    def _finished(self, job: Job) -> None:
        """Success is told after a wait; failure only while nobody sees the dialog that tells it."""
        waited_s = (job.ended_wall_s or job.started_wall_s) - job.started_wall_s
        if job.state is JobState.DONE and waited_s >= WAITED_S:
            text = _("Done: {title}").format(title=job.title)
            self._notifier.show(Notice(text, NoticeKind.JOB_DONE, job.result, key=f"job {id(job)}"))
        elif job.state is JobState.FAILED and job.error is not None and not in_front():
            self._notifier.show(Notice(job.error.what, NoticeKind.JOB_FAILED, job.error.why, key=f"job {id(job)}"))
