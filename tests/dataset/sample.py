"""A small dataset made without Blender: flat-coloured pictures of ellipses on a street, labelled by annotation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synthgen.annotation import instance_map_to_segments
from synthgen.dataset.folders import scene_path
from synthgen.dataset.png import encode_mask
from synthgen.dataset.record import CameraRecord, FrameRecord, InstanceRecord, write_atomic, write_frame
from synthgen.scene.spec import Camera, Instance, SceneSpec, View, World, encode_spec, spec_hash
from synthgen.taxonomy import Taxonomy, load_taxonomy

SIZE = (64, 48)
VIEWS = 2
ROAD, SIDEWALK, BUILDING, PERSON, VEST, FIRST_CAR = 1, 2, 3, 4, 5, 6
ASSETS = {
    "base/hatchback": {"title": "Hatchback", "author": "A. Maker", "licence": "CC-BY-3.0", "source": "a collection"},
    "base/walker": {"title": "Walker", "author": "B | Maker", "licence": "CC0-1.0", "source": "a collection"},
    "base/unseen": {"title": "Unseen", "author": "C. Maker", "licence": "CC-BY-NC-4.0", "source": "a collection"},
}


def identity(**changes: Any) -> dict[str, Any]:
    return {
        "recipe": {"name": "sample street", "taxonomy": "road"},
        "recipe_hash": "0" * 32,
        "seed": 7,
        "size": list(SIZE),
        "preset": "draft",
        "version": "0.1.0",
        "taxonomy": "road",
        "output_licence": "CC-BY-4.0",
        "date": "2026-01-01",
        "packs": {"base": "ab" * 16},
        "labels": {"min_area": 0, "below": "keep"},
        **changes,
    }


def scene(index: int, **changes: Any) -> SceneSpec:
    """A SceneSpec with instances and cameras; it has no geometry, as nothing here renders it."""
    instances = (
        Instance(ROAD, "road"),
        Instance(SIDEWALK, "sidewalk"),
        Instance(BUILDING, "building"),
        Instance(PERSON, "person", asset="base/walker"),
        Instance(VEST, "bin", part_of=PERSON),
        *(Instance(FIRST_CAR + i, "car", asset="base/hatchback") for i in range(3)),
    )
    camera = Camera(
        (60.0, 60.0, (SIZE[0] - 1) / 2, (SIZE[1] - 1) / 2), (1.0, 0, 0, 0, 0, 1.0, 0, index, 0, 0, 1.0, 1.5)
    )
    return SceneSpec(
        scene_index=index,
        seed=7,
        identity=identity(**changes),
        size=SIZE,
        taxonomy="road",
        render={},
        meshes={},
        images={},
        materials={},
        objects=(),
        instances=instances,
        lights=(),
        world=World("flat"),
        views=tuple(View(camera, {"exposure": 0.0}) for _ in range(VIEWS)),
        attributes={"assets": ASSETS},
    )


def numbers(index: int, view: int) -> NDArray[np.int32]:
    """The (H, W) instance map of a view: sky, a building, road and sidewalk, a person in a vest, cars."""
    width, height = SIZE
    rng = np.random.default_rng([index, view])
    y, x = np.mgrid[:height, :width]
    picture = np.zeros((height, width), dtype=np.int32)
    picture[(y > 8) & (x < 30)] = BUILDING
    picture[y > 26] = SIDEWALK
    picture[(y > 26) & (x > 12) & (x < 54)] = ROAD
    for i in range(3):
        cx, cy = rng.uniform(10, 54), rng.uniform(26, 40)
        picture[((x - cx) / 8) ** 2 + ((y - cy) / 5) ** 2 < 1] = FIRST_CAR + i
    picture[(abs(x - 5 - view) < 2) & (y > 20) & (y < 36)] = PERSON
    picture[(abs(x - 5 - view) < 2) & (y > 24) & (y < 29)] = VEST
    return picture


def picture_of(labels: NDArray[np.int32], image_id: int) -> bytes:
    """A JPEG whose colours follow the labels; every image differs."""
    hue = (labels * 37 + 11 * image_id) % 180
    hsv = np.stack([hue, np.full_like(hue, 150), np.full_like(hue, 200)], axis=-1).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR))[1])


def frame(
    image_id: int, split: str, spec: SceneSpec, view: int, taxonomy: Taxonomy
) -> tuple[bytes, bytes, FrameRecord]:
    labels = numbers(spec.scene_index, view)
    found = instance_map_to_segments(labels, spec.instances, taxonomy, image_id=image_id)
    by_number = {i.number: i for i in spec.instances}
    camera = spec.views[view].camera
    record = FrameRecord(
        image_id=image_id,
        split=split,
        size=SIZE,
        spec_hash=spec_hash(spec),
        identity={**spec.identity, "splits": {"train": 0.5, "val": 0.5}},
        scene_index=spec.scene_index,
        view_index=view,
        camera=CameraRecord.of(camera.intrinsics, camera.cam_to_world, SIZE),
        sensor=spec.views[view].sensor,
        instances=tuple(
            InstanceRecord(
                p.number,
                p.category.name,
                p.category.id,
                p.pixels,
                p.bbox,
                asset=by_number[p.number].asset,
                part_of=by_number[p.number].part_of,
            )
            for p in found.instances
        ),
        segments=tuple(found.segments),
        device="CPU",
        cpu="a processor",
        timings={"render": 0.1 * image_id},
    )
    return picture_of(labels, image_id), encode_mask(found.id_map), record


def write_scene(folder: Path, index: int, *, skip: tuple[int, ...] = (), **changes: Any) -> None:
    """The frames of one scene, even scenes in train, odd ones in val."""
    taxonomy = load_taxonomy("road")
    spec = scene(index, **changes)
    write_atomic(folder, scene_path(index), encode_spec(spec))
    for view in range(VIEWS):
        image_id = index * VIEWS + view + 1
        if image_id not in skip:
            image, mask, record = frame(image_id, ("train", "val")[index % 2], spec, view, taxonomy)
            write_frame(folder, image, mask, replace(record, timings={"render": float(image_id)}))


def write_frames(folder: Path, scenes: int = 4, *, skip: tuple[int, ...] = (), **changes: Any) -> Path:
    """Frames, records and scenes of a dataset, not yet packaged."""
    for index in range(scenes):
        write_scene(folder, index, skip=skip, **changes)
    return folder
