"""The desktop with the SPICE agent, by itself: what the tests of consoles rely on."""

from __future__ import annotations

from tests.lab.spice_guest import SpiceGuest


def test_the_desktop_has_a_screen_agents_and_sound(spice_desktop: SpiceGuest) -> None:
    assert spice_desktop.screen_size() == (1024, 768)
    running = spice_desktop.shell("ps")
    for program in ("Xorg", "spice-vdagentd", "spice-vdagent -x", "spice-webdavd", "qemu-ga"):
        assert program in running
    assert "HDA Intel" in spice_desktop.shell("cat /proc/asound/cards")


def test_programs_take_input_and_tell_how_they_end(spice_desktop: SpiceGuest) -> None:
    assert spice_desktop.run("/bin/cat", input_="Grüße\n".encode()) == "Grüße\n".encode()
    assert spice_desktop.shell("echo gone; false", check=False) == "gone\n"
    spice_desktop.copy("Zwischenablage ✓".encode())
    assert spice_desktop.paste() == "Zwischenablage ✓".encode()
