"""Bringing a definition of the history back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.editing.passwords import put_passwords
from app.errors import Exists
from app.i18n import _
from app.virt import domains
from app.xmldoc.document import Document

if TYPE_CHECKING:
    from app.editing.session import EditSession
    from app.hosts.host import Host


def restore_as_edit(edit: EditSession, xml: str) -> None:
    """Makes the document what it was, as one step; passwords, which no history has, stay those of now.

    The machine keeps its present name.  Raises ``Invalid`` for what is no XML.
    """
    document = Document.parse(xml)
    put_passwords(document, edit.document)
    document.set("name", edit.document.get("name"))
    edit.replace(_("Restore a definition"), document.to_text())


async def bring_back(host: Host, xml: str) -> str:
    """Defines a machine that was removed; its UUID.  Raises ``Exists`` if its name or UUID is taken by now."""
    document = Document.parse(xml)
    name, uuid = document.get("name") or "", document.get("uuid") or ""
    for record in await domains.list_states(host.session):
        if record.name == name or record.uuid == uuid:
            raise Exists(
                _("“{name}” is there already.").format(name=record.name),
                next_step=_("Rename that machine, or restore this definition in its own history."),
            )
    return await domains.define(host.session, xml, validate=False)
