"""Index pass to panoptic segments, in plain numpy."""

from synthgen.annotation.extents import Extents, extents
from synthgen.annotation.ids import VOID, decode_ids, encode_ids, segment_ids
from synthgen.annotation.segments import BELOW, InstancePixels, Segmentation, instance_map_to_segments

__all__ = [
    "BELOW",
    "VOID",
    "Extents",
    "InstancePixels",
    "Segmentation",
    "decode_ids",
    "encode_ids",
    "extents",
    "instance_map_to_segments",
    "segment_ids",
]
