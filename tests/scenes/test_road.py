"""What the recipes of scenes/road plan is sound, and shows what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from synthgen.scene.pose import array
from synthgen.verification.embree import PlacedShapes, Placement
from synthgen.verification.raycast import Shapes
from tests.scenes.planned import check_promises, check_sound, of, scenes


@pytest.mark.parametrize("name", of("road"))
def test_nothing_floats_sinks_or_overlaps(name: str) -> None:
    check_sound(name)


@pytest.mark.parametrize("name", of("road"))
def test_what_a_recipe_promises_occurs(name: str) -> None:
    check_promises(name)


STANDING = {"car", "van", "truck", "bus", "person", "bench", "bin", "street light", "traffic light", "traffic sign"}
FLAT = {"lane marking", "crossing", "manhole"}
"""What is laid on the ground: a thing stands on the ground below it."""


@pytest.mark.parametrize("name", of("road"))
def test_what_stands_in_a_street_says_on_what(name: str) -> None:
    """The ground below its place, as rays find it."""
    store, planned = scenes(name)
    spec, shapes = planned[0], Shapes(store)
    by_number = {i.number: i for i in spec.instances}
    standing = [i for i in spec.instances if "on" in i.relations and "place" in i.attributes]
    silent = {i.category for i in spec.instances if not {"on", "mounted_on"} & set(i.relations) and i.part_of is None}
    assert not STANDING & silent
    assert len(standing) > 100
    grounds = {i.relations["on"] for i in standing} | {i.number for i in spec.instances if i.category in FLAT}
    laid = [o for o in spec.objects if o.number in grounds]
    placed = PlacedShapes([Placement(shapes.shape(spec.meshes[o.mesh]), array(o.transform)) for o in laid])
    origins = np.add([i.attributes["place"] for i in standing], (0.0, 0.0, 0.5))
    hits = placed.intersect(origins, np.broadcast_to((0.0, 0.0, -1.0), origins.shape))
    for thing, hit in zip(standing, hits.placement.tolist(), strict=True):
        below = by_number[laid[hit].number]
        said = by_number[thing.relations["on"]]
        assert below.category in FLAT or below is said, f"{thing.category} {thing.number} is on {below.category}"
