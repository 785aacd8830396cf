"""Skies and lights. Radiances are in the renderer's units, where a clear sky is about 6 at the horizon."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import bpy
from mathutils import Matrix

from synthgen.errors import RenderError
from synthgen.render.blender import bridge
from synthgen.render.blender.nodes import Graph
from synthgen.render.rendered import MIST_DEPTH
from synthgen.scene.spec import Light, World


def set_world(world: World) -> None:
    """Gives the scene its sky."""
    if world.model not in WORLDS:
        raise RenderError(f"unknown sky model {world.model!r}")
    blender = bpy.data.worlds.new("sky")
    bpy.context.scene.world = blender
    blender.use_nodes = True
    graph = Graph("ShaderNodeOutputWorld")
    direction = graph.node("ShaderNodeTexCoord").outputs["Generated"]
    color, strength = WORLDS[world.model](graph, direction, world.params)
    graph.finish(graph.node("ShaderNodeBackground", {0: color, 1: strength}).outputs[0])
    graph.write(blender.node_tree)
    # The sky is smooth: a small importance map is as good, and quick to build.
    blender.cycles.sampling_method = "MANUAL"
    blender.cycles.sample_map_resolution = 256
    blender.mist_settings.start = 0.0
    blender.mist_settings.depth = MIST_DEPTH
    blender.mist_settings.falloff = "LINEAR"


def _nishita(g: Graph, direction: Any, params: dict[str, Any]) -> tuple[Any, Any]:
    """Clear sky without the sun's disc (a lamp gives it), with clouds projected on a plane above."""
    sky = g.node(
        "ShaderNodeTexSky",
        sky_type="NISHITA",
        sun_disc=False,
        sun_elevation=math.radians(params["sun_elevation"]),
        # The node turns clockwise seen from above, from +Y, as `sun_azimuth` does.
        sun_rotation=math.radians(params["sun_azimuth"]),
        dust_density=params.get("dust", 1.6),
        air_density=1.0,
        altitude=50.0,
    ).outputs[0]
    x, y, z = g.axes(direction)
    lift = g.add(g.most(z, 0.02), 0.12)
    plane = g.vector(g.math("DIVIDE", x, lift), g.math("DIVIDE", y, lift), 3.1 * params.get("seed", 0.0))
    puffs = g.noise(plane, 0.55, 8, 0.58, 0.3)
    fields = g.noise(plane, 0.22, 2, 0.5)
    clouds = params.get("clouds", 0.4)
    # Below the horizon and just above it the model is dark and greenish: blend to a bright haze.
    color = g.mix(g.ramp(z, 0.0, 0.09), (6.2, 6.7, 7.3), sky)
    if clouds <= 0:
        return color, 1.0
    density = g.add(puffs, g.mul(g.sub(fields, 0.5), 0.7))
    cover = g.mul(g.ramp(density, 0.62 - 0.22 * clouds, 0.78 - 0.18 * clouds), g.ramp(z, 0.0, 0.10, 0.15, 0.95))
    shade = g.grey(g.ramp(puffs, 0.55, 0.85, 1.0, 0.62))
    return g.mix(cover, color, g.times((15.0, 15.2, 15.6), shade)), 1.0


def _overcast(g: Graph, direction: Any, params: dict[str, Any]) -> tuple[Any, Any]:
    """A closed cloud layer, three times as bright overhead as at the horizon (CIE overcast sky, softened)."""
    z = g.axes(direction)[2]
    stretched = g.scaled(direction, (1.2, 1.2, 3.0), (params.get("seed", 0.0), 0.0, 0.0))
    billows = g.ramp(g.noise(stretched, 1.6, 5, 0.55), 0.3, 0.7, 0.78, 1.2)
    level = g.mul(g.ramp(z, -0.02, 0.9, 0.62, 1.35), billows)
    return g.times((0.93, 0.97, 1.04), g.grey(level)), params.get("strength", 6.0)


def _uniform(g: Graph, direction: Any, params: dict[str, Any]) -> tuple[Any, Any]:
    return tuple(params.get("color", (1.0, 1.0, 1.0))), params.get("strength", 1.0)


WORLDS: dict[str, Callable[[Graph, Any, dict[str, Any]], tuple[Any, Any]]] = {
    "nishita": _nishita,
    "overcast": _overcast,
    "uniform": _uniform,
}

_KINDS = {"sun": "SUN", "spot": "SPOT", "area": "AREA", "point": "POINT"}


def add_light(light: Light) -> None:
    """Adds one light through BlenderProc's light type."""
    if light.kind not in _KINDS:
        raise RenderError(f"unknown light {light.kind!r}")
    lamp = bridge.module("types.LightUtility").Light(_KINDS[light.kind])
    lamp.set_energy(light.power)
    lamp.set_color(list(light.color))
    rows = [light.transform[4 * k : 4 * k + 4] for k in range(3)]
    lamp.set_local2world_mat(Matrix([*rows, (0.0, 0.0, 0.0, 1.0)]))
    data = lamp.blender_obj.data
    if light.kind == "sun":
        data.angle = math.radians(light.params.get("angle", 0.55))
    elif light.kind == "spot":
        data.spot_size = math.radians(light.params.get("cone", 60.0))
        data.spot_blend = light.params.get("blend", 0.5)
        data.shadow_soft_size = light.params.get("radius", 0.1)
    elif light.kind == "area":
        data.shape = "ELLIPSE" if light.params.get("disk") else "RECTANGLE"
        data.size = light.params.get("width", 1.0)
        data.size_y = light.params.get("height", 1.0)
        data.spread = math.radians(light.params.get("spread", 180.0))
        lamp.blender_obj.visible_camera = False
    else:
        data.shadow_soft_size = light.params.get("radius", 0.1)
