"""What made people look like: a surface for every slot, drawn from configs/people/colours.yaml and prints.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import yaml

from synthgen.assets.store import Store
from synthgen.paths import data_dir
from synthgen.procedural.people import garments
from synthgen.procedural.people.faces import BASE
from synthgen.procedural.people.folds import SEEDS
from synthgen.procedural.people.hair import hair_styles
from synthgen.scene.builder import Surface

_TONES = {"african": "skin_dark", "asian": "skin_middle", "caucasian": "skin_light", "mixed": "skin_middle"}
_HAIR_SHADES = 5
"""Steps in which hair's tone is told as a share of the skin's: so faces share pictures."""


def pick(rng: np.random.Generator, weights: Mapping[str, float]) -> str:
    """One of the names by their weights."""
    names = list(weights)
    total = np.cumsum([float(weights[n]) for n in names])
    return names[min(int(np.searchsorted(total, rng.random() * total[-1], side="right")), len(names) - 1)]


def surfaces_of(
    store: Store, params: Mapping[str, Any], about: Mapping[str, Any], rng: np.random.Generator
) -> dict[str, Surface]:
    """A surface for every slot that a person may have."""
    return _head(store, params, about, rng) | _clothes(store, params, rng)


def _head(
    store: Store, params: Mapping[str, Any], about: Mapping[str, Any], rng: np.random.Generator
) -> dict[str, Surface]:
    skin = _colour(_TONES[about["origin"]], rng)
    group, man, style = about["age_group"], about["gender"] == "man", params["hair"]
    tone = np.array(skin.params["color"])
    grey = group == "old" and rng.random() < 0.75
    hair = _colour("hair_grey" if grey else "hair_dark" if float(tone.sum()) < 0.8 else "hair_any", rng)
    share = float(np.mean(hair.params["color"])) / float(tone.mean())
    dark = 0.6 if grey else round(min(max(share * _HAIR_SHADES, 1.5), 4.0)) / _HAIR_SHADES
    ages = {"child": 0.0, "teenager": 0.05, "old": 0.9}
    face = store.procedural_image(
        "people.face",
        color_space="srgb",
        seed=int(rng.integers(0, 4)),
        brow=max(dark - 0.05, 0.28) if man else dark,
        hair=dark,
        scalp=0.22 if style == "bald" else float(hair_styles()[style]["scalp"]),
        recede=0.0 if style == "bald" else float(hair_styles()[style].get("recede", 0.0)),
        stubble=_stubble(params, group, man, rng),
        beard=params["beard"] if params["beard"] in ("goatee", "moustache") else "full",
        flush=round(float(rng.uniform(0.1, 0.9)) * 4) / 4,
        age=ages.get(group, round(float(rng.random()) * 2) / 4 + 0.1),
        makeup=0.0 if man or group == "child" else round(float(rng.random()) * 3) / 4,
        freckles=0.5 if tone[0] > 0.4 and rng.random() < 0.12 else 0.0,
    )
    strands = store.procedural_image("people.strands", color_space="srgb", seed=0)
    locks = Surface("hair", _brighter(hair, 1.45), {"color": strands, "alpha": strands}, "cutout")
    iris = _colour("iris" if tone[0] > 0.42 else "iris_dark", rng).params["color"]
    eyes = store.procedural_image("people.eye", color_space="srgb", iris=iris)
    return {
        "skin": skin,
        "face": Surface("skin", _brighter(skin, 1.0 / BASE), {"color": face}),
        "hair": Surface("hair", _brighter(hair, 1.3), {"color": strands}),
        "locks": locks,
        "beard": locks,
        "eyes": Surface("principled", {"color": [0.85] * 3, "roughness": 0.08, "coat": 0.6}, {"color": eyes}),
    }


def _stubble(params: Mapping[str, Any], group: str, man: bool, rng: np.random.Generator) -> float:
    drawn = float(rng.random())
    if not man or group in ("child", "teenager"):
        return 0.0
    return 0.85 if params["beard"] else round(drawn**2 * 4) / 4 * 0.55 + 0.12


def _clothes(store: Store, params: Mapping[str, Any], rng: np.random.Generator) -> dict[str, Surface]:
    folds = int(params["seed"]) % SEEDS
    known = _prints()
    worn = {
        "top": (params["top"], "light_top" if "shirt" in params["top"].split("_") else "top"),
        "bottom": (params["bottom"], known["bottoms"].get(params["bottom"], "trousers")),
        "jacket": (params["jacket"], "puffer" if params["jacket"] == "puffer" else "jacket"),
        "vest": ("vest", "vest"),
    }
    shoes = params["shoes"]
    looks = {}
    for slot, (garment, colors) in worn.items():
        plain = _colour(colors, rng)
        looks[slot] = _garment(store, pick(rng, known["kinds"].get(garment, {garment: 1})), plain, folds, rng)
    looks["coat"] = _garment(store, "coat", Surface("cloth", looks["jacket"].params), folds, rng, base=1.0)
    return looks | {
        "shoes": _colour(shoes, rng),
        "sole": _colour("sole_light" if shoes == "sneakers" else "sole_dark", rng),
        "band": _colour("band", rng),
        "helmet": _colour("bicycle_helmet" if params["helmet"] == "bicycle" else "helmet", rng),
        "bag": _colour("bag_leather" if params["bag"] == "handbag" else "bag", rng),
        "hat": _colour("cap" if params["hat"] == "cap" else "beanie", rng),
        "pad": _colour("pad", rng),
    }


def _garment(
    store: Store, kind: str, plain: Surface, folds: int, rng: np.random.Generator, *, base: float = garments.BASE
) -> Surface:
    """A garment's surface with its picture; some have a print, in colours of their own."""
    graphic = pick(rng, _prints()["graphics"].get(kind, {"none": 1}))
    seed = folds + SEEDS * int(rng.integers(0, 2))
    if kind not in garments.KINDS:
        return plain
    params: dict[str, Any] = {"kind": kind, "seed": seed}
    surface = _brighter(plain, 1.0 / base)
    if graphic != "none":
        color = plain.params["color"]
        dark = float(np.mean(color)) < 0.2
        inks = (
            _colour("ink_light" if dark else "ink_dark", rng).params["color"],
            _colour("ink_any", rng).params["color"],
        )
        params |= {"graphic": graphic, "color": color, "ink": inks[0], "second": inks[1]}
        surface = {**surface, "color": [0.85] * 3}
    images = {
        "color": store.procedural_image("people.garment", color_space="srgb", **params),
        "height": store.procedural_image("people.garment_height", color_space="data", kind=kind, seed=seed),
    }
    return Surface(plain.model, surface, images)


def _brighter(surface: Surface, factor: float) -> dict[str, Any]:
    color = [round(min(0.85, max(0.03, float(c) * factor)), 3) for c in surface.params["color"]]
    return {**surface.params, "color": color}


def _colour(name: str, rng: np.random.Generator) -> Surface:
    """A surface of a list of colours, a little lighter or darker than the list has it."""
    entry = _colours()[name]
    color = entry["colors"][int(rng.integers(0, len(entry["colors"])))]
    bright = float(rng.uniform(0.9, 1.1))
    own = {k: v for k, v in entry["surface"].items() if k != "model"}
    return Surface(
        str(entry["surface"]["model"]), {**own, "color": [round(min(0.8, max(0.03, c * bright)), 3) for c in color]}
    )


@cache
def _colours() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((data_dir("configs") / "people" / "colours.yaml").read_text("utf-8"))
    return loaded


@cache
def _prints() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((data_dir("configs") / "people" / "prints.yaml").read_text("utf-8"))
    return loaded
