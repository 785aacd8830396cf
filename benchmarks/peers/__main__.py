"""Compares synthgen with stock BlenderProc and telekinesis-illusion: seconds a frame at equal quality, in one run.

    python -m benchmarks.peers --markdown docs/peers.md --json peers.json

1. Quality: every tool makes linear pictures of a few views with 1, 2, 4, ... samples, until PSNR passes the highest
   target. Each is compared with 256 samples a pixel without denoiser.
2. Time: the sample counts around each target are timed, with all views of a scene and with one; what is timed is a
   small dataset (pictures and labels on disk). The tools take turns, run by run. Beside it the limit: the bare render
   operator with synthgen's settings and everything synchronised.
3. Report: the time at each target by log-linear interpolation, and where the time goes.

All that was measured is kept; a run that was cut short goes on where it was, --fresh times again. The machine should
have nothing else to do: how many cores others used meanwhile is reported. telekinesis-illusion needs an environment of
its own (its Python pin is newer than it needs):

    python3.11 -m venv ENV && ENV/bin/pip install --no-deps --ignore-requires-python telekinesis-illusion==0.2.7
    ENV/bin/pip install $(ENV/bin/python -c "from importlib.metadata import requires as r; print(*(
        x.replace(' ', '') for x in r('telekinesis-illusion') if 'extra' not in x))")
    python -m benchmarks.peers --illusion ENV/bin/python ...
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.peers.campaign import Campaign, Plan
from benchmarks.peers.kept import Kept
from benchmarks.peers.report import put_section, results, to_markdown
from benchmarks.peers.scenes import SCENES
from benchmarks.peers.tools import Bench, Family, doubling, synthgen_families
from synthgen.errors import InputError


def main() -> int:
    options = _options()
    width, height = (int(n) for n in options.size.split("x"))
    bench = Bench(
        Kept(options.cache), options.threads, options.quality_views, options.illusion, options.reference_samples
    )
    families = synthgen_families(options.presets, options.most_samples)
    if "BlenderProc" in options.tools:
        families.append(Family("BlenderProc", "default", doubling(options.most_samples)))
    if "illusion" in options.tools:
        families.append(Family("illusion", "default", doubling(options.most_samples)))
    plan = Plan(
        tuple(options.targets), options.views, options.runs, options.against, options.fresh, options.without_noise
    )
    say("planning the scenes")
    scenes = [SCENES[name]((width, height), options.views, options.warm) for name in options.scenes]
    campaign = Campaign(bench, scenes, families, plan, say)
    campaign.measure_quality()
    if not options.only_quality:
        campaign.measure_time()
    found = results(campaign)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    text = to_markdown(found)
    print(text)
    if options.markdown:
        put_section(options.markdown, "time", text)
    return 0


_BEGUN = time.monotonic()


def say(text: str) -> None:
    """Progress, to stderr, with the minutes since the start."""
    print(f"[{(time.monotonic() - _BEGUN) / 60:6.1f} min] {text}", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--scenes", nargs="+", choices=sorted(SCENES), default=list(SCENES))
    add("--tools", nargs="+", choices=["synthgen", "BlenderProc", "illusion"], default=["synthgen", "BlenderProc"],
        help="illusion is added where --illusion names its Python")  # fmt: skip
    add("--illusion", type=Path, help="the Python of an environment that has telekinesis-illusion")
    add("--presets", nargs="+", default=["draft", "standard"], help="of synthgen; samples and size are free")
    add("--size", default="480x270")
    add("--views", type=int, default=8, help="views of a scene that are timed")
    add("--quality-views", type=int, default=2, help="views that quality is measured on")
    add("--targets", nargs="+", type=float, default=[34.0, 37.0, 40.0], help="dB")
    add("--against", choices=["own", "common"], default="own",
        help="own: 256 samples of the tool's own light and pixel filter; common: of synthgen's, 1x")  # fmt: skip
    add("--most-samples", type=int, default=256, help="a pixel of the picture")
    add("--reference-samples", type=int, default=256)
    add(
        "--without-noise",
        action="store_true",
        help="take the references' own noise off the error, so that dB near it count",
    )
    add("--runs", type=int, default=3)
    add("--warm", type=int, default=2, help="other scenes that synthgen's worker makes first")
    add("--threads", type=int, default=os.cpu_count() or 1)
    add("--fresh", action="store_true", help="time again what was timed before (pictures are kept)")
    add("--only-quality", action="store_true")
    add("--cache", type=Path, default=default_cache())
    add("--json", type=Path)
    add("--markdown", type=Path, help="puts the tables between this file's marks of the section `time`")
    options = parser.parse_args()
    if options.illusion is not None and "illusion" not in options.tools:
        options.tools.append("illusion")
    if "illusion" in options.tools and options.illusion is None:
        parser.error("illusion needs --illusion ENV/bin/python (see --help)")
    options.quality_views = min(options.quality_views, options.views)
    return options


def default_cache() -> Path:
    """Where measurements are kept unless --cache says otherwise."""
    from platformdirs import user_cache_path

    return user_cache_path("synthgen-peers", appauthor=False)


def _main() -> Any:
    try:
        return main()
    except InputError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(_main())
