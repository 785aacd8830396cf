"""Renderer settings, and one render that gives picture, numbers and distance together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from synthgen.errors import RenderError
from synthgen.render.blender import bridge
from synthgen.render.blender.materials import MATTE_INDEX
from synthgen.render.blender.sky import MIST_DEPTH

TRANSPARENT_BOUNCES = 128
GLASS_BOUNCES = 10
"""Through a tumbler: four walls, and what stands behind it; with fewer it is black."""

_NOTHING = 1e9
"""Metres: the depth pass has 1e10 where a ray leaves the scene."""

SOLID_ALPHA = 0.05
"""A surface counts for the index pass from this alpha on; half-transparent ones would else dither the labels."""


@dataclass(frozen=True)
class Rendered:
    """What one render gives, at the size it was rendered.

    picture  (H, W, 3) float32, linear Rec.709, denoised
    sharp    (H, W, 3) float32, denoised with raw features (grain kept; noisy in mirrors), or None
    matte    (H, W) bool, surfaces where `sharp` is right
    numbers  (H, W) int32, the number of the surface each pixel's centre sees, 0 for none
    distance (H, W) float32, metres along the ray, antialiased, saturating at `MIST_DEPTH`
    depth    (H, W) float32, metres along the camera's z at the pixel's centre, inf where it sees nothing; None where
             it was not asked for
    """

    picture: NDArray[np.float32]
    sharp: NDArray[np.float32] | None
    matte: NDArray[np.bool_]
    numbers: NDArray[np.int32]
    distance: NDArray[np.float32]
    depth: NDArray[np.float32] | None = None


def configure(render: Mapping[str, Any], *, threads: int, seed: int, clear: bool = False, depth: bool = False) -> None:
    """Sets the renderer up once a scene. `render` is a preset (see configs/render). clear: there is clear glass.
    depth: a depth pass is wanted."""
    renderer = bridge.module("renderer.RendererUtility")
    bounces = int(render["bounces"])
    renderer.set_cpu_threads(threads)
    renderer.set_max_amount_of_samples(int(render["samples"]))
    renderer.set_noise_threshold(0)
    renderer.set_simplify_subdivision_render(0)
    renderer.toggle_light_tree(bool(render["light_tree"]))
    renderer.set_light_bounces(
        diffuse_bounces=min(3, bounces),
        glossy_bounces=min(3, bounces),
        ao_bounces_render=0,
        max_bounces=max(bounces, GLASS_BOUNCES) if clear else bounces,
        transmission_bounces=GLASS_BOUNCES if clear else min(2, bounces),
        transparent_max_bounces=TRANSPARENT_BOUNCES,
        volume_bounces=0,
    )
    scene, layer = bpy.context.scene, bpy.context.view_layer
    cycles = scene.cycles
    cycles.seed = seed % 2**31
    cycles.sampling_pattern = "TABULATED_SOBOL"
    cycles.sample_clamp_indirect = float(render["clamp_indirect"])
    cycles.blur_glossy = 1.0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_fast_gi = False
    scene.render.use_persistent_data = True
    scene.render.film_transparent = False
    scene.render.resolution_percentage = 100
    if render.get("texture_limit"):
        scene.render.use_simplify = True
        cycles.texture_limit_render = str(int(render["texture_limit"]))
    layer.use_pass_object_index = True
    layer.use_pass_material_index = True
    layer.use_pass_mist = True
    layer.use_pass_z = depth
    layer.pass_alpha_threshold = SOLID_ALPHA
    _set_denoising(str(render["denoise"]))
    image = scene.render.image_settings
    image.file_format = "OPEN_EXR_MULTILAYER"
    image.color_depth = "16"  # halves colour only; indices stay 32 bit
    image.exr_codec = "NONE"


def _set_denoising(mode: str) -> None:
    """ "none"; "fast" (features denoised first); "both": that, and another with raw features, told apart later."""
    scene, layer = bpy.context.scene, bpy.context.view_layer
    cycles = scene.cycles
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    layers = tree.nodes.new("CompositorNodeRLayers")
    result = tree.nodes.new("CompositorNodeComposite")
    tree.links.new(layers.outputs["Image"], result.inputs["Image"])
    scene.render.use_compositing = mode == "both"
    cycles.use_denoising = layer.cycles.use_denoising = mode != "none"
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_quality = "FAST"
    cycles.denoising_prefilter = "NONE" if mode == "both" else "FAST"
    layer.cycles.denoising_store_passes = mode == "both"
    if mode == "both":
        denoise = tree.nodes.new("CompositorNodeDenoise")
        denoise.prefilter, denoise.quality = "FAST", "FAST"
        tree.links.new(layers.outputs["Noisy Image"], denoise.inputs["Image"])
        tree.links.new(layers.outputs["Denoising Albedo"], denoise.inputs["Albedo"])
        tree.links.new(layers.outputs["Denoising Normal"], denoise.inputs["Normal"])
        tree.links.new(denoise.outputs["Image"], result.inputs["Image"])


@contextmanager
def labels_only(preset: Mapping[str, Any]) -> Iterator[None]:
    """Inside, a render is one sample without denoiser or compositor: all that numbers need."""
    scene = bpy.context.scene
    scene.cycles.samples = 1
    _set_denoising("none")
    try:
        yield
    finally:
        scene.cycles.samples = int(preset["samples"])
        _set_denoising(str(preset["denoise"]))


def render(path: Path) -> Rendered:
    """Renders the scene as it stands through `path`, a scratch .exr, which is removed again.

    Raises RenderError where the renderer wrote no readable file.
    """
    scene = bpy.context.scene
    scene.render.filepath = str(path)
    path.unlink(missing_ok=True)
    try:
        bpy.ops.render.render(write_still=True)
        return _read(path)
    except (RuntimeError, OSError, KeyError) as error:
        raise RenderError(f"the renderer gave no picture: {error}") from error
    finally:
        path.unlink(missing_ok=True)


def _read(path: Path) -> Rendered:
    with OpenEXR.File(str(path)) as file:
        channels = file.channels()
        combined = _rgb(channels, "ViewLayer.Combined")
        composite = _rgb(channels, "Composite.Combined") if _has(channels, "Composite.Combined") else None
        numbers = np.rint(_plane(channels, "ViewLayer.IndexOB.X")).astype(np.int32)
        materials = np.rint(_plane(channels, "ViewLayer.IndexMA.X")).astype(np.int32)
        mist = _plane(channels, "ViewLayer.Mist.Z").astype(np.float32)
        depth = _plane(channels, "ViewLayer.Depth.Z") if _has(channels, "ViewLayer.Depth") else None
    return Rendered(
        picture=combined if composite is None else composite,
        sharp=None if composite is None else combined,
        matte=materials == MATTE_INDEX,
        numbers=numbers,
        distance=mist * np.float32(MIST_DEPTH),
        depth=None if depth is None else np.where(depth < _NOTHING, depth, np.float32(np.inf)),
    )


def _has(channels: Mapping[str, Any], layer: str) -> bool:
    return any(name.startswith(layer) for name in channels)


def _rgb(channels: Mapping[str, Any], layer: str) -> NDArray[np.float32]:
    """The first three channels of a layer; OpenEXR joins R, G, B (and A) of one layer into one array."""
    for name, channel in channels.items():
        if name == layer or name in (f"{layer}.RGBA", f"{layer}.RGB"):
            return np.asarray(np.nan_to_num(channel.pixels[..., :3].astype(np.float32)))
    parts = [np.nan_to_num(channels[f"{layer}.{c}"].pixels.astype(np.float32)) for c in "RGB"]
    return np.asarray(np.stack(parts, axis=-1))


def _plane(channels: Mapping[str, Any], name: str) -> NDArray[np.float32]:
    held = channels[name] if name in channels else channels[name.rsplit(".", 1)[0]]
    plane = held.pixels
    return np.asarray(plane if plane.ndim == 2 else plane[..., 0], dtype=np.float32)
