"""A dense shop aisle as a SceneSpec: two facing gondolas of five shelves, 700 to 1,000 products, lit from above.

Goods are small models of the pack `base` that stand on shelves, and printed cartons. Seeded: the same seed gives the
same bytes. Made here and not by a recipe, so that it does not change when a retail recipe does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

import synthgen.assets.models  # noqa: F401  registers how meshes of packs are made
from benchmarks.peers import prints
from synthgen.assets.catalogue import Asset, load_catalogue
from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.procedural.build import MeshBuilder
from synthgen.scene.builder import SceneBuilder, Surface
from synthgen.scene.pose import camera_to_world, light_along, pose
from synthgen.scene.spec import Camera, MeshRef, SceneSpec, View, World, rounded
from synthgen.taxonomy import load_taxonomy

BAYS, BAY = 5, 1.25
"""Bays a side, and the width of one in metres."""

SHELVES = (0.14, 0.54, 0.92, 1.29, 1.66)
"""Heights of the shelves' upper faces in metres."""

CLEAR, DEPTH, BACK = 0.33, 0.42, 0.02
"""Metres: room above a shelf for goods, its depth, and the thickness of the back panel."""

AISLE, CEILING, ROOM = 2.3, 3.3, 6.0
"""Metres: from shelf front to shelf front, the ceiling's height, half the room's length."""

TAGS = ("food", "bathroom", "cleaning", "pharmacy", "kitchen", "toys", "stationery", "tableware", "child")
CARTONS = (
    ("cereal", 0.19, 0.07, 0.29), ("cereal", 0.16, 0.06, 0.24), ("pasta or rice", 0.12, 0.05, 0.21),
    ("coffee or tea", 0.13, 0.075, 0.075), ("coffee or tea", 0.09, 0.06, 0.16), ("confectionery", 0.17, 0.025, 0.09),
    ("frozen food", 0.22, 0.045, 0.15), ("pet food", 0.15, 0.09, 0.22), ("cleaning", 0.2, 0.11, 0.26),
    ("medicine", 0.09, 0.03, 0.06), ("snack bag", 0.14, 0.05, 0.2), ("multipack", 0.26, 0.17, 0.14),
)  # fmt: skip
"""Category, width, depth and height in metres."""

PRINTS_EACH = 3

SENSOR: dict[str, Any] = {
    "exposure_key": 0.18, "exposure_error": 0.0, "tone_curve": "agx", "contrast": 0.8, "saturation": 1.1,
    "temperature": 6400.0, "bloom": 0.02, "vignette": 0.1, "chromatic_aberration": 0.3, "noise": 0.01, "sharpen": 0.3,
    "jpeg_quality": 92, "noise_seed": 7,
}  # fmt: skip


@dataclass(frozen=True)
class Good:
    """Something to fill a facing with: width along the shelf, depth and height in metres; the yaw that shows it."""

    category: str
    mesh: MeshRef
    materials: tuple[str, ...]
    size: tuple[float, float, float]
    asset: str | None = None


def shelf_scene(
    store: Store, *, render: Mapping[str, Any], size: tuple[int, int] = (480, 270), views: int = 8, seed: int = 0
) -> SceneSpec:
    """The aisle, seen from eye level along its length. `render` is a resolved render preset."""
    rng = np.random.default_rng(seed)
    builder = SceneBuilder()
    _room(builder, store)
    goods = [*_models(builder, store), *_cartons(builder, store, seed)]
    tags = _price_tags(builder, store, seed)
    products = 0
    for side in (-1, 1):
        for bay in range(BAYS):
            x = (bay - (BAYS - 1) / 2) * BAY
            _fixture(builder, store, x, side)
            for height in SHELVES:
                products += _fill(builder, rng, goods, tags, x, side, height)
    for x in (-2.4, -0.8, 0.8, 2.4):
        builder.light(
            "area",
            light_along((0, 0, -1), x, 0.0, CEILING - 0.05),
            110.0,
            (1.0, 0.96, 0.9),
            {"width": 1.2, "height": 0.3},
        )
    shots = [View(_camera(rng, k, views, size), {**SENSOR, "noise_seed": 7 + k}) for k in range(views)]
    return builder.build(
        scene_index=seed,
        seed=seed,
        identity={"benchmark": "shelf", "labels": {"min_area": 0, "below": "keep"}},
        size=size,
        taxonomy="retail",
        render=dict(render),
        world=World("uniform", {"color": [0.9, 0.95, 1.0], "strength": 0.2}),
        views=shots,
        attributes={"products": products},
    )


