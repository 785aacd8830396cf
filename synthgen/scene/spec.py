"""SceneSpec: one scene and its camera views, with every random draw resolved.

Renderer-neutral, frozen, and a JSON round trip. Metres, seconds, degrees, kelvin; world Z up, right-handed.
Matrices are row-major. Colours are linear Rec.709.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from typing import Any

import msgspec

from synthgen.errors import InputError

FORMAT = 1
MAX_NUMBER = 32_767
"""The object-index pass of Cycles clamps silently above this."""

UNCLAIMED = 0
"""The number of a pixel that no surface claims (sky)."""

DECIMALS = 6

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

    materials: a key of `SceneSpec.materials` per slot of the mesh. transform: 3x4 row-major object-to-world.
    """

    mesh: str
    materials: tuple[str, ...]
    number: int
    transform: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """What a number stands for: the root of an asset, or a labelled part of one (`part_of`)."""

    number: int
    category: str
    part_of: int | None = None
    asset: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    relations: dict[str, int] = field(default_factory=dict)


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

    intrinsics: fx, fy, cx, cy in pixels. cam_to_world: 3x4 row-major.
    """

    intrinsics: tuple[float, float, float, float]
    cam_to_world: tuple[float, ...]
    clip_near: float = 0.05
    clip_far: float = 3000.0


@dataclass(frozen=True, slots=True)
class View:
    """One picture: a camera, the sensor behind it (all numbers resolved), and how often planning drew it again.

    objects: what exists in this view only, such as the bonnet of the car that carries the camera.
    """

    camera: Camera
    sensor: dict[str, Any]
    redraws: int = 0
    objects: tuple[Object, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)


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
    format: int = FORMAT


def encode_spec(spec: SceneSpec) -> bytes:
    """Canonical JSON (sorted keys, one line): equal specs give equal bytes on every machine."""
    return msgspec.json.encode(spec, order="sorted") + b"\n"


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
    return hashlib.blake2b(encode_spec(spec), digest_size=16).hexdigest()


def rounded(value: Any) -> Any:
    """Numbers as they enter a SceneSpec: to 1e-6, without -0.0; containers keep their shape (lists, tuples, dicts).

    Raises ValueError for NaN and infinity.
    """
    if isinstance(value, dict):
        return {str(k): rounded(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(rounded(v) for v in value)
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if hasattr(value, "tolist"):
        return rounded(value.tolist())
    number = round(float(value), DECIMALS)
    if not math.isfinite(number):
        raise ValueError(f"{value} cannot enter a SceneSpec")
    return number + 0.0


def check_spec(spec: SceneSpec) -> None:
    """Refuses what would give wrong labels: unknown keys, too many or repeated numbers, slots without a material."""
    numbers = [i.number for i in spec.instances]
    if len(numbers) > MAX_NUMBER or max(numbers, default=0) > MAX_NUMBER:
        raise InputError.of(
            f"scene {spec.scene_index} has {len(numbers)} numbered instances; the index pass holds {MAX_NUMBER}",
            hint="lower the densities of the recipe",
        )
    known = set(numbers)
    if len(known) != len(numbers) or UNCLAIMED in known:
        raise InputError.of(f"scene {spec.scene_index} gives two instances one number")
    for item in (*spec.objects, *(o for view in spec.views for o in view.objects)):
        if item.number not in known:
            raise InputError.of(f"scene {spec.scene_index} has an object of the unknown number {item.number}")
        if item.mesh not in spec.meshes or any(m not in spec.materials for m in item.materials):
            raise InputError.of(f"scene {spec.scene_index} has an object with an unknown mesh or material")
    for name, material in spec.materials.items():
        if material.transparency not in TRANSPARENCY_POLICIES:
            raise InputError.of(f"material {name} has the unknown transparency policy {material.transparency!r}")
        if any(key not in spec.images for key in material.images.values()):
            raise InputError.of(f"material {name} names an unknown image")
    parts = [i for i in spec.instances if i.part_of is not None and i.part_of not in known]
    if parts:
        raise InputError.of(f"scene {spec.scene_index} has the part {parts[0].number} of an unknown instance")
