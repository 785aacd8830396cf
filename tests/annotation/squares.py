"""Squares before a camera: what is seen, hidden and cut off can be told with a ruler."""

from __future__ import annotations

from typing import Any

from synthgen.assets.mesh import make_mesh
from synthgen.assets.store import Store
from synthgen.scene.spec import Camera, Instance, Material, Object, SceneSpec, View, World

SIZE = (100, 60)
FOCAL = 50.0
CAMERA = Camera((FOCAL, FOCAL, (SIZE[0] - 1) / 2, (SIZE[1] - 1) / 2), (1.0, 0, 0, 0, 0, 0, 1.0, 0, 0, -1.0, 0, 0))
"""At the origin, looks along +Y, level: x right, z up. At a depth of 5 m a metre is 10 pixels."""


def at(x: float, y: float, z: float, scale: float = 1.0) -> tuple[float, ...]:
    return (scale, 0, 0, x, 0, scale, 0, y, 0, 0, scale, z)


def square_scene(store: Store, objects: list[tuple[str, int, tuple[float, ...]]], **more: Any) -> SceneSpec:
    """objects: (material, number, transform) of upright squares of 2 m about the origin; materials plain, holed
    (its right half is cut out) and clear (see-through). Numbers are cars, but for what `parts` says: part -> whole."""
    import numpy as np

    vertices = [[-1, 0, -1], [1, 0, -1], [1, 0, 1], [-1, 0, 1]]
    mesh = make_mesh(vertices, [[0, 1, 2], [0, 2, 3]], slots=("surface",), uvs=[[0, 0], [1, 0], [1, 1], [0, 1]])
    hole = np.full((8, 8, 4), 255, dtype=np.uint8)
    hole[:, 4:, 3] = 0
    parts: dict[int, int] = more.get("parts", {})
    return SceneSpec(
        scene_index=0,
        seed=0,
        identity={},
        size=SIZE,
        taxonomy="road",
        render={},
        meshes={"square": store.add_mesh(mesh, {"test": "square"})},
        images={"hole": store.add_image(hole, {"test": "hole"})},
        materials={
            "plain": Material("principled"),
            "holed": Material("principled", {}, {"alpha": "hole"}, "cutout"),
            "clear": Material("principled", transparency="see_through"),
        },
        objects=tuple(Object("square", (material,), number, place) for material, number, place in objects),
        instances=tuple(Instance(n, "car", part_of=parts.get(n)) for n in sorted({o[1] for o in objects})),
        lights=(),
        world=World("flat"),
        views=tuple(View(camera, {}) for camera in more.get("cameras", (CAMERA,))),
    )
