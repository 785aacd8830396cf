"""Shading models as graphs, without Blender: what a parameter says must reach the shader."""

from __future__ import annotations

from typing import Any

import pytest

from synthgen.render.blender import (
    materials_ground,  # noqa: F401  registers its models
    materials_street,  # noqa: F401  registers its models
)
from synthgen.render.blender.materials import MODELS, Inputs, _is_matte
from synthgen.render.blender.nodes import Graph
from synthgen.scene.spec import Material

MAP = {"surface": object()}
WEAR = ("concrete", "tiles", "grass", "soil", "wall")
WET = ("asphalt", "asphalt_plain", "road_paint", "paving", "kerb_stone", "concrete", "soil")


def graph(model: str, **params: Any) -> list[Any]:
    """The nodes that a model notes down."""
    g = Graph("ShaderNodeOutputMaterial")
    g.finish(MODELS[model](g, Inputs(params, MAP)))
    return list(g._nodes)


@pytest.mark.parametrize("name", ["wear", "dirt"])
@pytest.mark.parametrize("model", WEAR)
def test_wear_and_dirt_are_parameters(model: str, name: str) -> None:
    assert graph(model, **{name: 0.1}) != graph(model, **{name: 0.9})


@pytest.mark.parametrize("kind", ["brick", "plaster", "stone"])
def test_a_facing_that_is_worn_is_another(kind: str) -> None:
    clean, filthy = (graph("wall", kind=kind, dirt=d) for d in (0.0, 1.0))
    assert clean != filthy
    if kind != "stone":
        assert graph("wall", kind=kind, wear=0.0) != graph("wall", kind=kind, wear=1.0)


@pytest.mark.parametrize("model", WET)
def test_wet_ground_is_smoother_and_mirrors(model: str) -> None:
    dry, wet = graph(model), graph(model, wet=0.8)
    assert len(wet) > len(dry)
    assert graph(model, wet=0.0) == dry
    assert graph(model, wet=0.3) != wet
    assert _is_matte(Material(model))
    assert not _is_matte(Material(model, {"wet": 0.8}))


def test_windows_shine_by_night_alone() -> None:
    def glow(**params: Any) -> Any:
        (shader,) = [n for n in graph("window_glass", **params) if n.kind == "ShaderNodeBsdfPrincipled"]
        return shader.inputs.get("Emission Strength")

    assert glow() is None
    assert glow(night=0.5) is not None
    assert graph("window_glass", night=0.5, lit=0.1) != graph("window_glass", night=0.5, lit=0.6)
