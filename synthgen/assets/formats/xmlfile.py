"""XML from strangers: no document type, so no entities that grow or that name other files."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.parsers import expat

from synthgen.errors import InputError


class _Begun(Exception):
    """The first element has come."""


def refuse_entities(data: bytes, where: str) -> None:
    """Raises InputError for what is no XML, or has a document type: entities are declared only there."""

    def refuse(*_: object) -> None:
        raise InputError.of(
            "the XML has a document type (DOCTYPE), which is not read: its entities may grow without end", where=where,
            hint="delete the line that begins with <!DOCTYPE",
        )  # fmt: skip

    def begun(*_: object) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begun
    try:
        parser.Parse(data, True)
    except _Begun:
        pass
    except expat.ExpatError as error:
        raise InputError.of(f"not XML, or cut short: {error}", where=where) from error


def read_xml(data: bytes, where: str) -> ElementTree.Element:
    """The root element; names keep their prefixes as written, declared or not (URDF files seldom declare them).

    Raises InputError where it is no XML, or has a document type.
    """
    refuse_entities(data, where)
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, AssertionError) as error:
        raise InputError.of(f"not XML, or cut short: {error}", where=where) from error
