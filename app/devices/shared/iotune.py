"""Limits of a disk's speed (formatdomain, "iotune"), which a running machine takes at once."""

from __future__ import annotations

from app.devices.description import Field, Kind, Section, When
from app.i18n import N_

_LIVE = "disk-iotune"
_NO_TOTAL_BYTES = N_("A limit for reading and writing together is set.")
_NO_SINGLE = N_("A limit for reading or for writing alone is set.")


def _limit(name: str, label: str, about: str, unit: str, *others: str, folded: bool = False) -> Field:
    why = _NO_SINGLE if name.startswith("total") else _NO_TOTAL_BYTES
    when = tuple(When(f"iotune/{other}", (None, "0"), why) for other in others)
    kind = Kind.SIZE if unit == "bytes" else Kind.INTEGER
    return Field(
        f"iotune/{name}",
        label,
        kind,
        about,
        minimum=0,
        scale="bytes",
        unit="" if kind is Kind.SIZE else unit,
        when=when,
        live=_LIVE,
        folded=folded,
        default=N_("not limited") if unit != "s" else "1",
        words="throttle limit speed",
    )


def _three(suffix: str, labels: tuple[str, str, str], about: str, unit: str, *, folded: bool = False) -> tuple[Field, ...]:
    total, read, write = (f"{side}_{suffix}" for side in ("total", "read", "write"))
    return (
        _limit(total, labels[0], about, unit, read, write, folded=folded),
        _limit(read, labels[1], about, unit, total, folded=folded),
        _limit(write, labels[2], about, unit, total, folded=folded),
    )


IOTUNE = Section(
    N_("Speed limits"),
    (
        *_three(
            "bytes_sec",
            (N_("Data a second"), N_("Data a second, reading"), N_("Data a second, writing")),
            N_("Bytes that the guest may transfer in a second."),
            "bytes",
        ),
        *_three(
            "iops_sec",
            (N_("Requests a second"), N_("Requests a second, reading"), N_("Requests a second, writing")),
            N_("Requests that the guest may make in a second."),
            "IOPS",
        ),
        *_three(
            "bytes_sec_max",
            (N_("Data a second in bursts"), N_("Data a second in bursts, reading"), N_("Data a second in bursts, writing")),
            N_("For a short time the guest may transfer so much."),
            "bytes",
            folded=True,
        ),
        *_three(
            "iops_sec_max",
            (
                N_("Requests a second in bursts"),
                N_("Requests a second in bursts, reading"),
                N_("Requests a second in bursts, writing"),
            ),
            N_("For a short time the guest may make so many requests."),
            "IOPS",
            folded=True,
        ),
        *_three(
            "bytes_sec_max_length",
            (N_("Bursts of data last"), N_("Bursts of data last, reading"), N_("Bursts of data last, writing")),
            N_("How long such a burst may be."),
            "s",
            folded=True,
        ),
        *_three(
            "iops_sec_max_length",
            (N_("Bursts of requests last"), N_("Bursts of requests last, reading"), N_("Bursts of requests last, writing")),
            N_("How long such a burst may be."),
            "s",
            folded=True,
        ),
        Field(
            "iotune/size_iops_sec",
            N_("Data that counts as one request"),
            Kind.SIZE,
            N_("Larger requests count as several."),
            scale="bytes",
            live=_LIVE,
            folded=True,
        ),
        Field(
            "iotune/group_name",
            N_("Group that shares the limits"),
            Kind.TEXT,
            N_("All disks of this machine with the same name share them."),
            live=_LIVE,
            folded=True,
        ),
    ),
    N_("How much of the host's storage this disk may use."),
    folded=True,
)
