"""Measures how a dataset's labels agree with another engine: Embree, casting a ray through every pixel's centre.

    python benchmarks/labels.py out/road

Builds every frame's scene from its SceneSpec and the canonical meshes, without Blender, and compares instances and
categories pixel by pixel. Prints a line a frame; takes about 10 s each at 960x540. Exit code 1 where a frame fails.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

import synthgen.assets.models
import synthgen.procedural  # noqa: F401  both register how meshes are made again
from synthgen.annotation import decode_ids, instance_map_to_segments
from synthgen.assets.store import Store
from synthgen.dataset.folders import RECORDS, scene_path
from synthgen.dataset.record import FrameRecord, read_record
from synthgen.scene.spec import decode_spec
from synthgen.taxonomy import load_taxonomy
from synthgen.verification.compare import Agreement, compare
from synthgen.verification.raycast import RayScene


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    folder = parser.parse_args().dataset
    store = Store()
    failed = 0
    for path in sorted((folder / RECORDS).glob("*.json")):
        record = read_record(path)
        begun = time.perf_counter()
        found = agreement(folder, record, store)
        share = 1 - (found.wrong_on + found.wrong_off) / found.pixels
        print(
            f"image {record.image_id}: {share:.4%} agree; of {found.boundary} boundary pixels {found.wrong_on} differ, "
            f"off the boundary {found.wrong_off}; {time.perf_counter() - begun:.1f} s"
        )
        failed += not found.passes
    sys.exit(1 if failed else 0)


def agreement(folder: Path, record: FrameRecord, store: Store) -> Agreement:
    """Compares one frame's mask with the segments that ray casting gives."""
    spec = decode_spec((folder / scene_path(record.scene_index)).read_bytes())
    numbers = RayScene(spec, record.view_index, store).numbers(spec.views[record.view_index].camera, spec.size)
    cast = instance_map_to_segments(
        numbers, spec.instances, load_taxonomy(spec.taxonomy), image_id=record.image_id, **spec.identity["labels"]
    )
    with Image.open(folder / record.mask_path) as mask:
        ours = decode_ids(np.asarray(mask))
    return compare(ours.astype(np.int32), cast.id_map.astype(np.int32))


if __name__ == "__main__":
    main()