def _camera(rng: np.random.Generator, view: int, views: int, size: tuple[int, int]) -> Camera:
    """Every second view looks at the other side; all stand in the aisle and look somewhat along it."""
    side = 1 if view % 2 == 0 else -1
    along = (view + 0.5) / views
    x = (along - 0.5) * (BAYS * BAY - 2.2)
    turn = float(rng.uniform(18.0, 38.0)) * (1 if x < 0 else -1)
    focal = size[0] / 2 / math.tan(math.radians(66.0 / 2))
    height = float(rng.uniform(1.5, 1.65))
    matrix = camera_to_world(
        x, -side * 0.55, height, heading=side * 90.0 - side * turn, pitch=float(rng.uniform(-17.0, -10.0))
    )
    intrinsics = rounded((focal, focal, (size[0] - 1) / 2, (size[1] - 1) / 2))
    return Camera(intrinsics, matrix)


def _room(builder: SceneBuilder, store: Store) -> None:
    y = AISLE / 2 + DEPTH + 2 * BACK
    shapes = (
        ("floor", (-ROOM, ROOM, -y, y, -0.1, 0.0), (0.42, 0.41, 0.39), 0.22),
        ("ceiling", (-ROOM, ROOM, -y, y, CEILING, CEILING + 0.1), (0.8, 0.8, 0.8), 0.8),
        ("wall", (-ROOM, ROOM, y, y + 0.1, 0.0, CEILING), (0.72, 0.7, 0.66), 0.8),
        ("wall", (-ROOM, ROOM, -y - 0.1, -y, 0.0, CEILING), (0.72, 0.7, 0.66), 0.8),
        ("wall", (-ROOM - 0.1, -ROOM, -y, y, 0.0, CEILING), (0.6, 0.66, 0.7), 0.8),
        ("wall", (ROOM, ROOM + 0.1, -y, y, 0.0, CEILING), (0.6, 0.66, 0.7), 0.8),
    )
    for name, bounds, color, roughness in shapes:
        made = MeshBuilder("surface")
        made.boxes(*bounds, "surface")
        surface = Surface("principled", {"color": list(color), "roughness": roughness})
        builder.add(builder.instance(name), _kept(store, made.mesh()), (builder.material(surface),))


def _fixture(builder: SceneBuilder, store: Store, x: float, side: int) -> None:
    """A bay: back panel, plinth, uprights, shelves with a price rail. Its frame: the front at y = 0, goods behind."""
    made = MeshBuilder("panel", "rail")
    half = BAY / 2
    made.boxes(-half, half, DEPTH, DEPTH + BACK, 0.0, 2.1, "panel")
    made.boxes(-half, half, 0.03, DEPTH, 0.0, SHELVES[0] - 0.03, "panel")
    made.boxes([-half, half - 0.02], [-half + 0.02, half], DEPTH - 0.04, DEPTH, 0.1, 2.1, "rail")
    top = np.array(SHELVES)
    made.boxes(-half, half, 0.0, DEPTH, top - 0.025, top, "panel")
    made.boxes(-half, half, -0.012, 0.0, top - 0.045, top - 0.001, "rail")
    panel = builder.material(Surface("principled", {"color": [0.68, 0.68, 0.66], "roughness": 0.4}))
    rail = builder.material(Surface("principled", {"color": [0.25, 0.26, 0.28], "roughness": 0.25}))
    builder.add(builder.instance("shelf"), _kept(store, made.mesh()), (panel, rail), _place(x, 0.0, 0.0, side))


def _place(x: float, y: float, z: float, side: int, yaw: float = 0.0) -> tuple[float, ...]:
    """A pose in a gondola's frame (x along it, y into it from its front) as one in the world."""
    front = AISLE / 2
    return pose(x * side, side * (front + y), z, yaw=yaw + (0.0 if side > 0 else 180.0))


