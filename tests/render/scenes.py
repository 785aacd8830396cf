"""Small scenes whose right labels can be told by another engine."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import trimesh

from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.assets.store import Store
from synthgen.scene.spec import (
    Camera,
    Instance,
    Light,
    Material,
    Object,
    SceneSpec,
    View,
    World,
    check_spec,
    rounded,
)

RENDER: dict[str, Any] = {
    "samples": 1,
    "supersample": 2,
    "denoise": "both",
    "bounces": 2,
    "clamp_indirect": 8.0,
    "texture_limit": 0,
    "light_tree": True,
}
SENSOR: dict[str, Any] = {
    "exposure_key": 0.18,
    "exposure_error": 0.0,
    "tone_curve": "agx",
    "contrast": 0.8,
    "saturation": 1.1,
    "temperature": 6400.0,
    "bloom": 0.03,
    "vignette": 0.15,
    "chromatic_aberration": 0.4,
    "electrons": 2000.0,
    "read_noise": 3.0,
    "sharpen": 0.3,
    "jpeg_quality": 92,
    "noise_seed": 7,
}


def of_trimesh(shape: trimesh.Trimesh) -> Mesh:
    return make_mesh(shape.vertices, shape.faces, slots=("surface",))


def card(width: float, height: float) -> Mesh:
    """An upright rectangle facing -Y, its foot at the origin; UV 0..1."""
    x = width / 2
    vertices = [[-x, 0, 0], [x, 0, 0], [x, 0, height], [-x, 0, height]]
    return make_mesh(vertices, [[0, 1, 2], [0, 2, 3]], slots=("surface",), uvs=[[0, 0], [1, 0], [1, 1], [0, 1]])


def placed(x: float, y: float, z: float, *, scale: float = 1.0, yaw: float = 0.0, flip: bool = False) -> Any:
    """3x4 transform: scaled, turned about Z (degrees), perhaps mirrored in x, then moved."""
    c, s = scale * math.cos(math.radians(yaw)), scale * math.sin(math.radians(yaw))
    m = -1.0 if flip else 1.0
    return rounded((m * c, -s, 0.0, x, m * s, c, 0.0, y, 0.0, 0.0, scale, z))


def camera(size: tuple[int, int], *, x: float = 0.0, y: float = -4.0, z: float = 1.5, hfov: float = 80.0) -> Camera:
    """Looks along +Y, level."""
    f = size[0] / 2 / math.tan(math.radians(hfov / 2))
    intrinsics = rounded((f, f, (size[0] - 1) / 2, (size[1] - 1) / 2))
    return Camera(intrinsics, rounded((1, 0, 0, x, 0, 0, 1, y, 0, -1, 0, z)))


SUN = Light("sun", rounded((1, 0, 0, 0, 0, 0.643, -0.766, 0, 0, 0.766, 0.643, 10)), 140.0, (1.0, 0.86, 0.65))


def crowd(store: Store, size: tuple[int, int] = (160, 96), *, views: int = 2) -> SceneSpec:
    """Forty cars of boxes and balls on a road: scaled, turned, mirrored, some cut by the picture's edge.

    A part (a plate on a ball), a leaf card with a cut-out, a see-through pane before it all, and in each view a
    bonnet of its own.
    """
    rng = np.random.default_rng(5)
    meshes = {
        "ground": store.add_mesh(of_trimesh(trimesh.creation.box((80, 80, 0.1))), {"test": "ground"}),
        "box": store.add_mesh(of_trimesh(trimesh.creation.box((1, 1, 1))), {"test": "box"}),
        "ball": store.add_mesh(of_trimesh(trimesh.creation.icosphere(3, 0.6)), {"test": "ball"}),
        "card": store.add_mesh(card(2.0, 2.4), {"test": "card"}),
    }
    hole = np.zeros((32, 32, 4), dtype=np.uint8)
    hole[..., 1], hole[..., 3] = 90, 255
    hole[8:20, 4:24, 3] = 0
    images = {"leaf": store.add_image(hole, {"test": "leaf"})}
    materials = {
        "asphalt": Material("asphalt_plain"),
        "red": Material("car_paint", {"color": [0.12, 0.01, 0.01]}),
        "grey": Material("weathered", {"color": [0.2, 0.2, 0.2], "roughness": 0.6}),
        "leaf": Material("principled", {"color": [0.1, 0.2, 0.05]}, {"alpha": "leaf", "color": "leaf"}, "cutout"),
        "pane": Material("principled", {"color": [0.9, 0.9, 0.9], "roughness": 0.1}, transparency="see_through"),
    }
    objects = [Object("ground", ("asphalt",), 1, placed(0, 0, -0.05))]
    instances = [Instance(1, "road")]
    for number in range(2, 42):
        x, y, scale, yaw = rng.uniform((-7, 1, 0.2, 0), (7, 22, 1.2, 360))
        mesh = "box" if number % 2 else "ball"
        transform = placed(x, y, scale * 0.5, scale=scale, yaw=yaw, flip=number % 3 == 0)
        objects.append(Object(mesh, ("red" if number % 4 else "grey",), number, transform))
        instances.append(Instance(number, "car" if mesh == "ball" else "truck"))
    instances.append(Instance(42, "traffic sign", part_of=2))
    objects.append(Object("box", ("grey",), 42, placed(0.4, 0.0, 0.3, scale=0.3)))
    instances += [Instance(43, "vegetation"), Instance(44, "ego vehicle"), Instance(45, "fence")]
    objects.append(Object("card", ("leaf",), 43, placed(-1.2, 0.2, 0.0)))
    objects.append(Object("card", ("pane",), 45, placed(1.6, -0.5, 0.0)))
    cameras = [camera(size, x=0.7 * k, y=-4.0 + 0.4 * k) for k in range(views)]
    shots = []
    for k, seen_by in enumerate(cameras):
        bonnet = Object("box", ("red",), 44, placed(0.7 * k, seen_by.cam_to_world[7] + 1.2, 0.45, scale=0.9))
        shots.append(View(seen_by, SENSOR, objects=(bonnet,)))
    spec = SceneSpec(
        scene_index=0,
        seed=0,
        identity={"labels": {"min_area": 0, "below": "keep"}},
        size=size,
        taxonomy="road",
        render=RENDER,
        meshes=meshes,
        images=images,
        materials=materials,
        objects=tuple(objects),
        instances=tuple(instances),
        lights=(SUN,),
        world=World("nishita", {"sun_elevation": 40.0, "sun_azimuth": 180.0, "clouds": 0.4, "haze": 3000.0}),
        views=tuple(shots),
    )
    check_spec(spec)
    return spec
