"""What floats, sinks or overlaps is found, and a sound scene is said to be one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synthgen.scene.spec import Object, SceneSpec
from synthgen.verification.soundness import TOLERANCE, unsound
from tests.planning.bench import planned
from tests.planning.town import town


def moved(spec: SceneSpec, number: int, dx: float = 0.0, dy: float = 0.0, dz: float = 0.0) -> SceneSpec:
    """The scene with one instance elsewhere."""

    def at(item: Object) -> Object:
        if item.number != number:
            return item
        t = list(item.transform)
        t[3], t[7], t[11] = t[3] + dx, t[7] + dy, t[11] + dz
        return replace(item, transform=tuple(t))

    return replace(spec, objects=tuple(map(at, spec.objects)))


def cartons(spec: SceneSpec) -> list[int]:
    return [i.number for i in spec.instances if i.category == "carton"]


@pytest.mark.parametrize("scene", range(2))
def test_what_is_laid_and_scattered_is_sound(scene: int) -> None:
    store, _ = town()
    spec = planned(scene)
    assert [u.said(spec) for u in unsound(spec, store)] == []


def test_what_is_lifted_floats_and_what_is_lowered_sinks() -> None:
    store, _ = town()
    spec = planned(0)
    first = cartons(spec)[0]
    lifted = unsound(moved(spec, first, dz=0.02), store)
    assert [(u.what, u.number) for u in lifted] == [("floats", first)]
    assert lifted[0].metres == pytest.approx(0.02, abs=1e-3)
    lowered = unsound(moved(spec, first, dz=-0.02), store)
    assert ("sinks", first) in {(u.what, u.number) for u in lowered}
    assert unsound(moved(spec, first, dz=TOLERANCE / 3), store) == []


def test_what_is_pushed_into_its_neighbour_overlaps() -> None:
    store, _ = town()
    spec = planned(0)
    one, other = cartons(spec)[:2]
    found = unsound(moved(spec, one, dy=0.05), store)
    assert {frozenset((u.number, u.other)) for u in found if u.what == "overlaps"} == {frozenset((one, other))}
