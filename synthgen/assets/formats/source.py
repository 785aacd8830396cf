"""The one form that every model file is read into: polygons as arrays, and what the file says of its materials.

Nothing is placed, scaled or mended yet: axes and unit are the file's (`up`, `unit`), and normalisation does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from synthgen.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MAX_POLYGONS = 5_000_000
"""More are refused before memory is taken for them."""

MANY_POLYGONS = 1_000_000
"""More are read, and said in `warnings`."""

MAX_MATERIALS = 4096
"""A mesh numbers its slots in 16 bits; a file with more materials than this is not one object."""

UNNAMED = "default"
"""Name of the material of faces that have none."""

Up = Literal["+y", "+z"]
Space = Literal["srgb", "linear"]
AlphaMode = Literal["opaque", "mask", "blend"]


class Files(Protocol):
    """The files among which a model lies: an archive or a folder. Names have slashes, and are relative to its root.

    Nothing outside the root is reached, whatever a name says; upper and lower case are one.
    """

    def has(self, name: str) -> bool: ...

    def read(self, name: str) -> bytes:
        """The file's bytes. Raises InputError where it is missing, torn or too large."""
        ...


@dataclass(frozen=True, slots=True)
class SourceMaterial:
    """What a file says of a material; what it does not say is None or the default.

    diffuse: red, green, blue as written, in `space`: "srgb" (as on a screen: MTL, PLY, DAE, URDF, where no standard
    says so but writers mean it) or "linear" (glTF, and what Blender converts)
    opacity: 1 solid, 0 clear. color_map, alpha_map: names of pictures, for `SourceModel.picture`. The alpha map is
    the colour map itself where its alpha channel counts, else a picture whose brightness is the opacity
    alpha_mode: "mask" cuts at `alpha_cutoff`. emissive: linear, may exceed 1. double_sided: both sides are meant to
    be seen
    """

    name: str
    diffuse: tuple[float, float, float] = (0.8, 0.8, 0.8)
    opacity: float = 1.0
    color_map: str | None = None
    alpha_map: str | None = None
    space: Space = "srgb"
    metallic: float | None = None
    roughness: float | None = None
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    alpha_mode: AlphaMode = "opaque"
    alpha_cutoff: float = 0.5
    double_sided: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """Whose a model is, as far as its file says so; empty where it does not. licence: in the file's words."""

    title: str = ""
    author: str = ""
    licence: str = ""
    source: str = ""
    generator: str = ""


def no_pictures(name: str) -> bytes:
    raise InputError.of(f"the model has no picture {name!r}")


@dataclass(frozen=True, slots=True, eq=False)
class SourceModel:
    """A model file as arrays. Indices are 0-based, -1 where a corner has none.

    positions (N, 3), texcoords (T, 2) with v upwards, normals (K, 3)
    polygon_size (P,) corners of each polygon, polygon_material (P,) index into `materials`
    corners (C, 3) position, texture coordinate and normal of each corner, polygon after polygon; counter-clockwise
    seen from outside
    materials: names, each once; looks: what the file says of them, by name (a material may be missing there)
    picture: the encoded bytes (PNG, JPEG, ...) of a picture by its name in `looks`, read when asked for; raises
    InputError where it is missing
    up: the file's upward axis. unit: metres per unit of the file, None where the format has no unit
    front: the axis that the format says looks forward, or None. objects: things placed in the file's scene;
    parts: pieces that they consist of. warnings: what was repaired or left out, a sentence each
    """

    positions: Floats
    texcoords: Floats
    normals: Floats
    polygon_size: Ints
    polygon_material: Ints
    corners: Ints
    materials: tuple[str, ...]
    looks: Mapping[str, SourceMaterial] = field(default_factory=dict)
    picture: Callable[[str], bytes] = no_pictures
    up: Up = "+y"
    unit: float | None = None
    front: str | None = None
    about: About = About()
    warnings: tuple[str, ...] = ()
    objects: int = 1
    parts: int = 1


def refuse_many(polygons: int, where: str) -> None:
    """Raises InputError for a model of more than MAX_POLYGONS: to be called before memory is taken for them."""
    if polygons > MAX_POLYGONS:
        raise InputError.of(
            f"the model has {polygons:,} polygons; at most {MAX_POLYGONS:,} are read",
            where=where,
            hint="reduce it first (in Blender: the modifier Decimate)",
        )


def checked(model: SourceModel, where: str) -> SourceModel:
    """The model, if its numbers hold together.

    Raises InputError where it has no vertices or faces, numbers that are NaN or infinite, faces that name vertices
    it lacks, or too many polygons or materials.
    """
    size, corners = model.polygon_size, model.corners
    refuse_many(len(size), where)
    if len(model.positions) == 0 or len(size) == 0:
        raise InputError.of(f"the model has no {'vertices' if len(model.positions) == 0 else 'faces'}", where=where)
    for what, table in (
        ("vertices", model.positions),
        ("texture coordinates", model.texcoords),
        ("normals", model.normals),
    ):
        if not np.isfinite(table).all():
            raise InputError.of(f"the model has {what} that are NaN or infinite", where=where)
    counts = np.array([len(model.positions), len(model.texcoords), len(model.normals)])
    if corners[:, 0].min() < 0 or (corners >= counts).any():
        raise InputError.of("the model has faces that name vertices it lacks; it may be cut short", where=where)
    if len(model.materials) > MAX_MATERIALS:
        raise InputError.of(
            f"the model has {len(model.materials):,} materials; at most {MAX_MATERIALS:,} are read", where=where,
            hint="it may be a whole scene: export the object that you want alone",
        )  # fmt: skip
    assert (size >= 3).all() and int(size.sum()) == len(corners) and len(size) == len(model.polygon_material)
    return model


def size_warning(polygons: int) -> tuple[str, ...]:
    """What to tell the user of a very large model."""
    if polygons <= MANY_POLYGONS:
        return ()
    return (f"the model has {polygons:,} polygons: it will be slow to prepare and take much memory in every scene",)
