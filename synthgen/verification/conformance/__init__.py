"""Small scenes that a label must get right, each with what it proves; see docs/labels.md."""

from collections.abc import Callable

from synthgen.assets.store import Store
from synthgen.verification.conformance import optics, placing, surfaces
from synthgen.verification.conformance.setting import Conformance, Expectation, Seen

SCENES: tuple[Callable[[Store], Conformance], ...] = (
    surfaces.silhouettes,
    surfaces.leaf_card,
    surfaces.chain_link_fence,
    surfaces.solid_glass,
    surfaces.see_through_glass,
    surfaces.thin_wires,
    surfaces.cut_out_stack,
    surfaces.see_through_stack,
    placing.touching,
    placing.coincident,
    placing.decal,
    placing.near_plane,
    placing.frame_edge,
    placing.one_pixel,
    placing.mirrored,
    placing.copies,
    placing.gap_volume,
    optics.only_in_mirror,
    optics.emissive,
    optics.haze,
    optics.depth_of_field,
    optics.motion_blur,
    optics.moving_camera,
    optics.blurred_behind_glass,
)
"""Each builds one scene with meshes and images kept in the store."""

__all__ = ["SCENES", "Conformance", "Expectation", "Seen"]
