"""What is noted about a machine's seed disc, in our element of its ``<metadata>``.

There it survives this program, and everyone who manages the host sees it:
``<hostelry:hostelry><hostelry:seed path='/pool/hostelry-seed-1f.iso' target='sdb' state='attached'/></hostelry:hostelry>``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath

from app.install.seed.disc import PREFIX
from app.xmldoc import Document

_OURS = re.compile(re.escape(PREFIX) + r"[\w.-]*\.iso")


class State(Enum):
    """attached: the machine never ran with it.  started: it did, and cloud-init may be at work."""

    ATTACHED = "attached"
    STARTED = "started"


@dataclass(frozen=True, slots=True)
class Note:
    """path: as the host sees it.  target: the drive ("sdb").  volume: it lies in a pool of the host, else here."""

    path: str
    target: str
    state: State = State.ATTACHED
    volume: bool = True

    @property
    def deletable(self) -> bool:
        """Whether the file is one that this program made, by its name: everybody who may edit a definition may write
        a path into it, and no other file is to be deleted for that."""
        return bool(_OURS.fullmatch(PurePath(self.path).name)) and ".." not in PurePath(self.path).parts


def read(metadata: str) -> Note | None:
    """The note in our element of the metadata, as ``domains.metadata`` gives it; None without one that makes sense."""
    if not metadata:
        return None
    document = Document.parse(metadata)
    path, target = document.get("seed/@path"), document.get("seed/@target")
    words = {state.value: state for state in State}
    state = words.get(document.get("seed/@state") or "")
    if not path or not target or state is None:
        return None
    return Note(path, target, state, document.get("seed/@volume") != "no")


def written(metadata: str, note: Note | None) -> str:
    """Our element with the note, or without any; everything else in it as it was.  Empty when nothing is left."""
    document = Document.parse(metadata or "<hostelry/>")
    document.remove("seed")
    if note is not None:
        _put(document, "seed", note)
    return document.to_text() if len(document.root) else ""


def put_into(definition: Document, note: Note) -> None:
    """Notes it in the definition of a machine that is to be made."""
    _put(definition, "metadata/hostelry:hostelry/hostelry:seed", note)


def _put(document: Document, place: str, note: Note) -> None:
    document.set(f"{place}/@path", note.path)
    document.set(f"{place}/@target", note.target)
    document.set(f"{place}/@state", note.state.value)
    if not note.volume:
        document.set(f"{place}/@volume", "no")
