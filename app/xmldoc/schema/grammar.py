"""Reads RELAX NG's XML files into patterns: includes, overrides, combined definitions, nested grammars."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from app.errors import Invalid
from app.i18n import _
from app.xmldoc.schema import pattern as p
from app.xmldoc.schema.datatypes import DataType
from app.xmldoc.writer import Element

RNG = "{http://relaxng.org/ns/structure/1.0}"
_NAMES = {RNG + name for name in ("name", "anyName", "nsName", "choice", "except")}
_START = "<start>"
"""The name under which a grammar's start is kept; no definition can have it."""


class Grammar:
    """The definitions of one grammar; ``parent`` is the one around it."""

    def __init__(self, parent: Grammar | None = None) -> None:
        self._parent = parent
        self._parts: dict[str, list[Element]] = {}
        self._made: dict[str, p.Pattern] = {}
        self._under_way: set[str] = set()

    @classmethod
    def read(cls, file: Path) -> Grammar:
        """The grammar of a file.  Raises ``Invalid``."""
        root = _parse(file)
        if root.tag != RNG + "grammar":
            raise Invalid(_("“{file}” is no grammar.").format(file=file))
        grammar = cls()
        grammar.take(root)
        return grammar

    def take(self, parent: Element, without: frozenset[str] = frozenset()) -> None:
        """Adds the definitions below ``parent``, but for those that are overridden."""
        for node in parent.iterchildren(RNG + "*"):
            if node.tag == RNG + "include":
                self._include(node, without)
            elif node.tag == RNG + "div":
                self.take(node, without)
            elif node.tag in (RNG + "define", RNG + "start"):
                name = _defined(node)
                if name not in without:
                    self._parts.setdefault(name, []).append(node)

    def _include(self, node: Element, without: frozenset[str]) -> None:
        """The file's definitions, with those inside ``node`` in place of the file's own."""
        overriding = frozenset(_defined(each) for each in node.iter(RNG + "define", RNG + "start"))
        self.take(_parse(_file_of(node)), without | overriding)
        self.take(node, without)

    def start(self) -> p.Pattern:
        """What a document is."""
        return self.define(_START)

    def names(self) -> tuple[str, ...]:
        """Of all definitions."""
        return tuple(name for name in self._parts if name != _START)

    def define(self, name: str) -> p.Pattern:
        """The pattern of a definition; one that refers to itself outside of elements is impossible."""
        if name in self._under_way:
            return p.NOT_ALLOWED
        if name not in self._made:
            self._under_way.add(name)
            self._made[name] = self._combined(name)
            self._under_way.discard(name)
        return self._made[name]

    def outer(self, name: str) -> p.Pattern:
        """A definition of the grammar around this one."""
        return self._parent.define(name) if self._parent is not None else p.NOT_ALLOWED

    def _combined(self, name: str) -> p.Pattern:
        nodes = self._parts.get(name, [])
        made = [self.compile_all(node) for node in nodes]
        if len(made) < 2:
            return made[0] if made else p.NOT_ALLOWED
        how = next((node.get("combine") for node in nodes if node.get("combine")), "choice")
        return p.choice(made) if how == "choice" else p.sequence(made, mingled=True)

    def compile_all(self, parent: Element) -> p.Pattern:
        """The patterns below ``parent``, one after the other."""
        return p.sequence(self.compile_each(parent))

    def compile_each(self, parent: Element) -> Iterator[p.Pattern]:
        """The patterns below ``parent``; names and parameters are none."""
        for node in parent.iterchildren(RNG + "*"):
            make = _MAKERS.get(str(node.tag)[len(RNG) :])
            if make is not None and not _is_name(node):
                yield make(self, node)


def _parse(file: Path) -> Element:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
        return etree.parse(str(file), parser).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise Invalid(_("libvirt's schema “{file}” cannot be read.").format(file=file), raw=str(error)) from error


def _file_of(node: Element) -> Path:
    """The file that an include names, beside the file that it stands in."""
    here = Path(str(node.getroottree().docinfo.URL))
    return here.parent / str(node.get("href", ""))


def _defined(node: Element) -> str:
    return _START if node.tag == RNG + "start" else str(node.get("name", "")).strip()


def _is_name(node: Element) -> bool:
    """Whether ``node`` is the name of the element or attribute that it stands in, and no pattern."""
    parent = node.getparent()
    if parent is None or parent.tag not in (RNG + "element", RNG + "attribute") or parent.get("name") is not None:
        return False
    return node.tag in _NAMES and next(parent.iterchildren(RNG + "*"), None) is node


def _named(grammar: Grammar, node: Element, kind: Callable[..., p.Named], default: p.Pattern) -> p.Named:
    def content() -> p.Pattern:
        return p.sequence(made) if (made := list(grammar.compile_each(node))) else default

    return kind(_name_class_of(node), content, _where(node), _description(node))


def _where(node: Element) -> p.Where:
    define = next((str(above.get("name")) for above in node.iterancestors(RNG + "define")), "")
    return p.Where(Path(str(node.getroottree().docinfo.URL)).name, _line(node), define)


def _line(node: Element) -> int:
    line: object = node.sourceline
    return line if isinstance(line, int) else 0


