"""Serial and virtio consoles of real guests on the page of a machine: full-screen programs, takeover, reconnects, floods."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.hosts.host import Host
from app.virt.first_moment import listen
from app.virt.text_stream import TextStream, open_text
from tests.lab import guests
from tests.lab.desk import Desk, Story, until
from tests.lab.hosts import RootHost
from ui.console.console_view import ConsoleView
from ui.console.situation import Button
from ui.console.terminal.line import LineState
from ui.console.terminal.strip import TAKE_OVER
from ui.console.terminal.text_consoles import TextConsoles
from ui.console.terminal.text_view import TextView

VIRTIO = "<console type='pty'><target type='virtio' port='1'/></console>"


def consoles(view: ConsoleView) -> TextConsoles:
    return next(feature for feature in view.features if isinstance(feature, TextConsoles))


async def serial(desk: Desk, guest: guests.LabGuest, key: str = "serial0") -> TextView:
    page = await desk.open(guest)
    await until(lambda: consoles(page).devices)
    consoles(page).show_device(key)
    text = consoles(page).views[key]
    await until(lambda: text.line.state is not LineState.CONNECTING)
    return text


def screen(text: TextView) -> list[str]:
    return [line.text() for line in text.terminal.frame_shown.rows]


async def see(text: TextView, wanted: str) -> None:
    try:
        await until(lambda: any(wanted in line for line in screen(text)))
    except AssertionError:
        raise AssertionError(f"no “{wanted}” in {[line for line in screen(text) if line]}") from None


def type_text(text: TextView, keys: str) -> None:
    QTest.keyClicks(text.terminal, keys)


async def log_in(text: TextView) -> None:
    QTest.keyClick(text.terminal, Qt.Key.Key_Return)
    await until(lambda: any("login:" in line or "# " in line or line.endswith("#") for line in screen(text)))
    if any("login:" in line for line in screen(text)):
        type_text(text, "root\r")
    await see(text, "#")
    type_text(text, "PS1='ok> '; clear\r")
    await until(lambda: screen(text)[0].startswith("ok>"))
    await asyncio.sleep(0.5)  # busybox's shell throws away what is typed while it makes its prompt


def test_vi_and_top_show_what_they_should(tell: Callable[[Story], None], agent_guest: guests.LabGuest) -> None:
    async def story(desk: Desk) -> None:
        text = await serial(desk, agent_guest)
        await log_in(text)
        rows, cols = len(screen(text)), text.terminal.frame_shown.cols
        type_text(text, f"stty rows {rows} cols {cols}; vi /tmp/a\r")
        await until(lambda: screen(text)[1] == "~")
        assert screen(text)[1 : rows - 1] == ["~"] * (rows - 2)
        type_text(text, "ione")
        QTest.keyClick(text.terminal, Qt.Key.Key_Return)
        type_text(text, "two")
        QTest.keyClick(text.terminal, Qt.Key.Key_Escape)
        await asyncio.sleep(0.5)  # vi knows an escape key from an arrow by the pause after it
        QTest.keyClick(text.terminal, Qt.Key.Key_Up)
        type_text(text, "Ax")
        QTest.keyClick(text.terminal, Qt.Key.Key_Escape)
        await until(lambda: screen(text)[:3] == ["onex", "two", "~"])
        type_text(text, ":wq\r")
        await see(text, "ok>")
        type_text(text, "clear; cat /tmp/a; top -d 1\r")
        await until(lambda: screen(text)[0].startswith("Mem:") and screen(text)[3].split()[:3] == ["PID", "PPID", "USER"])
        assert any(style.reverse for _first, _last, style in text.terminal.frame_shown.rows[3].runs)
        QTest.keyClick(text.terminal, Qt.Key.Key_Q)
        await until(lambda: screen(text)[text.terminal.frame_shown.cursor[0]].startswith("ok>"))

    tell(story)


def test_a_flood_is_stopped_by_a_key_at_once(tell: Callable[[Story], None], agent_guest: guests.LabGuest) -> None:
    async def story(desk: Desk) -> None:
        text = await serial(desk, agent_guest)
        await log_in(text)
        type_text(text, "yes 'a line of some length, as logs have them'\r")
        await until(lambda: text.console.scrollback.end > 2000)
        assert text.console.scrollback.end - text.console.scrollback.first <= 10_000
        QTest.keyClick(text.terminal, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        await see(text, "^C")
        type_text(text, "echo still $((40+2))\r")
        await see(text, "still 42")

    tell(story)


def test_what_another_program_has_is_taken_when_the_user_agrees(
    tell: Callable[[Story], None], agent_guest: guests.LabGuest
) -> None:
    async def story(desk: Desk) -> None:
        other = Host(desk.host.uri, label="another program")
        await other.connect()
        ended: list[object] = []
        first: TextStream = await open_text(
            other.session, agent_guest.uuid, "serial1", received=lambda _data: None, ended=ended.append
        )  # fmt: skip
        asked = []

        async def yes(question: object) -> bool:
            asked.append(question)
            return True

        desk.ctx.ui.confirm = yes
        text = await serial(desk, agent_guest)
        assert text.line.state is LineState.TAKEN
        assert "Another program" in text.strip.text
        text.strip.pressed.emit(TAKE_OVER)
        await until(lambda: text.line.state is LineState.OPEN)
        assert asked
        await until(lambda: ended)
        await log_in(text)
        first.close()
        second = await open_text(
            other.session, agent_guest.uuid, "serial1", force=True, received=lambda _data: None, ended=ended.append
        )  # fmt: skip
        await until(lambda: text.line.state is LineState.TAKEN)
        second.close()
        await until(lambda: text.line.state is LineState.OPEN)  # nobody has it any more
        await other.disconnect()

    tell(story)


def test_comes_back_after_reset_and_restart_and_keeps_what_was_shown(
    tell: Callable[[Story], None], root_host: RootHost
) -> None:
    guest = guests.define_linux(root_host, extra_devices=VIRTIO)

    async def story(desk: Desk) -> None:
        text = await serial(desk, guest)
        assert text.line.state is LineState.OFF
        assert text.strip.button.isVisible()
        page = desk.views[0]
        page.cover.pressed.emit(Button.START)
        await see(text, "LAB GUEST READY")
        type_text(text, "echo before $((1+1))\r")
        await see(text, "before 2")
        root_host.virsh("reset", guest.name)
        await until(lambda: sum("LAB GUEST READY" in line for line in whole(text)) == 2)
        root_host.kill_daemon()
        await until(lambda: text.line.state is not LineState.OPEN)
        assert "before 2" in "\n".join(whole(text))
        root_host.start_daemon()
        await until(lambda: text.line.state is LineState.OPEN, 60)
        type_text(text, "echo after $((2+2))\r")
        await see(text, "after 4")
        root_host.virsh("destroy", guest.name)
        await until(lambda: text.line.state is LineState.OFF)
        assert "off" in text.strip.text
        assert "after 4" in "\n".join(whole(text))

    tell(story)


def whole(text: TextView) -> list[str]:
    return text.terminal.whole_text().splitlines()


def test_a_virtio_console_beside_the_serial_one(tell: Callable[[Story], None], root_host: RootHost) -> None:
    guest = guests.define_linux(root_host, extra_devices=VIRTIO).start()

    async def story(desk: Desk) -> None:
        text = await serial(desk, guest)
        await see(text, "LAB GUEST READY")
        consoles(desk.views[0]).show_device("console1")
        virtio = consoles(desk.views[0]).views["console1"]
        await until(lambda: virtio.line.state is LineState.OPEN)
        assert text.line.state is LineState.OPEN  # not in front, yet connected
        type_text(text, "(seq 1 3000; echo via $((3*7))) > /dev/hvc0\r")
        await see(virtio, "via 21")
        type_text(text, "read line < /dev/hvc0; echo got $line\r")
        while not any("got words" in line for line in screen(text)):
            type_text(virtio, "words\r")  # what comes before the program listens is lost
            await asyncio.sleep(0.3)
        assert [line for line in whole(virtio) if line.isdigit()] == [str(number) for number in range(1, 3001)]
        reasons = {device.title: device.why_not for device in consoles(desk.views[0]).devices}
        assert "linux.serial" in reasons["Serial 2"]

    tell(story)


def test_a_machine_starts_when_its_console_listens(tell: Callable[[Story], None], root_host: RootHost) -> None:
    """QEMU throws away what a guest says while nobody listens: its first words are only seen if it waits."""
    guest = guests.define_boot_sector(root_host)

    async def story(desk: Desk) -> None:
        text = await serial(desk, guest)
        feature = consoles(desk.views[0])
        states = []

        async def ready() -> None:
            await feature._ready()
            states.append((guest.state, text.line.state))

        listen(desk.host.session, guest.uuid, ready)
        desk.views[0].cover.pressed.emit(Button.START)
        await until(lambda: any("BOOTSECT READY" in line for line in whole(text)))
        assert states == [("paused", LineState.OPEN)]
        assert guest.state == "running"

    tell(story)


def test_a_break_reaches_the_guest(tell: Callable[[Story], None], agent_guest: guests.LabGuest) -> None:
    async def story(desk: Desk) -> None:
        text = await serial(desk, agent_guest)
        await log_in(text)
        type_text(text, "echo 1 > /proc/sys/kernel/sysrq; echo 8 > /proc/sys/kernel/printk; echo re''ady\r")
        await see(text, "ready")
        await text.send_break()
        type_text(text, "h")
        await see(text, "HELP")

    tell(story)


def test_a_machine_without_a_screen_shows_its_serial_console(tell: Callable[[Story], None], root_host: RootHost) -> None:
    guest = guests.define_linux(root_host, graphics=" ").start()

    async def story(desk: Desk) -> None:
        page = await desk.open(guest)
        with contextlib.suppress(AssertionError):
            await until(lambda: consoles(page).front == "serial0", 20)
        assert consoles(page).front == "serial0"
        await see(consoles(page).views["serial0"], "LAB GUEST READY")

    tell(story)
