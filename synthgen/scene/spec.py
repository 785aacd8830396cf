"""SceneSpec: one scene and its camera views, with every random draw resolved.

Renderer-neutral, frozen, and a JSON round trip. Metres, seconds, degrees, kelvin; world Z up, right-handed.
Matrices are row-major. Colours are linear Rec.709.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from synthgen.errors import InputError

FORMAT = 1
MAX_NUMBER = 32_767
"""The object-index pass of Cycles clamps silently above this."""

UNCLAIMED = 0
"""The number of a pixel that no surface claims (sky)."""

DECIMALS = 6

_LEAN = 1e-4
"""Cosine of the angle between a transform's axes up to which they count as upright to each other."""

TRANSPARENCY_POLICIES = ("opaque", "cutout", "solid", "see_through")


@dataclass(frozen=True, slots=True)
class MeshRef:
    """A canonical mesh: its content hash, and how to make it again.

    `source` is {"asset": id} or {"procedural": name, "version": n, "params": {...}}.
    """

    hash: str
    source: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ImageRef:
    """A texture: content hash of its pixels, how to make it again, and how to read it ("srgb" or "linear")."""

    hash: str
    source: dict[str, Any]
    color_space: str = "srgb"


@dataclass(frozen=True, slots=True)
class Material:
    """A shading model of the renderer (`model`), its parameters, and image keys by parameter name.

    transparency: "opaque"; "solid" (glass that belongs to its object); "cutout" (hard alpha of image "alpha" at
    0.5, nearest texel); "see_through" (what is behind gets the label).
    """

    model: str
    params: dict[str, Any] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    transparency: str = "opaque"


