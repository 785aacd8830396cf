"""Looks: what colours the recolourable slots of an asset get (car paint, clothes)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.assets.catalogue import Asset
from synthgen.paths import data_dir
from synthgen.placement.picking import pick

_BRIGHTEST = 0.75


@dataclass(frozen=True, slots=True)
class Look:
    """name: what to call it, "" where the asset has one look only. params: by slot, what replaces the slot's own."""

    name: str = ""
    params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@cache
def palette(name: str) -> tuple[dict[str, Any], ...]:
    """configs/materials/<name>.yaml: name, color, weight (and metallic of paints) of each colour."""
    data = yaml.safe_load((data_dir("configs") / "materials" / f"{name}.yaml").read_text("utf-8"))
    return tuple(data["palette"])


def draw_paint(rng: np.random.Generator) -> tuple[str, dict[str, Any]]:
    """A car's paint: its name, and the parameters of `car_paint` with brightness and dirt jittered."""
    options = palette("car_paint")
    chosen = pick(rng, options, [p["weight"] for p in options])
    bright = rng.uniform(0.85, 1.15)
    return chosen["name"], {
        "color": [round(min(_BRIGHTEST, c * bright), 3) for c in chosen["color"]],
        "metallic": chosen["metallic"],
        "dirt": round(float(rng.beta(2.0, 3.0)), 2),
        "dust": round(float(rng.beta(1.5, 4.0)), 2),
    }


def draw_look(asset: Asset, rng: np.random.Generator) -> Look:
    """One paint for a whole vehicle; a colour for each piece of clothing."""
    slots = [s for s in asset.slots if s.recolour]
    if not slots:
        return Look()
    params: dict[str, Mapping[str, Any]] = {}
    paint_name, paint = draw_paint(rng) if any(s.model == "car_paint" for s in slots) else ("", {})
    name = paint_name
    for slot in slots:
        if slot.model == "car_paint":
            params[slot.name] = paint
            continue
        options = palette("suit" if slot.role == "suit" else "cloth")
        chosen = pick(rng, options, [c["weight"] for c in options])
        bright = rng.uniform(0.85, 1.15)
        params[slot.name] = {"color": [round(min(_BRIGHTEST, c * bright), 3) for c in chosen["color"]]}
        name = name or chosen["name"]
    return Look(name, params)
