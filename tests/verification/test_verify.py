"""`verify` on a dataset whose right labels are known: it passes, and whatever is changed in it is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import synthgen
from synthgen.assets.mesh import make_mesh, save_mesh
from synthgen.assets.store import Store
from synthgen.errors import InputError
from synthgen.scene.spec import MeshRef, decode_spec, encode_spec
from synthgen.verification.report import FrameReport
from synthgen.verification.verify import verify
from tests.cli.conftest import Cli
from tests.cli.conftest import cli as cli
from tests.verification.cards import BONNET, CAR, ROAD, SPECK, VAN, WALL, Tampered, write_dataset

Mask = NDArray[np.uint32]


def test_right_labels_pass(cli: Cli, cards: Path) -> None:
    said = cli("verify", cards, "--workers", "1")
    assert said.code == 0
    lines = said.out.splitlines()
    assert [line.split(":")[0] for line in lines] == [f"image {k}" for k in (1, 2, 3, 4)]
    assert all(": pass, instances 100.0000% (0 of " in line for line in lines)
    assert "4 of 4 frames checked" in said.err and "0 failed" in said.err


def test_the_json_has_every_frame_and_the_total(cli: Cli, cards: Path) -> None:
    said = cli("verify", cards, "--workers", "1", "--format", "json")
    found = json.loads(said.out)
    assert said.code == 0 and found["passed"] and found["checked"] == found["available"] == 4
    assert [(f["image_id"], f["scene"], f["view"]) for f in found["frames"]] == [
        (1, 0, 0),
        (2, 0, 1),
        (3, 1, 0),
        (4, 1, 1),
    ]
    assert found["instances"]["pixels"] == 4 * 96 * 64
    assert found["instances"]["boundary"] == sum(f["instances"]["boundary"] for f in found["frames"]) > 2000


def test_processes_find_the_same_in_the_same_order(cards: Path) -> None:
    seen: list[FrameReport] = []
    report = verify(cards, workers=2, sink=seen.append)
    alone = verify(cards)
    assert [f.image_id for f in seen] == [1, 2, 3, 4]
    assert [replace(f, seconds=0) for f in report.frames] == [replace(f, seconds=0) for f in alone.frames]


def block(mask: Mask, tampered: Tampered) -> Mask:
    mask[8:11, 40:43] = tampered.id_of(VAN)
    return mask


def shifted(mask: Mask, tampered: Tampered) -> Mask:
    return np.roll(mask, 1, axis=1)


def renamed(mask: Mask, tampered: Tampered) -> Mask:
    return np.where(mask == tampered.id_of(CAR), tampered.id_of(VAN), mask)


def voided(mask: Mask, tampered: Tampered) -> Mask:
    return np.where(mask == tampered.id_of(VAN), 0, mask)


def unknown(mask: Mask, tampered: Tampered) -> Mask:
    mask[60:63, 3:6] = 12_345
    return mask


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (block, "instances at the 3x3 block around x 41, y 9: recorded instance 4 (car), rays see sky"),
        (shifted, "rays see"),
        (renamed, "recorded instance 4 (car), rays see instance 3 (car)"),
        (voided, "recorded void, rays see instance 4 (car)"),
        (unknown, "recorded id 12345, which no segment of the record has, rays see road"),
    ],
    ids=["a 3x3 block", "one pixel aside", "two things in one", "void", "an id without segment"],
)
def test_a_changed_mask_fails(cli: Cli, cards: Path, spoil: Callable[[Mask, Tampered], Mask], words: str) -> None:
    tampered = Tampered(cards, 2)
    tampered.mask = spoil(tampered.mask, tampered)
    said = cli("verify", cards, "--workers", "1")
    assert said.code == 1
    failing = [line for line in said.out.splitlines() if "FAIL" in line]
    assert len(failing) == 1 and failing[0].startswith("image 2: FAIL") and "scene 0, view 1" in failing[0]
    assert words.replace("instance 4 (car)", "instance 4 (van)") in failing[0], failing[0]
    assert "1 failed" in said.err


def test_a_single_pixel_is_counted_and_fails_where_it_is_more_than_one_in_a_hundred(cards: Path) -> None:
    tampered = Tampered(cards, 1)
    mask = tampered.mask
    mask[3, 3] = tampered.id_of(WALL)
    tampered.mask = mask
    frame = verify(cards, frames=4).frames[0]
    assert (frame.instances.wrong_on, frame.instances.wrong_off, frame.instances.wrong_at) == (1, 0, (3, 3))
    assert frame.passed, "one of 774 boundary pixels: it is a boundary of its own"
    for x in range(6, 66, 6):
        mask[3, x] = tampered.id_of(WALL)
    tampered.mask = mask
    frame = verify(cards).frames[0]
    assert not frame.passed and frame.instances.wrong_on == 11 and not frame.instances.wrong_off


def test_swapped_instances_are_wrong_though_their_categories_are_right(cards: Path) -> None:
    tampered = Tampered(cards, 1)
    tampered.write_record(
        segments=tuple({**s, "instance_id": 9} if s.get("instance_id") == CAR else s for s in tampered.record.segments)
    )
    frame = verify(cards).frames[0]
    assert not frame.instances.passes and frame.categories.passes and not frame.passed
    assert "recorded instance 9 (car), rays see instance 3 (car)" in str(frame)


def test_a_wrong_category_is_wrong_in_the_category_map(cards: Path) -> None:
    tampered = Tampered(cards, 3)
    tampered.write_record(
        segments=tuple({**s, "category_id": 14} if s.get("instance_id") == VAN else s for s in tampered.record.segments)
    )
    frame = verify(cards).frames[2]
    assert frame.instances.passes and not frame.categories.passes and not frame.passed
    assert "categories at the 3x3 block around" in str(frame) and "recorded bus, rays see van" in str(frame)


@pytest.mark.parametrize("below", ["void", "crowd"])
def test_small_segments_become_what_the_recipe_says(store: Store, tmp_path: Path, below: str) -> None:
    folder = write_dataset(tmp_path / "small", store, min_area=60, below=below)
    assert not any(s.get("instance_id") in (CAR, SPECK) for s in Tampered(folder, 1).record.segments)
    assert verify(folder).passed
    # A pixel more or less on its edge must not turn a whole segment into another label.
    spec = decode_spec((folder / "scenes/000000.json").read_bytes())
    count = next(i.pixels for i in Tampered(folder, 1).record.instances if i.instance_id == VAN)
    folder = write_dataset(tmp_path / "edge", store, min_area=count, below=below)
    tampered = Tampered(folder, 1)
    mask, van = tampered.mask, tampered.id_of(VAN)
    y, x = np.argwhere(mask == van)[0]
    mask[y, x] = 0
    tampered.mask = mask
    assert verify(folder).frames[0].instances.wrong_on == 1
    assert spec.identity["labels"] == {"min_area": 60, "below": below}


def test_a_scene_moved_in_its_file_and_hash_is_found_by_the_rays(cards: Path) -> None:
    path = cards / "scenes/000001.json"
    spec = decode_spec(path.read_bytes())
    moved = replace(spec, objects=tuple(
        replace(o, transform=(*o.transform[:3], o.transform[3] + 0.5, *o.transform[4:])) if o.number == VAN else o
        for o in spec.objects
    ))  # fmt: skip
    path.write_bytes(encode_spec(moved))
    from synthgen.scene.spec import spec_hash

    for image_id in (3, 4):
        Tampered(cards, image_id).write_record(spec_hash=spec_hash(moved))
    assert [f.passed for f in verify(cards).frames] == [True, True, False, False]


def test_some_frames_only(cli: Cli, cards: Path) -> None:
    said = cli("verify", cards, "--frames", "2", "--workers", "1")
    assert said.code == 0 and "2 of 4 frames checked" in said.err
    assert len(said.out.splitlines()) == 2
    report = synthgen.verify(cards, frames=2)
    assert [f.scene for f in report.frames] == [0, 1], "one of each scene before a second of any"


def no_records(folder: Path, store: Store) -> str:
    for path in (folder / "records").iterdir():
        path.unlink()
    return "no records"


def torn_record(folder: Path, store: Store) -> str:
    path = folder / "records/000000000002.json"
    path.write_bytes(path.read_bytes()[:50])
    return "000000000002.json: not a frame's record"


def no_scene(folder: Path, store: Store) -> str:
    (folder / "scenes/000001.json").unlink()
    return "000001.json: cannot be read"


def another_scene(folder: Path, store: Store) -> str:
    path = folder / "scenes/000001.json"
    path.write_bytes(path.read_bytes().replace(b"1.53", b"1.54"))
    return "000001.json: is not the scene that image 3 was made from"


def no_mask(folder: Path, store: Store) -> str:
    (folder / "annotations/panoptic_train/000000000003.png").unlink()
    return "000000000003.png: the mask cannot be read"


def small_mask(folder: Path, store: Store) -> str:
    tampered = Tampered(folder, 4)
    tampered.mask = tampered.mask[:32]
    return "000000000004.png: the mask is 96x32, its scene 96x64"


def no_view(folder: Path, store: Store) -> str:
    Tampered(folder, 4).write_record(view_index=7)
    return "000000000004.json: the scene has no view 7"


def mesh_lost(folder: Path, store: Store) -> str:
    """Nothing here can make a mesh whose source is {"test": ...}."""
    _card_file(folder, store).unlink()
    return "000000.json: nothing here can make"


def mesh_changed(folder: Path, store: Store) -> str:
    other = make_mesh([[-0.5, 0, 0], [0.5, 0, 0], [0.5, 0, 2]], [[0, 1, 2]], slots=("surface",))
    save_mesh(_card_file(folder, store), other)
    return "is not the mesh of its name; delete it"


def picture_changed(folder: Path, store: Store) -> str:
    (picture,) = (store.root / "images").glob("*.png")
    other = store.add_image(np.full((2, 2, 4), 255, dtype=np.uint8), {"test": "other"})
    picture.write_bytes(store.image_file(other).read_bytes())
    return "is not the picture of its name; delete it"


def _card_file(folder: Path, store: Store) -> Path:
    return store.mesh_path(decode_spec((folder / "scenes/000000.json").read_bytes()).meshes["card"].hash)


HARMS = (
    *(no_records, torn_record, no_scene, another_scene, no_mask, small_mask, no_view),
    *(mesh_lost, mesh_changed, picture_changed),
)


@pytest.mark.parametrize("spoil", HARMS, ids=lambda f: f.__name__)
def test_what_cannot_be_checked_is_bad_input(
    cli: Cli, cards: Path, store: Store, spoil: Callable[[Path, Store], str]
) -> None:
    words = spoil(cards, store)
    said = cli("verify", cards, "--workers", "1", "--format", "json")
    assert said.is_one_message() and words in said.err, said.err


def test_a_mesh_that_its_generator_makes_otherwise_is_refused(
    cli: Cli, cards: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = cards / "scenes/000000.json"
    spec = decode_spec(path.read_bytes())
    source = {"procedural": "traffic_cone", "version": 1, "params": {"no": "such parameter"}}
    lost = replace(spec, meshes={**spec.meshes, "card": MeshRef("0" * 32, source)})
    path.write_bytes(encode_spec(lost))
    from synthgen.scene.spec import spec_hash

    for image_id in (1, 2):
        Tampered(cards, image_id).write_record(spec_hash=spec_hash(lost))
    from synthgen.procedural.registry import PROCEDURAL

    real = next(iter(PROCEDURAL.values()))
    monkeypatch.setitem(PROCEDURAL, "traffic_cone", real)
    said = cli("verify", cards, "--workers", "1")
    assert said.code == 2 and "can no longer be made" in said.err and "dataset.json names" in said.err


def test_wrong_usage(cli: Cli, cards: Path, tmp_path: Path) -> None:
    for arguments, words in (
        ([tmp_path / "none"], "no such folder"),
        ([], "DIR"),
        ([cards, "--frames", "0"], "--frames: 0 frames"),
        ([cards, "--workers", "0"], "--workers: 0 workers"),
        ([cards, "--format", "xml"], "--format"),
    ):
        said = cli("verify", *arguments)
        assert said.is_one_message() and words in said.err, said.err


def test_problems_are_told_together(cards: Path, store: Store) -> None:
    another_scene(cards, store)
    (cards / "scenes/000000.json").unlink()
    with pytest.raises(InputError) as raised:
        verify(cards)
    assert [d.where[-11:] for d in raised.value.diagnostics] == ["000000.json", "000001.json"]


def test_view_objects_are_seen_in_their_view_alone(cards: Path) -> None:
    tampered = Tampered(cards, 2)
    mask = tampered.mask
    tampered.mask = np.where(mask == tampered.id_of(BONNET), tampered.id_of(ROAD), mask)
    assert [f.passed for f in verify(cards).frames] == [True, False, True, True]
