"""People as makers: who they are, what they wear and do, drawn from configs/people/."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.assets.store import Store
from synthgen.makers.maker import Made, MadePart, made_of, maker
from synthgen.makers.people_looks import pick, surfaces_of
from synthgen.paths import data_dir
from synthgen.procedural.people.data import settings
from synthgen.procedural.people.poses import find_pose
from synthgen.scene.builder import Surface
from synthgen.scene.spec import MeshRef

_SEEDS = 1_000_000
_POOL = 7351
_CARRIED = ("bag",)
"""What stands for itself, not for a part of its bearer."""


@maker("people/pedestrian", category="person", domains=("road",), tags=("person", "pedestrian"))
def pedestrian(store: Store, rng: np.random.Generator) -> Made:
    """Somebody in the street, most of them walking."""
    return draw_person(store, rng, "pedestrian")


@maker("people/shopper", category="person", domains=("retail",), tags=("person", "shopper"))
def shopper(store: Store, rng: np.random.Generator) -> Made:
    """Somebody in a shop, who walks, reaches to a shelf or pushes a trolley."""
    return draw_person(store, rng, "shopper")


@maker("people/worker", category="person", domains=("factory",), tags=("person", "worker"))
def worker(store: Store, rng: np.random.Generator) -> Made:
    """Somebody at work in a hall, most with vest and helmet."""
    return draw_person(store, rng, "worker")


@maker("people/cyclist", category="rider", domains=("road",), tags=("rider",))
def cyclist(store: Store, rng: np.random.Generator) -> Made:
    """Somebody who sits on a bicycle's saddle and holds its bar; the lower pedal at z = 0. The bicycle is not part."""
    return draw_person(store, rng, "rider")


def draw_person(
    store: Store, rng: np.random.Generator, role: str, *, pool: int = 0, apart: bool = True, **given: Any
) -> Made:
    """A person of a role of configs/people/roles.yaml. given: parameters of `people.person` that are not drawn.

    pool: how many people of this role there are to draw from, so that scenes find most of them in the cache; 0: no
    limit. apart: what the role wears or carries with a label of its own comes as parts, else as one mesh with the
    person. Raises InputError where the pack `human` is not here.
    """
    if pool:
        rng = np.random.default_rng([_POOL, int(rng.integers(0, pool))])
    params, about = person_params(rng, role)
    params |= given
    looks = surfaces_of(store, params, about, rng)

    def piece(**which: str) -> tuple[MeshRef, dict[str, Surface]]:
        mesh = store.procedural("people.person", **params, **which)
        return mesh, {slot: looks[slot] for slot in store.slots(mesh)}

    labels = {k: v for k, v in _roles()["roles"][role].get("apart", {}).items() if apart and params.get(k)}
    mesh, surfaces = piece(piece="body") if labels else piece()
    parts = tuple(
        MadePart(part, category, worn, own=name in _CARRIED, relation="carried_by")
        for name, category in labels.items()
        for part, worn in (piece(piece=name),)
    )
    riding = role == "rider"
    name = "people/cyclist" if riding else f"people/{role}"
    worn = [params[k] for k in ("top", "bottom", "jacket", "shoes", "helmet", "hat", "bag") if params.get(k)]
    worn += ["vest"] if params["vest"] else []
    known = {
        "age_group": about["age_group"],
        "gender": about["gender"],
        "pose": params["pose"],
        "clothes": worn,
        "stature": params["stature"],
    }
    made = made_of(store, name, mesh, "rider" if riding else "person", surfaces, known)
    sides = np.abs([store.bounds(m) for m in (mesh, *(p.mesh for p in parts))]).max(axis=(0, 1))
    length, width, height = (round(float(c), 4) for c in sides * (2, 2, 1))
    return replace(made, size=(length, width, height), parts=parts)


