"""Depth, normals, flow, amodal masks and boxes of rendered frames, against Embree and against each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from synthgen.annotation.rle import decode_rle
from synthgen.assets.store import Store
from synthgen.dataset.folders import record_path, truth_path
from synthgen.dataset.record import FrameRecord, read_record
from synthgen.dataset.truth import read_amodal, read_exr
from synthgen.render.job import FrameTask, RenderJob
from synthgen.scene.spec import SceneSpec, spec_hash
from synthgen.truth import AMODAL, BOXES, DEPTH, FLOW, NORMALS, OCCLUSION, TRUTHS
from synthgen.verification.raycast import RayScene, pixel_rays
from tests.render.conftest import Worker
from tests.render.scenes import crowd

pytestmark = pytest.mark.blender
Render = Callable[..., tuple[Path, list[Any]]]


@dataclass(frozen=True)
class Asked:
    """The crowd, rendered with all truth."""

    spec: SceneSpec
    folder: Path
    store: Store

    def record(self, view: int) -> FrameRecord:
        return read_record(self.folder / record_path(view + 1))

    def read(self, word: str, view: int) -> NDArray[np.float32]:
        return read_exr(self.folder / truth_path(word, "train", view + 1))

    def amodal(self, view: int) -> dict[int, dict[str, Any]]:
        return read_amodal(self.folder / truth_path(AMODAL, "train", view + 1))

    def numbers(self, view: int) -> NDArray[np.int32]:
        return RayScene(self.spec, view, self.store).numbers(self.spec.views[view].camera, self.spec.size)


def asking(spec: SceneSpec, *words: str, **render: Any) -> SceneSpec:
    identity = {**spec.identity, "truth": list(words)}
    return replace(spec, identity=identity, render={**spec.render, **render})


@pytest.fixture
def asked(render: Render, store: Store) -> Asked:
    spec = asking(crowd(store), *TRUTHS)
    folder, events = render(spec)
    assert [e.ok for e in events] == [True, True], events
    return Asked(spec, folder, store)


def surface(
    spec: SceneSpec, store: Store, view: int, number: int
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """What a second engine sees of one ball alone: where, its depth, and its normals in the camera's axes.

    A ball of the crowd is a sphere of canonical vertex normals, so both can be told by algebra from where its
    triangles are: depth from Embree's triangles, the normal from the centre.
    """
    import trimesh

    item = next(o for o in spec.objects if o.number == number)
    mesh = store.mesh(spec.meshes[item.mesh])
    place = np.array(item.transform).reshape(3, 4)
    shape = trimesh.Trimesh(mesh.vertices @ place[:, :3].T + place[:, 3], mesh.faces, process=False)
    camera = spec.views[view].camera
    origins, directions = pixel_rays(camera, spec.size)
    at, ray, _ = shape.ray.intersects_location(origins, directions, multiple_hits=False)
    world = np.array(camera.cam_to_world).reshape(3, 4)
    depth = np.full(len(origins), np.inf)
    depth[ray] = (at - world[:, 3]) @ world[:, 2]
    normals = np.zeros((len(origins), 3))
    normals[ray] = (at - place[:, 3]) @ world[:, :3]
    normals[ray] /= np.linalg.norm(normals[ray], axis=1, keepdims=True)
    height, width = spec.size[1], spec.size[0]
    return np.isfinite(depth).reshape(height, width), depth.reshape(height, width), normals.reshape(height, width, 3)


def check_surfaces(asked: Asked, view: int) -> None:
    """Depth and normals of the road and of every ball in view."""
    spec, numbers = asked.spec, asked.numbers(view)
    depth, normals = asked.read(DEPTH, view), asked.read(NORMALS, view)
    height, width = spec.size[1], spec.size[0]
    assert depth.shape == (height, width) and normals.shape == (height, width, 3)
    balls = 0
    for number in range(2, 42, 2):
        seen, exact, facing = surface(spec, asked.store, view, number)
        here = seen & (numbers == number)
        if not here.any():
            continue
        balls += 1
        assert np.allclose(depth[here], exact[here], rtol=1e-3)
        cosine = (normals[here] * facing[here]).sum(axis=-1)
        assert np.degrees(np.arccos(cosine.clip(-1, 1))).max() < 4, "the ball's facets are shaded as a ball"
    assert balls >= 8
    camera = spec.views[view].camera
    _, fy, _, cy = camera.intrinsics
    rows = np.arange(height)[:, None].repeat(width, axis=1)
    road = numbers == 1
    # Level camera: the road is a plane below it, whatever is painted on it.
    expected = camera.cam_to_world[11] * fy / (rows - cy)
    assert road.sum() > 1000
    assert np.allclose(depth[road], expected[road], rtol=1e-3)
    assert np.allclose(normals[road], (0, -1, 0), atol=5e-3), "up is -y; bumps of the asphalt are not in it"
    leaf = numbers == 43
    assert np.allclose(normals[leaf], (0, 0, -1), atol=1e-4) and leaf.any()
    sky = numbers == 0
    assert np.isinf(depth[sky]).all() and (normals[sky] == 0).all() and sky.any()
    assert np.isfinite(depth[~sky]).all()
    assert np.allclose(np.linalg.norm(normals[~sky], axis=-1), 1, atol=1e-5)


def check_flow(asked: Asked) -> None:
    """The next view's labels, fetched along the flow, are this view's."""
    now, then = asked.numbers(0), asked.numbers(1)
    u, v, valid = asked.read(FLOW, 0).transpose(2, 0, 1)
    rows, columns = np.mgrid[0 : now.shape[0], 0 : now.shape[1]]
    seen = valid == 1
    assert np.isin(valid, (0, 1)).all() and 0.5 < seen.mean() < 0.999
    x = np.rint(columns + u).astype(int).clip(0, now.shape[1] - 1)
    y = np.rint(rows + v).astype(int).clip(0, now.shape[0] - 1)
    same = then[y, x] == now
    assert same[seen].mean() > 0.97, "of points that are seen, all but those on a boundary have their label again"
    hidden = (valid == 0) & (columns + u >= 0) & (columns + u <= now.shape[1] - 1) & (now != 44)
    assert hidden.any() and same[hidden].mean() < 0.75, "what is hidden is mostly covered by something else"
    bonnet = now == 44
    assert bonnet.any() and (np.abs(np.stack([u, v])[:, bonnet]) < 8).all(), "the bonnet rides along"
    road = (now == 1) & seen
    depth, next_depth = asked.read(DEPTH, 0), asked.read(DEPTH, 1)
    # The second camera stands 0.4 m further on.
    assert np.median(np.abs(depth[road] - 0.4 - next_depth[y, x][road]) / depth[road]) < 0.02
    assert (asked.read(FLOW, 1) == 0).all(), "the last view leads nowhere"


def check_amodal(asked: Asked, view: int) -> None:
    numbers, entries, record = asked.numbers(view), asked.amodal(view), asked.record(view)
    told = {i.instance_id: i for i in record.instances}
    assert set(entries) == {n for n, i in told.items() if i.visibility is not None}
    assert not {1, 43} & set(entries), "road and leaves are stuff"
    family = {2: [2, 42]}
    for number, entry in entries.items():
        mask = decode_rle(entry["segmentation"])
        visible = np.isin(numbers, family.get(number, [number]))
        assert (visible & ~mask).sum() <= 2, "what is seen is part of the whole"
        assert entry["visibility"] == pytest.approx(visible.sum() / mask.sum(), abs=0.05)
        assert entry["visibility"] == told[number].visibility and entry["area"] == told[number].amodal_pixels
        if number in range(4, 42, 2):
            seen, _, _ = surface(asked.spec, asked.store, view, number)
            assert (mask != seen).sum() <= 2, f"ball {number} alone"
    shown = {s["instance_id"]: s["visibility"] for s in record.segments if "visibility" in s}
    assert shown == {n: i.visibility for n, i in told.items() if i.visibility is not None}
    assert min(shown.values()) < 0.6 and max(shown.values()) == 1.0
    assert all(0 <= e["truncation"] < 1 for e in entries.values())
    assert any(e["truncation"] > 0.1 for e in entries.values()), "some cars are cut by the picture's edge"


def check_boxes(asked: Asked, view: int) -> None:
    """Each box holds the surface of its thing, and no smaller one along its axes would."""
    spec, numbers, depth = asked.spec, asked.numbers(view), asked.read(DEPTH, view)
    rows, columns = np.mgrid[0 : numbers.shape[0], 0 : numbers.shape[1]]
    fx, fy, cx, cy = spec.views[view].camera.intrinsics
    points = np.stack([(columns - cx) / fx * depth, (rows - cy) / fy * depth, depth], axis=-1)
    world = np.array(spec.views[view].camera.cam_to_world).reshape(3, 4)
    checked = 0
    for seen in asked.record(view).instances:
        box, mine = seen.box, numbers == seen.instance_id
        if box is None or not mine.any():
            continue
        checked += 1
        rotation = np.array(box.camera_rotation)
        assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-5) and np.linalg.det(rotation) > 0
        inside = (points[mine] - box.camera_center) @ rotation
        assert (np.abs(inside) <= np.array(box.size) / 2 + 0.02).all()
        assert np.allclose(world[:, :3] @ box.camera_center + world[:, 3], box.center, atol=1e-4)
        item = next(o for o in (*spec.objects, *spec.views[view].objects) if o.number == seen.instance_id)
        scale = np.linalg.norm(np.array(item.transform).reshape(3, 4)[:, :3], axis=0)
        bounds = asked.store.bounds(spec.meshes[item.mesh])
        if seen.instance_id != 2:  # its part makes it larger
            assert np.allclose(box.size, (bounds[1] - bounds[0]) * scale, atol=1e-3)
            assert np.array(box.rotation)[:, 0] @ np.array(item.transform).reshape(3, 4)[:, 0] > 0, "front is front"
    assert checked > 10


def check_occlusion(asked: Asked, view: int) -> int:
    """What hides a ball is what is seen, nearer than the ball, where the ball alone would show. How many are hidden."""
    numbers, depth = asked.numbers(view), asked.read(DEPTH, view)
    told = {i.instance_id: i.relations.get("occluded_by") for i in asked.record(view).instances}
    assert told[1] is None, "the road is stuff"
    hidden = 0
    for number in (n for n in range(4, 42, 2) if n in told):
        seen, exact, _ = surface(asked.spec, asked.store, view, number)
        nearer = seen & (depth < exact - 0.01) & (numbers != number)
        roots = np.where(numbers == 42, 2, numbers)[nearer]
        found = {int(n): int(c) for n, c in zip(*np.unique(roots, return_counts=True), strict=True)}
        by = told[number]
        assert isinstance(by, list)
        assert {n for n, c in found.items() if c >= 7} <= set(by) <= {n for n, c in found.items() if c >= 2}, number
        assert [found[n] for n in by] == sorted((found[n] for n in by), reverse=True) or len(by) < 2
        hidden += bool(by)
    return hidden


def test_all_truth_of_a_crowd_is_right(asked: Asked) -> None:
    hidden = 0
    for view in (0, 1):
        check_surfaces(asked, view)
        check_amodal(asked, view)
        check_boxes(asked, view)
        hidden += check_occlusion(asked, view)
        files = {str(truth_path(word, "train", view + 1)) for word in TRUTHS if word not in (BOXES, OCCLUSION)}
        assert files < set(asked.record(view).files)
    check_flow(asked)
    assert hidden >= 2, "in a crowd some stand before others"


def test_truth_does_not_depend_on_how_the_picture_is_made(render: Render, store: Store) -> None:
    """Several samples a pixel, another size of render: the same surfaces."""
    spec = asking(crowd(store, (96, 64)), DEPTH, NORMALS, FLOW)
    found = {}
    for samples, supersample in ((1, 2), (3, 2), (2, 1)):
        made = asking(spec, DEPTH, NORMALS, FLOW, samples=samples, supersample=supersample, denoise="none")
        folder, events = render(made)
        assert all(e.ok for e in events), events
        found[samples, supersample] = Asked(made, folder, store)
        values = {word: found[samples, supersample].read(word, 0) for word in (DEPTH, NORMALS, FLOW)}
        if samples == 1:
            first = values
            continue
        exact = supersample == 2
        for word, value in values.items():
            close = np.isclose(value, first[word], rtol=1e-3, atol=1e-3)
            assert close.all() if exact else close.mean() > 0.99, word


def test_a_frame_made_alone_is_the_same(render: Render, worker: Worker, store: Store, tmp_path: Path) -> None:
    """As after an interruption: its files do not depend on what was rendered before, nor on the next frame."""
    spec = asking(crowd(store, (96, 64), views=3), *TRUTHS)
    together, _ = render(spec)
    job = RenderJob(
        id="alone",
        spec_path=str(tmp_path / "scene.json"),
        spec_hash=spec_hash(spec),
        dataset=str(tmp_path / "alone"),
        frames=(FrameTask(1, 2, "train"),),
        threads=1,
        cache=str(store.root),
    )
    assert [event.ok for event in worker.run(job)] == [True]
    record = read_record(tmp_path / "alone" / record_path(2))
    assert len(record.files) == 6
    for name in record.files:
        assert (tmp_path / "alone" / name).read_bytes() == (together / name).read_bytes(), name


def test_what_is_not_asked_for_is_not_there(render: Render, store: Store) -> None:
    spec = crowd(store, (64, 48), views=1)
    folder, events = render(spec)
    assert events[0].ok, events
    assert not any((folder / word).exists() for word in TRUTHS)
    record = read_record(folder / record_path(1))
    assert len(record.files) == 2
    assert all(i.visibility is None and i.box is None for i in record.instances)
    assert not any("occluded_by" in i.relations for i in record.instances)
    assert all("visibility" not in s for s in record.segments)
