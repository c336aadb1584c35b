"""The gallery's pictures of the New machine page in its states."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

from app.install.choices import Acceleration, Platform
from app.install.survey import Abilities, Offer
from tests.ui.gallery import Studio, scene
from tests.ui.program_world import until
from ui.wizard.editing import edit_new
from ui.wizard.making import Order
from ui.wizard.new_machine import NewMachineDialog
from ui.wizard.sources.download import DownloadEditor
from ui.wizard.sources.machine import MachineEditor


async def page(studio: Studio, path: str | None = None) -> NewMachineDialog:
    """Open, with everything examined."""
    made = NewMachineDialog(studio.world.program.ctx, studio.world.host, path, studio.world.window)
    made.open()
    await until(lambda: made.ready)
    return made


def image(folder: Path, name: str) -> str:
    """A small disk image."""
    path = folder / name
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(path), "2G"], check=True)
    return str(path)


@scene
async def wizard_sources(studio: Studio) -> None:
    dialog = await page(studio)
    for kind in ("iso", "host-iso", "volume", "tree", "pxe", "kernel", "container"):
        dialog.sources.choose(kind)
        await studio.shoot(f"wizard-source-{kind}", dialog)
    editor = dialog.sources.choose("clone")
    assert isinstance(editor, MachineEditor)
    await until(lambda: editor.source is not None)
    await studio.shoot("wizard-source-clone", dialog)
    dialog._desk.survey = replace(dialog.survey, arch="x86_64")
    downloads = dialog.sources.choose("download")
    assert isinstance(downloads, DownloadEditor)
    await until(lambda: downloads.list.topLevelItemCount() > 0)
    downloads.words.setText("debian cloud")
    await until(downloads.chosen)
    await studio.shoot("wizard-source-download", dialog)
    dialog.close()


@scene
async def wizard_more(studio: Studio) -> None:
    dialog = await page(studio)
    offers = tuple(Offer(arch, "hvm", (Acceleration.EMULATION,), ("virt",)) for arch in ("x86_64", "aarch64", "riscv64", "s390x"))
    learnt = {(Platform("aarch64"), Acceleration.EMULATION): Abilities(arch="aarch64", machine="virt", efi=True)}
    survey = replace(dialog.survey, offers=offers, arch="x86_64", accel=Acceleration.EMULATION, others=learnt, session=True)
    dialog._desk.survey = survey
    dialog._draft.set_survey(survey, same=False)
    dialog._draft.set_platform(Platform("aarch64"), Acceleration.EMULATION)
    dialog.form.more.more_disks.add_line()
    dialog.form.more.more_networks.add_line()
    dialog.form.more.folders.add_line()
    dialog._show_plan()
    dialog.form.more.forwards.add_line()
    dialog.form.more.disk_options.encrypt.setChecked(True)
    dialog.form.fold.set_open(True)
    await studio.shoot("wizard-more", dialog)
    dialog._scroll.verticalScrollBar().setValue(10_000)
    await studio.shoot("wizard-more-below", dialog)
    dialog.close()


@scene
async def wizard_cloud(studio: Studio) -> None:
    path = image(studio.folder, "debian-12-genericcloud-amd64.qcow2")
    dialog = await page(studio, path)
    await until(dialog.first.cloud.isVisible)
    await studio.shoot("wizard-cloud", dialog)
    dialog.first.cloud.fold.set_open(True)
    dialog.first.cloud.preview.set_open(True)
    documents = dialog.first.cloud.documents
    documents.own.setChecked(True)
    documents.texts["user-data"].setPlainText("#cloud-config\nusers:\n  - name: anna\n   shell: /bin/sh\n")
    documents.check()
    dialog._scroll.verticalScrollBar().setValue(10_000)
    await studio.shoot("wizard-cloud-raw", dialog)
    dialog.close()


@scene
async def wizard_command(studio: Studio) -> None:
    dialog = await page(studio)
    dialog.command.fold.set_open(True)
    dialog._scroll.verticalScrollBar().setValue(10_000)
    await studio.shoot("wizard-command", dialog)
    dialog.close()


@scene
async def wizard_edit(studio: Studio) -> None:
    dialog = await page(studio)
    editor = edit_new(studio.world.program.ctx, studio.world.host, Order(dialog.plan, False), dialog.survey, dialog)
    editor.show()
    await until(lambda: editor.view.loaded)
    await studio.shoot("wizard-edit", editor)
    editor.reject()
    dialog.close()
