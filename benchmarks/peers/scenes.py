"""The scenes that are compared, and what the other tools need to know of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.peers.shelf import shelf_scene
from synthgen.assets.store import Store
from synthgen.engine.inputs import load_inputs
from synthgen.paths import data_dir
from synthgen.scene.spec import SceneSpec
from synthgen.taxonomy import load_taxonomy

STREET = "scenes/road/urban.yaml"


@dataclass(frozen=True)
class Scene:
    """A SceneSpec to compare on, and others of its kind that a worker has seen before it."""

    name: str
    spec: SceneSpec
    before: tuple[SceneSpec, ...]


def street(size: tuple[int, int], views: int, before: int) -> Scene:
    """The first scene of the urban recipe. What exists in one view only (the own bonnet) is left out: a scene file
    that is rendered from many poses has no such thing; and all views have one field of view."""
    inputs = load_inputs(
        data_dir("scenes") / "road" / "urban.yaml",
        size=f"{size[0]}x{size[1]}",
        overrides=[f"views_per_scene={views}", "camera.dashcam.hfov=75"],
    )
    first, *others = (_without_view_objects(inputs.plan(index)) for index in range(1 + before))
    return Scene("street", first, tuple(replace(spec, views=spec.views[:1]) for spec in others))


def shelf(size: tuple[int, int], views: int, before: int) -> Scene:
    """The dense aisle of `shelf.py`."""
    store, render = Store(), preset("standard")
    first = shelf_scene(store, render=render, size=size, views=views)
    others = (shelf_scene(store, render=render, size=size, views=1, seed=1 + k) for k in range(before))
    return Scene("shelf", first, tuple(others))


SCENES: dict[str, Callable[[tuple[int, int], int, int], Scene]] = {"street": street, "shelf": shelf}


def preset(name: str) -> dict[str, Any]:
    """The numbers of a render preset. Raises InputError for an unknown one."""
    return dict(load_inputs(data_dir("scenes") / "road" / "urban.yaml", preset=name).recipe.render)


def rendered_as(spec: SceneSpec, render: Mapping[str, Any], views: int | None = None) -> SceneSpec:
    """The scene with other render settings, and perhaps its first views only."""
    return replace(spec, render={**spec.render, **render}, views=spec.views[:views])


def without_air(spec: SceneSpec) -> SceneSpec:
    """Without haze, which synthgen adds to the picture after rendering and no other tool has."""
    return replace(spec, world=replace(spec.world, params={k: v for k, v in spec.world.params.items() if k != "haze"}))


def described(spec: SceneSpec) -> dict[str, Any]:
    """Camera matrix, poses (4x4, x right, y down, z forward) and category names, as JSON, for the other tools.

    Raises ValueError where the views have different cameras: the examples of the others set one camera.
    """
    cameras = [view.camera for view in spec.views]
    first = cameras[0]
    if any(c.intrinsics != first.intrinsics for c in cameras):
        raise ValueError("the views have different intrinsics")
    fx, fy, cx, cy = first.intrinsics
    poses = [np.array([*c.cam_to_world, 0, 0, 0, 1]).reshape(4, 4).tolist() for c in cameras]
    taxonomy = load_taxonomy(spec.taxonomy)
    return {
        "size": list(spec.size),
        "camera": {
            "K": [[fx, 0, cx], [0, fy, cy], [0, 0, 1]],
            "clip_near": first.clip_near,
            "clip_far": first.clip_far,
        },
        "poses": poses,
        "category_names": {c.name: c.id for c in taxonomy.categories},
    }


def category_ids(spec: SceneSpec) -> dict[str, int]:
    """Category id by instance number, as JSON wants it."""
    taxonomy = load_taxonomy(spec.taxonomy)
    return {str(i.number): taxonomy.by_name[i.category].id for i in spec.instances}


def _without_view_objects(spec: SceneSpec) -> SceneSpec:
    return replace(spec, views=tuple(replace(view, objects=()) for view in spec.views))