def _description(node: Element) -> str:
    """The comment before ``node``, or before the definition that is nothing but it."""
    parent = node.getparent()
    only = parent is not None and parent.tag in (RNG + "define", RNG + "optional") and len(parent.findall("*")) == 1
    text = _comment_before(node) or (_description(parent) if only and parent is not None else "")
    return " ".join(text.split())


def _comment_before(node: Element) -> str:
    before = node.getprevious()
    return str(before.text or "") if isinstance(before, etree._Comment) else ""


def _name_class_of(node: Element) -> p.NameClass:
    if node.get("name") is not None:
        name = str(node.get("name")).strip()
        namespace = node.get("ns", "") if node.tag == RNG + "attribute" else _inherited(node, "ns")
        return p.NameClass(frozenset((_tag(node, name, str(namespace)),)))
    first = next(node.iterchildren(RNG + "*"), None)
    return p.NameClass() if first is None else _name_class(first)


def _tag(node: Element, name: str, namespace: str) -> str:
    prefix, colon, local = name.partition(":")
    if colon:
        namespace, name = str(node.nsmap.get(prefix, "")), local
    return f"{{{namespace}}}{name}" if namespace else name


def _name_class(node: Element) -> p.NameClass:
    kind = str(node.tag)[len(RNG) :]
    namespace = _inherited(node, "ns")
    if kind == "name":
        return p.NameClass(frozenset((_tag(node, (node.text or "").strip(), namespace),)))
    inside = [_name_class(child) for child in node.iterchildren(RNG + "*") if child.tag != RNG + "except"]
    excepted = next((_name_class(child) for child in node.iterchildren(RNG + "except")), None)
    if kind == "nsName":
        return p.NameClass(namespaces=frozenset((namespace,)), excepted=excepted)
    if kind == "anyName":
        return p.NameClass(anything=True, excepted=excepted)
    return p.NameClass(
        frozenset().union(*(each.names for each in inside)),
        frozenset().union(*(each.namespaces for each in inside)),
        any(each.anything for each in inside),
    )


def _inherited(node: Element, name: str) -> str:
    """An attribute of ``node`` or of what is around it."""
    above: Element | None = node
    while above is not None:
        value = above.get(name)
        if value is not None:
            return str(value)
        above = above.getparent()
    return ""


def _element(grammar: Grammar, node: Element) -> p.Pattern:
    return _named(grammar, node, p.Element, p.EMPTY)


def _attribute(grammar: Grammar, node: Element) -> p.Pattern:
    return _named(grammar, node, p.Attribute, p.Text())


def _ref(grammar: Grammar, node: Element) -> p.Pattern:
    return grammar.define(str(node.get("name", "")).strip())


def _value(_grammar: Grammar, node: Element) -> p.Pattern:
    kind = node.get("type")
    library = _inherited(node, "datatypeLibrary") if kind else ""
    return p.Value(node.text or "", token=kind is None or (kind == "token" or (bool(library) and kind != "string")))


def _data(grammar: Grammar, node: Element) -> p.Pattern:
    params = tuple((str(param.get("name")), param.text or "") for param in node.iterchildren(RNG + "param"))
    excepted = next((p.choice(grammar.compile_each(each)) for each in node.iterchildren(RNG + "except")), None)
    return p.Data(DataType(str(node.get("type", "string")), _where(node).define, params), excepted)


def _nested(grammar: Grammar, node: Element) -> p.Pattern:
    inner = Grammar(grammar)
    inner.take(node)
    return inner.start()


def _external(grammar: Grammar, node: Element) -> p.Pattern:
    root = _parse(_file_of(node))
    make = _MAKERS.get(str(root.tag)[len(RNG) :])
    return make(Grammar(), root) if make is not None else p.NOT_ALLOWED


def _all(grammar: Grammar, node: Element) -> p.Pattern:
    return grammar.compile_all(node)


def _zero_or_more(grammar: Grammar, node: Element) -> p.Pattern:
    return p.optional(p.many(grammar.compile_all(node)))


def _mixed(grammar: Grammar, node: Element) -> p.Pattern:
    return p.sequence((p.Text(), grammar.compile_all(node)), mingled=True)


def _interleave(grammar: Grammar, node: Element) -> p.Pattern:
    return p.sequence(grammar.compile_each(node), mingled=True)


_MAKERS: dict[str, Callable[[Grammar, Element], p.Pattern]] = {
    "element": _element,
    "attribute": _attribute,
    "ref": _ref,
    "parentRef": lambda grammar, node: grammar.outer(str(node.get("name", "")).strip()),
    "externalRef": _external,
    "grammar": _nested,
    "value": _value,
    "data": _data,
    "text": lambda _grammar, _node: p.Text(),
    "empty": lambda _grammar, _node: p.EMPTY,
    "notAllowed": lambda _grammar, _node: p.NOT_ALLOWED,
    "list": lambda grammar, node: p.Words(grammar.compile_all(node)),
    "choice": lambda grammar, node: p.choice(grammar.compile_each(node)),
    "group": _all,
    "interleave": _interleave,
    "optional": lambda grammar, node: p.optional(grammar.compile_all(node)),
    "zeroOrMore": _zero_or_more,
    "oneOrMore": lambda grammar, node: p.many(grammar.compile_all(node)),
    "mixed": _mixed,
}


