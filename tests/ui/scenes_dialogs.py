"""The gallery's pictures of dialogs and menus in all their states."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QMenu

from app.actions.context import Target
from app.actions.delete_plan import DeletePlan, MachinePlan, StorageItem, StorageKind
from app.errors import Busy, Failed
from app.install.access import Access, Grant
from app.install.acl import User
from app.jobs.job import Job, JobRow, JobState
from app.virt.credentials import Credential, CredentialKind, CredentialRequest, HostKey
from tests.ui.gallery import Studio, scene
from tests.ui.program_world import until
from ui.dialogs.credentials_dialog import CredentialsDialog
from ui.dialogs.delete_dialog import DeleteDialog
from ui.dialogs.host_key_dialog import HostKeyDialog
from ui.dialogs.job_dialog import JobDialog
from ui.wizard.new_machine import NewMachineDialog


@scene
async def deletions(studio: Studio) -> None:
    world = studio.world

    def machine(name: str, *storage: StorageItem, running: bool = False, extras: tuple[str, ...] = ()) -> MachinePlan:
        record = world.hosts.domain(world.ref(name))
        assert record is not None
        return MachinePlan(Target(world.host, record), "<domain/>", running, storage=storage, extras=extras)

    own = StorageItem("/var/lib/images/fedora.qcow2", "vda", size_bytes=12 << 30, format="qcow2", pool="default", tick=True,
                      kind=StorageKind.VOLUME)  # fmt: skip
    shared = StorageItem("/srv/templates/base-with-a-long-name-that-goes-on.qcow2", "vdb", size_bytes=3 << 30, format="qcow2",
                         used_by=("gateway", "windows-11"), why_not="Also used by “gateway”, “windows-11”.")  # fmt: skip
    far = StorageItem("rbd:pool/fedora", "vdc", locked=True, why_not="Storage on the network is not deleted from here")
    plans = {
        "plain": (machine("fedora"),),
        "disks": (machine("fedora", own, shared, far, running=True, extras=("2 snapshots", "NVRAM (UEFI variables)")),),
        "several": (machine("fedora", own, running=True), machine("gateway", running=True), machine("database")),
    }
    for name, machines in plans.items():
        await studio.shoot_dialog(f"delete-{name}", DeleteDialog(DeletePlan(machines), world.window))


@scene
async def signing_in(studio: Studio) -> None:
    questions = (Credential(CredentialKind.USER_NAME, "Enter username for host2", default="admin"),
                 Credential(CredentialKind.PASSWORD, "Enter admin's password for host2"))  # fmt: skip
    for name, again in (("first", False), ("again", True)):
        request = CredentialRequest("qemu+tcp://host2/system", questions, again)
        await studio.shoot_dialog(f"credentials-{name}", CredentialsDialog(request, studio.world.window))
    key = HostKey("virtual-machines.example.org", "ED25519", "SHA256:uNiVztksCsDhcc0u9e8BrrQc1ScHS7PaQYFrYLZ0pXs")
    await studio.shoot_dialog("host-key", HostKeyDialog(key, studio.world.window))


@scene
async def jobs(studio: Studio) -> None:
    program = studio.world.program

    async def several(job: Job) -> str:
        busy = Busy("Cannot start “fedora”.", why="Another machine uses its disk.", raw="error: lock")
        job.rows = [JobRow("gateway", JobState.DONE, "Started"), JobRow("fedora", JobState.FAILED, str(busy), busy)]
        job.report(0.5, "1 of 2 machines")
        raise Failed("1 of 2 machines could not be started.", why="Another machine uses a disk.", raw="error: lock")

    async def waiting(job: Job) -> str:
        job.report(0.4, "1.2 of 3 GB, 48 MB/s")
        await asyncio.sleep(60)
        return ""

    failed = program.jobs.run("Start 2 machines", several, subject="2 machines")
    running = program.jobs.run("Upload fedora-workstation-42.iso to host2", waiting, subject="fedora-workstation-42.iso")
    stopped = program.jobs.run("Copy windows-11.qcow2", waiting, subject="windows-11")
    await asyncio.sleep(0.1)
    program.jobs.cancel(stopped)
    await until(lambda: stopped.over and failed.over)
    await studio.shoot_dialog("job-running", JobDialog(running, program.jobs, studio.world.window))
    await studio.shoot_dialog("job-failed", JobDialog(failed, program.jobs, studio.world.window))
    program.tasks.set_open(True)
    await studio.shoot("tasks-all-states")
    program.tasks.set_open(False)
    program.jobs.cancel(running)


@scene
async def wizard_states(studio: Studio) -> None:
    dialog = NewMachineDialog(studio.world.program.ctx, studio.world.host, None, studio.world.window)
    dialog.open()
    await until(lambda: dialog.ready)
    access = Access("/root/debian-12.iso", ok=False, text="The hypervisor runs as user “libvirt-qemu”, who may not read this file.",
                    user=User(64055, frozenset(), "libvirt-qemu"),
                    grants=(Grant("/root", "x"), Grant("/root/debian-12.iso", "r")))  # fmt: skip
    dialog.access.show_access(access)
    await studio.shoot("new-machine-access", dialog)
    dialog.access.show_access(None)
    dialog.form.name.setText("fedora")
    dialog.form.edited.emit("name")
    dialog.form.memory.setText("lots")
    dialog.form.edited.emit("memory")
    dialog.start.click()
    await studio.shoot("new-machine-wrong", dialog)

    async def work(job: Job) -> str:
        job.report(0.3, "Copying the medium: 300 of 1,024 MB")
        await asyncio.sleep(60)
        return ""

    job = studio.world.program.jobs.run("Make the machine “web1”", work, subject="web1")
    await asyncio.sleep(0.05)
    dialog._show_job(job)
    dialog._progressed(job)
    await studio.shoot("new-machine-running", dialog)
    studio.world.program.jobs.cancel(job)
    await job.wait()
    job.error = Busy("Cannot make “web1”.", why="A machine of that name was made meanwhile.", next_step="Choose another name.")
    dialog.job_failed(job)
    await studio.shoot("new-machine-failed", dialog)
    dialog.close()


@scene
async def menus(studio: Studio) -> None:
    program, window = studio.world.program, studio.world.window
    program.list.tree.select_refs([studio.world.ref("fedora")])
    program.actions.refresh()
    for name, menu in (("file", window.file_menu), ("machine", window.machine_menu), ("view", window.view_menu)):
        await _shoot_menu(studio, f"menu-{name}", menu)
    inner = [action.menu() for action in window.machine_menu.actions() if action.menu() is not None]
    for number, child in enumerate(inner):
        assert isinstance(child, QMenu)
        await _shoot_menu(studio, f"menu-machine-{number}", child)
    program.list.tree.setCurrentIndex(program.list.model.index(0, 0))
    await _shoot_menu(studio, "context-menu-host", program.actions.context_menu(window))


async def _shoot_menu(studio: Studio, name: str, menu: QMenu) -> None:
    menu.ensurePolished()
    menu.adjustSize()
    await studio.shoot(name, menu)
