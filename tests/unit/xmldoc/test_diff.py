"""Differences are named by what the element is, not by where it stands."""

from __future__ import annotations

from app.xmldoc import Document
from app.xmldoc.diff import differences

BEFORE = """<domain type='kvm'>
  <memory unit='KiB'>1024</memory>
  <devices>
    <disk device='disk'><target dev='vda'/></disk>
    <disk device='cdrom'><source file='/a.iso'/><target dev='sda'/></disk>
  </devices>
</domain>"""


def words(before: str, after: str) -> list[str]:
    return [difference.words() for difference in differences(Document.parse(before), Document.parse(after))]


def test_same_document_in_other_blanks() -> None:
    assert words(BEFORE, BEFORE.replace("\n", "").replace("  ", "")) == []


def test_value_text_and_removal() -> None:
    after = (
        BEFORE.replace("/a.iso", "/b.iso")
        .replace(">1024<", ">2048<")
        .replace("<disk device='disk'><target dev='vda'/></disk>", "")
    )
    assert words(BEFORE, after.replace("</devices>", "<disk device='disk'><target dev='vdb'/></disk></devices>")) == [
        "memory: 1024 → 2048",
        "devices/disk[vda]: removed (device=disk)",
        "devices/disk[sda]/source/@file: /a.iso → /b.iso",
        "devices/disk[vdb]: added (device=disk)",
    ]
