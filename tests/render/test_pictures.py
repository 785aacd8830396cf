"""What pictures show: that materials arrive where they belong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from synthgen.assets.store import Store
from synthgen.dataset.folders import image_path, mask_path, record_path
from synthgen.dataset.record import read_record
from synthgen.scene.spec import Material, Object
from tests.render.scenes import crowd, placed

pytestmark = pytest.mark.blender


def test_cars_that_share_a_mesh_keep_their_own_paint(
    render: Callable[..., tuple[Path, list[Any]]], store: Store
) -> None:
    spec = crowd(store, (96, 64), views=1)
    paints = {
        "red": Material("car_paint", {"color": [0.2, 0.01, 0.01], "dirt": 0.0, "dust": 0.0}),
        "blue": Material("car_paint", {"color": [0.01, 0.02, 0.25], "dirt": 0.0, "dust": 0.0, "seed": 3.0}),
    }
    ground = next(o for o in spec.objects if o.number == 1)
    cars = (
        Object("ball", ("red",), 3, placed(-1.4, 1.0, 1.2, scale=1.8)),
        Object("ball", ("blue",), 5, placed(1.4, 1.0, 1.2, scale=1.8)),
    )
    view = replace(spec.views[0], objects=())
    spec = replace(spec, materials={**spec.materials, **paints}, objects=(ground, *cars), views=(view,))
    folder, events = render(spec)
    assert events[0].ok, events
    picture = np.asarray(Image.open(folder / image_path("train", 1))).astype(int)
    mask = np.asarray(Image.open(folder / mask_path("train", 1))).astype(int) @ [1, 256, 65536]
    ids = {s["instance_id"]: s["id"] for s in read_record(folder / record_path(1)).segments if "instance_id" in s}
    red, blue = (picture[mask == ids[n]].mean(axis=0) for n in (3, 5))
    assert red[0] > red[2] + 20
    assert blue[2] > blue[0] + 20


def test_a_picture_does_not_depend_on_the_scenes_before(
    render: Callable[..., tuple[Path, list[Any]]], store: Store
) -> None:
    """Blender's materials are used again, written anew: nothing of another scene's may be left in them."""
    spec = crowd(store, (96, 64), views=1)
    other_leaf = np.full((32, 32, 4), (200, 30, 160, 255), dtype=np.uint8)
    other = replace(
        spec,
        identity={**spec.identity, "truth": ["normals"]},
        images={"leaf": store.add_image(other_leaf, {"test": "other leaf"})},
        materials={
            **spec.materials,
            "grey": Material("weathered", {"color": [0.6, 0.1, 0.4], "roughness": 0.2, "dirt": 0.9, "seed": 5.0}),
            "leaf": replace(spec.materials["leaf"], params={"color": [0.9, 0.9, 0.1], "roughness": 0.1}),
            "pane": Material("principled", {"color": [0.1, 0.8, 0.2], "roughness": 0.9}),
        },
    )
    pictures = []
    for shown in (spec, other, spec):
        folder, events = render(shown)
        assert events[0].ok, events
        pictures.append((folder / image_path("train", 1)).read_bytes())
    assert pictures[0] == pictures[2]
    assert pictures[0] != pictures[1]


def test_clear_glass_shows_what_is_behind_and_keeps_the_label(
    render: Callable[..., tuple[Path, list[Any]]], store: Store
) -> None:
    """Its policy is `solid`: seen through in the picture, one piece in the mask."""
    spec = crowd(store, (96, 64), views=1)
    looks = {
        "glass": Material("clear_glass", transparency="solid"),
        "poster": Material("principled", {"color": [0.4, 0.02, 0.02], "roughness": 0.9}),
    }
    ground = next(o for o in spec.objects if o.number == 1)
    card = Object("card", ("poster",), 3, placed(0.0, 4.0, 0.0, scale=3.0))
    box = Object("box", ("glass",), 5, placed(0.0, 0.0, 1.5, scale=1.0))
    view = replace(spec.views[0], objects=())
    spec = replace(spec, materials={**spec.materials, **looks}, objects=(ground, card, box), views=(view,))
    folder, events = render(spec)
    assert events[0].ok, events
    picture = np.asarray(Image.open(folder / image_path("train", 1))).astype(int)
    mask = np.asarray(Image.open(folder / mask_path("train", 1))).astype(int) @ [1, 256, 65536]
    ids = {s["instance_id"]: s["id"] for s in read_record(folder / record_path(1)).segments if "instance_id" in s}
    middle = picture[26:38, 43:53].reshape(-1, 3).mean(axis=0)
    assert set(np.unique(mask[26:38, 43:53])) == {ids[5]}
    assert middle[0] > middle[1] + 25, "the red poster is seen through it"
