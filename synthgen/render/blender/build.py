"""SceneSpec to Blender: meshes, materials, objects, camera. Adds nothing that a ray caster would not see."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from synthgen.errors import RenderError
from synthgen.render.blender import (
    blur,
    bridge,
    materials,
    materials_ground,  # noqa: F401  registers its models
    materials_hall,  # noqa: F401  registers its models
    materials_shop,  # noqa: F401  registers its models
    materials_street,  # noqa: F401  registers its models
    sky,
)
from synthgen.render.blender.resident import SHARED, Residents
from synthgen.scene.spec import Camera, Material, Object, SceneSpec


class BuiltScene:
    """A SceneSpec in Blender, ready to be seen from its views."""

    def __init__(self, spec: SceneSpec, residents: Residents):
        self.spec = spec
        self._residents = residents
        self._view_objects: list[Any] = []
        self._view_lights: list[Any] = []
        self.see_through: list[Any] = []
        residents.begin(spec)
        for item in spec.objects:
            self.add(item)
        for light in spec.lights:
            sky.add_light(light)
        sky.set_world(spec.world)
        residents.end()

    def show_view(self, index: int) -> None:
        """Sets up what belongs to one view only: its objects and lights. The camera is set with the picture's size."""
        for item in self._view_objects:
            self.see_through = [o for o in self.see_through if o != item.blender_obj]
            item.delete()
        self._view_objects = [self.add(item) for item in self.spec.views[index].objects]
        for light in self._view_lights:
            light.delete()
        self._view_lights = [sky.add_light(light) for light in self.spec.views[index].lights]

    def add(self, item: Object) -> Any:
        """One object, sharing its mesh with all that have the same mesh and materials but for their paint."""
        names, painted = self._shared(item.materials)
        data = self._residents.mesh(self.spec.meshes[item.mesh], names)
        entity = bridge.module("types.MeshObjectUtility").create_from_blender_mesh(data)
        rows = [item.transform[4 * k : 4 * k + 4] for k in range(3)]
        entity.set_local2world_mat(Matrix([*rows, (0.0, 0.0, 0.0, 1.0)]))
        entity.blender_obj.pass_index = item.number
        blur.set_moving(entity.blender_obj, item.velocity)
        if painted is not None:
            materials.paint_object(entity.blender_obj, painted)
        policies = {self.spec.materials[name].transparency for name in item.materials}
        if "see_through" in policies:
            if len(policies) > 1:
                raise RenderError(f"object {item.number} mixes see-through and other surfaces; make them two objects")
            self.see_through.append(entity.blender_obj)
        return entity

    def _shared(self, names: tuple[str, ...]) -> tuple[tuple[str, ...], Material | None]:
        """Material names with paint replaced by what reads it from the object; the paint. At most one an object."""
        paints = {name for name in names if materials.shareable(self.spec.materials[name])}
        if len(paints) != 1:
            return names, None
        (paint,) = paints
        material = self.spec.materials[paint]
        shared = SHARED + material.model
        return tuple(shared if name == paint else name for name in names), material


def set_camera(camera: Camera, size: tuple[int, int], supersample: int) -> None:
    """Places the camera for a picture of `size` rendered `supersample` times as large.

    At twice the size the principal point is shifted by half a small pixel, so that small pixel (2u, 2v) looks through
    the very centre of the final pixel (u, v): labels are taken there.
    """
    fx, fy, cx, cy = camera.intrinsics
    s = supersample
    matrix = np.array([[s * fx, 0, s * cx], [0, s * fy, s * cy], [0, 0, 1.0]])
    utility = bridge.module("camera.CameraUtility")
    utility.set_intrinsics_from_K_matrix(matrix, s * size[0], s * size[1], camera.clip_near, camera.clip_far)
    world = np.array([*camera.cam_to_world, 0, 0, 0, 1.0]).reshape(4, 4)
    # Ours looks along +Z with y down; Blender's along -Z with y up.
    blender = world @ np.diag([1.0, -1.0, -1.0, 1.0])
    eye = bpy.context.scene.camera
    blur.stop(eye)
    eye.matrix_world = Matrix(blender.tolist())
    blur.set_moving(eye, camera.velocity)
    blur.set_lens(eye.data, camera)
