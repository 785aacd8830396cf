"""What the conformance scenes are made of: unit shapes that exist as a mesh and as a formula, a camera, a material."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.mesh import Mesh, make_mesh
from synthgen.assets.store import Store
from synthgen.scene.builder import SceneBuilder, Surface
from synthgen.scene.pose import light_along, pose
from synthgen.scene.spec import Camera, ImageRef, MeshRef, SceneSpec, View, World, rounded
from synthgen.verification.conformance import formula

SIZE = (160, 96)
RENDER: dict[str, Any] = {
    "samples": 1, "supersample": 2, "denoise": "none", "bounces": 2, "clamp_indirect": 8.0, "texture_limit": 0,
    "light_tree": False,
}  # fmt: skip
SENSOR: dict[str, Any] = {
    "exposure_key": 0.18, "exposure_error": 0.0, "tone_curve": "standard", "contrast": 0.75, "saturation": 1.0,
    "jpeg_quality": 95,
}  # fmt: skip
GREY = Surface("principled", {"color": [0.3, 0.3, 0.3], "roughness": 0.8})
_FAINTLY = 5
"""How much redder than green, of 255, the edge of a blurred light still is."""

RED_LIGHT = Surface("principled", {"color": [0, 0, 0], "emission_color": [1.0, 0.0, 0.0], "emission_strength": 3.0})


@dataclass(frozen=True)
class Seen:
    """A rendered view. numbers: (H, W) of its labels; picture: (H, W, 3) uint8."""

    numbers: NDArray[np.int32]
    picture: NDArray[np.uint8]

    def pixels(self, number: int) -> int:
        """How many pixels a number has."""
        return int((self.numbers == number).sum())

    def reddish(self, by: int = 25) -> NDArray[np.bool_]:
        """(H, W) where the picture is redder than it is green, as nothing but RED_LIGHT is."""
        red, green = (self.picture[..., k].astype(int) for k in (0, 1))
        return np.asarray(red > green + by)

    def greenish(self) -> NDArray[np.bool_]:
        """(H, W) where the picture is greener than it is red, as a cut-out of `cut_out` is."""
        red, green = (self.picture[..., k].astype(int) for k in (0, 1))
        return np.asarray(green > 1.15 * red + 6)

    def inside(self, number: int) -> NDArray[np.bool_]:
        """(H, W) the pixels of a number that touch no other number's, not even at a corner."""
        own = self.numbers == number
        edged = np.pad(own, 1, constant_values=True)
        height, width = own.shape
        shifts = [edged[y : y + height, x : x + width] for y in range(3) for x in range(3)]
        return np.asarray(np.logical_and.reduce(shifts))

    def spread(self, number: int) -> tuple[int, int]:
        """By how many columns red light goes on to the left and to the right of the pixels of a number."""
        rows, columns = np.nonzero(self.numbers == number)
        middle = int(np.median(rows))
        dull = np.flatnonzero(~self.reddish(_FAINTLY)[middle])
        first, last = int(columns.min()), int(columns.max())
        left, right = dull[dull < first], dull[dull > last]
        width = self.numbers.shape[1]
        return first - 1 - int(left.max(initial=-1)), int(right.min(initial=width)) - last - 1


@dataclass(frozen=True)
class Expectation:
    """Something that must hold of every rendered view, beyond what rays and formulas say. what: a plain sentence."""

    what: str
    holds: Callable[[Seen], bool]


@dataclass(frozen=True)
class Conformance:
    """A small scene and what it proves. truth: (H, W) numbers by formula, one for every view."""

    proves: str
    spec: SceneSpec
    truth: tuple[NDArray[np.int32], ...]
    expectations: tuple[Expectation, ...] = ()


