"""Remembered USB devices are plugged in when their machine starts; the host's answers are played."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.editing import usb_keeper
from app.editing.usb_keeper import UsbKeepers
from app.editing.usb_memory import By, memory_of, remember
from app.hosts.host_list import HostList
from app.virt import domains, host_devices
from app.virt.host_devices import HostDevice
from app.virt.session import Session
from app.xmldoc.document import Document
from tests.unit.editing.machine import until
from tests.unit.editing.test_usb_memory import device


@pytest.mark.parametrize("by", [By.SERIAL, By.PORT, By.PRODUCT])
def test_plugged_in_at_the_start_of_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: By) -> None:
    attached: list[str] = []

    async def list_devices(_session: Session) -> list[HostDevice]:
        return [device(3, "other"), device(7)] if by is By.SERIAL else [device(7)]

    async def attach_device(_session: Session, _uuid: str, xml: str, *, live: bool, config: bool) -> None:
        assert (live, config) == (True, False)
        attached.append(xml)

    monkeypatch.setattr(host_devices, "list_devices", list_devices)
    monkeypatch.setattr(domains, "attach_device", attach_device)
    monkeypatch.setattr(usb_keeper, "PAUSE_S", 0.01)

    async def run() -> None:
        driver = tmp_path / "node.xml"
        driver.write_text("<node/>")
        hosts = HostList()
        keepers = UsbKeepers(hosts)
        host = hosts.add(f"test://{driver}")
        await host.connect()
        await host.refresh()
        document = Document.parse("<domain type='test'><name>a</name><memory>65536</memory><os><type>hvm</type></os><devices/></domain>")
        remember(document, memory_of(device(), by))
        uuid = await domains.define(host.session, document.to_text(), validate=False)
        await domains.start(host.session, uuid)
        if by is By.PRODUCT:  # libvirt does that by itself
            await asyncio.sleep(0.3)
            assert attached == []
        else:
            await until(lambda: attached)
            assert "device='7'" in attached[0]
        keepers.close()
        await hosts.close()

    asyncio.run(run())
