"""Pictures of the sections with editors of their own."""

from __future__ import annotations

from app.devices.offers import Cell, Named, Offers
from app.xmldoc.document import Document
from tests.ui.details_world import session_of, view_of
from tests.ui.gallery import Studio, scene
from ui.details.view import DetailsView

MACHINE = """<domain type='kvm'>
  <name>edited</name>
  <metadata>
    <hostelry:hostelry xmlns:hostelry='https://hostelry.github.io/xmlns/1'>
      <hostelry:notes># Web server\n\nAsk **Jane** before a restart.\n\n- backup at 3:00\n- [wiki](https://wiki.example.org)\n\n&lt;img src="x"&gt;</hostelry:notes>
      <hostelry:tag>production</hostelry:tag>
    </hostelry:hostelry>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://debian.org/debian/12"/>
    </libosinfo:libosinfo>
  </metadata>
  <memory unit='KiB'>4194304</memory>
  <vcpu>8</vcpu>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='custom'>
    <model>Haswell</model>
    <feature policy='require' name='vmx'/>
    <feature policy='disable' name='hle'/>
    <numa>
      <cell id='0' cpus='0-3' memory='2097152' unit='KiB'/>
      <cell id='1' cpus='4-7' memory='1048576' unit='KiB'/>
    </numa>
  </cpu>
  <numatune><memnode cellid='0' mode='strict' nodeset='1'/></numatune>
  <devices>
    <interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/><model type='virtio'/></interface>
    <interface type='user'><mac address='52:54:00:00:00:02'/><backend type='passt'/>
      <portForward proto='tcp'><range start='2222' to='22'/></portForward></interface>
    <graphics type='vnc' port='-1' autoport='yes'><listen type='address' address='0.0.0.0'/></graphics>
    <graphics type='spice' port='-1' autoport='yes'><listen type='address' address='127.0.0.1'/></graphics>
    <hostdev mode='subsystem' type='pci' managed='yes'>
      <source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source></hostdev>
  </devices>
</domain>
"""
PCI = tuple(
    Named(f"0000:0{bus}:00.{function}", f"0000:0{bus}:00.{function} {title}", why,
          f"<address domain='0x0000' bus='0x0{bus}' slot='0x00' function='0x{function}'/>", group)
    for bus, function, title, why, group in (
        (1, 0, "NVIDIA Corporation GA104 [GeForce RTX 3070]", "", "12"),
        (1, 1, "NVIDIA Corporation GA104 High Definition Audio Controller", "", "12"),
        (2, 0, "Intel Corporation 82576 Gigabit Network Connection", "“web-server” has it.", "13"),
        (3, 0, "Samsung Electronics NVMe SSD Controller SM981/PM981/PM983", "", "14"),
    )
)  # fmt: skip
OFFERS = Offers(
    libvirt=(11, 0, 0),
    driver="QEMU",
    names={
        "networks": (Named("default", "default"), Named("lab", "lab (not active)")),
        "bridges": (Named("br0"),),
        "interfaces": (Named("eno1"), Named("wlp3s0")),
        "cpu-features": tuple(Named(name) for name in ("aes", "apic", "avx", "avx2", "vmx", "xsave", "sse4.2", "rtm")),
        "pci": PCI,
    },
    cells=(Cell(0, 64 << 20, tuple(range(16))), Cell(1, 64 << 20, tuple(range(16, 32)))),
    cpus=32,
)


async def opened(studio: Studio, offers: Offers = OFFERS) -> DetailsView:
    """The view alone."""
    view = view_of(session_of(MACHINE, offers), studio.folder / "editors")
    view.resize(980, 760)
    await view.load()
    view.show()
    return view


def farther(document: Document) -> None:
    """Cell 1 is 21 from cell 0."""
    for place, (own, other) in enumerate(((10, 21), (21, 10)), 1):
        for number, value in enumerate((own, other)):
            document.set(f"cpu/numa/cell[{place}]/distances/sibling[@id='{number}']/@value", str(value))


@scene
async def details_editors(studio: Studio) -> None:
    """Each of them."""
    view = await opened(studio)
    for name, key in (
        ("network", "devices/interface[1]"), ("network-user", "devices/interface[2]"), ("display", "devices/graphics[1]"),
        ("numa", "numa"), ("features", "cpu"), ("notes", "overview"), ("metadata", "metadata"), ("pci", "devices/hostdev"),
    ):  # fmt: skip
        assert view.list.choose(key), key
        if name == "numa":
            view.session.edit("x", farther)
        await studio.shoot(f"details-editor-{name}", view)
    view.end()
    view.hide()
    view.deleteLater()
