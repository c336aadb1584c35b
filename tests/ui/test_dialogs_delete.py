"""The delete dialog: what is ticked, what cannot be, and what the button says."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from app.actions.context import Target
from app.actions.delete_plan import DeletePlan, MachinePlan, StorageItem, StorageKind
from app.model.records import DomainRecord
from ui.dialogs.delete_dialog import DeleteDialog


class _Host:
    """As much of a host as the dialog names."""

    id, label, uri = "qemu:///system", "This computer", "qemu:///system"


def machine(name: str, *storage: StorageItem, running: bool = False, extras: tuple[str, ...] = ()) -> MachinePlan:
    target = Target(cast(Any, _Host()), DomainRecord(uuid=name, name=name))
    return MachinePlan(target, "<domain/>", running, storage=storage, extras=extras)


def disk(path: str, **more: Any) -> StorageItem:
    return StorageItem(path, "vda", kind=StorageKind.VOLUME, size_bytes=1 << 30, pool="default", host_id="h", **more)


def opened(qtbot: QtBot, *machines: MachinePlan) -> DeleteDialog:
    dialog = DeleteDialog(DeletePlan(machines))
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def texts(dialog: DeleteDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def tick(qtbot: QtBot, dialog: DeleteDialog, row: int) -> None:
    """Clicks the tick box of a row."""
    item = dialog.storage.topLevelItem(row)
    assert item is not None
    option = QStyleOptionViewItem()
    option.initFrom(dialog.storage)
    option.rect = dialog.storage.visualItemRect(item)
    option.features = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    box = dialog.storage.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, dialog.storage)
    QTest.mouseClick(dialog.storage.viewport(), Qt.MouseButton.LeftButton, pos=box.center() if not box.isNull() else QPoint(8, 8))


def test_return_deletes_nothing(qtbot: QtBot) -> None:
    dialog = opened(qtbot, machine("web1", disk("/a.qcow2", tick=True)))
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Rejected and not dialog.isVisible()


def test_the_button_says_how_much_goes(qtbot: QtBot) -> None:
    dialog = opened(qtbot, machine("web1", disk("/a.qcow2", tick=True), disk("/b.qcow2")))
    assert dialog.yes.text() == "Delete with 1 disk"
    tick(qtbot, dialog, 1)
    assert dialog.yes.text() == "Delete with 2 disks"
    tick(qtbot, dialog, 0)
    tick(qtbot, dialog, 1)
    assert dialog.yes.text() == "Delete machine"
    assert dialog.request().storage == frozenset()


def test_what_others_use_can_be_ticked_but_warns(qtbot: QtBot) -> None:
    dialog = opened(qtbot, machine("web1", disk("/shared.raw", used_by=("db", "web2"))))
    assert dialog.request().storage == frozenset()
    tick(qtbot, dialog, 0)
    assert dialog.request().storage == {"h /shared.raw"}
    assert "“db”, “web2”" in texts(dialog)


def test_what_cannot_be_deleted_cannot_be_ticked(qtbot: QtBot) -> None:
    locked = disk("rbd pool/image", locked=True, tick=True, why_not="Storage on the network is not deleted from here")
    dialog = opened(qtbot, machine("web1", locked))
    tick(qtbot, dialog, 0)
    assert dialog.request().storage == frozenset()
    item = dialog.storage.topLevelItem(0)
    assert item is not None and item.text(4) == "Storage on the network is not deleted from here"


def test_it_says_what_else_goes_and_what_is_forced_off(qtbot: QtBot) -> None:
    dialog = opened(qtbot, machine("web1", running=True, extras=("the saved state",)), machine("web2"))
    said = texts(dialog)
    assert "Delete 2 machines?" in said
    assert "“web1” is running and will be forced off first" in said
    assert "the saved state" in said
    assert dialog.yes.text() == "Delete 2 machines"


def test_the_verb_accepts(qtbot: QtBot) -> None:
    dialog = opened(qtbot, machine("web1", disk("/a.qcow2", tick=True)))
    QTest.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.request().storage == {"h /a.qcow2"}
