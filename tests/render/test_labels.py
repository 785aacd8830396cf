"""Labels against another engine: Embree casts rays through pixel centres into the canonical meshes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from synthgen.annotation import decode_ids, instance_map_to_segments
from synthgen.assets.store import Store
from synthgen.dataset.folders import image_path, mask_path, record_path
from synthgen.dataset.record import read_record
from synthgen.scene.spec import SceneSpec
from synthgen.taxonomy import load_taxonomy
from synthgen.verification.compare import compare
from synthgen.verification.raycast import RayScene
from tests.render.scenes import crowd

pytestmark = pytest.mark.blender
Render = Callable[..., tuple[Path, list[Any]]]


def rendered_ids(folder: Path, image_id: int) -> NDArray[np.uint32]:
    with Image.open(folder / mask_path("train", image_id)) as mask:
        assert mask.mode == "RGB"
        return decode_ids(np.asarray(mask))


def cast_ids(spec: SceneSpec, view: int, store: Store) -> NDArray[np.uint32]:
    """The segment ids that another engine's numbers give."""
    numbers = RayScene(spec, view, store).numbers(spec.views[view].camera, spec.size)
    found = instance_map_to_segments(numbers, spec.instances, load_taxonomy("road"), image_id=view + 1)
    return found.id_map


def assert_exact(spec: SceneSpec, folder: Path, store: Store) -> None:
    for view in range(len(spec.views)):
        agreement = compare(
            rendered_ids(folder, view + 1).astype(np.int32), cast_ids(spec, view, store).astype(np.int32)
        )
        assert agreement.boundary > 100
        assert agreement.passes, f"view {view}: {agreement}"


def test_every_pixel_centre_sees_what_the_label_says(render: Render, store: Store) -> None:
    spec = crowd(store)
    folder, events = render(spec)
    assert [e.ok for e in events] == [True, True], events
    assert_exact(spec, folder, store)
    records = [read_record(folder / record_path(k)) for k in (1, 2)]
    seen = {i.instance_id: i for i in records[0].instances}
    assert seen[42].part_of == 2, "the part is labelled, and says of what"
    assert 45 not in seen, "the see-through pane has no pixel of its own"
    with Image.open(folder / image_path("train", 1)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", spec.size)
        assert 40 < np.asarray(picture).mean() < 200, "exposed, neither black nor washed out"


@pytest.mark.parametrize("supersample, samples, denoise", [(1, 1, "none"), (1, 4, "fast"), (2, 3, "both")])
def test_labels_do_not_depend_on_how_the_picture_is_made(
    render: Render, store: Store, supersample: int, samples: int, denoise: str
) -> None:
    spec = crowd(store, (96, 64), views=1)
    preset = {**spec.render, "supersample": supersample, "samples": samples, "denoise": denoise}
    spec = replace(spec, render=preset, seed=samples)
    folder, events = render(spec)
    assert events[0].ok, events
    assert_exact(spec, folder, store)


def test_two_renders_of_one_scene_give_the_same_bytes(render: Render, store: Store, tmp_path: Path) -> None:
    spec = crowd(store, (96, 64), views=1)
    folder, _ = render(spec)
    first = (folder / mask_path("train", 1)).read_bytes(), (folder / image_path("train", 1)).read_bytes()
    render(crowd(store, (64, 48)))  # another scene in between leaves nothing behind
    folder, _ = render(spec)
    assert (folder / mask_path("train", 1)).read_bytes() == first[0]
    assert (folder / image_path("train", 1)).read_bytes() == first[1]


def test_a_scene_is_not_mistaken_for_the_one_before(render: Render, store: Store) -> None:
    """What a worker keeps is found again by what it is made of: here every name stands for something else."""
    spec = crowd(store, (96, 64), views=1)
    folder, _ = render(spec)
    picture = (folder / image_path("train", 1)).read_bytes()
    hole = np.zeros((32, 32, 4), dtype=np.uint8)
    hole[..., 0], hole[..., 3] = 90, 255
    hole[4:14, 10:30, 3] = 0
    other = replace(
        spec,
        meshes={**spec.meshes, "box": spec.meshes["ball"], "ball": spec.meshes["box"]},
        images={"leaf": store.add_image(hole, {"test": "another leaf"})},
        materials={
            **spec.materials,
            "grey": replace(spec.materials["grey"], params={"color": [0.7, 0.1, 0.1], "roughness": 0.9}),
            "pane": replace(spec.materials["pane"], transparency="opaque"),
        },
        instances=tuple(replace(i, category="car" if i.category == "truck" else i.category) for i in spec.instances),
    )
    for _ in range(2):
        folder, events = render(other)
        assert events[0].ok, events
        assert_exact(other, folder, store)
        folder, _ = render(spec)
        assert_exact(spec, folder, store)
        assert (folder / image_path("train", 1)).read_bytes() == picture


def test_a_scene_that_cannot_be_built_is_reported_and_the_worker_goes_on(render: Render, store: Store) -> None:
    spec = crowd(store, (64, 48), views=1)
    broken = replace(spec, materials={**spec.materials, "red": replace(spec.materials["red"], model="no such")})
    _, events = render(broken)
    assert not events[0].ok
    assert "no such" in events[0].message
    assert events[0].stage == "build"
    _, events = render(spec)
    assert events[0].ok
