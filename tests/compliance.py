"""Whether other people's programs read a dataset: datumaro, hotcoco, and panopticapi, the reference for PQ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from synthgen.dataset.folders import IMAGES, split_files, split_of_annotations

_INSTALL = "install it with: pip install --no-deps -r tests/requirements-readers.txt"


def assert_loads_in_datumaro(folder: Path) -> None:
    """Every image, category and segment arrives, with picture, mask and area."""
    try:
        from datumaro.components.dataset import Dataset
    except ImportError as error:
        pytest.fail(f"datumaro is not installed ({error}); {_INSTALL}")
    dataset = Dataset.import_from(str(folder), "coco_panoptic")
    files = {split_of_annotations(path): json.loads(path.read_text()) for path in split_files(folder)}
    assert set(dataset.subsets()) == set(files)
    for split, data in files.items():
        images = {Path(i["file_name"]).stem: i for i in data["images"]}
        names = {c["id"]: c["name"] for c in data["categories"]}
        annotations = {a["image_id"]: a for a in data["annotations"]}
        subset = dataset.subsets()[split]
        labels = [label.name for label in next(iter(subset.categories().values())).items]
        assert labels == list(names.values())
        assert {item.id for item in subset} == set(images)
        for item in subset:
            image = images[item.id]
            assert item.media.data.shape[:2] == (image["height"], image["width"])
            wanted = sorted((names[s["category_id"]], s["area"]) for s in _segments(annotations[image["id"]]))
            assert sorted((labels[a.label], int(a.image.sum())) for a in item.annotations) == wanted


def assert_loads_in_second_reader(folder: Path) -> None:
    """hotcoco, an implementation in Rust, reads JSON and masks and scores them 1.0 against themselves."""
    from hotcoco import panoptic

    for path in split_files(folder):
        evaluation = panoptic.PanopticEval(str(path), str(path))
        evaluation.evaluate()
        results = evaluation.results()
        assert not evaluation.reference_deviations()
        assert results["All"]["pq"] == 1.0
        counts = {k: v["tp"] for k, v in results["per_class"].items() if v["tp"] + v["fp"] + v["fn"]}
        assert counts == _segment_counts(json.loads(path.read_text()))


def assert_self_pq_is_one(folder: Path) -> None:
    """panopticapi scores ground truth against itself: PQ is 1.0 for every category present."""
    from panopticapi import evaluation

    for path in split_files(folder):
        data = json.loads(path.read_text())
        categories = {c["id"]: c for c in data["categories"]}
        masks = str(path.with_suffix(""))
        pairs = [(a, json.loads(json.dumps(a))) for a in data["annotations"]]
        stat = evaluation.pq_compute_single_core(0, pairs, masks, masks, categories)
        _, per_class = stat.pq_average(categories, isthing=None)
        present = _segment_counts(data)
        assert present, f"{path} has no segments"
        assert {c: per_class[c]["pq"] for c in present} == dict.fromkeys(present, 1.0)
        assert {c: stat.pq_per_cat[c].tp for c in present} == present


def assert_pictures_match_masks(folder: Path) -> None:
    """Pillow, an independent reader, sees RGB pictures and masks of one size, and only ids that the JSON lists."""
    for path in split_files(folder):
        data = json.loads(path.read_text())
        for image, annotation in zip(data["images"], data["annotations"], strict=True):
            picture = Image.open(folder / IMAGES / str(split_of_annotations(path)) / image["file_name"])
            mask = Image.open(path.with_suffix("") / annotation["file_name"])
            assert picture.mode == mask.mode == "RGB"
            assert picture.size == mask.size == (image["width"], image["height"])
            rgb = np.asarray(mask, dtype=np.int64)
            ids, areas = np.unique(rgb @ [1, 256, 65536], return_counts=True)
            wanted = {s["id"]: s["area"] for s in annotation["segments_info"]}
            assert dict(zip(ids.tolist(), areas.tolist(), strict=True)) == wanted


def _segments(annotation: dict[str, Any]) -> list[dict[str, Any]]:
    return list(annotation["segments_info"])


def _segment_counts(data: dict[str, Any]) -> dict[int, int]:
    """Segments per category that are not crowds."""
    counts: dict[int, int] = {}
    for annotation in data["annotations"]:
        for segment in _segments(annotation):
            if not segment["iscrowd"]:
                counts[segment["category_id"]] = counts.get(segment["category_id"], 0) + 1
    return counts
