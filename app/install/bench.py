"""What the steps of making a machine work with."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import Cancelled
from app.hosts.host import Host
from app.i18n import _
from app.install.made import Made
from app.install.survey import Survey
from app.jobs.job import Job
from app.virt.session import Session


@dataclass(frozen=True, slots=True)
class Bench:
    """host with what is known of it; the job; what was made."""

    host: Host
    survey: Survey
    job: Job
    made: Made

    @property
    def session(self) -> Session:
        return self.host.session

    def stop_point(self) -> None:
        """Between two steps: an upload's abort may have come too late to raise there."""
        if self.job.state.name == "CANCELLING":
            raise Cancelled(_("Making the machine was stopped."))
