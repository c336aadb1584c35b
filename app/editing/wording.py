"""Words for what a difference is on: the device's title, the setting's label, the value."""

from __future__ import annotations

from app.devices.catalogue import type_of
from app.devices.description import Kind
from app.devices.wording import word_of
from app.editing.declared import Setting
from app.editing.deltas import WHOLE, Delta
from app.editing.passwords import ATTRIBUTES, HIDDEN
from app.i18n import _
from app.xmldoc.document import Document, Element

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")


def device_title(document: Document, element: Element) -> str:
    """As the list names it: "Disk: 20 GiB, web.qcow2"; the tag for what has no form."""
    kind = type_of(element)
    if kind is None:
        return _("Emulator program") if element.tag == "emulator" else f"<{element.tag!s}>"
    title = kind.title(document, element) if kind.title is not None else _(kind.name)
    summary = kind.summary(document, element)
    return _("{name}: {summary}").format(name=title, summary=summary) if summary and summary != title else title


def label_of(setting: Setting | None, delta: Delta) -> str:
    """The setting's label, else libvirt's names of the place."""
    if setting is not None and setting.field is not None:
        return _(setting.field.label)
    if setting is not None and setting.table is not None:
        return _(setting.table.label)
    names = [str(delta.element.tag).rpartition("}")[2]]
    parent = delta.element.getparent()
    if parent is not None and parent.getparent() is not None and parent.tag != "devices":
        names.insert(0, str(parent.tag).rpartition("}")[2])
    if delta.attribute not in ("", WHOLE):
        names.append(f"@{delta.attribute.rpartition('}')[2]}")
    return "/".join(names)


def value_words(setting: Setting | None, document: Document, raw: str | None, attribute: str = "") -> str:
    """What a value says to people; "not said" for None."""
    if raw is None:
        return _("not said")
    if attribute in ATTRIBUTES or (setting is not None and setting.field is not None and setting.field.kind is Kind.SECRET):
        return HIDDEN
    if setting is None or setting.field is None:
        return raw or _("there")
    words = word_of(setting.field, document, setting.at)
    return size_words(words) if setting.field.kind is Kind.SIZE else words or raw or _("there")


def size_words(text: str) -> str:
    """Bytes as 4 GiB; whole numbers of the largest unit only."""
    if not text.isdecimal():
        return text
    size, power = int(text), 0
    while size and size % 1024 == 0 and power < len(_UNITS) - 1:
        size, power = size // 1024, power + 1
    return f"{size} {_UNITS[power]}"
