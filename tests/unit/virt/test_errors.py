"""Errors of real libvirt calls become the program's own, by cause."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import libvirt
import pytest

from app import errors
from app.ssh.target import with_command
from app.virt import definition, domains, networks, storage
from app.virt.error_table import BY_CODE, BY_TEXT, CONNECTING
from app.virt.errors import translate
from app.virt.events import VirEventThread
from app.virt.session import Session


def failure(call: Callable[[], object]) -> libvirt.libvirtError:
    VirEventThread.ensure_started()
    with pytest.raises(libvirt.libvirtError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("qemu+unix:///system?socket=/nonexistent/sock", errors.Disconnected),
        ("qemu+tcp://127.0.0.1:1/system", errors.Disconnected),
        ("qemu+tls://127.0.0.1:1/system?pkipath=/nonexistent", errors.AuthFailed),
        ("qemu+ssh://no.such.host.invalid/system?no_tty=1&command=/usr/bin/ssh", errors.NotFound),
        (":::", errors.Invalid),
    ],
)
def test_connecting_fails_by_cause(uri: str, kind: type[errors.HostelryError]) -> None:
    if "+ssh" in uri and not Path("/usr/bin/ssh").exists():
        pytest.skip("needs the OpenSSH client")

    async def scenario() -> errors.HostelryError:
        session = Session(uri)
        with pytest.raises(errors.HostelryError) as caught:
            await session.open()
        assert session.state.value == "failed"
        assert session.error is caught.value
        return caught.value

    error = asyncio.run(scenario())
    assert type(error) is kind
    assert uri in error.what
    assert error.why
    assert error.next_step
    assert error.raw


def test_a_text_file_is_no_socket(tmp_path: Path) -> None:
    file = tmp_path / "sock"
    file.write_text("no")
    error = translate(failure(lambda: libvirt.open(f"qemu+unix:///system?socket={file}")), "What.", connecting=True)
    assert isinstance(error, errors.Disconnected)


def in_test_driver(work: Callable[[Session, str], Any]) -> errors.HostelryError:
    """The error of an operation on the practice host's only guest."""

    async def scenario() -> errors.HostelryError:
        session = Session("test:///default")
        await session.open()
        (record,) = await domains.list_states(session)
        try:
            with pytest.raises(errors.HostelryError) as caught:
                await work(session, record.uuid)
        finally:
            await session.close()
        return caught.value

    return asyncio.run(scenario())


NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("work", "kind"),
    [
        (lambda session, _uuid: domains.start(session, NOBODY), errors.NotFound),
        (domains.start, errors.Busy),
        (lambda session, _uuid: networks.start(session, NOBODY), errors.NotFound),
        (lambda session, _uuid: storage.start(session, NOBODY), errors.NotFound),
        (lambda session, _uuid: definition.define(session, "<domain"), errors.Invalid),
        (lambda session, _uuid: definition.define(session, "<domain type='test'/>"), errors.Invalid),
        (domains.open_graphics, errors.Unsupported),
        (
            lambda session, uuid: domains.attach_device(session, uuid, "<disk/>", live=True, config=False),
            errors.Unsupported,
        ),
        (lambda session, _uuid: storage.volume_xml(session, "/nonexistent"), errors.NotFound),
    ],
)
def test_operations_fail_by_cause(work: Callable[[Session, str], Any], kind: type[errors.HostelryError]) -> None:
    error = in_test_driver(work)
    assert type(error) is kind
    assert error.what.endswith(".")
    assert error.raw


def made(code: int, text: str) -> libvirt.libvirtError:
    """An error as libvirt's binding makes it, for causes that cannot be brought about here."""
    error = libvirt.libvirtError(text)
    error.err = (code, 0, text, 2, "", None, None, 0, 0)
    return error


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        (38, "Cannot allocate: No space left on device", errors.NoSpace),
        (1, 'internal error: qemu unexpectedly closed the monitor: Failed to get "write" lock', errors.Busy),
        (1, "internal error: process exited: cannot set up guest memory 'pc.ram': Cannot allocate memory", errors.NoSpace),
        (86, "Guest agent is not responding: QEMU guest agent is not connected", errors.Unsupported),
        (68, "Timed out during operation: cannot acquire state change lock (held by monitor)", errors.Busy),
        (81, "Unsafe migration: Migration without shared storage is unsafe", errors.Invalid),
        (78, "operation aborted: migration out: canceled by client", errors.Cancelled),
        (55, "Requested operation is not valid: network 'default' is not active", errors.Busy),
        (9, "operation failed: domain 'x' already exists with uuid 1", errors.Exists),
        (42, "Domain not found: no domain with matching name 'guest agent'", errors.NotFound),
        (38, "Cannot access storage file '/x.iso': No such file or directory", errors.NotFound),
        (38, "unable to open '/x.qcow2': Permission denied", errors.Denied),
        (7, "client socket is closed", errors.Disconnected),
        (1, "something that nobody has seen before", errors.Failed),
    ],
)
def test_texts_and_codes(code: int, text: str, kind: type[errors.HostelryError]) -> None:
    error = translate(made(code, text), "It failed.")
    assert type(error) is kind
    assert error.what == "It failed."
    assert error.raw == text


def test_a_missing_file_is_named() -> None:
    error = translate(made(38, "Cannot access storage file '/discs/holiday.iso': No such file or directory"), "Cannot start “x”.")
    assert error.why == "“/discs/holiday.iso” does not exist on the host."


def test_every_rule_speaks_in_sentences_and_names_codes_that_exist() -> None:
    for rule in (*CONNECTING, *BY_TEXT, *BY_CODE):
        assert rule.why.endswith(".")
        assert not rule.next_step or rule.next_step.endswith(".")
        assert all(isinstance(getattr(libvirt, code), int) for code in rule.codes)


@pytest.mark.parametrize(
    ("uri", "opened"),
    [
        ("qemu+ssh://lab1/system", "qemu+ssh://lab1/system?command=/run/x/ssh"),
        ("qemu+ssh://me@lab1:22/system?keyfile=/k%20y", "qemu+ssh://me@lab1:22/system?keyfile=/k%20y&command=/run/x/ssh"),
        ("qemu+ssh://lab1/system?no_tty=0&no_verify=1&socket=/s", "qemu+ssh://lab1/system?socket=/s&command=/run/x/ssh"),
        ("qemu+ssh://lab1/system?command=/opt/ssh", "qemu+ssh://lab1/system?command=/run/x/ssh"),
    ],
)
def test_ssh_is_ours_and_always_verifies_the_host(uri: str, opened: str) -> None:
    assert with_command(uri, "/run/x/ssh") == opened


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        (5, "no connection driver available for foo:///x", errors.Invalid),
        (38, "Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied", errors.Denied),
        (45, "authentication failed: authentication failed", errors.AuthFailed),
        (45, "authentication unavailable: no polkit agent available to authenticate action", errors.Denied),
        (38, "Cannot recv data: Host key verification failed.: Connection reset by peer", errors.AuthFailed),
        (38, "Cannot recv data: me@lab1: Permission denied (publickey,password).: Connection reset by peer", errors.AuthFailed),
        (38, "Cannot recv data: sh: 1: nc: not found: Connection reset by peer", errors.Unsupported),
        (38, "unable to connect to server at '10.0.0.1:16509': No route to host", errors.Disconnected),
        (1, "internal error: libxenlight state driver is not active", errors.Unsupported),
    ],
)
def test_texts_while_connecting(code: int, text: str, kind: type[errors.HostelryError]) -> None:
    error = translate(made(code, text), "Cannot connect.", connecting=True)
    assert type(error) is kind
    assert error.next_step
