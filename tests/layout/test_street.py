"""The street's plan: slots where traffic expects them, ground without gaps or doubles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthgen.errors import InputError
from synthgen.layout import find_layout
from synthgen.layout.slots import Line
from synthgen.layout.street.dimensions import Street
from synthgen.layout.street.places import slots
from synthgen.recipe import Block, Params
from synthgen.scene.pose import array
from synthgen.scene.spec import SceneSpec
from tests.planning.town import GREEN, planned, scenes, town

STREETS = st.builds(
    Street,
    length=st.floats(150, 400),
    lanes=st.sampled_from([2, 4, 6]),
    lane_width=st.floats(2.8, 3.6),
    parking_left=st.booleans(),
    parking_right=st.booleans(),
    sidewalk=st.floats(2.5, 6),
    crossing=st.floats(30, 50),
    cross_width=st.floats(10, 18),
    side=st.sampled_from([1, -1]),
)


@given(STREETS)
def test_lanes_lie_side_by_side_and_the_own_ones_go_forward(street: Street) -> None:
    lanes = [lane for lane in slots(street, bays=False, lowest_house=12.0)["lanes"] if lane.street == "main"]
    xs = sorted(lane.line.start[0] for lane in lanes)
    assert len(lanes) == street.lanes
    assert np.diff(xs) == pytest.approx(street.lane_width)
    for lane in lanes:
        assert lane.ego == (lane.line.direction[1] > 0)
        assert (lane.line.start[0] * street.side > 0) == lane.ego
        for stop, clear, _ in lane.stops:
            assert 0 < stop < clear < lane.line.length


@given(STREETS)
def test_stop_lines_lie_before_the_crossing(street: Street) -> None:
    for lane in slots(street, bays=False, lowest_house=12.0)["lanes"]:
        for stop, clear, signal in lane.stops:
            (x, y), (cx, cy) = lane.line.at(stop), lane.line.at(clear)
            if signal == "main":
                assert not street.crossing <= y <= street.far
                assert not street.crossing <= cy <= street.far
                assert (y < street.crossing) != (cy < street.crossing)
            else:
                assert abs(x) > min(street.kerb(1), street.kerb(-1))
                assert x * cx < 0


@given(STREETS)
def test_walking_areas_lie_between_kerb_and_houses(street: Street) -> None:
    for area in slots(street, bays=False, lowest_house=12.0)["sidewalk"]:
        assert area.x0 < area.x1
        assert area.y0 < area.y1
        if area.along == 90.0:
            s = 1 if area.x0 > 0 else -1
            assert street.kerb(s) < min(abs(area.x0), abs(area.x1))
            assert max(abs(area.x0), abs(area.x1)) < street.front(s)
            wall = area.beside(0.0, 0.0)[0]
            assert abs(wall) == pytest.approx(street.front(s))
            assert area.depth == pytest.approx(street.sidewalk)


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 6.28), st.floats(1, 80), st.floats(0, 1))
def test_left_of_a_line_is_left(x: float, y: float, angle: float, length: float, share: float) -> None:
    line = Line((x, y), (x + length * np.cos(angle), y + length * np.sin(angle)))
    px, py = line.at(share * length, 1.0)
    qx, qy = line.at(share * length)
    dx, dy = line.direction
    assert dx * (py - qy) - dy * (px - qx) == pytest.approx(1.0, abs=1e-6)


def test_cables_need_walls_high_enough() -> None:
    street = Street(260, 2, 3.2, True, True, 4.0, 40, 14, 1)
    assert slots(street, bays=False, lowest_house=4.0)["sky"] == ()
    assert all(span.height < 9.0 for span in slots(street, bays=False, lowest_house=9.7)["sky"])


def test_an_unknown_layout_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="street"):
        find_layout(Block("village", Params({}, "layout.village"), "layout.village"))


def test_the_ground_has_no_holes_and_no_doubles() -> None:
    """Straight down from above, every point between the houses meets the town's ground, and one asphalt at most."""
    trimesh = pytest.importorskip("trimesh")
    for spec in scenes():
        mesh, categories = _ground(spec, trimesh)
        street = spec.attributes["layout"]
        rng = np.random.default_rng(0)
        half = street["lanes"] / 2 * street["lane_width"] + 2.0
        origins = np.column_stack([rng.uniform(-half, half, 600), rng.uniform(-20, 110, 600), np.full(600, 50.0)])
        down = np.broadcast_to([0.0, 0.0, -1.0], origins.shape)
        points, rays, faces = mesh.ray.intersects_location(origins, down, multiple_hits=True)
        for k in range(len(origins)):
            hits = [(float(points[i][2]), categories[int(faces[i])]) for i in np.flatnonzero(rays == k)]
            assert hits
            assert max(hits)[0] > -0.1, "the land below the town shows"
            level = [c for z, c in hits if abs(z) < 1e-4 and c in ("road", "parking")]
            assert len(level) <= 1, (origins[k], hits)


def _ground(spec: SceneSpec, trimesh: object) -> tuple[object, list[str]]:
    store, _ = town()
    names = {i.number: i.category for i in spec.instances}
    wanted = ("road", "parking", "sidewalk", "curb", "terrain")
    vertices, faces, categories, count = [], [], [], 0
    for item in spec.objects:
        if names[item.number] not in wanted:
            continue
        mesh = store.mesh(spec.meshes[item.mesh])
        matrix = array(item.transform)
        vertices.append(mesh.vertices @ matrix[:, :3].T + matrix[:, 3])
        faces.append(mesh.faces + count)
        categories += [names[item.number]] * len(mesh.faces)
        count += len(mesh.vertices)
    joined = trimesh.Trimesh(np.concatenate(vertices), np.concatenate(faces), process=False)  # type: ignore[attr-defined]
    return joined, categories


def test_no_two_of_forty_houses_have_bays_storeys_and_roof_in_common() -> None:
    """Nor the same bays at all more than a few times: rows of equal houses give made streets away."""
    spec = planned(GREEN, "layout.street.length=260", "layout.street.storeys={randint: [2, 5]}")
    houses = [i.attributes for i in spec.instances if i.category == "building"]
    assert len(houses) >= 40
    shapes = [(round(h["width"] / h["bays"], 3), h["bays"], h["storeys"], h["roof"]) for h in houses]
    assert len(set(shapes)) == len(shapes), [s for s in shapes if shapes.count(s) > 1]
    assert len({(width, bays) for width, bays, _, _ in shapes}) > 15
