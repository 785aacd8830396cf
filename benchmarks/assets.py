"""What the asset library costs: a street's worth of meshes loaded, and what sharing them saves.

    python benchmarks/assets.py [--recipe scenes/road/urban.yaml] [--scenes 3]

Plans scenes (which makes what the cache lacks), then loads every mesh that they name from the cache, once cold in
this process and once more, and counts bytes by mesh and by object.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from synthgen.assets.catalogue import load_catalogue
from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.engine.inputs import load_inputs

ARRAYS = ("vertices", "faces", "normals", "uvs", "slot", "face_random")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", default="scenes/road/urban.yaml")
    parser.add_argument("--scenes", type=int, default=3)
    options = parser.parse_args()
    begun = time.perf_counter()
    catalogue = load_catalogue(["base"], Store())
    print(f"catalogue: {len(catalogue.assets)} assets in {1000 * (time.perf_counter() - begun):.0f} ms")
    inputs = load_inputs(Path(options.recipe))
    print("scene  objects  meshes  load ms  again ms  MB held  MB if each object had its own")
    for index in range(options.scenes):
        spec = inputs.plan(index)
        for ref in spec.meshes.values():
            inputs.store.mesh(ref)
        store = Store()
        first = _seconds(store, spec.meshes.values())
        again = _seconds(store, spec.meshes.values())
        size = {key: _bytes(store.mesh(ref)) for key, ref in spec.meshes.items()}
        held, single = sum(size.values()), sum(size[item.mesh] for item in spec.objects)
        counts = f"{index:5}  {len(spec.objects):7}  {len(spec.meshes):6}"
        print(f"{counts}  {1000 * first:7.0f}  {1000 * again:8.1f}  {held / 1e6:7.0f}  {single / 1e6:7.0f}")


def _seconds(store: Store, refs: object) -> float:
    begun = time.perf_counter()
    for ref in refs:  # type: ignore[attr-defined]
        store.mesh(ref)
    return time.perf_counter() - begun


def _bytes(mesh: Mesh) -> int:
    return sum(int(getattr(mesh, name).nbytes) for name in ARRAYS)


if __name__ == "__main__":
    main()
