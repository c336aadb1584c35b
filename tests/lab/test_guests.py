"""The lab's own guests do what other tests count on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab import guests, media
from tests.lab.hosts import RootHost
from tests.lab.nest import wait_for
from tests.lab.world import SessionWorld


def test_the_iso_boots_and_sees_another_disc(session_world: SessionWorld, tiny_iso: Path, second_iso: Path) -> None:
    guest = guests.define_iso(session_world, tiny_iso).start()
    guest.wait_serial(media.READY_TEXT)
    guest.type_text("readcd\n")
    guest.wait_serial(media.FIRST_TEXT.replace(" ", ""))
    disc = session_world.put(second_iso)
    session_world.virsh("change-media", guest.name, "hdc", str(disc), "--update", "--live")
    guest.type_text("readcd\n")
    guest.wait_serial(media.SECOND_TEXT.replace(" ", ""))
    session_world.virsh("shutdown", guest.name)
    guest.wait_state("shut off")


def test_the_agent_guest_answers_has_an_address_and_shuts_down(agent_guest: guests.LabGuest) -> None:
    world = agent_guest.world
    assert "Lab guest" in world.virsh("guestinfo", agent_guest.name, "--os")
    wait_for(lambda: "192.168.122." in world.virsh("domifaddr", agent_guest.name), "a lease on the default network", 40, 0.2)
    world.virsh("shutdown", agent_guest.name, "--mode", "agent")
    agent_guest.wait_state("shut off")


def test_a_restored_agent_guest_starts_afresh_as_well(session_agent_guest: guests.LabGuest) -> None:
    session_agent_guest.world.virsh("reset", session_agent_guest.name)
    wait_for(lambda: guests.agent_answers(session_agent_guest), "the agent after a reset", 60, 0.2)


def test_kvm_runs_the_boot_sector(root_host: RootHost) -> None:
    if not guests.kvm_opens():
        pytest.skip("/dev/kvm cannot be opened here")
    guest = guests.define_boot_sector(root_host, "hardware", accel_name="kvm").start()
    assert "type='kvm'" in guest.xml()
    guest.wait_paint()
    guest.press_until("KEY_Q", "shut off")


def test_accel_may_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    guests.accel.cache_clear()
    monkeypatch.setenv("HOSTELRY_LAB_ACCEL", "tcg")
    assert guests.domain_type() == "qemu"
    guests.accel.cache_clear()
