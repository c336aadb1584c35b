"""By which way files go into a guest, and what is said before."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions.file_channels import Channel, Ways, choose
from app.install import file_disc
from app.install.drives import Drive
from app.install.file_survey import Entry, Load
from app.virt.agent_files import LARGEST
from app.virt.guest_agent import Agent

FILES = frozenset({"guest-file-open", "guest-file-write", "guest-file-close", "guest-file-read"})
AGENT = Agent("7.2", FILES)
FORBIDDEN = Agent("7.2", frozenset({"guest-info"}))
EMPTY, FULL = Drive("sda", "sata"), Drive("sdb", "sata", "/pool/other.iso")


def load(*sizes: int, folder: bool = False, image: bool = False) -> Load:
    entries = [Entry(Path(f"/home/a/{n}.txt"), (f"{n}.txt",), size) for n, size in enumerate(sizes)]
    entries += [Entry(Path("/home/a/dir"), ("dir",), folder=True)] if folder else []
    return Load(tuple(entry.path for entry in entries), tuple(entries), image)


ALL = Ways(spice=True, agent=AGENT, drives=(EMPTY,))

CASES = {
    "spice before all": (load(5), ALL, Channel.SPICE),
    "agent without spice": (load(5, 7), Ways(agent=AGENT, drives=(EMPTY,)), Channel.AGENT),
    "agent takes just so much": (load(LARGEST), Ways(agent=AGENT, drives=(EMPTY,)), Channel.AGENT),
    "one byte more": (load(LARGEST, 1), Ways(agent=AGENT, drives=(EMPTY,)), Channel.DISC),
    "spice takes any size": (load(LARGEST, 1), ALL, Channel.SPICE),
    "folders": (load(5, folder=True), ALL, Channel.DISC),
    "agent forbids": (load(5), Ways(agent=FORBIDDEN, drives=(EMPTY,)), Channel.DISC),
    "no agent": (load(5), Ways(drives=(EMPTY,)), Channel.DISC),
    "no agent, no drive yet": (load(5), Ways(), Channel.DISC),
    "no agent, no drive possible": (load(5), Ways(can_add=False), Channel.NONE),
    "agent needs no drive": (load(5), Ways(agent=AGENT, can_add=False), Channel.AGENT),
    "too much for a disc": (load(file_disc.LARGEST + 1), Ways(drives=(EMPTY,)), Channel.NONE),
    "image": (load(700 << 20, image=True), ALL, Channel.IMAGE),
    "image without a drive": (load(700 << 20, image=True), Ways(spice=True, can_add=False), Channel.NONE),
    "image into a new drive": (load(700 << 20, image=True), Ways(), Channel.IMAGE),
    "off": (load(5), Ways(active=False, drives=(EMPTY,)), Channel.DISC),
    "off, image": (load(5, image=True), Ways(active=False, drives=(EMPTY,)), Channel.IMAGE),
    "host away": (load(5), Ways("The host is not connected."), Channel.NONE),
    "nothing local": (Load(()), ALL, Channel.NONE),
    "unreadable": (Load((Path("/root/x"),), skipped=("/root/x",)), ALL, Channel.NONE),
    "too many": (Load((Path("/usr"),), (Entry(Path("/usr"), ("usr",), folder=True),), too_many=True), ALL, Channel.NONE),
}


@pytest.mark.parametrize("name", CASES)
def test_the_first_way_that_works(name: str) -> None:
    files, ways, channel = CASES[name]
    verdict = choose(files, ways)
    assert verdict.channel is channel
    assert verdict.title and (verdict.possible or verdict.detail)


def test_it_says_why_a_disc_is_made() -> None:
    assert "too large" in choose(load(LARGEST + 1), Ways(agent=AGENT)).detail
    assert "folders" in choose(load(1, folder=True), ALL).detail
    assert "told to take no files" in choose(load(1), Ways(agent=FORBIDDEN)).detail
    assert "does not answer" in choose(load(1), Ways(agent_problem="The agent in the guest does not answer.")).detail
    assert "next start" in choose(load(1), Ways(active=False)).detail


def test_it_says_what_a_disc_image_replaces_and_where_several_drives_are() -> None:
    image = load(1, image=True)
    assert "other.iso" in choose(image, Ways(drives=(FULL,))).detail
    assert choose(image, Ways(drives=(EMPTY, FULL))).drives == (EMPTY, FULL)
    assert "sda (SATA)" in choose(image, Ways(drives=(EMPTY,))).title


def test_it_says_where_the_agent_writes() -> None:
    assert "/tmp" in choose(load(1), Ways(agent=AGENT)).detail
    assert "Downloads" in choose(load(1), Ways(agent=Agent("8", FILES, windows=True))).detail
