"""Renderer settings, and one render that gives picture, numbers and distance together (see render/rendered.py)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from synthgen.errors import RenderError
from synthgen.render.blender import bridge, normals
from synthgen.truth import DEPTH, FLOW, NORMALS

TRANSPARENT_BOUNCES = 128
GLASS_BOUNCES = 10
"""Through a tumbler: four walls, and what stands behind it; with fewer it is black."""

FEW_LIGHTS = 8
"""Above so many the light tree is worth its time, whatever the preset says."""

_PREFILTERS = {"both": "NONE", "accurate": "ACCURATE"}
"""Of Cycles' denoiser by mode. Its "FAST" is no filter: the denoiser is told that the features are noisy."""

SOLID_ALPHA = 0.05
"""A surface counts for the index pass from this alpha on; half-transparent ones would else dither the labels."""


def configure(
    render: Mapping[str, Any],
    *,
    threads: int,
    seed: int,
    clear: bool = False,
    depth: bool = False,
    lights: int = 1,
    truth: Collection[str] = (),
) -> None:
    """Sets the renderer up once a scene. `render` is a preset (see configs/render). clear: there is clear glass.
    depth: labels need it. lights: how many there are. truth: what is asked for beside picture and numbers."""
    renderer = bridge.module("renderer.RendererUtility")
    bounces = int(render["bounces"])
    renderer.set_cpu_threads(threads)
    renderer.set_max_amount_of_samples(int(render["samples"]))
    renderer.set_noise_threshold(0)
    renderer.set_simplify_subdivision_render(0)
    renderer.toggle_light_tree(bool(render["light_tree"]) or lights > FEW_LIGHTS)
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
    cycles.sampling_pattern = "BLUE_NOISE"  # what is left of the noise is easier to take out: docs/benchmarks.md
    cycles.sample_clamp_indirect = float(render["clamp_indirect"])
    cycles.blur_glossy = 1.0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.use_fast_gi = False
    scene.render.use_persistent_data = True
    scene.render.film_transparent = False
    scene.render.resolution_percentage = 100
    limit = int(render.get("texture_limit", 0))
    scene.render.use_simplify = limit > 0
    cycles.texture_limit_render = str(limit) if limit else "OFF"
    layer.use_pass_object_index = True
    layer.use_pass_material_index = True
    layer.use_pass_mist = True
    layer.use_pass_z = depth or DEPTH in truth or FLOW in truth
    normals.ask_for_passes(NORMALS in truth)
    layer.pass_alpha_threshold = SOLID_ALPHA
    _set_denoising(str(render["denoise"]))
    image = scene.render.image_settings
    image.file_format = "OPEN_EXR_MULTILAYER"
    image.color_depth = "16"  # halves colour only; indices stay 32 bit
    image.exr_codec = "NONE"


def _set_denoising(mode: str) -> None:
    """ "none"; "fast" (the features are taken to be noisy); "both": that, and another in which they are taken as they
    are, told apart later; "accurate" (features denoised first, the denoiser's best)."""
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
    cycles.denoising_quality = "HIGH" if mode == "accurate" else "FAST"
    cycles.denoising_prefilter = _PREFILTERS.get(mode, "FAST")
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


def render(path: Path) -> None:
    """Renders the scene as it stands into a file. Raises RenderError where the renderer wrote none."""
    bpy.context.scene.render.filepath = str(path)
    try:
        bpy.ops.render.render(write_still=True)
    except RuntimeError as error:
        raise RenderError(f"the renderer gave no picture: {error}") from error
    if not path.exists():
        raise RenderError("the renderer gave no picture")