class Setting:
    """Builds one conformance scene. Things are numbered from 1 in the order in which they are made.

    floor: whether the plane z = 0, number 1, is there ("road"); without it what nothing claims is sky.
    """

    def __init__(self, store: Store, size: tuple[int, int] = SIZE, *, floor: bool = True, daylight: float = 1.0):
        self.store, self.size = store, size
        self.builder = SceneBuilder()
        self.shapes: list[formula.Shape] = []
        self.gaps: list[formula.Gap] = []
        self.daylight = daylight
        self._meshes: dict[tuple[str, float], MeshRef] = {}
        if floor:
            number = self.builder.instance("road")
            side = 4000.0
            self.builder.add(number, self.mesh("floor"), [self.material(GREY)], pose(scale=(side, side, 1.0)))
            self.shapes.append(formula.Shape(number, "floor", pose()))
        if daylight > 0.0:
            self.builder.light("sun", light_along((0.4, 0.6, -0.7)), 3.0, (1.0, 0.95, 0.9), {"angle": 0.5})

    def thing(self, category: str = "car", *, part_of: int | None = None) -> int:
        """A new number."""
        return self.builder.instance(category, part_of=part_of)

    def mesh(self, kind: str, repeat: float = 1.0) -> MeshRef:
        """The unit shape of `formula.Shape` as a mesh; a card whose picture repeats `repeat` times across."""
        if (kind, repeat) not in self._meshes:
            made = card(repeat) if kind == "card" else _SHAPES[kind]()
            self._meshes[kind, repeat] = self.store.add_mesh(made, {"conformance": kind, "repeat": repeat})
        return self._meshes[kind, repeat]

    def material(self, surface: Surface) -> str:
        return self.builder.material(surface)

    def put(
        self,
        kind: str,
        number: int,
        transform: tuple[float, ...],
        surface: Surface = GREY,
        *,
        velocity: Sequence[float] = (),
        invisible: bool = False,
        solid: formula.Solid | None = None,
        repeat: float = 1.0,
    ) -> None:
        """A unit shape at a place, as a mesh and as a formula. invisible: labels look through it."""
        self.builder.add(number, self.mesh(kind, repeat), [self.material(surface)], transform, velocity=velocity)
        if not invisible:
            self.shapes.append(formula.Shape(number, kind, rounded(transform), solid))

    def gap(self, number: int, transform: tuple[float, ...], behind: Sequence[int]) -> None:
        """A label volume: a box."""
        self.builder.volume(number, transform, behind)
        self.gaps.append(formula.Gap(number, rounded(transform), tuple(behind)))

    def picture(self, pixels: NDArray[np.uint8], name: str) -> ImageRef:
        return self.store.add_image(pixels, {"conformance": name})

    def done(
        self,
        proves: str,
        cameras: Sequence[Camera],
        expectations: Sequence[Expectation] = (),
        *,
        render: Mapping[str, Any] | None = None,
        haze: float | None = None,
    ) -> Conformance:
        """The finished scene, one view a camera."""
        sky = {"color": [0.6, 0.8, 1.0], "strength": self.daylight}
        spec = self.builder.build(
            scene_index=0,
            seed=0,
            identity={"labels": {"min_area": 0, "below": "keep"}},
            size=self.size,
            taxonomy="road",
            render={**RENDER, **(render or {})},
            world=World("uniform", sky if haze is None else {**sky, "haze": haze}),
            views=[View(camera, dict(SENSOR)) for camera in cameras],
            attributes={},
        )
        truth = tuple(formula.labels(camera, self.size, self.shapes, self.gaps) for camera in cameras)
        return Conformance(proves, spec, truth, tuple(expectations))


def camera(
    size: tuple[int, int] = SIZE,
    *,
    x: float = 0.0,
    y: float = -6.0,
    z: float = 1.5,
    hfov: float = 60.0,
    **more: Any,
) -> Camera:
    """Looks along +Y, level; more: further fields of `Camera`."""
    focal = size[0] / 2 / math.tan(math.radians(hfov / 2))
    fx, fy, cx, cy = rounded((focal, focal, (size[0] - 1) / 2, (size[1] - 1) / 2))
    return replace(Camera((fx, fy, cx, cy), rounded((1.0, 0, 0, x, 0, 0, 1.0, y, 0, -1.0, 0, z))), **more)


