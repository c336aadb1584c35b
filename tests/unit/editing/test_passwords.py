"""Secrets of a definition, wherever libvirt lets one stand: kept nowhere, shown nowhere, and not lost by restoring."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import etree

from app.editing.command import commands_of
from app.editing.history import History
from app.editing.merge import merge
from app.editing.passwords import hidden, put_passwords, without_passwords
from app.editing.pending import pending_of
from app.editing.plan import plan
from app.xmldoc.document import Document

QEMU = "http://libvirt.org/schemas/domain/qemu/1.0"


def machine(secret: str, *, cookie: str = "c", title: str = "t") -> str:
    """One with a QEMU argument, and a disk that is asked for with a cookie."""
    return f"""<domain type='qemu' xmlns:qemu='{QEMU}'>
  <name>a</name>
  <title>{title}</title>
  <devices>
    <disk type='network' device='disk'>
      <source protocol='https' name='x'>
        <host name='h'/>
        <cookies>
          <cookie name='session'>{cookie}</cookie>
        </cookies>
      </source>
      <target dev='vda' bus='virtio'/>
    </disk>
  </devices>
  <qemu:commandline>
    <qemu:arg value='-object'/>
    {secret}
  </qemu:commandline>
</domain>
"""


ARGUMENTS = [
    "<qemu:arg value='secret,id=a,data=hunter2'/>",
    "<qemu:arg value='secret,data=a,,hunter2,id=a'/>",
    "<qemu:arg value='qom-type=secret,id=a,data=hunter2'/>",
    "<qemu:arg value='vnc=:1,password=hunter2,x=y'/>",
    """<qemu:arg value='{"qom-type":"secret","id":"a","data":"hunter2"}'/>""",
    """<qemu:arg value='{"driver":"http","file":{"password": "hunter2"}}'/>""",
    "<qemu:arg value='file=https://user:hunter2@host/x.iso,format=raw'/>",
    "<qemu:env name='PROXY_PASSWORD' value='hunter2'/>",
]


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_a_secret_is_nowhere_but_in_the_machine(tmp_path: Path, argument: str) -> None:
    plain = argument.replace("hunter2", "other1")
    first, second = machine(plain, cookie="other2"), machine(argument, cookie="hunter2")
    old, new = Document.parse(first), Document.parse(second)
    assert "hunter2" not in History(tmp_path).keep("h", "u", "a", second).read_text()
    assert "hunter2" not in hidden(new, old).to_text()
    assert hidden(new, old).to_text() != hidden(old).to_text(), "that it is another one is shown"
    changes = plan(old, new, None).changes
    assert changes
    told = [change.words + change.reason for change in changes]
    told += [command.words + command.line + command.note for command in commands_of(plan(old, new, None), "qemu:///system")]
    waiting = pending_of(old, new)
    assert waiting
    told += [one.live + one.next for one in waiting]
    removed = Document.parse(second)
    removed.remove("qemu:commandline")
    removed.remove("devices/disk")
    told += [change.words for change in plan(new, removed, None).changes]
    told += [command.line for command in commands_of(plan(removed, new, None), "qemu:///system")]
    conflicts = merge(Document.parse(machine(argument.replace("hunter2", "base"), cookie="base")), new, old).conflicts
    assert conflicts
    told += [conflict.words() for conflict in conflicts]
    gone = Document.parse(machine("<qemu:arg value='x'/>"))
    gone.remove("devices/disk")
    told += [conflict.words() for conflict in merge(old, new, gone).conflicts]
    assert not [text for text in told if "hunter2" in text]


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_restoring_keeps_the_secrets_of_now(argument: str) -> None:
    now = machine(argument, cookie="hunter2")
    kept = Document.parse(without_passwords(now).replace("<title>t<", "<title>old<"))
    put_passwords(kept, Document.parse(now))
    assert etree.canonicalize(kept.to_text()) == etree.canonicalize(now.replace("<title>t<", "<title>old<"))


def test_what_is_no_secret_stays() -> None:
    text = machine("<qemu:arg value='secret,id=a,file=/x'/><qemu:arg value='tls-creds,password-secret=a'/>", cookie="c")
    without = without_passwords(text)
    assert without == text.replace(">c<", ">removed<")
    assert without_passwords(without) == without


def test_long_arguments_are_read_in_bounded_time() -> None:
    for part in ("secret,", "a=,", "secret,a=,,", "password=,,", "data=,", "://a:", "{"):
        text = machine(f"<qemu:arg value='secret,{part * 20_000}'/>")
        began = time.process_time()
        without_passwords(text)
        assert time.process_time() - began < 2, part
