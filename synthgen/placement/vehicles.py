"""Which vehicle, in which paint: never the same beside itself, never one look more than twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.assets.catalogue import Asset
from synthgen.paths import data_dir
from synthgen.placement.site import Paint, Site, pick

_TRIES = 14
_BRIGHTEST = 0.75
_TWO_WHEELS = frozenset({"motorcycle", "bicycle"})


@cache
def palette() -> tuple[dict[str, Any], ...]:
    """configs/materials/car_paint.yaml: name, color, metallic, weight of each paint."""
    data = yaml.safe_load((data_dir("configs") / "materials" / "car_paint.yaml").read_text("utf-8"))
    return tuple(data["palette"])


def draw_paint(rng: np.random.Generator) -> Paint:
    """A paint of the palette with its brightness jittered, more or less dirty."""
    options = palette()
    chosen = pick(rng, options, [p["weight"] for p in options])
    bright = rng.uniform(0.85, 1.15)
    return {
        "name": chosen["name"],
        "color": [round(min(_BRIGHTEST, c * bright), 3) for c in chosen["color"]],
        "metallic": chosen["metallic"],
        "dirt": round(float(rng.beta(2.0, 3.0)), 2),
        "dust": round(float(rng.beta(1.5, 4.0)), 2),
    }


def choose(
    site: Site,
    rng: np.random.Generator,
    assets: Sequence[Asset],
    place: Callable[[Asset], tuple[float, float]],
) -> tuple[Asset, Paint | None] | None:
    """A vehicle that may stand where `place` would put it; None where every try would repeat one in sight."""
    weights = [a.weight for a in assets]
    for _ in range(_TRIES):
        asset = pick(rng, assets, weights)
        paint = draw_paint(rng)
        own = paint if any(slot.recolour for slot in asset.slots) else None
        x, y = place(asset)
        if site.vehicles.allows(asset.id, own["name"] if own else None, x, y):
            return asset, own
    return None


def remember(site: Site, asset: Asset, paint: Paint | None, x: float, y: float) -> None:
    """Notes that this look now stands at (x, y)."""
    site.vehicles.add(asset.id, paint["name"] if paint else None, x, y)


def rideable(assets: Sequence[Asset]) -> list[Asset]:
    """Those that may move in traffic: a two-wheeler only with its rider on it (tag `ridden`)."""
    return [a for a in assets if a.category not in _TWO_WHEELS or "ridden" in a.tags]