def plain(red: float, green: float, blue: float) -> Surface:
    """A dull paint."""
    return Surface("principled", {"color": [red, green, blue], "roughness": 0.7})


def texels(alpha: NDArray[np.bool_], repeat: float = 1.0) -> formula.Solid:
    """Where a card with this cut-out (row 0 at the top) is solid: the nearest texel says so."""
    height, width = alpha.shape

    def solid(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.bool_]:
        column = np.floor(u * repeat * width).astype(int) % width
        row = height - 1 - np.floor(v * repeat * height).astype(int) % height
        return np.asarray(alpha[row, column])

    return solid


def cut_out(setting: Setting, alpha: NDArray[np.bool_], name: str) -> Surface:
    """A green cut-out."""
    pixels = np.zeros((*alpha.shape, 4), dtype=np.uint8)
    pixels[..., :3], pixels[..., 3] = (60, 110, 40), np.where(alpha, 255, 0)
    image = setting.picture(pixels, name)
    return Surface("principled", {"color": [1, 1, 1], "roughness": 0.8}, {"alpha": image, "color": image}, "cutout")


@cache
def _ball() -> Mesh:
    """Vertices on the unit sphere: so many that its outline is within a thousandth of the radius."""
    around, down = 96, 48
    turn = np.arange(around) * 2 * np.pi / around
    tilt = np.arange(1, down) * np.pi / down
    rings = np.stack(
        [
            np.outer(np.sin(tilt), np.cos(turn)),
            np.outer(np.sin(tilt), np.sin(turn)),
            np.outer(np.cos(tilt), turn * 0 + 1),
        ],
        axis=-1,
    ).reshape(-1, 3)
    vertices = np.vstack([rings, [[0, 0, 1], [0, 0, -1]]])
    top, bottom = len(rings), len(rings) + 1
    faces = []
    for j in range(around):
        k = (j + 1) % around
        faces += [[top, j, k], [bottom, (down - 2) * around + k, (down - 2) * around + j]]
        for ring in range(down - 2):
            a, b = ring * around + j, ring * around + k
            faces += [[a, a + around, b + around], [a, b + around, b]]
    return make_mesh(vertices, faces, slots=("surface",), normals=vertices)


def _box() -> Mesh:
    vertices: list[list[float]] = []
    faces: list[list[int]] = []
    for axis in range(3):
        for sign in (-0.5, 0.5):
            at = len(vertices)
            for a, b in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
                corner = [a, b]
                corner.insert(axis, sign)
                vertices.append(corner)
            # (a, b) turn counter-clockwise about +axis, but clockwise about +y.
            outward = (sign > 0) != (axis == 1)
            faces += (
                [[at, at + 1, at + 2], [at, at + 2, at + 3]]
                if outward
                else [[at, at + 2, at + 1], [at, at + 3, at + 2]]
            )
    return make_mesh(vertices, faces, slots=("surface",))


def card(repeat: float = 1.0) -> Mesh:
    """An upright unit square that faces -Y, its foot at the origin; its picture repeats across it."""
    vertices = [[-0.5, 0, 0], [0.5, 0, 0], [0.5, 0, 1], [-0.5, 0, 1]]
    uvs = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * repeat
    return make_mesh(vertices, [[0, 1, 2], [0, 2, 3]], slots=("surface",), uvs=uvs)


def _floor() -> Mesh:
    vertices = [[-0.5, -0.5, 0], [0.5, -0.5, 0], [0.5, 0.5, 0], [-0.5, 0.5, 0]]
    return make_mesh(vertices, [[0, 1, 2], [0, 2, 3]], slots=("surface",))


_SHAPES: dict[str, Callable[[], Mesh]] = {"ball": _ball, "box": _box, "floor": _floor}
