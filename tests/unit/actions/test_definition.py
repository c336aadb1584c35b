"""Rename, copy and replace definitions; start without KVM."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.actions.definition import read_definition
from app.actions.emulation import for_emulation
from app.errors import Denied, Invalid, NotFound, Unsupported
from app.jobs.job import JobState
from app.virt import domains
from app.xmldoc.document import Document
from tests.unit.actions.practice import OFF, RUNNING, Practice, plain_xml, practise, uuid_of


def test_rename_checks_the_name_as_it_is_typed(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.try_texts = ("", "  ", "a/b", "b", "a", "new\nline", "ok")
        await practice.run("domain.rename", "a")
        assert [bool(problem) for problem in practice.ui.checks] == [True, True, True, True, False, True, False]
        assert practice.ctx.jobs.jobs == []

    practise(tmp_path, {"a": OFF, "b": OFF}, test)


def test_rename(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.text = "a new name"
        await practice.run("domain.rename", "a")
        assert practice.ui.errors == []
        await practice.seen(lambda: (record := practice.record("a")) is not None and record.name == "a new name")
        assert practice.reason("domain.rename", "a", "b") == "This works on one machine at a time"

    practise(tmp_path, {"a": OFF, "b": OFF}, test)


def test_copy_xml_of_several_without_passwords(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await practice.run("domain.copy-xml", "a", "b")
        (text,) = practice.ui.copied
        assert "<name>a</name>" in text and "<name>b</name>" in text
        assert "hunter2" not in text
        assert practice.ui.notices

    practise(tmp_path, {"a": OFF, "b": RUNNING}, test, devices="<graphics type='vnc' passwd='hunter2'/>")


def test_redefine_keeps_name_and_uuid_and_the_old_definition(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.file = tmp_path / "new.xml"
        practice.ui.file.write_text(plain_xml("other").replace("<vcpu>1<", "<vcpu>3<"))
        practice.ui.yes = True
        await practice.run("domain.redefine", "a")
        assert practice.ui.errors == []
        assert "“other”" in practice.ui.questions[0].detail
        xml = await domains.xml(practice.host.session, uuid_of("a"), inactive=True)
        assert "<name>a</name>" in xml and ">3</vcpu>" in xml
        (kept,) = (practice.ctx.settings.state_folder / "history").glob("*/*/*.xml")
        assert ">1</vcpu>" in kept.read_text()
        assert kept.stat().st_mode & 0o777 == 0o600

    practise(tmp_path, {"a": OFF}, test)


def test_redefine_with_a_bad_file_changes_nothing(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        before = await domains.xml(practice.host.session, uuid_of("a"))
        for name, content in (("broken.xml", "<domain"), ("net.xml", "<network/>"), ("doctype.xml", "<!DOCTYPE a><domain/>")):
            practice.ui.file = tmp_path / name
            practice.ui.file.write_text(content)
            await practice.run("domain.redefine", "a")
            assert name in practice.ui.errors[-1].what
            assert practice.ui.errors[-1].why
        assert await domains.xml(practice.host.session, uuid_of("a")) == before
        assert practice.ui.questions == []

    practise(tmp_path, {"a": OFF}, test)


def test_a_definition_that_the_schema_refuses_can_be_forced(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.file = tmp_path / "odd.xml"
        practice.ui.file.write_text(plain_xml("a").replace("<vcpu>", "<unheard-of/><vcpu>"))
        practice.ui.yes = True
        practice.ui.error_choices = ["anyway"]
        await practice.run("domain.redefine", "a")
        assert practice.last_job.state is JobState.DONE

    practise(tmp_path, {"a": OFF}, test)


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_definition(tmp_path / "none.xml")
    with pytest.raises(Invalid):
        read_definition(Path("/dev/zero"))
    secret = tmp_path / "secret.xml"
    secret.write_text("<domain/>")
    secret.chmod(0)
    if os.geteuid() != 0:
        with pytest.raises(Denied):
            read_definition(secret)


def test_new_machine_from_file(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        practice.ui.file = tmp_path / "new.xml"
        practice.ui.file.write_text(plain_xml("fresh"))
        await practice.run("host.define-file")
        await practice.seen(lambda: practice.record("fresh") is not None)
        await practice.run("host.define-file")
        assert "“fresh” is there already" in str(practice.ui.errors[-1])

    practise(tmp_path, {"a": OFF}, test)


KVM = """<domain type='kvm'>
  <!-- a note -->
  <name>w</name>
  <cpu mode='host-passthrough' check='none' migratable='on'>
    <topology sockets='1' cores='2' threads='1'/>
    <cache mode='passthrough'/>
    <feature policy='require' name='vmx'/>
  </cpu>
  <features><acpi/><hyperv><relaxed state='on'/></hyperv><ioapic driver='kvm'/></features>
  <clock offset='utc'><timer name='kvmclock' present='yes'/><timer name='rtc' tickpolicy='catchup'/></clock>
</domain>
"""


def test_emulation_takes_out_what_needs_kvm_and_leaves_the_rest() -> None:
    new = for_emulation(KVM)
    document = Document.parse(new.xml)
    assert document.root.get("type") == "qemu"
    assert document.get("cpu/@mode") == "maximum"
    assert document.get("cpu/topology/@cores") == "2"
    for gone in ("cpu/feature", "cpu/cache", "features/hyperv", "features/ioapic", "clock/timer[@name='kvmclock']"):
        assert document.find(gone) is None, gone
    assert document.find("features/acpi") is not None
    assert document.find("clock/timer[@name='rtc']") is not None
    assert "<!-- a note -->" in new.xml
    assert len(new.changes) == 3


def test_emulation_of_a_named_processor_and_of_an_encrypted_machine() -> None:
    named = for_emulation("<domain type='kvm'><cpu mode='custom' match='exact'><model>Skylake-Client</model></cpu></domain>")
    document = Document.parse(named.xml)
    assert document.get("cpu/@check") == "none"
    assert document.get("cpu/model") == "Skylake-Client"
    with pytest.raises(Unsupported):
        for_emulation("<domain type='kvm'><launchSecurity type='sev'/></domain>")


def test_starting_with_emulation_says_when_it_is_emulated_already(tmp_path: Path) -> None:
    async def test(practice: Practice) -> None:
        await practice.run("domain.start-emulated", "a")
        assert "emulated already" in practice.ui.errors[0].what
        assert practice.ui.questions == []

    practise(tmp_path, {"a": OFF}, test)
