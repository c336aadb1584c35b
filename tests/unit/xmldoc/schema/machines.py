"""Definitions for the tests of the schema."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

from app.xmldoc import Document
from app.xmldoc.schema import load
from app.xmldoc.schema.inspector import Inspector
from app.xmldoc.schema.places import places
from app.xmldoc.writer import Element

SCHEMA = load()
MINIMAL = """<domain type='kvm'>
  <name>a</name>
  <memory>1</memory>
  <os>
    <type>hvm</type>
  </os>
</domain>
"""
CONTAINER = MINIMAL.replace("hvm", "exe").replace("kvm", "lxc")
ODD = """<domain type='kvm' foreign='yes'>
  <!-- first -->
  <name>a</name>
  <metadata>
    <x:y xmlns:x="urn:x"><z a="1"/></x:y>
  </metadata>
  <memory>1</memory>
  <os>
    <type arch='x86_64'>hvm</type><!-- beside -->
  </os>
  <strange a='b'>text</strange>
  <devices>
    <!-- the disk -->
    <disk type='file'  device='disk'>
      <source file='/a&amp;b.img'/>
      <unheard of='it'/>
      <target dev='vda'/>
    </disk>
    <interface type='user'/>
  </devices>
</domain>
"""
_RELAXNG = etree.RelaxNG(file=str(SCHEMA.file))


@lru_cache(maxsize=1)
def reached() -> dict[str, str]:
    """For every place of the schema a definition that has it."""
    found = {}
    for place in sorted(places(SCHEMA)):
        document = Document.parse(minimal_for(place))
        Inspector(document, SCHEMA).reach(place)
        found[place] = document.to_text()
    return found


def is_legal(root: Element) -> bool:
    """What libxml2 says."""
    return bool(_RELAXNG.validate(root))


def minimal_for(place: str) -> str:
    """The smallest definition in which ``place`` is possible: programs of containers exclude guests with firmware."""
    return CONTAINER if re.match("domain/os/init(?!rd)", place) else MINIMAL


def big(disks: int) -> str:
    """A definition with ``disks`` times ten lines of devices."""
    device = """    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='none' io='native' discard='unmap'/>
      <source file='/var/lib/libvirt/images/{n}.qcow2'/>
      <target dev='vd{n}' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x04' slot='0x00' function='0x0'/>
    </disk>
    <interface type='network'>
      <mac address='52:54:00:00:00:01'/>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
"""
    devices = "".join(device.format(n=n) for n in range(disks))
    return MINIMAL.replace("</domain>", f"  <devices>\n{devices}  </devices>\n</domain>")
