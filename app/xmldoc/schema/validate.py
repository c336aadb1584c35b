"""Whether a definition agrees with libvirt's schema, and what is wrong where."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from lxml import etree

from app.errors import Invalid
from app.i18n import _
from app.xmldoc.document import Document
from app.xmldoc.schema.faults import Finding, findings
from app.xmldoc.schema.folding import line_of, line_starts
from app.xmldoc.schema.model import Schema
from app.xmldoc.schema.names import name_of
from app.xmldoc.schema.tokens import Tag, read
from app.xmldoc.writer import Element

_POSITION = re.compile(r"line (\d+), column (\d+)")
_MOST = 100
"""Problems that are told."""


@dataclass(frozen=True, slots=True)
class Problem:
    """line, column: from 1.  place: "domain/devices/disk/@type".  message: for people.  raw: libxml2's own words."""

    line: int
    column: int | None
    place: str
    message: str
    raw: str = ""


class Validator:
    """``Validator(schema).problems(text)``: off the UI thread, and from one thread at a time or several.

    base: the names above the text's root, if it is a fragment; then libxml2, which knows whole documents only, is not asked.
    """

    def __init__(self, schema: Schema, base: tuple[str, ...] = ()) -> None:
        self.schema = schema
        self.base = base
        self._lock = threading.Lock()
        self._relaxng: etree.RelaxNG | None = None

    def problems(self, text: str) -> list[Problem]:
        """Nothing for a legal document.  Raises nothing for any text."""
        try:
            document = Document.parse(text)
        except Invalid as error:
            return [_syntax_problem(error)]
        raw = self._libxml2(document.root)
        if raw is None:
            return []
        found = []
        for finding in findings(self.schema, document.root, self.base):
            found.append(finding)
            if len(found) >= _MOST:
                break
        places = _Positions(text, document.root)
        if found:
            return [places.problem(finding, raw) for finding in found]
        return [_as_it_is(raw)] if raw else []

    def _libxml2(self, root: Element) -> str | None:
        """Its words if the document is not legal, None if it is; "" if it cannot say."""
        if self.base:
            return ""
        with self._lock:
            try:
                relaxng = self._relaxng = self._relaxng or etree.RelaxNG(file=str(self.schema.file))
                if relaxng.validate(root):
                    return None
            except etree.RelaxNGError:  # a schema that it cannot read or is not up to: the model alone decides
                return ""
            return "\n".join(f"{entry.line}: {entry.message}" for entry in list(relaxng.error_log)[:10])


class _Positions:
    """Where elements and attributes are in the text: lxml tells only lines, and those of the end of a tag."""

    def __init__(self, text: str, root: Element) -> None:
        self._starts = line_starts(text)
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
        tags = read(text).tags
        self._tags: dict[Element, Tag] = dict(zip(elements, tags, strict=True)) if len(elements) == len(tags) else {}

    def problem(self, finding: Finding, raw: str) -> Problem:
        """The finding with its place."""
        line, column = self._position(finding)
        return Problem(line, column, _place(finding), finding.message, raw)

    def _position(self, finding: Finding) -> tuple[int, int | None]:
        tag = self._tags.get(finding.element)
        if tag is None:
            line: object = finding.element.sourceline
            return (line if isinstance(line, int) else 1), None
        named = name_of(finding.attribute).rpartition("}")[2].rpartition(":")[2]
        offset = next((each.start for each in tag.attributes if named and each.name.rpartition(":")[2] == named), tag.start)
        line_number = line_of(self._starts, offset)
        return line_number + 1, offset - self._starts[line_number] + 1


def _place(finding: Finding) -> str:
    chain = [finding.element, *finding.element.iterancestors()][::-1]
    names = [name_of(str(element.tag)) for element in chain]
    return "/".join([*names, *([f"@{name_of(finding.attribute)}"] if finding.attribute else [])])


def _syntax_problem(error: Invalid) -> Problem:
    """libxml2's words are the best there are; without the place, which is said beside."""
    match = _POSITION.search(error.raw)
    line, column = (int(match[1]), int(match[2])) if match else (1, None)
    said = _POSITION.sub("", error.raw.split(" (<string>")[0]).strip(" ,")
    message = _("This is not valid XML: {reason}.").format(reason=said) if said and match else str(error)
    return Problem(line, column, "", message, error.raw)


def _as_it_is(raw: str) -> Problem:
    first = raw.partition("\n")[0]
    line, _colon, words = first.partition(": ")
    message = _("This does not agree with libvirt's schema: {reason}.").format(reason=words or first)
    return Problem(int(line) if line.isdigit() else 1, None, "", message, raw)
