"""A dataset without Blender whose labels are worked out by hand: upright cards on a road, seen by a level camera.

What a pixel sees is a matter of plane geometry here, so that the ray caster is checked against something else than
itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synthgen.annotation import instance_map_to_segments
from synthgen.assets.mesh import make_mesh
from synthgen.assets.store import Store
from synthgen.dataset.folders import scene_path
from synthgen.dataset.png import encode_mask
from synthgen.dataset.record import CameraRecord, FrameRecord, InstanceRecord, read_record, write_atomic, write_frame
from synthgen.scene.spec import (
    Camera,
    Instance,
    Material,
    Object,
    SceneSpec,
    View,
    World,
    encode_spec,
    rounded,
    spec_hash,
)
from synthgen.taxonomy import load_taxonomy

SIZE = (96, 64)
ROAD, WALL, CAR, VAN, LEAVES, PANE, SPECK, BONNET, HIDDEN = range(1, 10)
CATEGORIES = {
    ROAD: "road", WALL: "wall", CAR: "car", VAN: "van", LEAVES: "vegetation", PANE: "fence", SPECK: "person",
    BONNET: "ego vehicle", HIDDEN: "car",
}  # fmt: skip
HOLES = np.array([[1, 1, 0, 1], [1, 0, 0, 1], [1, 1, 1, 1], [0, 1, 1, 1]], dtype=bool)
"""Of the leaf card, row 0 at the top: where it is solid."""


@dataclass(frozen=True)
class Card:
    """Upright, facing -Y: its left and right edge, its foot and top, and how far away it is. flip: mirrored in x."""

    number: int
    x: tuple[float, float]
    z: tuple[float, float]
    y: float
    look: str = "plain"
    flip: bool = False

    def object(self) -> Object:
        width, height, middle = self.x[1] - self.x[0], self.z[1] - self.z[0], sum(self.x) / 2
        across = -width if self.flip else width
        transform = (across, 0, 0, middle, 0, 1, 0, self.y, 0, 0, height, self.z[0])
        return Object("card", (self.look,), self.number, rounded(tuple(map(float, transform))))


CARDS = (
    Card(WALL, (-9.03, 8.41), (-0.5, 6.07), 21.0),
    Card(HIDDEN, (-3.0, -2.0), (0.5, 1.5), 23.0),
    Card(CAR, (-4.21, -1.13), (0.0, 1.47), 9.0),
    Card(VAN, (-1.57, 2.39), (0.0, 2.71), 11.0),
    Card(LEAVES, (1.03, 3.59), (0.0, 2.63), 7.0, "leaves", flip=True),
    Card(LEAVES, (-3.51, -1.71), (0.31, 2.93), 5.0, "leaves"),
    Card(PANE, (-1.0, 1.0), (0.0, 2.0), 4.0, "pane"),
    Card(SPECK, (4.02, 4.31), (1.7, 2.0), 12.0),
)
BONNET_CARD = Card(BONNET, (-0.71, 0.93), (0.0, 0.77), -2.0)


def spec_of(store: Store, index: int, views: int, labels: Mapping[str, Any]) -> SceneSpec:
    """A scene; its camera moves aside with every view and back with every scene."""
    meshes = {
        "card": store.add_mesh(
            make_mesh(
                [[-0.5, 0, 0], [0.5, 0, 0], [0.5, 0, 1], [-0.5, 0, 1]], [[0, 1, 2], [0, 2, 3]],
                slots=("surface",), uvs=[[0, 0], [1, 0], [1, 1], [0, 1]],
            ),
            {"test": "card"},
        ),
        "ground": store.add_mesh(
            make_mesh([[-90, -90, 0], [90, -90, 0], [90, 90, 0], [-90, 90, 0]], [[0, 1, 2], [0, 2, 3]], slots=("top",)),
            {"test": "ground"},
        ),
    }  # fmt: skip
    pixels = np.zeros((4, 4, 4), dtype=np.uint8)
    pixels[..., 3] = 255 * HOLES
    f = SIZE[0] / 2 / math.tan(math.radians(35))
    intrinsics = rounded((f, f, (SIZE[0] - 1) / 2, (SIZE[1] - 1) / 2))
    shots = []
    for view in range(views):
        x, y = 0.31 * view, -4.0 - 0.7 * index
        bonnet = replace(BONNET_CARD, x=(BONNET_CARD.x[0] + x, BONNET_CARD.x[1] + x))
        camera = Camera(intrinsics, rounded((1.0, 0, 0, x, 0, 0, 1.0, y, 0, -1.0, 0, 1.53)))
        shots.append(View(camera, {}, objects=(bonnet.object(),)))
    ground = Object("ground", ("plain",), ROAD, (1.0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 1.0, 0))
    return SceneSpec(
        scene_index=index,
        seed=0,
        identity={"labels": dict(labels)},
        size=SIZE,
        taxonomy="road",
        render={},
        meshes=meshes,
        images={"leaves": store.add_image(pixels, {"test": "leaves"})},
        materials={
            "plain": Material("principled"),
            "leaves": Material("principled", {}, {"alpha": "leaves"}, "cutout"),
            "pane": Material("principled", transparency="see_through"),
        },
        objects=(ground, *(c.object() for c in CARDS)),
        instances=tuple(Instance(n, c) for n, c in CATEGORIES.items()),
        lights=(),
        world=World("flat"),
        views=tuple(shots),
    )


def seen(spec: SceneSpec, view: int) -> NDArray[np.int32]:
    """(H, W) numbers by plane geometry: cards from the farthest to the nearest over road and sky."""
    camera = spec.views[view].camera
    fx, fy, cx, cy = camera.intrinsics
    at_x, at_y, at_z = camera.cam_to_world[3::4]
    v, u = np.mgrid[: spec.size[1], : spec.size[0]].astype(float)
    right, down = (u - cx) / fx, (v - cy) / fy
    with np.errstate(divide="ignore"):
        ground = np.where(down > 0, at_z / down, np.inf)
    ground[(abs(at_x + right * ground) > 90) | (at_y + ground > 90)] = np.inf
    numbers = np.where(np.isfinite(ground), ROAD, 0)
    move = spec.views[view].objects[0].transform[3] - sum(BONNET_CARD.x) / 2
    bonnet = replace(BONNET_CARD, x=(BONNET_CARD.x[0] + move, BONNET_CARD.x[1] + move))
    for card in sorted((*CARDS, bonnet), key=lambda c: -c.y):
        depth = card.y - at_y
        along = (at_x + right * depth - card.x[0]) / (card.x[1] - card.x[0])
        up = (at_z - down * depth - card.z[0]) / (card.z[1] - card.z[0])
        inside = (along >= 0) & (along < 1) & (up >= 0) & (up < 1) & (depth < ground)
        if card.look == "leaves":
            column = np.clip((1 - along if card.flip else along) * 4, 0, 3.99).astype(int)
            inside &= HOLES[::-1][np.clip(up * 4, 0, 3.99).astype(int), column]
        if card.look != "pane":
            numbers[inside] = card.number
    return numbers.astype(np.int32)


def write_dataset(
    folder: Path, store: Store, *, scenes: int = 2, views: int = 2, min_area: int = 0, below: str = "keep"
) -> Path:
    """Frames, records and scenes, as a run leaves them; not packaged."""
    taxonomy = load_taxonomy("road")
    for index in range(scenes):
        spec = spec_of(store, index, views, {"min_area": min_area, "below": below})
        write_atomic(folder, scene_path(index), encode_spec(spec))
        for view in range(views):
            image_id = index * views + view + 1
            found = instance_map_to_segments(
                seen(spec, view), spec.instances, taxonomy, image_id=image_id, min_area=min_area, below=below
            )
            camera = spec.views[view].camera
            record = FrameRecord(
                image_id=image_id,
                split="train",
                size=spec.size,
                spec_hash=spec_hash(spec),
                identity=spec.identity,
                scene_index=index,
                view_index=view,
                camera=CameraRecord.of(camera.intrinsics, camera.cam_to_world, spec.size),
                sensor={},
                instances=tuple(
                    InstanceRecord(p.number, p.category.name, p.category.id, p.pixels, p.bbox) for p in found.instances
                ),
                segments=tuple(found.segments),
            )
            write_frame(folder, b"no picture", encode_mask(found.id_map), record)
    return folder


class Tampered:
    """A frame of a dataset on disk, to be spoilt."""

    def __init__(self, folder: Path, image_id: int):
        self.folder = folder
        self.record_file = folder / f"records/{image_id:012d}.json"
        self.record = read_record(self.record_file)
        self.mask_file = folder / self.record.mask_path
        self.ids = {(s.get("instance_id"), s["category_id"]): s["id"] for s in self.record.segments}

    def id_of(self, number: int) -> int:
        """The segment id of a thing, or of what its category is merged into."""
        category = load_taxonomy("road").category(CATEGORIES[number]).id
        return int(self.ids.get((number, category), self.ids.get((None, category), 0)))

    @property
    def mask(self) -> NDArray[np.uint32]:
        bgr = cv2.imread(str(self.mask_file)).astype(np.uint32)
        return np.asarray(bgr[..., 2] + 256 * bgr[..., 1] + 65536 * bgr[..., 0])

    @mask.setter
    def mask(self, ids: NDArray[np.uint32]) -> None:
        self.mask_file.write_bytes(encode_mask(ids.astype(np.uint32)))

    def write_record(self, **changes: Any) -> None:
        from synthgen.dataset.record import encode_record

        self.record_file.write_bytes(encode_record(replace(self.record, **changes)))
