"""Populators fill the slots of a layout with assets, so that nothing overlaps."""

from synthgen.placement import lane_traffic as lane_traffic
from synthgen.placement import parked as parked
from synthgen.placement import pedestrians as pedestrians
from synthgen.placement import trees as trees
from synthgen.placement.registry import POPULATORS, find_populator

__all__ = ["POPULATORS", "find_populator"]
