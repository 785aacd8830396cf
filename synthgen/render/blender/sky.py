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
    x, y, z = g.axes(direction)
    elevation = float(params["sun_elevation"])
    # Below the horizon and just above it the model is dark and greenish. With a high sun a bright haze serves there,
    # with a low one the sky a little above it, which is bright only where the sun is.
    lifted = g.vector(x, y, g.most(z, _LIFT))
    sky = g.node(
        "ShaderNodeTexSky",
        {"Vector": g.node("ShaderNodeVectorMath", {0: lifted}, operation="NORMALIZE").outputs[0]},
        sky_type="NISHITA",
        sun_disc=False,
        sun_elevation=math.radians(elevation),
        # The node turns clockwise seen from above, from +Y, as `sun_azimuth` does.
        sun_rotation=math.radians(params["sun_azimuth"]),
        dust_density=params.get("dust", 1.6),
        air_density=1.0,
        altitude=50.0,
    ).outputs[0]
    clouds = params.get("clouds", 0.4)
    high = min(max((elevation - 8.0) / 12.0, 0.0), 1.0)
    color = g.mix(g.ramp(z, 0.0, 0.09, high, 0.0), sky, (6.2, 6.7, 7.3))
    if clouds <= 0:
        return color, 1.0
    cover, shade = _clouds(g, x, y, z, clouds, params.get("seed", 0.0))
    dim = 0.25 + 0.75 * high
    white = (15.0 * dim, 15.2 * dim * (0.86 + 0.14 * high), 15.6 * dim * (0.72 + 0.28 * high))
    return g.mix(cover, color, g.times(white, shade)), 1.0


def _clouds(g: Graph, x: Any, y: Any, z: Any, clouds: float, seed: float) -> tuple[Any, Any]:
    """Cover (0..1) and brightness (a grey) of clouds that lie on a plane above; clouds: share of the sky."""
    lift = g.add(g.most(z, 0.02), 0.12)
    plane = g.vector(g.math("DIVIDE", x, lift), g.math("DIVIDE", y, lift), 3.1 * seed)
    puffs = g.noise(plane, 0.55, 8, 0.58, 0.3)
    fields = g.noise(plane, 0.22, 2, 0.5)
    density = g.add(puffs, g.mul(g.sub(fields, 0.5), 0.7))
    cover = g.mul(g.ramp(density, 0.62 - 0.22 * clouds, 0.78 - 0.18 * clouds), g.ramp(z, 0.0, 0.10, 0.15, 0.95))
    return cover, g.grey(g.ramp(puffs, 0.55, 0.85, 1.0, 0.62))


def _dusk(g: Graph, direction: Any, params: dict[str, Any]) -> tuple[Any, Any]:
    """The sky after sunset: warm low down where the sun went, blue above, rosy over the earth's shadow opposite."""
    x, y, z = g.axes(direction)
    darkness = float(params.get("darkness", 0.5))
    azimuth = math.radians(float(params.get("sun_azimuth", 0.0)))
    towards = g.add(g.mul(x, math.sin(azimuth)), g.mul(y, math.cos(azimuth)))
    sunny = g.math("POWER", g.ramp(towards, -0.6, 1.0), 2.0)
    after = 1.0 - 0.75 * darkness
    low = g.mix(sunny, (0.42, 0.36, 0.44), (2.3 * after, 1.10 * after, 0.42 * after))
    middle = g.mix(sunny, (0.30, 0.34, 0.48), (0.75, 0.62, 0.55))
    color = g.mix(g.ramp(z, 0.0, 0.22), low, middle)
    color = g.mix(g.ramp(z, 0.15, 0.85), color, (0.13, 0.21, 0.44))
    cover, shade = _clouds(g, x, y, z, params.get("clouds", 0.4), params.get("seed", 0.0))
    cloud = g.mix(sunny, (0.20, 0.21, 0.27), (0.85 * after, 0.48 * after, 0.36 * after))
    color = g.mix(cover, color, g.times(cloud, shade))
    return color, _JUST_SET * (_NEARLY_NIGHT / _JUST_SET) ** darkness


def _night(g: Graph, direction: Any, params: dict[str, Any]) -> tuple[Any, Any]:
    """A town's glow on haze and clouds, which is what there is to see of a night sky from its streets."""
    x, y, z = g.axes(direction)
    clouds = float(params.get("clouds", 0.4))
    color = g.mix(g.ramp(z, 0.0, 0.5), (0.055, 0.041, 0.032), (0.011, 0.012, 0.017))
    cover, shade = _clouds(g, x, y, z, clouds, params.get("seed", 0.0))
    color = g.mix(g.mul(cover, 0.8), color, g.times((0.050, 0.041, 0.035), shade))
    return color, 0.28 + 0.35 * clouds


_LIFT = 0.06
"""Sine of the elevation below which a sky does not change any more: 3.4 degrees."""

_JUST_SET, _NEARLY_NIGHT = 1.5, 0.1
"""Strength of the sky at the beginning and at the end of dusk."""


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
    "dusk": _dusk,
    "night": _night,
    "uniform": _uniform,
}

_KINDS = {"sun": "SUN", "spot": "SPOT", "area": "AREA", "point": "POINT"}


def add_light(light: Light) -> Any:
    """Adds one light through BlenderProc's light type, and returns it. No camera sees it: labels know surfaces only."""
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
    else:
        data.shadow_soft_size = light.params.get("radius", 0.1)
    lamp.blender_obj.visible_camera = False
    return lamp
