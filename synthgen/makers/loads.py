"""Loaded pallets as makers: the pallet, and each of its goods with a label of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.assets.store import Store
from synthgen.layout import palette
from synthgen.makers.maker import Made, MadePart, maker
from synthgen.paths import data_dir
from synthgen.procedural.loads import load_parts
from synthgen.procedural.pallets import PALLETS
from synthgen.procedural.shapes import Array
from synthgen.procedural.stacking import layer_of
from synthgen.scene.builder import Surface
from synthgen.scene.pose import Matrix, pose
from synthgen.scene.spec import MeshRef

_SEEDS = 400
_KINDS = 3
"""Cartons of a load that differ in their dents and labels; the others share their meshes."""

_LOOKS = 12
"""Looks of one surface: few materials serve all loads of a scene."""

_PALLET = {"wood": "pallet_wood", "mark": "pallet_mark", "stain": "pallet_stain", "plastic": "pallet_plastic"}
_GOODS = {
    "board": "carton_board",
    "tape": "carton_tape",
    "label": "carton_label",
    "ink": "carton_ink",
    "sack": "sack_cloth",
    "metal": "bare_steel",
    "dark": "black_plastic",
    "wrap": "stretch_film",
    "body": "crate_plastic",
}
_APART = 0.016
"""Metres between stacks of crates, which lean a little."""
_STOOD = 0.0005
"""Metres between one pallet of a stack and the next."""


@maker("factory/pallet_of_cartons", category="pallet", domains=("factory",), tags=("load", "rack_load"), weight=5.0)
def pallet_of_cartons(store: Store, rng: np.random.Generator) -> Made:
    """A pallet with layers of cartons, the uppermost not always full."""
    params = _capped(_drawn("cartons", rng))
    return _of_parts(store, rng, "factory/pallet_of_cartons", "carton", {**params, "goods": "cartons"})


@maker("factory/pallet_of_drums", category="pallet", domains=("factory",), tags=("load", "rack_load"), weight=1.2)
def pallet_of_drums(store: Store, rng: np.random.Generator) -> Made:
    """A pallet with up to four drums."""
    return _of_parts(store, rng, "factory/pallet_of_drums", "drum", {**_drawn("drums", rng), "goods": "drums"})


@maker("factory/wrapped_pallet", category="pallet", domains=("factory",), tags=("load", "rack_load"), weight=2.5)
def wrapped_pallet(store: Store, rng: np.random.Generator) -> Made:
    """A pallet with cartons in stretch film: one thing, as nobody can tell them apart."""
    params = {**_capped(_drawn("wrapped", rng)), "seed": int(rng.integers(0, _SEEDS))}
    goods = store.procedural("factory.wrapped_goods", **params)
    part = MadePart(
        goods,
        "carton",
        _surfaces(store, goods, rng),
        pose(z=PALLETS[params["pallet"]][2]),
        own=True,
        attributes={"wrapped": True},
    )
    return _on_pallet(store, rng, "factory/wrapped_pallet", params["pallet"], (part,), {"goods": "wrapped cartons"})


@maker("factory/pallet_of_crates", category="pallet", domains=("factory",), tags=("load", "rack_load"), weight=1.0)
def pallet_of_crates(store: Store, rng: np.random.Generator) -> Made:
    """A pallet with stacks of crates of one kind."""
    params = _drawn("crates", rng)
    length, width, base = PALLETS[params["pallet"]]
    a, c = params["footprint"]
    most = max(1, int((_loads()["highest"] - base) / params["height"]))
    crate = {
        "footprint": [a, c],
        "height": params["height"],
        "sides": params["sides"],
        "open_floor": False,
        "lid": False,
    }
    parts = []
    shown: dict[str, Surface] = {}
    for x, y, turned in layer_of("column", (a + _APART, c + _APART), (length + 0.04, width + 0.04), 0):
        if rng.random() > params["fill"]:
            continue
        count = min(most, max(1, params["stack"] - int(rng.random() < 0.3)))
        mesh = store.procedural("factory.crate", **crate, stack=count, seed=int(rng.integers(0, 4)))
        # A crate's length is its Y.
        where = pose(x, y, base, yaw=0.0 if turned else 90.0)
        parts.append(MadePart(mesh, "crate", _surfaces(store, mesh, rng, shown), where, own=True))
    return _on_pallet(store, rng, "factory/pallet_of_crates", params["pallet"], tuple(parts), {"goods": "crates"})


@maker("factory/stack_of_pallets", category="pallet", domains=("factory",), tags=("rack_load", "pallet"), weight=0.8)
def stack_of_pallets(store: Store, rng: np.random.Generator) -> Made:
    """Empty pallets, one on the other."""
    params = _drawn("stack", rng)
    style = params["style"]
    tall = PALLETS[style][2]
    parts = []
    z = tall + _STOOD
    for _ in range(params["count"] - 1):
        mesh = store.procedural("factory.pallet", style=style, wear=0.0, seed=int(rng.integers(0, 12)))
        worn = _surfaces(store, mesh, rng)
        dx, dy = np.clip(rng.normal(0.0, 0.006, 2), -0.02, 0.02)
        where = pose(float(dx), float(dy), z, yaw=float(rng.normal(0.0, 0.5)))
        parts.append(MadePart(mesh, "pallet", worn, where, own=True))
        z += tall + _STOOD
    return _on_pallet(store, rng, "factory/stack_of_pallets", style, tuple(parts), {"goods": "empty pallets"})


def _of_parts(store: Store, rng: np.random.Generator, name: str, category: str, params: dict[str, Any]) -> Made:
    params |= {"seed": int(rng.integers(0, _SEEDS))}
    parts = []
    shown: dict[str, Surface] = {}
    _, *goods = load_parts(**params, kinds=_KINDS)
    for generator, own, matrix in goods:
        mesh = store.procedural(generator, **own)
        flat: Matrix = tuple(float(v) for row in matrix for v in row)
        parts.append(MadePart(mesh, category, _surfaces(store, mesh, rng, shown), flat, own=True))
    return _on_pallet(store, rng, name, params["pallet"], tuple(parts), {"goods": f"{category}s"})


def _on_pallet(
    store: Store, rng: np.random.Generator, name: str, style: str, parts: tuple[MadePart, ...], facts: dict[str, Any]
) -> Made:
    """The thing whose root is a pallet; it has no board that stands up, as goods are on it."""
    mesh = store.procedural("factory.pallet", style=style, wear=0.0, seed=int(rng.integers(0, 12)))
    reach = np.zeros(3)
    for m, where in ((mesh, None), *((p.mesh, p.transform) for p in parts)):
        reach = np.maximum(reach, _reach(store, m, where))
    size = (round(2 * float(reach[0]), 4), round(2 * float(reach[1]), 4), round(float(reach[2]), 4))
    return Made(name, mesh, "pallet", _surfaces(store, mesh, rng), size, {**facts, "pallet": style}, parts)


def _reach(store: Store, mesh: MeshRef, where: Matrix | None) -> Array:
    """How far a mesh reaches from the origin to either side in x and y, and up."""
    low, high = store.bounds(mesh)
    if mesh.source["procedural"] == "factory.drum" and where is not None:  # round: its turn does not matter
        return np.array([*(np.abs([where[3], where[7]]) + high[:2]), where[11] + high[2]])
    corners = np.array([[(low, high)[i >> k & 1][k] for k in range(3)] for i in range(8)])
    if where is not None:
        m = np.array(where).reshape(3, 4)
        corners = corners @ m[:, :3].T + m[:, 3]
    found: Array = np.concatenate([np.abs(corners[:, :2]).max(axis=0), [corners[:, 2].max()]])
    return found


def _surfaces(
    store: Store, mesh: MeshRef, rng: np.random.Generator, known: dict[str, Surface] | None = None
) -> dict[str, Surface]:
    """A surface for every slot of a mesh; `known` holds those that the other goods of the load have, too."""
    found: dict[str, Surface] = {} if known is None else known
    for slot in store.slots(mesh):
        if slot not in found:
            name = _PALLET.get(slot) or _GOODS.get(slot)
            if slot == "paint":
                plastic = mesh.source["params"].get("style") in ("plastic", "small", "keg")
                name = "drum_plastic" if plastic else "drum_paint"
            assert name is not None, slot
            found[slot] = _look(name, int(rng.integers(0, _LOOKS)))
    return {slot: found[slot] for slot in store.slots(mesh)}


@cache
def _look(name: str, number: int) -> Surface:
    return palette.named(name, np.random.default_rng(number))


def _capped(params: dict[str, Any]) -> dict[str, Any]:
    """With as many layers as a load may be high."""
    room = _loads()["highest"] - PALLETS[params["pallet"]][2]
    return {**params, "layers": max(1, min(params["layers"], int(room / params["height"])))}


def _drawn(kind: str, rng: np.random.Generator) -> dict[str, Any]:
    return {k: options[int(rng.integers(0, len(options)))] for k, options in _loads()[kind].items()}


@cache
def _loads() -> Mapping[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((data_dir("configs") / "factory" / "loads.yaml").read_text("utf-8"))
    return loaded
