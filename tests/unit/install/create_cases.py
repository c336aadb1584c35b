"""The create cases: tables of ``cases.toml`` made into plans."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any

from app.install import defaults, osinfo, placed
from app.install.choices import (
    Acceleration,
    DiskKind,
    DiskPlan,
    Firmware,
    Folder,
    Forward,
    Graphics,
    NetworkKind,
    NetworkPlan,
    Platform,
)
from app.install.media import Medium, MediumKind
from app.install.osinfo import GENERIC, Resources, System, SystemName
from app.install.placed import PlacedDisk
from app.install.plan import Plan, Recommended
from app.install.sizes import GIB
from app.install.sources.discs import HostIso, LocalIso, ScriptedIso
from app.install.sources.images import CloudImage, DiskImage, HostImage
from app.install.sources.machine import Clone
from app.install.sources.plain import AContainer, DirectKernel, Nothing, Pxe, Tree
from app.install.sources.source import Source
from app.install.stage import Cd
from app.install.survey import HostDisc, Survey
from tests.unit.install.create_hosts import DATA, learnt, survey

CASES: dict[str, dict[str, Any]] = tomllib.loads((DATA / "cases.toml").read_text())
EXPECTED = DATA / "expected"
SYSTEMS = DATA / "systems.json"
ANSWERS = {"firmware": Firmware, "graphics": Graphics}


def system(short_id: str) -> System:
    """From our own file, so that another database of systems changes no expected definition."""
    if not short_id:
        return GENERIC
    stored = json.loads(SYSTEMS.read_text())[short_id]
    name = stored.pop("name")
    name["released"] = date.fromisoformat(name["released"]) if name["released"] else None
    needs: dict[str, Any] = {key: Resources(**stored.pop(key)) for key in ("minimum", "recommended")}
    return System(SystemName(**name), frozenset(stored.pop("devices")), **needs, **stored)


def store_systems() -> None:
    """Writes what the installed database says of the cases' systems."""
    wanted = sorted({case["system"] for case in CASES.values() if "system" in case})
    found = {short_id: osinfo.by_short_id(short_id) for short_id in wanted}
    told = {short_id: {**asdict(known), "devices": sorted(known.devices)} for short_id, known in found.items() if known}
    SYSTEMS.write_text(json.dumps(told, indent=1, default=str) + "\n")


def source(case: dict[str, Any], known: System) -> Source:
    """Where the machine comes from; an ISO unless the case says more."""
    told = dict(case.get("source", {"kind": "iso"}))
    kind = told.pop("kind")
    form = told.pop("format", "")
    image = Medium(f"/home/me/image.{form}", MediumKind.DISK, form, 5, 3 * GIB, system=known, title="image")
    iso = Medium(
        "/isos/a.iso",
        MediumKind.ISO,
        "iso",
        5,
        system=known,
        exact=known is not GENERIC,
        title="Some System",
        live=case.get("live", False),
    )
    makers: dict[str, Any] = {
        "iso": lambda: LocalIso(iso),
        "scripted": lambda: ScriptedIso(iso, **{**told, "carried": tuple(told["carried"])}),
        "image": lambda: DiskImage(image),
        "cloud": lambda: CloudImage(image),
        "host-iso": lambda: HostIso(HostDisc(**told), known),
        "volume": lambda: HostImage(told["path"], size=GIB),
        "tree": lambda: Tree(**{**told, "carried": tuple(told["carried"])}, known=known),
        "pxe": Pxe,
        "kernel": lambda: DirectKernel(**told),
        "none": Nothing,
        "clone": lambda: Clone((EXPECTED / told["of"]).read_text(), told.get("linked", False)),
        "container": lambda: AContainer(**told),
    }
    made: Source = makers[kind]()
    return made


def prepared(name: str) -> tuple[Plan, Survey]:
    """The plan of a case on its host."""
    case = CASES[name]
    known = system(case.get("system", ""))
    host = replace(survey(case.get("host", "kvm")), **case.get("survey", {}))
    platform = Platform(**case["platform"]) if "platform" in case else None
    accel = Acceleration(case["accel"]) if "accel" in case else None
    if platform is not None and accel is not None:
        host = learnt(host, platform, accel)
    plan = defaults.recommend_source(
        source(case, known), host, known if known is not GENERIC else None, platform=platform, accel=accel
    )
    for field, value in case.get("answers", {}).items():
        plan = plan.choose(field, ANSWERS[field](value))
    if "disk" in case:
        plan = plan.choose("disk", _disk(case["disk"]))
    if "network" in case:
        plan = plan.choose("network", _network(case["network"]))
    more: dict[str, Any] = {key: tuple(make(each) for each in case.get(key, [])) for key, make in MORE.items()}
    return replace(plan, **more, **case.get("plan", {}), name=Recommended(name)), host


def _disk(told: dict[str, Any]) -> DiskPlan:
    told = {**told, "kind": DiskKind(told["kind"]), "size": told.get("size", 0) * GIB}
    return DiskPlan(**told)


def _network(told: dict[str, Any]) -> NetworkPlan:
    forwards = tuple(Forward(*each) for each in told.get("forwards", []))
    return NetworkPlan(**{**told, "kind": NetworkKind(told["kind"]), "forwards": forwards})


MORE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "more_disks": _disk,
    "more_networks": _network,
    "folders": lambda told: Folder(**told),
    "extra_cds": lambda told: Cd(**told),
}


def definition(name: str) -> str:
    """The XML of a case, its disks where the job would put them."""
    plan, host = prepared(name)
    asked = plan.source or Nothing()
    wanted = [disk for disk in (plan.disk.value, *plan.more_disks) if disk.kind is not DiskKind.NONE]
    disks = [_lies(disk, name, number, CASES[name].get("secret", "")) for number, disk in enumerate(wanted)]
    return fixed(asked.definition(plan, host, tuple(disks)))


def fixed(text: str) -> str:
    """What is made at random for a clone always looks the same."""
    return re.sub(r"(?<=<mac address=.)[0-9a-f:]{17}|(?<=<uuid>)[0-9a-f-]{36}", lambda found: _PLAIN[len(found[0])], text)


_PLAIN = {17: "52:54:00:00:00:01", 36: "6d1c2f4e-0000-4000-8000-000000000001"}


def _lies(disk: DiskPlan, name: str, number: int, secret: str) -> PlacedDisk:
    stem = name if number == 0 else f"{name}-disk{number + 1}"
    path = disk.path if disk.kind is DiskKind.USE else f"/var/lib/libvirt/images/{stem}.{disk.format}"
    return placed.of(disk, path, secret)


assert {field.name for field in fields(Plan)} >= set(MORE)
