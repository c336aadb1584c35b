"""Which of a machine's devices a terminal can be connected to."""

from __future__ import annotations

import pytest

from app.console.text.devices import parse_devices
from app.errors import Invalid

XML = """<domain><devices>
<serial type='file'><source path='/var/log/a.log'/><target type='isa-serial' port='1'/><alias name='serial0'/></serial>
<serial type='pty'><source path='/dev/pts/3'/><target type='isa-serial' port='0'/><alias name='serial1'/></serial>
<serial type='tcp'><source mode='bind' host='127.0.0.1' service='4555'/><target port='2'/></serial>
<console type='pty'><target type='serial' port='0'/><alias name='serial1'/></console>
<console type='pty'><target type='virtio' port='1'/><alias name='console1'/></console>
<channel type='unix'><source mode='bind' path='/a'/><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
<channel type='spicevmc'><target type='virtio' name='com.redhat.spice.0'/></channel>
<channel type='unix'><source mode='bind' path='/b'/><target type='virtio' name='my.chat'/><alias name='channel2'/></channel>
<channel type='pty'><target type='virtio' name='x'/></channel>
<channel type='unix'><source mode='connect' path='/run/my.sock'/><target type='virtio' name='y'/></channel>
</devices></domain>"""


def test_titles_count_as_the_guest_does() -> None:
    assert [(device.title, device.alias) for device in parse_devices(XML) if device.opens] == [
        ("Serial 1", "serial1"), ("Console 2 (virtio)", "console1"), ("Channel my.chat", "channel2"),
    ]  # fmt: skip


def test_what_cannot_be_opened_is_listed_with_the_reason() -> None:
    reasons = {device.title: device.why_not for device in parse_devices(XML) if not device.opens}
    assert "/var/log/a.log" in reasons["Serial 2"]
    assert "127.0.0.1:4555" in reasons["Serial 3"]
    assert "agent" in reasons["Channel org.qemu.guest_agent.0"]
    assert "SPICE" in reasons["Channel com.redhat.spice.0"]
    assert "unix" in reasons["Channel x"]
    assert "/run/my.sock" in reasons["Channel y"]


def test_a_machine_with_nothing_but_a_virtio_console() -> None:
    xml = "<domain><devices><console type='pty'><target type='virtio' port='0'/></console></devices></domain>"
    assert [device.title for device in parse_devices(xml)] == ["Console 1 (virtio)"]


def test_entities_are_not_resolved() -> None:
    with pytest.raises(Invalid):
        parse_devices("<!DOCTYPE d [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><domain><devices>&b;")
