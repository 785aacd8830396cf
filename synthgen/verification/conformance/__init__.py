"""Small scenes that a label must get right, each with what it proves; see docs/labels.md."""

from collections.abc import Callable

from synthgen.assets.store import Store
from synthgen.verification.conformance import optics, placing, surfaces
from synthgen.verification.conformance.setting import Conformance, Expectation, Seen

SCENES: dict[str, Callable[[Store], Conformance]] = {
    "silhouettes": surfaces.silhouettes,
    "leaf card": surfaces.leaf_card,
    "chain-link fence": surfaces.chain_link_fence,
    "glass, solid": surfaces.solid_glass,
    "glass, see-through": surfaces.see_through_glass,
    "thin wires": surfaces.thin_wires,
    "cut-out stack": surfaces.cut_out_stack,
    "see-through stack": surfaces.see_through_stack,
    "touching": placing.touching,
    "coincident": placing.coincident,
    "decal": placing.decal,
    "near and far plane": placing.clipping,
    "frame edge": placing.frame_edge,
    "one pixel": placing.one_pixel,
    "mirrored": placing.mirrored,
    "500 copies": placing.copies,
    "gap volume": placing.gap_volume,
    "only in a mirror": optics.only_in_mirror,
    "emissive": optics.emissive,
    "haze": optics.haze,
    "depth of field": optics.depth_of_field,
    "motion blur": optics.motion_blur,
    "moving camera": optics.moving_camera,
    "all together": optics.blurred_behind_glass,
}
"""By name; each builds one scene, its meshes and images kept in the store."""

__all__ = ["SCENES", "Conformance", "Expectation", "Seen"]
