"""Makers of people: who is drawn, under which labels, the same each time; and what is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from synthgen.assets.mesh import content_hash
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.makers import find_makers
from synthgen.makers.people import draw_person, person_params
from synthgen.paths import CACHE_VARIABLE
from synthgen.procedural.people.figure import person
from synthgen.procedural.people.poses import all_poses

pytestmark = [pytest.mark.assets, pytest.mark.usefixtures("people_pack")]


def test_makers_name_what_they_made(people_store: Store) -> None:
    store = people_store
    for tag, domain in (("pedestrian", "road"), ("shopper", "retail"), ("worker", "factory"), ("rider", "road")):
        (found,) = find_makers(tag=tag, domain=domain)
        made = found.draw(store, np.random.default_rng(3))
        assert made.category == found.category
        assert set(made.surfaces) == set(store.slots(made.mesh))
        assert {"age_group", "pose", "clothes", "stature"} <= set(made.attributes)
        assert made.attributes["pose"] in all_poses()
        for surface in made.surfaces.values():
            assert all(0.03 <= c <= 0.85 for c in surface.params["color"])


def test_what_workers_wear_has_labels_of_its_own(people_store: Store) -> None:
    """Three workers: with vest and helmet, with one of them, with neither."""
    first: dict[int, int] = {}
    for seed in range(30):
        params, _ = person_params(np.random.default_rng(seed), "worker")
        first.setdefault(int(params["vest"]) + int(bool(params["helmet"])), seed)
    seen = set()
    for worn, seed in first.items():
        made = draw_person(people_store, np.random.default_rng(seed), "worker", level=1)
        slots = set(people_store.slots(made.mesh))
        assert not slots & {"vest", "band", "helmet"}
        assert len(made.parts) == worn
        assert {p.category for p in made.parts} == {
            *({"vest"} if "vest" in made.attributes["clothes"] else ()),
            *({"helmet"} if "safety" in made.attributes["clothes"] else ()),
        }
        for part in made.parts:
            assert not part.own and set(part.surfaces) == set(people_store.slots(part.mesh))
            seen.add(part.category)
    assert set(first) == {0, 1, 2} and seen == {"vest", "helmet"}
    apart = draw_person(people_store, np.random.default_rng(first[2]), "worker", level=1)
    merged = draw_person(people_store, np.random.default_rng(first[2]), "worker", apart=False, level=1)
    assert not merged.parts and merged.size == pytest.approx(apart.size, abs=1e-3)


def test_a_pool_bounds_who_is_drawn(people_store: Store) -> None:
    rng = np.random.default_rng(0)
    drawn = [draw_person(people_store, rng, "pedestrian", pool=3, level=1) for _ in range(6)]
    assert 2 <= len({m.mesh.hash for m in drawn}) <= 3
    again = draw_person(people_store, np.random.default_rng(5), "pedestrian", pool=1, level=1)
    assert again == draw_person(people_store, np.random.default_rng(6), "pedestrian", pool=1, level=1)


def test_the_same_draw_gives_the_same_person(people_store: Store, tmp_path: Path) -> None:
    made = [
        draw_person(store, np.random.default_rng(11), "shopper", level=1)
        for store in (people_store, type(people_store)(tmp_path))
    ]
    assert made[0] == made[1]


def test_another_process_makes_the_same_bytes() -> None:
    params, _ = person_params(np.random.default_rng(5), "worker")
    params |= {"level": 1}
    code = (
        "from synthgen.procedural.people.figure import person\n"
        f"from synthgen.assets.mesh import content_hash\nprint(content_hash(person(**{params!r})))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == content_hash(person(**params))


def test_without_the_pack_the_error_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    with pytest.raises(InputError) as caught:
        person()
    assert "synthgen assets fetch human" in str(caught.value)


@pytest.mark.parametrize("wrong", [{"pose": "x"}, {"top": "x"}, {"shoes": "x"}, {"hair": "x"}, {"local": {"x": 1.0}}])
def test_unknown_names_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        person(**wrong, level=1)  # type: ignore[arg-type]


def test_hats_and_helmets_are_worn_at_their_rates_by_whom_they_fit() -> None:
    drawn = {
        role: [person_params(np.random.default_rng(k), role)[0] for k in range(300)] for role in ("pedestrian", "rider")
    }
    cycling = np.mean([p["helmet"] == "bicycle" for p in drawn["rider"]])
    assert 0.3 < cycling < 0.6
    hats = [p for p in drawn["pedestrian"] if p["hat"]]
    assert 0.05 < len(hats) / 300 < 0.2
    assert {p["hat"] for p in hats} == {"cap", "beanie"}
    assert all(p["jacket"] or p["top"] == "sweater" for p in hats if p["hat"] == "beanie")
    for p in drawn["pedestrian"] + drawn["rider"]:
        assert not (p["hat"] and p["helmet"]) and not (p["hat"] and p["hair"] in ("afro", "bun", "curly", "high_tail"))
