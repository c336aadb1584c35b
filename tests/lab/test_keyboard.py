"""Keys as a real guest gets them: by position at its input device, and text typed in two layouts, read back from it."""

from __future__ import annotations

import asyncio
import base64
import gzip
import re
import subprocess
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from app.console.keys.scancodes import EVDEV_TO_XT
from app.settings import options
from tests.lab import guests, packages
from tests.lab.desk import Desk, Story, until
from tests.lab.guests import LabGuest
from ui.console.type_dialog import TypeDialog
from ui.console.typing import Typing

ENDS_THE_GUEST = (116, 142)
"""Power and sleep."""

LAST = 30

PC_KEYS = (*range(1, 84), *range(86, 90), *range(91, 95), *range(96, 101), *range(102, 112), 113, 114, 115, 119, 121,
           124, 125, 126, 127, 128, 140, 155, 156, 157, 158, 159, 163, 164, 165, 166, 172, 173)  # fmt: skip
"""What QEMU's PS/2 keyboard has of all keys, those of ISO, Brazilian and Japanese keyboards and the media keys too."""

ENGLISH = "The quick brown FOX; 0123456789 `-=[]\\;',./ ~!@#$%^&*()_+{}|:\"<>? END\n"
GERMAN = "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich: yz YZ @ {[]}\\ <>| ^ ` é ß?!\"§$%&/()= #'+* -_.:,; END\n"

WATCH = 'for device in /dev/input/event*; do busybox od -An -v -tx1 -w24 "$device" > /dev/ttyS1 & done; echo WATCHING > /dev/ttyS1'


def said(guest: LabGuest) -> str:
    return (guest.world.images / f"{guest.name}.serial").read_text(errors="replace")


def run_in(guest: LabGuest, script: str) -> None:
    guests.agent_exec(guest, "/bin/busybox", "sh", "-c", script)


def pressed(text: str) -> list[int]:
    """The evdev codes that went down, from od's lines of 24 bytes: time, type, code, value."""
    lines = re.findall(r"((?: [0-9a-f]{2}){24})", text)
    raw = [bytes.fromhex(line) for line in lines]
    events = [(int.from_bytes(one[16:18], "little"), int.from_bytes(one[18:20], "little"), one[20]) for one in raw]
    return [code for kind, code, value in events if kind == 1 and value == 1]


def test_every_key_arrives_by_its_place(tell: Callable[[Story], None], agent_guest: LabGuest) -> None:
    async def story(desk: Desk) -> None:
        view = await desk.open(agent_guest)
        await until(lambda: view.situation().live)
        run_in(agent_guest, WATCH)
        await until(lambda: "WATCHING" in said(agent_guest))
        client = view.connector.client
        assert client is not None

        def tap(code: int) -> None:
            for down in (True, False):
                client.key(EVDEV_TO_XT[code], 0, down)

        while LAST not in pressed(said(agent_guest)):  # until the watchers have opened the keyboard
            tap(LAST)
            await asyncio.sleep(0.1)
        begun = len(pressed(said(agent_guest)))
        wanted = [code for code in EVDEV_TO_XT if code not in ENDS_THE_GUEST]
        for code in (*wanted, LAST):
            tap(code)
            await asyncio.sleep(0.02)
        await until(lambda: pressed(said(agent_guest))[begun:].count(LAST) >= 2)
        got = pressed(said(agent_guest))[begun:-1]
        assert got == [code for code in wanted if code in got]
        assert set(PC_KEYS) <= set(got)

    tell(story)


@pytest.mark.parametrize(("layout", "keymap", "text"), [("us", "qwerty/us", ENGLISH), ("de", "qwertz/de-latin1", GERMAN)])
def test_typed_text_is_what_the_guest_reads(
    tell: Callable[[Story], None], agent_guest: LabGuest, layout: str, keymap: str, text: str
) -> None:
    async def story(desk: Desk) -> None:
        view = await desk.open(agent_guest)
        await until(lambda: view.situation().live)
        await use_keymap(agent_guest, keymap)
        typing = next(feature for feature in view.features if isinstance(feature, Typing))
        QApplication.clipboard().setText(text)
        view.display.keyboard.hold("Ctrl", True)
        await type_by_dialog(typing, layout)
        job = typing.job
        assert job is not None and text not in job.title
        await until(lambda: job.over)
        assert job.error is None, job.error
        assert "characters" in job.result and text not in job.result
        await until(lambda: said(agent_guest).endswith("END\n") or said(agent_guest).endswith("END\r\n"))
        assert said(agent_guest).replace("\r\n", "\n").partition("READING\n")[2] == text
        assert desk.ctx.settings.get(options.TYPING_LAYOUTS) == {agent_guest.uuid: layout}

    tell(story)


