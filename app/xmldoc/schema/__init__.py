"""libvirt's RELAX NG schemas as something to ask: what may be where, and what not with what."""

from app.xmldoc.schema.datatypes import DataType
from app.xmldoc.schema.model import AttributeInfo, ElementInfo, Node, Schema, load
from app.xmldoc.schema.pattern import Where
from app.xmldoc.schema.values import ValueInfo

__all__ = ["AttributeInfo", "DataType", "ElementInfo", "Node", "Schema", "ValueInfo", "Where", "load"]
