"""Remembering USB devices of the host in the window."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.devices.offers import Offers
from app.editing.usb_memory import By, remembered
from app.virt.host_devices import HostDevice
from tests.ui.conftest import Run
from tests.ui.details_world import session_of, view_of
from tests.ui.program_world import until
from tests.ui.test_details_editors import MACHINE, leave, opened, own
from tests.unit.editing.test_usb_memory import device
from ui.details.dialogs.remembered import RememberedDialog
from ui.details.editors.host_device import HostDeviceEditor


def test_a_device_is_remembered_by_its_serial_number_and_forgotten(run: Run, tmp_path: Path) -> None:
    async def check() -> None:
        view = view_of(session_of(MACHINE, Offers(driver="QEMU")), tmp_path)
        session = view.session
        before = session.text
        dialog = RememberedDialog(session)
        dialog.show()
        assert dialog.tree.topLevelItemCount() == 1  # the device by its product
        assert not dialog.add.isEnabled()
        dialog.offer([device(7, "A1"), device(8, "")])
        ways = [dialog.by.itemData(place) for place in range(dialog.by.count())]
        assert ways == [By.PRODUCT.value, By.SERIAL.value, By.PORT.value]
        dialog.by.setCurrentIndex(1)
        dialog.add.click()
        assert [one.by for one in remembered(session.document)] == [By.PRODUCT, By.SERIAL]
        second = dialog.tree.topLevelItem(1)
        assert second is not None
        assert "A1" in second.text(1)
        dialog.device.setCurrentIndex(1)
        assert dialog.by.findData(By.SERIAL.value) == -1  # it has none
        assert not dialog.forget.isEnabled()
        dialog.tree.setCurrentItem(second)
        dialog.forget.click()
        assert [one.by for one in remembered(session.document)] == [By.PRODUCT]
        session.undo()
        assert dialog.tree.topLevelItemCount() == 2
        session.undo()
        assert session.text == before
        dialog.close()
        session.edit("later", lambda document: document.set("title", "t"))  # nobody listens any more
        leave(view)

    run(check())


def _dialogs() -> list[RememberedDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, RememberedDialog) and one.isVisible()]


def test_the_way_there(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the page of a USB device, and by the menus of it and of the notes."""

    async def listed(_session: object) -> list[HostDevice]:
        return [device()]

    monkeypatch.setattr("ui.details.dialogs.remembered.list_devices", listed)

    async def check() -> None:
        view = await opened(tmp_path, "devices/hostdev")
        monkeypatch.setattr(view.session.host, "session", None, raising=False)
        editor = own(view, HostDeviceEditor)
        assert isinstance(editor, HostDeviceEditor)
        assert not editor.remember.isHidden()
        entries = {entry.key: entry for entry in view.list.entries.entries()}
        for key in ("devices/hostdev", "metadata"):
            texts = [action.text() for action in view.menu_of(entries[key]).actions()]
            assert "Remembered &USB devices…" in texts, key
        assert "Remembered &USB devices…" not in [one.text() for one in view.menu_of(entries["devices/disk[1]"]).actions()]
        editor.remember.click()
        await until(_dialogs, "the dialog")
        (dialog,) = _dialogs()
        await until(lambda: dialog.device.count() == 1, "the host's devices")
        dialog.reject()
        await until(lambda: "remembered devices" not in {task.get_name() for task in asyncio.all_tasks()}, "the dialog's end")
        leave(view)

    run(check())
