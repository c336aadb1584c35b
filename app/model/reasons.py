"""Why a guest is in its state, in people's words.

The numbers are libvirt's virDomainRunningReason, virDomainPausedReason, virDomainShutoffReason ... (libvirt-domain.h).
"""

from __future__ import annotations

from app.i18n import N_, _
from app.model.records import STATE_WORDS, DomainRecord, DomainState

SAVED = N_("Saved")

REASONS: dict[tuple[DomainState, int], str] = {
    (DomainState.RUNNING, 1): N_("Started."),
    (DomainState.RUNNING, 2): N_("Came from another host by migration."),
    (DomainState.RUNNING, 3): N_("Restored from its saved state."),
    (DomainState.RUNNING, 4): N_("Started from a snapshot."),
    (DomainState.RUNNING, 5): N_("Resumed after a pause."),
    (DomainState.RUNNING, 6): N_("Goes on here, as its migration was cancelled."),
    (DomainState.RUNNING, 7): N_("Goes on, as saving it was cancelled."),
    (DomainState.RUNNING, 8): N_("Woke up."),
    (DomainState.RUNNING, 9): N_("Goes on after a crash of its system."),
    (DomainState.RUNNING, 10): N_("Runs here while its memory is still being copied."),
    (DomainState.RUNNING, 11): N_("Runs here, but copying its memory failed."),
    (DomainState.PAUSED, 1): N_("Paused by a user."),
    (DomainState.PAUSED, 2): N_("Paused while it was moved or restored."),
    (DomainState.PAUSED, 3): N_("Paused while its state is being saved."),
    (DomainState.PAUSED, 4): N_("Paused while its memory is being dumped."),
    (DomainState.PAUSED, 5): N_("Paused by a disk error: look for a full or missing disk on the host, then resume it."),
    (DomainState.PAUSED, 6): N_("Paused by its watchdog, as its system did not answer."),
    (DomainState.PAUSED, 7): N_("Paused, as the snapshot that it came from was."),
    (DomainState.PAUSED, 8): N_("Paused while it is being shut down."),
    (DomainState.PAUSED, 9): N_("Paused while a snapshot is being taken."),
    (DomainState.PAUSED, 10): N_("Paused, as its system crashed."),
    (DomainState.PAUSED, 11): N_("Paused while it is being started."),
    (DomainState.PAUSED, 12): N_("Paused while its memory is still being copied."),
    (DomainState.PAUSED, 13): N_("Paused, as copying its memory failed."),
    (DomainState.PAUSED, 14): N_("Paused by an error of the hypervisor."),
    (DomainState.SHUTDOWN, 1): N_("Asked to shut down by a user."),
    (DomainState.SHUTOFF, 1): N_("It was shut down."),
    (DomainState.SHUTOFF, 2): N_("It was forced off."),
    (DomainState.SHUTOFF, 3): N_("It stopped by a crash: its log on the host says why."),
    (DomainState.SHUTOFF, 4): N_("It moved to another host."),
    (DomainState.SHUTOFF, 5): N_("Its state was saved."),
    (DomainState.SHUTOFF, 6): N_("It could not be started: its log on the host says why."),
    (DomainState.SHUTOFF, 7): N_("It was put back to a snapshot in which it was off."),
    (DomainState.SHUTOFF, 8): N_("The host's libvirt stopped it."),
    (DomainState.CRASHED, 1): N_("Its system panicked."),
}


def state_word(record: DomainRecord) -> str:
    """The state in one or two words; a guest that is off with a saved state is "Saved"."""
    if record.state is DomainState.SHUTOFF and record.managed_save:
        return _(SAVED)
    return _(STATE_WORDS[record.state])


def state_reason(record: DomainRecord) -> str:
    """Why, as a sentence; empty if the host does not know."""
    return _(REASONS.get((record.state, record.reason), ""))
