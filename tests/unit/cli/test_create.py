"""``hostelry create`` over libvirt's test driver."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from app.cli import create, options, virt_install
from app.install import defaults
from app.install.choices import DiskKind, Firmware
from app.install.plan import Recommended
from app.virt import kvm
from tests.unit.install.create_cases import CASES, prepared

SCHEMA = Path("/usr/share/libvirt/schemas/domain.rng")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def host(tmp_path: Path) -> str:
    """A practice host with one machine and one pool."""
    node = tmp_path / "node.xml"
    node.write_text(
        "<node><domain type='test'><name>there</name><memory>65536</memory><os><type>hvm</type></os></domain>"
        "<pool type='dir'><name>default</name><uuid>dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566</uuid><target><path>/default</path></target>"
        "</pool></node>"
    )
    return f"test://{node}"


def test_a_dry_run_prints_the_definition_and_the_like_command(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert create.main(["-c", host, "--no-medium", "--name", "new one", "--memory", "512", "--dry-run"]) == 0
    said = capsys.readouterr().out
    xml, _hash, command = said.rpartition("# ")
    root = etree.fromstring(xml)
    assert root.findtext("name") == "new one" and root.findtext("memory") == "512"
    if SCHEMA.exists():
        assert etree.RelaxNG(etree.parse(str(SCHEMA))).validate(root)
    assert command.startswith("virt-install ") and "--name 'new one'" in command and "--memory 512" in command


def test_what_stands_in_the_way_is_said_and_ends_it(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert create.main(["-c", host, "--no-medium", "--name", "there"]) == 1
    assert "“there-2” is free" in capsys.readouterr().err
    assert create.main(["-c", host, "--iso", "/nothing/there.iso"]) == 1
    assert "“there.iso” is not there any more" in capsys.readouterr().err
    assert create.main(["-c", host, "--clone", "nobody"]) == 1
    assert "nobody" in capsys.readouterr().err
    assert create.main(["-c", host, "--no-medium", "--network", "bridge"]) == 1
    assert "bridge:NAME" in capsys.readouterr().err
    assert create.main(["-c", host, "--no-medium", "--os", "amiga"]) == 1
    assert "osinfo-query" in capsys.readouterr().err


def test_it_makes_the_machine(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The test driver forgets it with the connection; the lab's tests look at one that stays."""
    assert create.main(["-c", host, "--no-medium", "--name", "made", "--disk", "none", "--network", "none"]) == 0
    told = capsys.readouterr()
    assert "“made” was made." in told.out
    assert "Defining the machine" in told.err and "Starting" in told.err


def test_a_source_has_to_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options.parser().parse_args(["--name", "x"])
    with pytest.raises(SystemExit):
        options.parser().parse_args(["--pxe", "--no-medium"])
    capsys.readouterr()


@pytest.mark.parametrize("name", CASES)
def test_every_case_has_a_like_command(name: str) -> None:
    plan, host = prepared(name)
    words = virt_install.command(plan, host, "qemu:///system")
    assert words[0] in ("virt-install", "virt-clone") and all(isinstance(word, str) and word for word in words)
    assert words[words.index("--name") + 1] == name
    if plan.disk.value.kind is DiskKind.NONE and words[0] == "virt-install":
        assert "none" in words


def test_secure_boot_is_in_the_like_command() -> None:
    plan, host = prepared("win11-iso")
    assert any("enrolled-keys" in word for word in virt_install.command(plan, host, "x"))
    plan = defaults.with_system(plan, plan.system, host).choose("firmware", Firmware.UEFI)
    assert "uefi" in virt_install.command(Recommended(plan).value, host, "x")


def test_no_window_is_loaded() -> None:
    """From the program's own entry: neither Qt nor a display is needed for it."""
    code = (
        "import sys\nfrom ui import main\n"
        "try:\n    main.main(['create', '--help'])\nexcept SystemExit:\n    pass\n"
        "assert not any(name.startswith(('PySide6', 'qasync')) for name in sys.modules), 'a window'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--cloud-image" in done.stdout


def test_a_host_that_does_not_answer_is_said(
    host: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_args: object, **_words: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(create, "_FACTS_S", 0.3)
    monkeypatch.setattr(kvm, "verdict", never)
    assert create.main(["-c", host, "--no-medium", "--name", "x"]) == 1
    assert "did not answer in time" in capsys.readouterr().err
