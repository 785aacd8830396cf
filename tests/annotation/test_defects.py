"""Which defects a view shows: those with pixels in its label map, and no others."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.annotation import instance_map_to_segments
from synthgen.annotation.defects import DEFECT, defects_in_view
from synthgen.procedural.workpieces.defects import TYPES
from synthgen.scene.spec import Instance
from synthgen.taxonomy import load_taxonomy

FACTORY = load_taxonomy("factory")
INSTANCES = (
    Instance(1, "floor"),
    Instance(2, "part"),
    Instance(3, "scratch", part_of=2, attributes={"severity": 0.4}),
    Instance(4, "scratch", part_of=2),
    Instance(5, "missing feature", part_of=2),
    Instance(6, "wrong part"),
)


def numbers() -> np.ndarray:
    """Scratch 3 has two pixels, the wrong part six; 4 and 5 are not in view."""
    found = np.ones((6, 8), dtype=np.int32)
    found[2:5, 1:5] = 2
    found[3, 2:4] = 3
    found[0:2, 5:8] = 6
    return found


def shown(**how: object) -> dict[int, tuple[int, bool]]:
    found = instance_map_to_segments(numbers(), INSTANCES, FACTORY, image_id=1, **how)  # type: ignore[arg-type]
    return {d.instance.number: (d.pixels, d.visible) for d in defects_in_view(INSTANCES, FACTORY, found)}


def test_a_defect_without_a_pixel_is_said_not_to_be_visible() -> None:
    assert shown() == {3: (2, True), 4: (0, False), 5: (0, False), 6: (6, True)}


@pytest.mark.parametrize(("below", "visible"), [("void", False), ("crowd", True), ("keep", True)])
def test_what_became_void_is_not_visible_and_what_joined_a_crowd_is(below: str, visible: bool) -> None:
    assert shown(min_area=3, below=below)[3] == (2, visible)


def test_the_taxonomy_says_what_a_defect_is() -> None:
    assert {c.name for c in FACTORY.categories if c.supercategory == DEFECT} == set(TYPES)
