"""Populators fill the slots of a layout with assets, so that nothing overlaps."""

from synthgen.placement import cyclists as cyclists
from synthgen.placement import drop as drop
from synthgen.placement import furniture as furniture
from synthgen.placement import inspect as inspect
from synthgen.placement import lane_traffic as lane_traffic
from synthgen.placement import lay as lay
from synthgen.placement import litter as litter
from synthgen.placement import overhead as overhead
from synthgen.placement import pallets as pallets
from synthgen.placement import parked as parked
from synthgen.placement import pedestrians as pedestrians
from synthgen.placement import planogram as planogram
from synthgen.placement import scatter as scatter
from synthgen.placement import signs as signs
from synthgen.placement import street_lamps as street_lamps
from synthgen.placement import traffic_lights as traffic_lights
from synthgen.placement import trees as trees
from synthgen.placement.registry import POPULATORS, find_populator

__all__ = ["POPULATORS", "find_populator"]