def _fill(
    builder: SceneBuilder,
    rng: np.random.Generator,
    goods: list[Good],
    tags: list[tuple[MeshRef, str]],
    bay: float,
    side: int,
    height: float,
) -> int:
    """Facings from left to right: a few of one good beside each other, some behind them. Returns how many goods."""
    x, end, count = -BAY / 2 + 0.03, BAY / 2 - 0.03, 0
    while True:
        fitting = [g for g in goods if g.size[0] <= end - x]
        if not fitting:
            return count
        good = fitting[int(rng.integers(len(fitting)))]
        wide, deep, tall = good.size
        gap = float(rng.uniform(0.004, 0.012))
        facings = min(int(rng.integers(3, 6)), max(1, int((end - x + gap) / (wide + gap))))
        rows = 1 if deep > 0.2 or rng.uniform() < 0.45 else 2
        stacked = min(4, int(CLEAR / tall)) if good.asset is None and rng.uniform() < 0.75 else 1
        for facing in range(facings):
            middle = x + facing * (wide + gap) + wide / 2
            for row in range(rows):
                y = 0.025 + deep / 2 + row * (deep + 0.01) + float(rng.uniform(0.0, 0.012))
                for layer in range(stacked):
                    turn = float(rng.normal(0.0, 1.2)) if stacked == 1 else 0.0
                    number = builder.instance(good.category, asset=good.asset)
                    place = _place(bay + middle, y, height + layer * tall, side, yaw=turn - 90.0)
                    builder.add(number, good.mesh, good.materials, place)
                    count += 1
        mesh, material = tags[int(rng.integers(len(tags)))]
        builder.add(
            builder.instance("price tag"), mesh, (material,), _place(bay + x + 0.04, -0.0125, height - 0.042, side)
        )
        x += facings * (wide + gap) + float(rng.uniform(0.0, 0.015))


def _models(builder: SceneBuilder, store: Store) -> list[Good]:
    """Small models of the pack that stand on shelves, turned so that their front (+X) looks into the aisle."""
    catalogue = load_catalogue(["base"], store).suited(load_taxonomy("retail"), trademark=False)
    return [
        Good(
            asset.category,
            asset.mesh,
            tuple(builder.material(slot.surface()) for slot in asset.slots),
            (asset.size[1], asset.size[0], asset.size[2]),
            asset.id,
        )
        for asset in catalogue.assets
        if _suits(asset)
    ]


def _suits(asset: Asset) -> bool:
    length, width, height = asset.size
    return (
        asset.stands == "shelf"
        and any(tag in asset.tags for tag in TAGS)
        and 0.04 <= width <= 0.26
        and length <= DEPTH - 0.06
        and 0.05 <= height <= CLEAR - 0.02
        and asset.faces <= 20_000
    )


def _cartons(builder: SceneBuilder, store: Store, seed: int) -> list[Good]:
    goods = []
    for kind, (category, wide, deep, tall) in enumerate(CARTONS):
        mesh = _kept(store, _carton(wide, deep, tall))
        for copy in range(PRINTS_EACH):
            number = 1000 * seed + PRINTS_EACH * kind + copy
            image = store.add_image(prints.package(number), {"benchmark": "package", "seed": number})
            surface = Surface("principled", {"color": [1.0, 1.0, 1.0], "roughness": 0.35}, {"color": image})
            goods.append(Good(category, mesh, (builder.material(surface),), (wide, deep, tall)))
    return goods


def _carton(wide: float, deep: float, tall: float) -> Mesh:
    """A box that stands on z = 0 and faces +X, with the print's front on its front and back."""
    x, y = deep / 2, wide / 2
    corners: list[list[tuple[float, float, float]]] = [
        [(x, -y, 0), (x, y, 0), (x, y, tall), (x, -y, tall)],
        [(-x, y, 0), (-x, -y, 0), (-x, -y, tall), (-x, y, tall)],
        [(x, y, 0), (-x, y, 0), (-x, y, tall), (x, y, tall)],
        [(-x, -y, 0), (x, -y, 0), (x, -y, tall), (-x, -y, tall)],
        [(x, -y, tall), (x, y, tall), (-x, y, tall), (-x, -y, tall)],
        [(-x, -y, 0), (-x, y, 0), (x, y, 0), (x, -y, 0)],
    ]
    f = prints.FRONT
    front: list[tuple[float, float]] = [(0, 0), (f, 0), (f, 1), (0, 1)]
    edge: list[tuple[float, float]] = [(f, 0), (1, 0), (1, 1), (f, 1)]
    made = MeshBuilder("print")
    made.quads(corners, "print", uvs=[front, front, edge, edge, edge, edge])
    return made.mesh()


def _price_tags(builder: SceneBuilder, store: Store, seed: int) -> list[tuple[MeshRef, str]]:
    made = MeshBuilder("print")
    made.quads([[(-0.035, 0, 0), (0.035, 0, 0), (0.035, 0, 0.036), (-0.035, 0, 0.036)]], "print")
    mesh = _kept(store, made.mesh())
    tags = []
    for number in range(1000 * seed, 1000 * seed + 8):
        image = store.add_image(prints.price_tag(number), {"benchmark": "price tag", "seed": number})
        surface = Surface("principled", {"color": [1.0, 1.0, 1.0], "roughness": 0.5}, {"color": image})
        tags.append((mesh, builder.material(surface)))
    return tags


def _kept(store: Store, mesh: Mesh) -> MeshRef:
    return store.add_mesh(mesh, {"benchmark": "shelf"})