@dataclass(frozen=True, slots=True)
class Object:
    """A mesh at a place. Several objects may carry one number; objects may share a mesh.

    materials: a key of `SceneSpec.materials` per slot of the mesh. transform: 3x4 row-major object-to-world, at the
    middle of the shutter. velocity: metres per second in the world, () for none.
    """

    mesh: str
    materials: tuple[str, ...]
    number: int
    transform: tuple[float, ...]
    velocity: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelVolume:
    """A place that has a label but no surface: a gap on a shelf, a feature that is missing.

    A pixel belongs to it when its ray enters the volume before it hits anything, and what it then hits is one of the
    instances `behind`. A ray enters where it crosses a face from its front. transform: 3x4 row-major volume-to-world.
    Without `faces` the volume is the box -0.5..0.5 on each axis; else `vertices` and triangles of them,
    counter-clockwise seen from the front.
    """

    number: int
    transform: tuple[float, ...]
    behind: tuple[int, ...]
    vertices: tuple[tuple[float, float, float], ...] = ()
    faces: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """What a number stands for: the root of an asset, or a labelled part of one (`part_of`).

    relations: to other instances, by number (`on`: what carries it; `covers`, `mounted_on`, `rides`,
    `pushed_by`), and `in`: the place of the layout that it belongs to, as slot/name.
    """

    number: int
    category: str
    part_of: int | None = None
    asset: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    relations: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Light:
    """kind: "sun" (power W/m2 facing it, angle deg), "spot", "area" or "point" (power W). Emits along local -Z."""

    kind: str
    transform: tuple[float, ...]
    power: float
    color: tuple[float, float, float]
    params: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """The sky: a model of the renderer and its parameters."""

    model: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Camera:
    """Pinhole camera. Pixel centres at integer coordinates, cx = (W-1)/2; axes x right, y down, z forward.

    intrinsics: fx, fy, cx, cy in pixels. cam_to_world: 3x4 row-major, at the middle of the shutter. lens_radius: of the
    aperture in metres, 0 for a pinhole; it is sharp at `focus_distance` metres along z. shutter: seconds that it is
    open, 0 for an instant; velocity: of the camera, metres per second in the world, () for none. Labels are what the
    pinhole sees at the middle of the shutter, whatever blurs the picture.
    """

    intrinsics: tuple[float, float, float, float]
    cam_to_world: tuple[float, ...]
    clip_near: float = 0.05
    clip_far: float = 3000.0
    lens_radius: float = 0.0
    focus_distance: float = 0.0
    shutter: float = 0.0
    velocity: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """One picture: a camera, the sensor behind it (all numbers resolved), and how often planning drew it again.

    objects, lights: what exists in this view only, such as bonnet and headlamps of the car that carries the camera.
    """

    camera: Camera
    sensor: dict[str, Any]
    redraws: int = 0
    objects: tuple[Object, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    lights: tuple[Light, ...] = ()


@dataclass(frozen=True, slots=True)
class SceneSpec:
    """One scene. `render` holds the resolved render preset; `identity` what a dataset must agree on (see planning)."""

    scene_index: int
    seed: int
    identity: dict[str, Any]
    size: tuple[int, int]
    taxonomy: str
    render: dict[str, Any]
    meshes: dict[str, MeshRef]
    images: dict[str, ImageRef]
    materials: dict[str, Material]
    objects: tuple[Object, ...]
    instances: tuple[Instance, ...]
    lights: tuple[Light, ...]
    world: World
    views: tuple[View, ...]
    attributes: dict[str, Any] = field(default_factory=dict)
    volumes: tuple[LabelVolume, ...] = ()
    format: int = FORMAT


def encode_spec(spec: SceneSpec) -> bytes:
    """Canonical JSON (sorted keys, one line): equal specs give equal bytes on every machine.

    What blurs or moves, label volumes and lights of one view are written only where there are any: the many other
    scenes stay small, and keep the hash that they had before there was such a thing.
    """
    plain: dict[str, Any] = msgspec.to_builtins(spec)
    _leave_out(plain, "volumes")
    for item in plain["objects"]:
        _leave_out(item, "velocity")
    for view in plain["views"]:
        _leave_out(view, "lights")
        _leave_out(view["camera"], "lens_radius", "focus_distance", "shutter", "velocity")
        for item in view["objects"]:
            _leave_out(item, "velocity")
    return msgspec.json.encode(plain, order="sorted") + b"\n"


def _leave_out(item: dict[str, Any], *names: str) -> None:
    """Takes these keys away where they say nothing."""
    for name in names:
        if not item[name]:
            del item[name]


def decode_spec(data: bytes, *, where: str = "") -> SceneSpec:
    """Reads `encode_spec`'s JSON. Raises InputError where it is not a SceneSpec of this format."""
    try:
        spec = msgspec.json.decode(data, type=SceneSpec)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise InputError.of(f"not a SceneSpec: {error}", where=where) from error
    if spec.format != FORMAT:
        raise InputError.of(f"a SceneSpec of format {spec.format}, not {FORMAT}", where=where)
    return spec


def spec_hash(spec: SceneSpec) -> str:
    """32 hex digits that name the whole spec: size, preset, sensor, assets and all."""
    return encoded_hash(encode_spec(spec))


def encoded_hash(data: bytes) -> str:
    """`spec_hash` of the spec that `encode_spec` made these bytes of."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def rounded(value: Any) -> Any:
    """Numbers as they enter a SceneSpec: to 1e-6, without -0.0; containers keep their shape (lists, tuples, dicts).

    Raises ValueError for NaN and infinity.
    """
    if type(value) is float:  # nearly all of them
        return _rounded(value)
    if type(value) is tuple and {*map(type, value)} == {float}:
        return tuple(map(_rounded, value))
    if isinstance(value, dict):
        return {str(k): rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([rounded(v) for v in value])
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if hasattr(value, "tolist"):
        return rounded(value.tolist())
    return _rounded(float(value))


def _rounded(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot enter a SceneSpec")
    return round(value, DECIMALS) + 0.0


def rounded_rows(rows: NDArray[np.float64]) -> list[tuple[float, ...]]:
    """`rounded` of (N, M) numbers, one tuple a row: many at once."""
    if not np.isfinite(rows).all():
        raise ValueError("what is not finite cannot enter a SceneSpec")
    return list(map(tuple, (np.rint(rows * 10.0**DECIMALS) / 10.0**DECIMALS + 0.0).tolist()))


def check_spec(spec: SceneSpec) -> None:
    """Refuses what would give wrong labels. Raises InputError.

    Unknown keys; too many or repeated numbers; objects that the renderer cannot place as the spec says (sheared or
    flattened), or of which two numbers claim the very same surface; see-through beside other surfaces on one object;
    cameras and volumes that make no sense.
    """
    scene = f"scene {spec.scene_index}"
    known = _checked_numbers(spec, scene)
    for name, material in spec.materials.items():
        if material.transparency not in TRANSPARENCY_POLICIES:
            raise InputError.of(f"material {name} has the unknown transparency policy {material.transparency!r}")
        if any(key not in spec.images for key in material.images.values()):
            raise InputError.of(f"material {name} names an unknown image")
        if material.transparency == "cutout" and "alpha" not in material.images:
            raise InputError.of(f"material {name} is a cut-out without an image `alpha`")
    looks: set[tuple[str, ...]] = set()
    surfaces: dict[tuple[str, tuple[float, ...]], int] = {}
    _check_objects(spec.objects, spec, scene, known, looks, surfaces)
    for view in spec.views:
        own = dict(surfaces) if view.objects else surfaces
        _check_objects(view.objects, spec, scene, known, looks, own)
        _check_camera(view.camera, scene)
    for volume in spec.volumes:
        _check_volume(volume, scene, known)


def _checked_numbers(spec: SceneSpec, scene: str) -> set[int]:
    numbers = [i.number for i in spec.instances]
    if len(numbers) > MAX_NUMBER or max(numbers, default=0) > MAX_NUMBER:
        raise InputError.of(
            f"{scene} has {len(numbers)} numbered instances; the index pass holds {MAX_NUMBER}",
            hint="lower the densities of the recipe",
        )
    known = set(numbers)
    if len(known) != len(numbers) or UNCLAIMED in known:
        raise InputError.of(f"{scene} gives two instances one number")
    parts = [i for i in spec.instances if i.part_of is not None and i.part_of not in known]
    if parts:
        raise InputError.of(f"{scene} has the part {parts[0].number} of an unknown instance")
    for item in spec.instances:
        for name, other in item.relations.items():
            if isinstance(other, int) and (other not in known or other == item.number):
                raise InputError.of(
                    f"{scene} has the instance {item.number} {name.replace('_', ' ')} {other}, which is not one"
                )
    return known


def _check_objects(
    objects: tuple[Object, ...],
    spec: SceneSpec,
    scene: str,
    known: set[int],
    looks: set[tuple[str, ...]],
    surfaces: dict[tuple[str, tuple[float, ...]], int],
) -> None:
    """Notes the objects in `surfaces`: by mesh and place, the number that claims them. looks: materials found good."""
    for item in objects:
        if item.number not in known:
            raise InputError.of(f"{scene} has an object of the unknown number {item.number}")
        if item.mesh not in spec.meshes or any(m not in spec.materials for m in item.materials):
            raise InputError.of(f"{scene} has an object with an unknown mesh or material")
        if item.materials not in looks:
            policies = {spec.materials[name].transparency for name in item.materials}
            if "see_through" in policies and len(policies) > 1:
                raise InputError.of(
                    f"{scene} has an object (number {item.number}) that is see-through in part",
                    hint="make it two objects",
                )
            looks.add(item.materials)
        if item.velocity:
            _check_velocity(item.velocity, f"{scene} has an object (number {item.number})")
        other = surfaces.setdefault((item.mesh, item.transform), item.number)
        if other != item.number:
            raise InputError.of(
                f"{scene} has one mesh twice at one place, as {other} and as {item.number}: no ray can tell them apart",
                hint="move one of them, or give both one number",
            )
    _check_transforms([o.transform for o in objects], lambda k: f"{scene} has an object (number {objects[k].number})")


def _check_transforms(transforms: Sequence[tuple[float, ...]], what: Callable[[int], str]) -> None:
    """Moved, turned, mirrored and scaled along its own axes is what the renderer can hold; sheared is not.

    what: how the message about transform k begins.
    """
    for k, transform in enumerate(transforms):
        if len(transform) != 12:
            raise InputError.of(f"{what(k)} whose transform has {len(transform)} numbers, not 12")
    axes = np.array(transforms, dtype=np.float64).reshape(-1, 3, 4)[:, :, :3]
    lengths = np.sqrt((axes**2).sum(axis=1))
    flat = np.flatnonzero(lengths.min(axis=1) == 0.0)
    if len(flat):
        raise InputError.of(f"{what(int(flat[0]))} that is scaled to nothing", hint="scales below 0.000001 round to 0")
    for i, j in ((0, 1), (0, 2), (1, 2)):
        lean = np.abs((axes[:, :, i] * axes[:, :, j]).sum(axis=1))
        most = _LEAN * lengths[:, i] * lengths[:, j] + 10.0**-DECIMALS * (lengths[:, i] + lengths[:, j])
        sheared = np.flatnonzero(lean > most)
        if len(sheared):
            raise InputError.of(f"{what(int(sheared[0]))} that is sheared", hint="bake the shear into its mesh")


def _check_velocity(velocity: tuple[float, ...], what: str) -> None:
    if len(velocity) not in (0, 3):
        raise InputError.of(f"{what} whose velocity has {len(velocity)} numbers, not 3")


def _check_camera(camera: Camera, scene: str) -> None:
    _check_velocity(camera.velocity, f"{scene} has a camera")
    if not 0.0 < camera.clip_near < camera.clip_far:
        raise InputError.of(f"{scene} has a camera that sees from {camera.clip_near} m to {camera.clip_far} m")
    if camera.lens_radius < 0.0 or camera.shutter < 0.0:
        raise InputError.of(f"{scene} has a camera with a negative lens radius or shutter time")
    if camera.lens_radius > 0.0 and camera.focus_distance <= camera.clip_near:
        raise InputError.of(f"{scene} has a camera that focuses at {camera.focus_distance} m, before its near plane")


def _check_volume(volume: LabelVolume, scene: str, known: set[int]) -> None:
    what = f"{scene} has a label volume (number {volume.number})"
    unknown = [n for n in (volume.number, *volume.behind) if n not in known]
    if unknown:
        raise InputError.of(f"{what} that names the unknown instance {unknown[0]}")
    if not volume.behind:
        raise InputError.of(f"{what} with nothing behind it", hint="name the fixture in which the gap is")
    _check_transforms([volume.transform], lambda _: what)
    if any(not 0 <= k < len(volume.vertices) for face in volume.faces for k in face):
        raise InputError.of(f"{what} with faces that name vertices it lacks")
