"""What Blender keeps from one scene to the next: pictures, materials and meshes, found again by what they are made of.

Cars, people and trees come again and again; a scene that finds them here is built the sooner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import msgspec
import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.errors import RenderError
from synthgen.render.blender import materials
from synthgen.scene.spec import ImageRef, MeshRef, SceneSpec

KEPT_FACES = 3_000_000
"""Faces of meshes that are kept though the scene at hand does not show them: about two streets' worth."""

SHARED = "shared/"
"""Before the name of a shading model whose parameters come from the object."""

Key = tuple[Any, ...]


class Residents:
    """Blender's data by content. A scene asks for what it shows between `begin` and `end`."""

    def __init__(self, store: Store):
        self._store = store
        self._templates = materials.templates()
        self._images: dict[Key, Any] = {}
        self._materials: dict[Key, Any] = {}
        self._meshes: dict[Key, Any] = {}  # those shown last come last
        self._passing: set[Key] = set()  # meshes that no other scene shows
        self._shown: set[Key] = set()
        self._spec: SceneSpec | None = None
        self._keys: dict[str, Key] = {}

    def begin(self, spec: SceneSpec) -> None:
        """From here on, names are those of this scene. Its pictures are in the cache then, and stay for now."""
        self._spec = spec
        self._keys = {}
        self._shown = set()
        for ref in spec.images.values():
            self._store.image_file(ref)

    def end(self) -> None:
        """Lets go of what this scene does not show, but for the meshes of assets that were shown last."""
        gone, faces = [], 0
        for key, mesh in reversed(self._meshes.items()):
            if key in self._shown:
                continue
            faces += len(mesh.polygons)
            if key in self._passing or faces > KEPT_FACES:
                gone.append(key)
        _remove(self._meshes, gone)
        self._passing &= self._meshes.keys()
        # Nothing else holds a material than a mesh, or a picture than a material.
        for key in [key for key, made in self._materials.items() if made.users == 0]:
            self._templates.release(self._materials.pop(key))
        _remove(self._images, [key for key, made in self._images.items() if made.users == 0])

    def mesh(self, ref: MeshRef, slots: Sequence[str]) -> Any:
        """A mesh that wears materials of these names: the scene's, or SHARED ones.

        Raises RenderError where there are more or fewer than the mesh has slots.
        """
        key = (ref.hash, *(self._key(name) for name in slots))
        made = self._meshes.pop(key, None)
        if made is None:
            mesh = self._store.mesh(ref)
            if len(slots) != len(mesh.slots):
                raise RenderError(f"mesh {ref.hash} has {len(mesh.slots)} material slots, its object {len(slots)}")
            made = to_blender(ref.hash, mesh, [self._material(name) for name in slots])
            if "asset" not in ref.source:
                self._passing.add(key)
        self._meshes[key] = made
        self._shown.add(key)
        return made

    def _key(self, name: str) -> Key:
        """What a material is made of."""
        assert self._spec is not None
        key = self._keys.get(name)
        if key is None:
            if name.startswith(SHARED):
                key = (name,)
            else:
                material = self._spec.materials[name]
                images = [(slot, *_image_key(self._spec.images[k])) for slot, k in sorted(material.images.items())]
                said = [material.model, material.params, material.transparency, images]
                key = (msgspec.json.encode(said, order="sorted"),)
            self._keys[name] = key
        return key

    def _material(self, name: str) -> Any:
        key = self._key(name)
        made = self._materials.get(key)
        if made is None:
            made = self._materials[key] = self._made(name)
        return made

    def _made(self, name: str) -> Any:
        assert self._spec is not None
        if name.startswith(SHARED):
            return materials.build_shared(name.removeprefix(SHARED), self._templates)
        material = self._spec.materials[name]
        images = {slot: self._image(self._spec.images[key]) for slot, key in material.images.items()}
        return materials.build(name, material, images, self._templates)

    def _image(self, ref: ImageRef) -> Any:
        key = _image_key(ref)
        made = self._images.get(key)
        if made is None:
            made = bpy.data.images.load(str(self._store.image_file(ref)), check_existing=False)
            made.colorspace_settings.name = "sRGB" if ref.color_space == "srgb" else "Non-Color"
            # Alpha is a channel of its own: neither premultiplied into colour nor cut by it.
            made.alpha_mode = "CHANNEL_PACKED"
            self._images[key] = made
        return made


def _image_key(ref: ImageRef) -> Key:
    return ref.hash, ref.color_space


def _remove(held: dict[Key, Any], keys: Sequence[Key]) -> None:
    if keys:
        bpy.data.batch_remove([held.pop(key) for key in keys])


def to_blender(name: str, mesh: Mesh, slots: list[Any]) -> Any:
    """A Blender mesh with the very triangles of the canonical one, its normals, UVs and per-face random numbers."""
    data = bpy.data.meshes.new(name)
    corners = 3 * len(mesh.faces)
    data.vertices.add(len(mesh.vertices))
    data.loops.add(corners)
    data.polygons.add(len(mesh.faces))
    data.polygons.foreach_set("loop_start", np.arange(0, corners, 3, dtype=np.int32))
    # Attributes are copied whole; the same through `loops` or `polygons` goes corner by corner.
    data.attributes["position"].data.foreach_set("vector", mesh.vertices.ravel())
    data.attributes[".corner_vert"].data.foreach_set("value", mesh.faces.ravel())
    for material in slots:
        data.materials.append(material)
    if len(slots) > 1:
        _attribute(data, "material_index", "INT", "FACE").foreach_set("value", mesh.slot.astype(np.int32))
    uvs = mesh.uvs[mesh.faces.ravel()]
    _attribute(data, "UVMap", "FLOAT2", "CORNER").foreach_set("vector", uvs.ravel())
    if mesh.face_random.any():
        _attribute(data, "face_random", "FLOAT", "FACE").foreach_set("value", mesh.face_random)
    # Free normals: Blender 4.5 reads a plain vector attribute of this name as shading normals.
    _attribute(data, "custom_normal", "FLOAT_VECTOR", "POINT").foreach_set("vector", mesh.normals.ravel())
    data.update(calc_edges=True)
    return data


def _attribute(data: Any, name: str, kind: str, domain: str) -> Any:
    return data.attributes.new(name, kind, domain).data
