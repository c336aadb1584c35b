"""What SPICE does besides showing the screen: clipboard, files, compression (formatdomain, "Graphical framebuffers", spice)."""

from __future__ import annotations

from app.devices.description import Choice, Field, Kind
from app.devices.shared.conditions import only
from app.devices.shared.switches import on_off, yes_no
from app.i18n import N_

_SPICE = only("@type", "spice")
_COMPRESSION = (Choice("auto", N_("Automatic")), Choice("never", N_("Never")), Choice("always", N_("Always")))
FIELDS = (
    yes_no(
        "clipboard/@copypaste",
        N_("Shared clipboard"),
        N_("What is copied in the guest can be pasted outside and the other way round."),
        when=(_SPICE,),
    ),
    yes_no(
        "filetransfer/@enable",
        N_("Files by drag and drop"),
        N_("Files that are dropped onto the screen go to the guest."),
        when=(_SPICE,),
    ),
    Field(
        "mouse/@mode",
        N_("Mouse"),
        Kind.CHOICE,
        N_("Who moves the pointer."),
        (Choice("client", N_("The viewer")), Choice("server", N_("The machine"))),
        when=(_SPICE,),
    ),
    Field(
        "image/@compression",
        N_("Compression of pictures"),
        Kind.CHOICE,
        help=N_("Which way pictures are made smaller."),
        choices=(
            Choice("auto_glz", N_("Automatic, GLZ")),
            Choice("auto_lz", N_("Automatic, LZ")),
            Choice("quic", "QUIC"),
            Choice("glz", "GLZ"),
            Choice("lz", "LZ"),
            Choice("off", N_("None")),
        ),
        when=(_SPICE,),
    ),
    Field(
        "jpeg/@compression",
        N_("Photographs with losses (JPEG)"),
        Kind.CHOICE,
        N_("For slow lines."),
        _COMPRESSION,
        when=(_SPICE,),
    ),
    Field("zlib/@compression", N_("Compress again (zlib)"), Kind.CHOICE, N_("For slow lines."), _COMPRESSION, when=(_SPICE,)),
    Field(
        "streaming/@mode",
        N_("Moving pictures as video"),
        Kind.CHOICE,
        N_("Parts of the screen that move fast are sent as video."),
        (Choice("filter", N_("What looks like video")), Choice("all", N_("All that moves")), Choice("off", N_("Never"))),
        when=(_SPICE,),
    ),
    on_off("playback/@compression", N_("Compress sound"), N_("Saves lines, costs a little quality."), when=(_SPICE,)),
)
