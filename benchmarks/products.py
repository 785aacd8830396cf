"""What products cost that are made for the first time.

    python benchmarks/products.py [--count 1000] [--density 1000]

Every group of goods in turn, each time another brand, as scenes make them, into an empty cache that is thrown away.
Prints CPU milliseconds a product by shape and by stage, the CPU seconds of all, and the most memory held.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import synthgen.procedural  # noqa: F401  registers the generators
from synthgen.assets import store as stores
from synthgen.assets.store import Store
from synthgen.makers.products import DENSITY, product
from synthgen.procedural.packaging.design import goods
from synthgen.procedural.registry import PROCEDURAL, PROCEDURAL_IMAGES

STAGES = ("mesh", "picture", "hash", "encode", "keep mesh")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--density", type=int, default=DENSITY, help="pixels of print a metre")
    options = parser.parse_args()
    spent: dict[str, float] = dict.fromkeys(STAGES, 0.0)
    _watch(spent)
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    groups = list(goods()["groups"])
    with tempfile.TemporaryDirectory() as folder:
        cache = Store(Path(folder))
        for k in range(options.count):
            before, start = dict(spent), time.process_time()
            made = product(cache, groups[k % len(groups)], k, 0, density=options.density)
            own = {stage: spent[stage] - before[stage] for stage in STAGES}
            rows[str(made.attributes["package"])].append({**own, "whole": time.process_time() - start})
        kilobytes = sum(p.stat().st_size for p in Path(folder).rglob("*") if p.is_file()) / 1000
    every = [row for found in rows.values() for row in found]
    print(f"{'':12}{'products':>9}" + "".join(f"{stage:>11}" for stage in (*STAGES, "else", "whole")))
    for shape, found in [*sorted(rows.items()), ("all", every)]:
        mean = {stage: 1000 * sum(row[stage] for row in found) / len(found) for stage in (*STAGES, "whole")}
        mean["else"] = mean["whole"] - sum(mean[stage] for stage in STAGES)
        cells = "".join(f"{mean[stage]:11.2f}" for stage in (*STAGES, "else", "whole"))
        print(f"{shape:12}{len(found):9}{cells}")
    total = sum(row["whole"] for row in every)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{total:.1f} s of CPU, {kilobytes / options.count:.0f} kB a product, at most {most:.0f} MiB held")


def _watch(spent: dict[str, float]) -> None:
    """Adds to `spent` what each stage costs, from now on in this process."""

    def timed(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **params: Any) -> Any:
            start = time.process_time()
            try:
                return work(*args, **params)
            finally:
                spent[stage] += time.process_time() - start

        return call

    for stage, known in (("mesh", PROCEDURAL), ("picture", PROCEDURAL_IMAGES)):
        for name in [n for n in known if n.startswith("retail.")]:
            known[name] = replace(known[name], make=timed(stage, known[name].make))
    for name, stage in {
        "content_hash": "hash", "pixels_hash": "hash", "save_mesh": "keep mesh", "save_image": "encode",
    }.items():  # fmt: skip
        setattr(stores, name, timed(stage, getattr(stores, name)))


if __name__ == "__main__":
    main()
