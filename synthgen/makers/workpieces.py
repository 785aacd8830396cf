"""Workpieces as makers, sound ones, and the same with what is wrong with some of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthgen.assets.store import Store
from synthgen.layout import palette
from synthgen.makers.maker import Made, MadePart, made_of, maker
from synthgen.procedural.workpieces.board_layout import layout as board_layout
from synthgen.procedural.workpieces.defects import Defect, plan
from synthgen.procedural.workpieces.part import data
from synthgen.scene.builder import Surface
from synthgen.scene.pose import Matrix

FAMILIES = ("turned_part", "milled_part", "moulded_part", "sheet_metal_part", "circuit_board")

SEEDS = 100_000

_DENSITY = 12
"""Pixels a millimetre of a board's print."""


@dataclass(frozen=True, slots=True)
class Design:
    """What a batch of workpieces has in common: the kind (configs/factory/workpieces.yaml), its seed, its surfaces."""

    family: str
    kind: str
    seed: int
    surfaces: Mapping[str, Surface]


@dataclass(frozen=True, slots=True)
class Missing:
    """A feature that is not there. volume: 3x4 row-major of the box -0.5..0.5 in the workpiece's frame."""

    attributes: Mapping[str, Any]
    volume: Matrix


@dataclass(frozen=True, slots=True)
class Workpiece:
    """A drawn workpiece with its defects. missing: what it lacks, which no mesh shows."""

    made: Made
    missing: tuple[Missing, ...] = ()


def kinds(family: str) -> list[str]:
    """The kinds of a family, in the order of the file."""
    return [k for k, entry in data()["kinds"].items() if entry["family"] == family]


def design(family: str, rng: np.random.Generator) -> Design:
    """One of a family: a kind, a seed, and the surfaces of every slot that it may have."""
    options = kinds(family)
    kind = options[int(rng.integers(len(options)))]
    seed = int(rng.integers(SEEDS))
    found = {}
    for slot, names in data()["kinds"][kind]["surfaces"].items():
        found[slot] = palette.named(names[int(rng.integers(len(names)))], rng)
    return Design(family, kind, seed, found)


def workpiece(store: Store, of: Design, wanted: Sequence[tuple[str, float]] = (), draw: int = 0) -> Workpiece:
    """One of a design with the defects (type, severity) that are wanted, as far as it has room for them.

    draw: where the defects are. A wrong part has that category itself; other defects are parts of it (`MadePart`), but
    what is missing, which is for a label volume to show.
    """
    planned = plan(of.kind, of.seed, wanted, draw)
    params: dict[str, Any] = {k: list(v) if isinstance(v, list) else v for k, v in planned.params.items()}
    mesh = store.procedural("factory.workpiece", **params)
    surfaces = {slot: _surface(store, of, slot, params["seed"]) for slot in store.slots(mesh)}
    parts, missing = [], []
    facts: dict[str, Any] = {"kind": of.kind}
    category = "part"
    for number, d in enumerate(planned.defects):
        said = _facts(d)
        if d.type == "wrong part":
            category = "wrong part"
            facts |= said
        elif (volume := d.volume()) is not None:
            missing.append(Missing(said, volume))
        else:
            assert d.generator is not None
            own = store.procedural(d.generator, **(d.params or {}))
            below = surfaces.get(d.on) or next(iter(surfaces.values()))
            rng = np.random.default_rng([of.seed, draw, number])
            shown = look(d.type, *_ground(of, below, params["seed"]), rng) or below
            parts.append(MadePart(own, d.type, dict.fromkeys(store.slots(own), shown), d.place, attributes=said))
    made = made_of(store, f"factory/{of.family}", mesh, category, surfaces, facts)
    return Workpiece(
        Made(made.maker, made.mesh, made.category, made.surfaces, made.size, made.attributes, tuple(parts)),
        tuple(missing),
    )


def _facts(d: Defect) -> dict[str, Any]:
    facts: dict[str, Any] = {"defect": d.type, "severity": d.severity, "size": d.size}
    return {**facts, "feature": d.feature} if d.feature else facts


def _surface(store: Store, of: Design, slot: str, seed: int) -> Surface:
    """The design's, but what is printed and its solder mask, which are the board's own."""
    if of.kind != "circuit_board" or slot not in ("print", "mask"):
        return of.surfaces[slot]
    if slot == "print":
        picture = store.procedural_image("factory.board_print", color_space="srgb", seed=seed, density=_DENSITY)
        return Surface("principled", {"color": [1.0, 1.0, 1.0], "roughness": 0.34}, {"color": picture})
    return Surface("principled", {"color": data()["masks"][board_layout(seed).mask]["albedo"], "roughness": 0.34})


def _ground(of: Design, below: Surface, seed: int) -> tuple[float, float]:
    """Luminance and metallic share of what a defect lies on; of a board's print that of its solder mask."""
    if "color" in below.images:
        return luminance([linear(v / 255) for v in data()["masks"][board_layout(seed).mask]["copper"]]), 0.0
    return luminance(below.params.get("color", [0.15, 0.2, 0.15])), float(below.params.get("metallic", 0.0))


def luminance(color: Sequence[float]) -> float:
    """Of linear Rec.709."""
    return float(np.dot(color, (0.2126, 0.7152, 0.0722)))


def linear(value: float) -> float:
    """An sRGB value as linear light, both 0..1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def look(name: str, ground: float, metallic: float, rng: np.random.Generator) -> Surface | None:
    """The surface of a defect on one of this luminance and metallic share; None where it is the same.

    It is lighter than what is dark and darker than what is light: a crack in black plastic whitens, and coolant that
    dries on it leaves a pale blot.
    """
    if name in ("dent", "burr"):
        return None
    if name == "scratch":
        if metallic > 0.5 and ground > 0.2:
            return palette.plain("defect_scratch_metal")
        return palette.plain("defect_scratch_plain" if ground < 0.25 else "defect_scratch_dark")
    if name == "crack":
        return palette.plain("defect_crack_pale" if ground < 0.1 else "defect_crack")
    return palette.named("defect_stain_pale" if ground < 0.215 else "defect_stain", rng)


def _sound(family: str) -> Callable[[Store, np.random.Generator], Made]:
    def draw(store: Store, rng: np.random.Generator) -> Made:
        return workpiece(store, design(family, rng)).made

    return draw


for _family in FAMILIES:
    maker(f"factory/{_family}", category="part", domains=("factory",), tags=("workpiece", _family))(_sound(_family))