def test_typing_waits_while_the_machine_is_paused_and_stops_when_it_is_told(
    tell: Callable[[Story], None], agent_guest: LabGuest
) -> None:
    async def story(desk: Desk) -> None:
        view = await desk.open(agent_guest)
        await until(lambda: view.situation().live)
        await use_keymap(agent_guest, "qwerty/us")
        typing = next(feature for feature in view.features if isinstance(feature, Typing))
        QApplication.clipboard().setText("a line\n" * 1000)
        await type_by_dialog(typing, "us")
        job = typing.job
        assert job is not None

        def lines() -> int:
            return said(agent_guest).partition("READING")[2].count("line")

        await until(lambda: lines() > 1)
        agent_guest.world.virsh("suspend", agent_guest.name)
        await until(lambda: "Waiting" in job.text)
        before, seen = job.fraction, lines()
        await asyncio.sleep(0.5)
        assert job.fraction == before
        agent_guest.world.virsh("resume", agent_guest.name)
        await until(lambda: lines() > seen + 2)
        typing._on_action()
        await until(lambda: job.over)
        await asyncio.sleep(0.3)
        seen = lines()
        await asyncio.sleep(0.5)
        assert lines() == seen < 1000

    tell(story)


def test_typing_ends_with_its_page(tell: Callable[[Story], None], agent_guest: LabGuest) -> None:
    async def story(desk: Desk) -> None:
        view = await desk.open(agent_guest)
        await until(lambda: view.situation().live)
        typing = next(feature for feature in view.features if isinstance(feature, Typing))
        QApplication.clipboard().setText("echo\n" * 500)
        await type_by_dialog(typing, "us")
        job = typing.job
        assert job is not None
        await until(lambda: (job.fraction or 0) > 0)
        desk.close()
        desk.views.clear()
        await until(lambda: job.over)
        retried = desk.ctx.jobs.retry(job)
        assert retried is not None
        await until(lambda: retried.over)
        assert retried.error is not None and retried.error.next_step

    tell(story)


async def use_keymap(guest: LabGuest, name: str) -> None:
    """The guest's second text console takes this layout, and what is read there goes to the serial port."""
    table = await asyncio.to_thread(keymap_table, name)
    packed = base64.b64encode(gzip.compress(table)).decode()
    run_in(guest, f"echo {packed} | busybox base64 -d | busybox gzip -d | busybox loadkmap; busybox chvt 2; "
                  "busybox stty -F /dev/tty2 -echo; echo READING > /dev/ttyS1; exec cat /dev/tty2 > /dev/ttyS1")  # fmt: skip
    await until(lambda: "READING" in said(guest))


def keymap_table(name: str) -> bytes:
    """A console keymap of the distribution, as the kernel takes it."""
    folder = packages.unpacked("kbd", "kbd", "console-data")
    file = folder / f"usr/share/keymaps/i386/{name}.kmap.gz"
    loadkeys = packages.find_in(folder, "bin/loadkeys")
    return subprocess.run([loadkeys, "-q", "-b", "-u", file], check=True, capture_output=True).stdout


async def type_by_dialog(typing: Typing, layout: str) -> None:
    """As a user does: the menu's entry, the guest's layout, the button."""
    typing._on_action()
    await until(dialogs)
    dialog = dialogs()[0]
    await until(lambda: dialog.layout_box.findData(layout) >= 0 and dialog.layout_box.count() > 1)
    dialog.layout_box.setCurrentIndex(dialog.layout_box.findData(layout))
    await until(lambda: dialog.layout_name == layout and dialog.type_button.isEnabled())
    assert not dialog.plan.refused
    dialog.type_button.click()
    await until(lambda: typing.job is not None)


def dialogs() -> list[TypeDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, TypeDialog) and each.isVisible()]
