"""Gathers the parts of a scene while it is planned, and freezes them into a SceneSpec.

Meshes, images and materials are kept once, by content, under short keys in the order in which they first appear;
instances are numbered 1, 2, ... in the order in which they are made. Every number is rounded on entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.errors import InputError
from synthgen.scene.pose import IDENTITY, Matrix
from synthgen.scene.spec import (
    MAX_NUMBER,
    ImageRef,
    Instance,
    LabelVolume,
    Light,
    Material,
    MeshRef,
    Object,
    SceneSpec,
    View,
    World,
    check_spec,
    rounded,
    rounded_rows,
)


@dataclass(frozen=True, slots=True)
class Surface:
    """A material before it has a key: its images are still references."""

    model: str
    params: Mapping[str, Any] = field(default_factory=dict)
    images: Mapping[str, ImageRef] = field(default_factory=dict)
    transparency: str = "opaque"


def make_light(
    kind: str, transform: Matrix, power: float, color: Sequence[float], params: Mapping[str, float] | None = None
) -> Light:
    """A light with its numbers as they enter a SceneSpec."""
    r, g, b = rounded(tuple(color))
    return Light(kind, rounded(tuple(transform)), rounded(power), (r, g, b), plain(params or {}))


def plain(value: Any) -> Any:
    """Numbers as they enter a SceneSpec (`rounded`), and sequences as lists: equal after a JSON round trip."""
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is float:
        return rounded(value)
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return rounded(value)


Placed = tuple[str, str, dict[str, Any], dict[str, int | str], str, tuple[str, ...]]
"""An instance with its object: category, asset, attributes (plain already), relations, mesh key, material keys."""


def _too_many() -> InputError:
    return InputError.of(
        f"the scene has more than {MAX_NUMBER} numbered instances", hint="lower the densities of the recipe"
    )


class SceneBuilder:
    """Collects one scene. Methods return the keys and numbers by which later calls refer to what was added."""

    def __init__(self) -> None:
        self.meshes: dict[str, MeshRef] = {}
        self.images: dict[str, ImageRef] = {}
        self.materials: dict[str, Material] = {}
        self.objects: list[Object] = []
        self.lights: list[Light] = []
        self.volumes: list[LabelVolume] = []
        self._instances: list[Instance] = []
        self._mesh_keys: dict[str, str] = {}
        self._image_keys: dict[str, str] = {}
        self._material_keys: dict[str, str] = {}
        self._surface_keys: dict[int, tuple[Surface, str]] = {}

    @property
    def instances(self) -> tuple[Instance, ...]:
        return tuple(self._instances)

    def mesh(self, ref: MeshRef) -> str:
        """The key of a mesh."""
        if ref.hash not in self._mesh_keys:
            self._mesh_keys[ref.hash] = f"mesh{len(self.meshes)}"
            self.meshes[self._mesh_keys[ref.hash]] = ref
        return self._mesh_keys[ref.hash]

    def image(self, ref: ImageRef) -> str:
        """The key of an image."""
        content = f"{ref.hash} {ref.color_space}"
        if content not in self._image_keys:
            self._image_keys[content] = f"image{len(self.images)}"
            self.images[self._image_keys[content]] = ref
        return self._image_keys[content]

    def material(self, surface: Surface) -> str:
        """The key of a material; equal materials share one."""
        known = self._surface_keys.get(id(surface))
        if known is None:
            # Kept with its key, so that no other surface gets its id.
            known = self._surface_keys[id(surface)] = surface, self._material_key(surface)
        return known[1]

    def _material_key(self, surface: Surface) -> str:
        images = {name: self.image(ref) for name, ref in sorted(surface.images.items())}
        material = Material(surface.model, plain(surface.params), images, surface.transparency)
        params = sorted(material.params.items())
        content = repr((material.model, params, list(images.items()), material.transparency))
        if content not in self._material_keys:
            self._material_keys[content] = f"material{len(self.materials)}"
            self.materials[self._material_keys[content]] = material
        return self._material_keys[content]

    def instance(
        self,
        category: str,
        *,
        part_of: int | None = None,
        asset: str | None = None,
        attributes: Mapping[str, Any] | None = None,
        relations: Mapping[str, int | str] | None = None,
    ) -> int:
        """Numbers a new instance. Raises InputError where the scene has more than the index pass can hold."""
        number = len(self._instances) + 1
        if number > MAX_NUMBER:
            raise _too_many()
        self._instances.append(
            Instance(number, category, part_of, asset, plain(attributes or {}), dict(relations or {}))
        )
        return number

    def make_object(
        self,
        number: int,
        mesh: MeshRef,
        materials: Sequence[str],
        transform: Matrix = IDENTITY,
        *,
        velocity: Sequence[float] = (),
    ) -> Object:
        """An object of an instance that is not part of the whole scene (see `View.objects`)."""
        moving = rounded(tuple(velocity)) if any(velocity) else ()
        return Object(self.mesh(mesh), tuple(materials), number, rounded(tuple(transform)), moving)

    def add(
        self,
        number: int,
        mesh: MeshRef,
        materials: Sequence[str],
        transform: Matrix = IDENTITY,
        *,
        velocity: Sequence[float] = (),
    ) -> Object:
        """Puts a mesh into the scene as (part of) instance `number`; `materials` has one key per slot of the mesh.

        velocity: metres per second in the world.
        """
        item = self.make_object(number, mesh, materials, transform, velocity=velocity)
        self.objects.append(item)
        return item

    def add_many(self, things: Sequence[Placed], transforms: NDArray[np.float64]) -> tuple[int, list[Object]]:
        """Numbers many new instances of one object each; (N, 12) object-to-world matrices. Faster than one by one.

        Returns the first of their numbers, which follow one another, and the objects. Raises as `instance`.
        """
        first = len(self._instances) + 1
        if first + len(things) - 1 > MAX_NUMBER:
            raise _too_many()
        made = []
        for number, thing, row in zip(count(first), things, rounded_rows(transforms), strict=False):
            category, asset, attributes, relations, mesh, materials = thing
            self._instances.append(Instance(number, category, None, asset, attributes, relations))
            made.append(Object(mesh, materials, number, row))
        self.objects += made
        return first, made

    def volume(self, number: int, transform: Matrix, behind: Sequence[int]) -> LabelVolume:
        """Labels the box that `transform` makes of -0.5..0.5 as `number`, where one of `behind` is seen through it."""
        item = LabelVolume(number, rounded(tuple(transform)), tuple(behind))
        self.volumes.append(item)
        return item

    def light(
        self,
        kind: str,
        transform: Matrix,
        power: float,
        color: Sequence[float],
        params: Mapping[str, float] | None = None,
    ) -> None:
        """Adds a light to the scene (see `Light`)."""
        self.lights.append(make_light(kind, transform, power, color, params))

    def build(
        self,
        *,
        scene_index: int,
        seed: int,
        identity: dict[str, Any],
        size: tuple[int, int],
        taxonomy: str,
        render: dict[str, Any],
        world: World,
        views: Sequence[View],
        attributes: Mapping[str, Any],
    ) -> SceneSpec:
        """The finished scene, checked (see `check_spec`)."""
        spec = SceneSpec(
            scene_index=scene_index,
            seed=seed,
            identity=identity,
            size=size,
            taxonomy=taxonomy,
            render=plain(render),
            meshes=dict(self.meshes),
            images=dict(self.images),
            materials=dict(self.materials),
            objects=tuple(self.objects),
            instances=self.instances,
            lights=tuple(self.lights),
            world=World(world.model, plain(world.params)),
            views=tuple(views),
            attributes=plain(attributes),
            volumes=tuple(self.volumes),
        )
        check_spec(spec)
        return spec