def person_params(rng: np.random.Generator, role: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters of `people.person` for somebody of a role, and what a record says of them."""
    known = _roles()
    who = known["roles"][role]
    group = pick(rng, who["ages"])
    woman = bool(rng.random() < who.get("women", 0.5))
    age = known["ages"][group]
    trait = float(rng.uniform(*age["age"]))
    if group == "child":
        low, high = age["stature"][0]
        share = (trait - age["age"][0]) / (age["age"][1] - age["age"][0])
        stature = low + (high - low) * share + float(rng.normal(0.0, 0.03))
    else:
        mean, spread = age["women" if woman else "men"]
        stature = mean + spread * float(np.clip(rng.normal(), -2.2, 2.2))
    origin = pick(rng, known["origins"])
    shares = rng.dirichlet([0.8, 0.8, 0.8]) if origin == "mixed" else np.full(3, 0.04)
    races = dict(zip(("african", "asian", "caucasian"), shares.tolist(), strict=True))
    if origin != "mixed":
        races[origin] = 0.92
    phenotype = {
        "age": trait,
        "gender": 0.97 if woman else 0.03,
        "muscle": float(np.clip(rng.normal(0.46 if woman else 0.56, 0.12), 0.15, 0.9)),
        "weight": float(np.clip(rng.normal(0.5, 0.16), 0.12, 0.95)),
        "proportions": float(np.clip(rng.normal(0.35, 0.15), 0.0, 0.8)),
        **races,
    }
    local_names = settings()["local"]
    assert isinstance(local_names, dict)
    local = {k: round(float(np.clip(rng.normal(0.0, 0.3), -0.8, 0.8)), 2) for k in local_names}
    pose = pick(rng, who["poses"])
    how = find_pose(pose)
    heights = how.get("height", [1.4, 1.4])
    hair_of = ("old_" if group == "old" else "child_" if group == "child" else "") + ("women" if woman else "men")
    if origin == "african" and group != "old" and f"african_{hair_of}" in known["hair"]:
        hair_of = f"african_{hair_of}"
    bottoms = who.get("womens_bottoms", who["bottoms"]) if woman else who["bottoms"]
    vest = bool(rng.random() < who.get("vest", 0.0))
    jacket = pick(rng, who["jackets"])
    params: dict[str, Any] = {
        "stature": round(stature, 2),
        "phenotype": {k: round(v, 2) for k, v in phenotype.items()},
        "local": local,
        "pose": pose,
        "phase": round(float(rng.random()), 2),
        "reach": round(float(rng.uniform(*heights)) * (1.0 if how.get("fixed") else min(stature / 1.75, 1.0)), 2),
        "mirror": bool(rng.random() < 0.5),
        "top": pick(rng, who["tops"]),
        "bottom": pick(rng, bottoms),
        "jacket": "" if jacket == "none" else jacket,
        "shoes": pick(rng, who["shoes"]),
        "hair": pick(rng, known["hair"][hair_of]),
        "beard": "" if woman or group in ("child", "teenager") else pick(rng, known["beards"]).replace("none", ""),
        "vest": vest,
        "helmet": who["headgear"] if rng.random() < who.get("helmet", 0.0) else "",
        "hat": "",
        "bag": "",
        "seed": int(rng.integers(0, _SEEDS)),
    }
    if rng.random() < who.get("bag", 0.0):
        kinds = {k: w for k, w in who["bags"].items() if k == "backpack" or pose in known["hanging"]}
        kinds = {k: w for k, w in kinds.items() if k != "handbag" or (woman and group != "child")}
        params["bag"] = pick(rng, kinds) if kinds else ""
    if not params["helmet"] and params["hair"] not in known["bareheaded"]:
        # Of a stream of its own, so that what there is to wear does not change who is drawn.
        hats = who.get("hats", {}).get("warm" if jacket != "none" or params["top"] == "sweater" else "light")
        params["hat"] = pick(np.random.default_rng([params["seed"], 9]), hats).replace("none", "") if hats else ""
    about = {"age_group": group, "gender": "woman" if woman else "man", "origin": origin}
    return params, about


@cache
def _roles() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((data_dir("configs") / "people" / "roles.yaml").read_text("utf-8"))
    return loaded
