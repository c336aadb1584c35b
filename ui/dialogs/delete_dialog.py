"""Deleting machines: everything that would go is listed before anything goes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QAbstractItemView, QDialogButtonBox, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from app.actions.delete_plan import DeletePlan, DeleteRequest, MachinePlan, StorageItem
from app.i18n import _, ngettext
from ui.dialogs.dialog_parts import PlainDialog, name_list
from ui.icons import icon
from ui.plain import tip as plain_tip

Role = QDialogButtonBox.ButtonRole
KEY = Qt.ItemDataRole.UserRole
USED = Qt.ItemDataRole.UserRole + 1


class DeleteDialog(PlainDialog):
    """Cancel is the default button; the verb says whether storage goes too."""

    def __init__(self, plan: DeletePlan, parent: QWidget | None = None) -> None:
        super().__init__(parent, _("Delete"), "edit-delete")
        self._plan = plan
        self.add_text(_question(plan.machines), strong=True)
        self._add_warnings()
        self.storage = self._make_storage(plan.storage)
        self._used = self.add_text("")
        self.add_text(_("The definition is kept in the history: if no storage is deleted, “Undo” brings the machine back."))
        self.no = self.add_button(_("Cancel"), Role.RejectRole, default=True)
        self.yes = self.add_button(_("Delete machine"), Role.DestructiveRole)
        self.no.clicked.connect(self.reject)
        self.yes.clicked.connect(self.accept)
        self._ticked()

    def request(self) -> DeleteRequest:
        """What was ticked."""
        keys = [item.data(0, KEY) for item in self._items() if item.checkState(0) == Qt.CheckState.Checked]
        return DeleteRequest(self._plan, frozenset(keys))

    def _add_warnings(self) -> None:
        machines = self._plan.machines
        if len(machines) > 1:
            self.body.addWidget(name_list([one.target.record.name for one in machines], _("Machines")))
        running = [one.target.record.name for one in machines if one.running]
        if running:
            text = ngettext(
                "{names} is running and will be forced off first: what the guest has not written is lost.",
                "{names} are running and will be forced off first: what the guests have not written is lost.",
                len(running),
            )
            self.add_text(text.format(names=_named(running)))
        extras = sorted({extra for one in machines for extra in one.extras})
        if extras:
            self.add_text(_("Also goes: {things}.").format(things=", ".join(extras)))

    def _make_storage(self, storage: Sequence[StorageItem]) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setColumnCount(5)
        tree.setHeaderLabels([_("Storage to delete"), _("Disk"), _("Size"), _("Format, pool"), _("Note")])
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        tree.setAccessibleName(_("Storage to delete"))
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for one in storage:
            tree.addTopLevelItem(_row(one))
        self._size(tree, len(storage))
        tree.itemChanged.connect(self._ticked)
        tree.setVisible(bool(storage))
        self.body.addWidget(tree, 1)
        if not storage:
            self.add_text(_("It has no storage of its own."))
        return tree

    def _size(self, tree: QTreeWidget, rows: int) -> None:
        em = self.fontMetrics().averageCharWidth()
        header = tree.header()
        header.setStretchLastSection(False)
        for column in (1, 2, 3, 4):  # a path is cut in its middle; the reason against deleting it is not cut
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        line = tree.sizeHintForRow(0) if rows else self.fontMetrics().height() + 4
        tree.setMinimumWidth(em * 145)
        tree.setMinimumHeight(line * (min(8, max(rows, 2)) + 1) + header.sizeHint().height())
        if rows <= 8:
            tree.setMaximumHeight(tree.minimumHeight() + line)

    def _items(self) -> list[QTreeWidgetItem]:
        items = (self.storage.topLevelItem(number) for number in range(self.storage.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _ticked(self) -> None:
        ticked = [item for item in self._items() if item.checkState(0) == Qt.CheckState.Checked]
        count, machines = len(ticked), len(self._plan.machines)
        shared = sorted({name for item in ticked for name in item.data(0, USED)})
        warning = _("Other machines use what is ticked and will lose it: {names}.").format(names=_named(shared)) if shared else ""
        self._used.setText(warning)
        self._used.setVisible(bool(warning))
        if count:
            text = ngettext("Delete with {count} disk", "Delete with {count} disks", count).format(count=count)
        else:
            text = ngettext("Delete machine", "Delete {count} machines", machines).format(count=machines)
        self.yes.setText(text)


def _question(machines: Sequence[MachinePlan]) -> str:
    if len(machines) == 1:
        record, host = machines[0].target.record, machines[0].target.host
        return _("Delete “{name}” from “{host}”?").format(name=record.name, host=host.label or host.uri)
    hosts = len({one.target.host.id for one in machines})
    if hosts == 1:
        return ngettext("Delete {count} machine?", "Delete {count} machines?", len(machines)).format(count=len(machines))
    text = ngettext("Delete {count} machines on {hosts} host?", "Delete {count} machines on {hosts} hosts?", hosts)
    return text.format(count=len(machines), hosts=hosts)


def _row(one: StorageItem) -> QTreeWidgetItem:
    size = QLocale().formattedDataSize(one.size_bytes) if one.size_bytes is not None else _("unknown")
    kind = ", ".join(part for part in (one.format, one.pool) if part)
    note = _note(one)
    item = QTreeWidgetItem([one.path, one.target, size, kind, note])
    item.setData(0, KEY, one.key)
    item.setData(0, USED, list(one.used_by))
    item.setIcon(0, icon("drive-optical" if one.device == "cdrom" else "drive-harddisk"))
    item.setCheckState(0, Qt.CheckState.Checked if one.tick and not one.locked else Qt.CheckState.Unchecked)
    if one.locked:
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
    item.setToolTip(0, plain_tip(one.path))
    item.setToolTip(4, plain_tip(note))
    item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


def _note(one: StorageItem) -> str:
    if one.used_by:
        return _("Also used by {names}").format(names=_named(one.used_by))
    return one.why_not


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in names[:5])
    return f"{shown} …" if len(names) > 5 else shown
