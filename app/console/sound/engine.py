"""GStreamer by GObject Introspection: loading it, and what may be missing."""

from __future__ import annotations

import importlib
import importlib.util
import threading
import warnings
from functools import lru_cache
from typing import Any

from app.errors import Failed, HostelryError, Unsupported
from app.i18n import _

PLUGINS = ("appsrc", "appsink", "queue", "volume", "audioconvert", "audioresample", "autoaudiosink", "autoaudiosrc")
_LOADING = threading.Lock()


@lru_cache(maxsize=1)
def gstreamer() -> Any:
    """The namespace ``Gst``, initialised.  On a thread: the first time it may look through all plug-ins, for seconds.

    Raises Unsupported with what has to be installed.
    """
    with _LOADING, warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)
        try:
            gi = importlib.import_module("gi")
            gi.require_version("Gst", "1.0")
            gst = importlib.import_module("gi.repository.Gst")
        except (ImportError, ValueError) as error:
            raise missing(str(error)) from error
        if not gst.init_check(None)[0]:
            raise missing("gst_init")
    lacking = [name for name in PLUGINS if gst.ElementFactory.find(name) is None]
    if lacking:
        raise missing(", ".join(lacking))
    return gst


def loaded() -> bool:
    """Whether ``gstreamer()`` answers at once."""
    return gstreamer.cache_info().currsize > 0


def missing(detail: str) -> Unsupported:
    """Something of GStreamer is not installed."""
    return Unsupported(
        _("The guest's sound cannot be played here: GStreamer or some of its plug-ins are not installed."),
        next_step=_(
            "Install gir1.2-gstreamer-1.0, gstreamer1.0-plugins-base and gstreamer1.0-plugins-good"
            " (Fedora: gstreamer1-plugins-base and gstreamer1-plugins-good; Arch: gst-plugins-base and gst-plugins-good),"
            " then switch the sound on again."
        ),
        raw=detail,
    )


def broken(detail: str) -> HostelryError:
    """The desktop's sound does not take it."""
    return Failed(
        _("The guest's sound cannot be played here."),
        why=_("This desktop's sound service does not answer."),
        next_step=_("Check that other programs here can be heard, then switch the guest's sound off and on."),
        raw=detail,
    )


def problem(gst: Any, bus: Any) -> HostelryError | None:
    """What a pipeline has complained of since the last call; None if nothing."""
    found = None
    while message := bus.pop_filtered(gst.MessageType.ERROR | gst.MessageType.WARNING):
        fatal = message.type == gst.MessageType.ERROR
        error, detail = message.parse_error() if fatal else message.parse_warning()
        if fatal or error.domain == NO_SERVICE:
            found = broken(f"{error.message} {detail or ''}")
    return found


NO_SERVICE = "gst-resource-error-quark"
"""Automatic sinks only warn that there is no sound service, and play to nowhere."""
