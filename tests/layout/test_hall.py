"""The layout `hall`: what its slots promise, whatever is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synthgen.assets.store import Store
from synthgen.layout.hall import hall
from synthgen.layout.slots import Layout
from synthgen.placement.footprints import Footprints, Rect
from synthgen.recipe import load_recipe
from synthgen.recipe.params import Draw
from synthgen.scene.builder import SceneBuilder
from synthgen.scene.pose import array
from synthgen.scene.stage import Stage

RECIPE = Path(__file__).parents[2] / "scenes" / "factory" / "warehouse_aisle.yaml"
SCENES = 8


def built(store: Store, index: int, *overrides: str) -> tuple[Layout, Stage]:
    recipe = load_recipe(RECIPE, overrides=("layout.hall.length=26", *overrides))
    stage = Stage(SceneBuilder(), store)
    return hall(stage, recipe.layout, Draw(3, index)), stage


@pytest.fixture(scope="module")
def halls() -> Iterator[list[tuple[Layout, Stage]]]:
    store = Store()
    yield [built(store, k) for k in range(SCENES)]


def test_boards_are_level_and_within_the_hall(halls: list[tuple[Layout, Stage]]) -> None:
    for layout, _ in halls:
        width, length, clear = layout.attributes["size"]
        for board in (*layout.slots["racks"], *layout.slots["belt"]):
            m = array(board.frame)
            assert np.allclose(m[:, :3] @ m[:, :3].T, np.eye(3), atol=1e-9) and m[2, 2] == 1.0
            assert np.linalg.det(m[:, :3]) == pytest.approx(1.0), "a mirrored frame would mirror goods"
            far = m @ np.array([board.width, board.depth, board.room, 1.0])
            for x, y, z in (m[:, 3], far):
                assert abs(x) < width / 2 and abs(y) < length / 2 and 0.0 <= z < clear


def test_boards_of_racks_look_at_an_aisle(halls: list[tuple[Layout, Stage]]) -> None:
    """Half a metre before the front of each is an aisle, half a metre behind it there is none."""
    for layout, _ in halls:
        for board in layout.slots["racks"]:
            m = array(board.frame)
            for into, expected in ((-0.5, True), (board.depth + 0.5, False)):
                x, y, _ = m @ np.array([board.width / 2, into, 0.0, 1.0])
                inside = any(a.x0 < x < a.x1 and a.y0 < y < a.y1 for a in layout.slots["aisles"])
                assert inside == expected, board.name


def test_names_of_boards_are_unique_and_follow_the_aisle(halls: list[tuple[Layout, Stage]]) -> None:
    for layout, _ in halls:
        names = [b.name for b in layout.slots["racks"]]
        assert len(set(names)) == len(names)
        first = [b for b in layout.slots["racks"] if b.name.endswith("01.1")]
        last = [b for b in layout.slots["racks"] if f"{layout.attributes['bays']:02d}.1" in b.name]
        assert max(b.frame[7] for b in first) < min(b.frame[7] for b in last) or layout.attributes["bays"] == 1


def test_areas_are_free_of_what_the_layout_keeps(halls: list[tuple[Layout, Stage]]) -> None:
    """Racks and columns stand in no aisle and no machine's place but for the strip beside a column."""
    for layout, _ in halls:
        taken = Footprints()
        for area in layout.kept:
            taken.claim(Rect.spanning(area.x0, area.x1, area.y0, area.y1), "kept")
        for area in (*layout.slots["aisles"], *layout.slots["machines"], *layout.slots["cell"]):
            assert taken.free(Rect.spanning(area.x0, area.x1, area.y0, area.y1)), area


def test_luminaires_hang_over_everything_and_shine_down(halls: list[tuple[Layout, Stage]]) -> None:
    for layout, stage in halls:
        lamps = layout.slots["luminaires"]
        highest = max((b.frame[11] for b in layout.slots["racks"]), default=0.0)
        assert len(lamps) >= 4
        numbers = {i.number for i in stage.builder.instances if i.category == "luminaire"}
        assert {lamp.number for lamp in lamps} == numbers
        for lamp in lamps:
            assert array(lamp.frame)[2, 2] > 0.99 and lamp.frame[11] > highest + 0.8


def test_no_ray_leaves_the_hall(halls: list[tuple[Layout, Stage]]) -> None:
    """From eye level, in every direction, something of the hall is hit: no world's edge is in view."""
    from synthgen.verification.embree import PlacedShapes, Placement
    from synthgen.verification.raycast import Shapes, number_codes

    rng = np.random.default_rng(1)
    for layout, stage in halls[:4]:
        shapes = Shapes(stage.store)
        every = [
            Placement(
                shapes.shape(stage.builder.meshes[o.mesh]), array(o.transform), int(number_codes(np.array([1]))[0])
            )
            for o in stage.builder.objects
        ]
        placed = PlacedShapes(every)
        way = rng.normal(size=(20_000, 3))
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        width, length, _ = layout.attributes["size"]
        at = rng.uniform(
            (-width / 2 + 0.5, -length / 2 + 0.5, 0.5), (width / 2 - 0.5, length / 2 - 0.5, 3.0), (20_000, 3)
        )
        hits = placed.intersect(at, way, far=np.inf, mask=np.full(len(at), 0xFFFFFFFF, dtype=np.uint32))
        out = hits.placement < 0
        assert not out.any(), (
            f"{out.sum()} rays leave, such as from {at[out][0].round(2)} towards {way[out][0].round(2)}"
        )


@pytest.mark.parametrize("kind", ["aisles=0", "line=0"])
def test_either_part_may_be_missing(kind: str) -> None:
    layout, _ = built(Store(), 1, f"layout.hall.{kind}", *(["layout.hall.line=12"] if "aisles" in kind else []))
    present = {name for name, places in layout.slots.items() if places}
    assert ("racks" in present) == ("aisles" not in kind)
    assert ("machines" in present) == ("line" not in kind)
    assert {"floor", "luminaires", "walls"} <= present


def test_the_same_draw_gives_the_same_hall() -> None:
    def content(index: int) -> Any:
        layout, stage = built(Store(), index)
        return [(o.mesh, o.transform, o.materials) for o in stage.builder.objects], layout.slots

    assert content(2) == content(2)
    assert content(2) != content(4)
