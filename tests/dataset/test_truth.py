"""Depth, normals, flow and amodal masks belong to their frame: recorded, gathered, checked, told in the card."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from synthgen.annotation.extents import extents
from synthgen.annotation.rle import encode_rle
from synthgen.dataset.folders import record_path, scene_path, truth_path
from synthgen.dataset.package import package
from synthgen.dataset.record import FileSum, encode_record, frame_is_whole, read_record, write_atomic, write_frame
from synthgen.dataset.truth import encode_amodal, encode_exr, read_amodal, read_exr, truth_files
from synthgen.dataset.validate import validate
from synthgen.errors import InputError
from synthgen.scene.spec import encode_spec
from synthgen.taxonomy import load_taxonomy
from synthgen.truth import TRUTHS
from tests.dataset.sample import SIZE, VIEWS, frame, numbers, scene

WIDTH, HEIGHT = SIZE
FIRST = 1


def write(folder: Path, scenes: int = 2, *, truth: tuple[str, ...] = TRUTHS) -> Path:
    """Frames of the sample with all that a recipe may ask for."""
    taxonomy = load_taxonomy("road")
    for index in range(scenes):
        spec = scene(index, truth=list(truth))
        write_atomic(folder, scene_path(index), encode_spec(spec))
        for view in range(VIEWS):
            image_id = index * VIEWS + view + 1
            image, mask, record = frame(image_id, ("train", "val")[index % 2], spec, view, taxonomy)
            things = {c.id for c in taxonomy.categories if c.isthing}
            labels, entries, instances = numbers(index, view), [], []
            for item in record.instances:
                if item.category_id in things:
                    whole = labels == item.instance_id
                    told = {"visibility": 1.0, "truncation": 0.25}
                    area, box = int(whole.sum()), extents(whole.astype(np.uint8)).box(-1)
                    item = replace(item, amodal_pixels=area, amodal_bbox=(box[0], box[1], box[2], box[3]), **told)
                    entries.append(
                        {"instance_id": item.instance_id, "category_id": item.category_id, "area": area, "bbox": box}
                        | told
                        | {"segmentation": encode_rle(whole)}
                    )
                instances.append(item)
            flow = np.zeros((HEIGHT, WIDTH, 3), dtype=np.float32)
            contents = {
                "depth": encode_exr(np.where(labels == 0, np.float32(np.inf), np.float32(view + 1))),
                "normals": encode_exr(np.broadcast_to(np.float32([0, 0, -1]), (HEIGHT, WIDTH, 3))),
                "flow": encode_exr(flow),
                "amodal": encode_amodal(image_id, entries),
            }
            files = truth_files(spec.identity, record.split, image_id)
            extra = {str(path): contents[word] for word, path in files.items()}
            write_frame(folder, image, mask, replace(record, instances=tuple(instances)), extra=extra)
    return folder


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = write(tmp_path / "ours")
    assert package(folder).complete
    return folder


def path_of(folder: Path, word: str) -> Path:
    return folder / truth_path(word, "train", FIRST)


def codes(folder: Path) -> list[tuple[str, str]]:
    return [(f.code, f.what) for f in validate(folder).findings]


def test_a_frame_with_more_truth_is_whole_and_valid(dataset: Path) -> None:
    assert codes(dataset) == []
    record = read_record(dataset / record_path(FIRST))
    assert set(record.files) == {
        record.image_path,
        record.mask_path,
        *(f"{word}/train/000000000001.{end}" for word, end in FILES.items()),
    }
    assert json.loads((dataset / "dataset.json").read_text())["truth"] == list(TRUTHS)
    card = (dataset / "README.md").read_text()
    assert "## More truth" in card and "metres along the camera's z" in card and "u, v, valid" in card


FILES = {"depth": "exr", "normals": "exr", "flow": "exr", "amodal": "json"}


def test_the_card_tells_only_of_what_is_there(tmp_path: Path) -> None:
    folder = write(tmp_path / "depth", truth=("depth",))
    package(folder)
    card = (folder / "README.md").read_text()
    assert "depth/<split>" in card and "flow/<split>" not in card and "amodal" not in card
    assert codes(folder) == []


@pytest.mark.parametrize("word", FILES)
def test_a_frame_that_lacks_a_file_is_not_whole(dataset: Path, word: str) -> None:
    path_of(dataset, word).unlink()
    record = read_record(dataset / record_path(FIRST))
    assert not frame_is_whole(dataset, record)
    assert package(dataset).missing == (FIRST,)
    report = validate(dataset)
    assert not report.passed


def test_shards_bring_their_files_along_and_strays_go(dataset: Path, tmp_path: Path) -> None:
    joined = tmp_path / "joined"
    assert package(joined, [dataset]).complete
    for word in FILES:
        assert path_of(joined, word).read_bytes() == path_of(dataset, word).read_bytes()
    assert codes(joined) == []
    stray = joined / truth_path("depth", "train", 99)
    stray.write_bytes(b"left by a run that was cut off")
    package(joined)
    assert not stray.exists() and path_of(joined, "depth").exists()


def test_folders_that_ask_for_different_truth_do_not_mix(dataset: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", truth=("depth",))
    with pytest.raises(InputError, match=r"truth: .*, not "):
        package(dataset, [other])


def exr(change: Callable[[NDArray[np.float32]], NDArray[np.float32] | None]) -> Callable[[Path], bytes]:
    """Harm done to the values of an EXR file."""

    def harm(path: Path) -> bytes:
        values = read_exr(path)
        changed = change(values)
        return encode_exr(values if changed is None else changed)

    return harm


def put(at: tuple[int, ...], value: float) -> Callable[[NDArray[np.float32]], None]:
    def change(values: NDArray[np.float32]) -> None:
        values[at] = value

    return change


def masks(**changes: object) -> Callable[[Path], bytes]:
    """Harm done to the first entry of an amodal file."""

    def harm(path: Path) -> bytes:
        data = json.loads(path.read_bytes())
        data["instances"][0].update(changes)
        return json.dumps(data).encode()

    return harm


@pytest.mark.parametrize(
    ("word", "harm", "told"),
    [
        ("depth", exr(put((0, 0), np.nan)), "NaN, 0 or negative"),
        ("depth", exr(put((0, 0), 0)), "NaN, 0 or negative"),
        ("depth", exr(lambda v: v[:-1]), "shape"),
        ("depth", exr(lambda v: np.stack([v, v, v], axis=-1)), "shape"),
        ("depth", lambda path: b"no EXR", "cannot be read as EXR"),
        ("normals", exr(put((3, 4, 0), 0.5)), "1 normals that are neither"),
        ("flow", exr(put((3, 4, 0), np.inf)), "NaN or infinite"),
        ("flow", exr(put((3, 4, 2), 0.5)), "validity"),
        ("amodal", lambda path: b"{", "cannot be read as amodal masks"),
        ("amodal", lambda path: encode_amodal(FIRST, []), "masks of 0 instances"),
        ("amodal", masks(area=3), "the file says 3"),
        ("amodal", masks(bbox=[0, 0, 1, 1]), "bbox"),
        ("amodal", masks(visibility=0.5), "differ in visibility"),
        ("amodal", masks(segmentation=encode_rle(np.ones((3, 3), dtype=bool))), "its mask is 3x3"),
    ],
)
def test_files_that_are_not_sound_are_told(dataset: Path, word: str, harm: Callable[[Path], bytes], told: str) -> None:
    path = path_of(dataset, word)
    path.write_bytes(harm(path))
    found = codes(dataset)
    assert [code for code, _ in found] == ["checksum", "truth"]
    assert told in found[1][1]
    # The same with a record that agrees with the file: a fault of ours, not of the disk.
    record = read_record(dataset / record_path(FIRST))
    files = {**record.files, str(truth_path(word, "train", FIRST)): FileSum.of(path.read_bytes())}
    write_atomic(dataset, record_path(FIRST), encode_record(replace(record, files=files)))
    assert [code for code, _ in codes(dataset)] == ["truth"]


def test_a_record_that_does_not_list_what_was_asked_for_is_told(dataset: Path) -> None:
    record = read_record(dataset / record_path(FIRST))
    files = {name: sums for name, sums in record.files.items() if not name.startswith("flow/")}
    write_atomic(dataset, record_path(FIRST), encode_record(replace(record, files=files)))
    assert codes(dataset) == [("truth", "its recipe asks for flow, but its record does not list it")]


@settings(max_examples=20)
@given(
    arrays.arrays(
        np.float32,
        st.one_of(
            st.tuples(st.integers(1, 9), st.integers(1, 9)),
            st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)),
        ),
        elements=st.floats(width=32, allow_nan=False),
    )
)
def test_numbers_come_back_from_exr_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, values: NDArray[np.float32]
) -> None:
    path = tmp_path_factory.mktemp("exr") / "values.exr"
    data = encode_exr(values)
    path.write_bytes(data)
    back = read_exr(path)
    assert back.dtype == np.float32 and np.array_equal(back, values)
    assert encode_exr(values) == data


def test_others_read_the_exr_files(dataset: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    script = (
        "import os; os.environ['OPENCV_IO_ENABLE_OPENEXR'] = '1'\n"
        "import cv2, sys\n"
        "depth, normals = (cv2.imread(p, cv2.IMREAD_UNCHANGED) for p in sys.argv[1:])\n"
        "print(depth.dtype, depth.shape, depth[40, 30], normals.shape, normals[5, 5].tolist())\n"
    )
    paths = [str(path_of(dataset, word)) for word in ("depth", "normals")]
    done = subprocess.run([sys.executable, "-c", script, *paths], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[0] == "float32 (48, 64) 1.0 (48, 64, 3) [-1.0, 0.0, 0.0]"


def test_amodal_files_that_are_none_are_input_errors(tmp_path: Path) -> None:
    for text in ("", "[]", '{"instances": [{"area": 3}]}'):
        (tmp_path / "a.json").write_text(text)
        with pytest.raises(InputError, match="amodal masks"):
            read_amodal(tmp_path / "a.json")
