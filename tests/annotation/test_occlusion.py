"""Who hides whom: by a ruler, by rays of another engine, and by what must not count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from synthgen.annotation.alone import Alone
from synthgen.annotation.amodal import Amodal, whole_instance, with_parts
from synthgen.annotation.occlusion import LEAST, occluders, roots_of
from synthgen.assets.store import Store
from synthgen.scene.spec import Instance, SceneSpec
from synthgen.verification.raycast import RayScene
from tests.annotation.squares import SIZE, at, square_scene

WIDTH, HEIGHT = SIZE


def seen_as(*squares: tuple[int, int, int, int, int]) -> NDArray[np.int32]:
    """Numbers painted as squares (number, x0, y0, x1, y1), later ones over earlier."""
    numbers = np.zeros((HEIGHT, WIDTH), dtype=np.int32)
    for number, x0, y0, x1, y1 in squares:
        numbers[y0:y1, x0:x1] = number
    return numbers


def hiding(numbers: NDArray[np.int32], number: int, mask: NDArray[np.bool_], *instances: Instance) -> dict[int, int]:
    return dict(occluders(Amodal(mask, 1.0, 0.0), number, numbers, roots_of(instances)))


def box(x0: int, y0: int, x1: int, y1: int) -> NDArray[np.bool_]:
    return seen_as((1, x0, y0, x1, y1)) == 1


ROAD, CAR, VEST, MAN, POLE = (
    Instance(1, "road"),
    Instance(2, "car"),
    Instance(3, "vest", part_of=4),
    Instance(4, "person"),
    Instance(5, "pole"),
)
EVERYONE = (ROAD, CAR, VEST, MAN, POLE)


def test_what_is_seen_where_a_thing_would_show_hides_it_most_first() -> None:
    numbers = seen_as((1, 0, 0, WIDTH, HEIGHT), (2, 10, 10, 40, 30), (5, 20, 0, 22, HEIGHT), (4, 30, 5, 60, 45))
    found = occluders(Amodal(box(10, 10, 40, 30), 1.0, 0.0), 2, numbers, roots_of(EVERYONE))
    assert found == ((4, 10 * 20), (5, 2 * 20))
    assert hiding(numbers, 4, box(30, 5, 60, 45), *EVERYONE) == {}


def test_a_part_hides_for_its_whole_and_never_its_own() -> None:
    numbers = seen_as((2, 10, 10, 40, 30), (4, 20, 0, 40, 50), (3, 25, 10, 35, 30))
    assert hiding(numbers, 2, box(10, 10, 40, 30), *EVERYONE) == {4: 20 * 20}
    assert hiding(numbers, 4, box(20, 0, 40, 50), *EVERYONE) == {}
    numbers[10:20, 25:35] = 4  # an arm before the vest
    assert hiding(numbers, 3, box(25, 10, 35, 30), *EVERYONE) == {}


def test_the_sky_and_a_pixel_or_two_on_an_outline_hide_nothing() -> None:
    numbers = seen_as((1, 0, 30, WIDTH, HEIGHT), (2, 10, 10, 40, 32))
    numbers[10:13, 10] = 0
    numbers[20 : 20 + LEAST - 1, 10] = 5
    assert hiding(numbers, 2, box(10, 10, 40, 32), *EVERYONE) == {}
    numbers[20 : 20 + LEAST, 10] = 5
    assert hiding(numbers, 2, box(10, 10, 40, 32), *EVERYONE) == {5: LEAST}


def test_roots_of_parts_of_parts() -> None:
    chain = (Instance(1, "a", part_of=2), Instance(2, "b", part_of=4), Instance(4, "c"))
    assert roots_of(chain).tolist() == [0, 4, 4, 0, 4]
    assert roots_of(()).tolist() == [0]


def hidden_by(store: Store, spec: SceneSpec) -> tuple[dict[int, dict[int, int]], dict[int, int]]:
    """Of every instance in view who hides it, by numbers that another engine finds; and how many pixels are hidden."""
    view = spec.views[0]
    numbers = RayScene(spec, 0, store).numbers(view.camera, spec.size)
    family, roots, alone = with_parts(spec.instances), roots_of(spec.instances), Alone(store)
    found, hidden = {}, {}
    for number in sorted(set(np.unique(numbers).tolist()) - {0}):
        visible = np.isin(numbers, list(family[number]))
        objects = [o for o in spec.objects if o.number in family[number]]
        whole = whole_instance(alone, spec, objects, view.camera, visible)
        found[number] = dict(occluders(whole, number, numbers, roots))
        hidden[number] = whole.pixels - int(visible.sum())
    return found, hidden


@pytest.mark.parametrize("nearer", [1, 2])
def test_of_two_squares_the_nearer_hides_the_farther_where_they_overlap(tmp_path: Path, nearer: int) -> None:
    farther = 3 - nearer
    store = Store(tmp_path)
    spec = square_scene(store, [("plain", nearer, at(0.5, 4, 0)), ("plain", farther, at(0, 5, 0))])
    found, _ = hidden_by(store, spec)
    assert found[nearer] == {}
    # 2 m at 5 m are 20 pixels about the middle; the nearer begins 0.5 m left of it, at 4 m.
    left = round(49.5 + 50 * -0.5 / 4 + 0.5)
    assert found[farther] == {nearer: (60 - left) * 20}


def test_what_is_hidden_twice_has_one_who_hides_each_pixel(tmp_path: Path) -> None:
    store = Store(tmp_path)
    squares = [("plain", 1, at(0, 6, 0, scale=1.6)), ("plain", 2, at(-0.6, 5, 0)), ("plain", 3, at(0.437, 4, 0.013))]
    found, hidden = hidden_by(store, square_scene(store, squares))
    assert found[3] == {} and set(found[2]) == {3} and set(found[1]) == {2, 3}
    assert {n: sum(by.values()) for n, by in found.items()} == hidden
