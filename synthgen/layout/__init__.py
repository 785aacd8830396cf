"""Layouts know a domain's geometry: they build its surfaces and return named slots for populators to fill."""

from synthgen.layout import hall as hall
from synthgen.layout import station as station
from synthgen.layout import store as store
from synthgen.layout import street as street
from synthgen.layout import table as table
from synthgen.layout.registry import LAYOUTS, find_layout

__all__ = ["LAYOUTS", "find_layout"]
