"""What a campaign found, as JSON data and as Markdown tables."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers.campaign import Campaign, label, seconds_a_frame
from benchmarks.peers.quality import Point, reached
from benchmarks.peers.scenes import Scene
from benchmarks.peers.tools import Family
from synthgen.errors import InputError
from synthgen.render.frame import cpu_model
from synthgen.scene.spec import spec_hash

NAMES = {"street": "Street, `scenes/road/urban.yaml`", "shelf": "Shelves, `benchmarks/peers/shelf.py`"}

SYNC, READ = "sync and BVH, first view", "read"


def results(campaign: Campaign) -> dict[str, Any]:
    """Everything, as JSON data. Times in seconds, quality in dB, memory in MiB."""
    bench, plan = campaign.bench, campaign.plan
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "threads": bench.threads,
        "system": platform.platform(),
        "versions": {
            "bpy": version("bpy"),
            "blenderproc": version("blenderproc"),
            "telekinesis-illusion, its bpy": bench.illusion_version,
        },
        "targets": list(plan.targets),
        "views": plan.views,
        "quality_views": bench.quality_views,
        "runs": plan.runs,
        "against": plan.against,
        "reference_samples": bench.reference_samples,
        "without_noise": plan.without_noise,
        "failed": {tool: text[-2000:] for tool, text in campaign.failed.items()},
        "scenes": {scene.name: _scene(campaign, scene) for scene in campaign.scenes},
    }


def _scene(campaign: Campaign, scene: Scene) -> dict[str, Any]:
    plan = campaign.plan
    timed = [
        {
            "family": family, "samples": samples, "views": views, "kind": kind,
            **_spread([seconds_a_frame(r, views) for r in records]),
            "start": _median(r["start"] for r in records if "start" in r),
            "others": _median(r["others"] for r in records if r.get("others") is not None),
        }
        for (name, family, samples, views, kind), records in campaign.times.items()
        if name == scene.name
    ]  # fmt: skip
    return {
        "spec": spec_hash(scene.spec),
        "size": list(scene.spec.size),
        "objects": len(scene.spec.objects),
        "instances": len(scene.spec.instances),
        "meshes": len(scene.spec.meshes),
        "exposure": campaign.scales.get(scene.name),
        "reference_noise": {of: found for (name, of), found in campaign.noise.items() if name == scene.name},
        "quality": [
            {"tool": f.tool, "family": label(f), "samples": q.samples, "own": q.own, "common": q.common}
            for (name, f), curve in campaign.curves.items()
            if name == scene.name
            for q in curve
        ],
        "timed": timed,
        "reached": [
            {"target": target, "tool": tool, **_at(campaign, scene, tool, target)}
            for target in plan.targets
            for tool in campaign.tools
        ],
        "profile": _profiles(campaign, scene),
    }


def _at(campaign: Campaign, scene: Scene, tool: str, target: float) -> dict[str, Any]:
    """Seconds a frame at a target by number of views, and synthgen's limit there; the best dB where it is missed."""
    choice = campaign.chosen(scene, tool, target)
    if choice is None:
        curves = [q for (name, f), c in campaign.curves.items() if name == scene.name and f.tool == tool for q in c]
        return {"best": max((q.against(campaign.plan.against) for q in curves), default=None)}
    family, between = choice
    found: dict[str, Any] = {"family": label(family), "between": list(between)}
    for views in dict.fromkeys((campaign.plan.views, 1)):
        at = reached(campaign.points(scene, family, views), target)
        if at is not None:
            found[f"{views} views"] = at.seconds
    at = reached(_limit_points(campaign, scene, family), target)
    if at is not None:
        found["limit"] = at.seconds
    return found


def _limit_points(campaign: Campaign, scene: Scene, family: Family) -> list[Point]:
    points = []
    for quality in campaign.curves[scene.name, family]:
        records = campaign.times.get((scene.name, label(family), quality.samples, campaign.plan.views, "limit"), [])
        if records:
            seconds = float(np.median([seconds_a_frame(r, campaign.plan.views) for r in records]))
            points.append(Point(quality.samples, quality.against(campaign.plan.against), seconds))
    return points


def _profiles(campaign: Campaign, scene: Scene) -> list[dict[str, Any]]:
    """Where synthgen's time goes, seconds a scene of all views, by stage; medians of the runs."""
    views = campaign.plan.views
    found = []
    for (name, family, samples, count, kind), records in campaign.times.items():
        limits = campaign.times.get((name, family, samples, views, "limit"))
        if name != scene.name or kind != "frames" or count != views or not limits:
            continue
        sync = _median(r["first"][0] - r["again"][0] for r in limits) or 0.0
        read = _median(r["again"][0] - r["bare"][0] for r in limits) or 0.0
        stages: dict[str, float] = {}
        for stage in dict.fromkeys(s for r in records for f in r["frames"] for s in f):
            stages[stage] = float(np.median([sum(f.get(stage, 0.0) for f in r["frames"]) for r in records]))
        total = float(np.median([r["total"] for r in records]))
        stages["other"] = total - sum(stages.values())
        whole = stages.pop("render")
        stages = {"build": stages.pop("build", 0.0), SYNC: sync, "render": whole - sync - views * read,
                  READ: views * read, **stages}  # fmt: skip
        found.append({
            "family": family, "samples": samples, "views": views, "total": total, "stages": stages,
            "limit": float(np.median([seconds_a_frame(r, views) for r in limits])),
            "further": float(np.median([np.mean([sum(f.values()) for f in r["frames"][1:]]) for r in records]))
            if views > 1 else None,
            "rss_mib": _median(r["rss_mib"] for r in records),
        })  # fmt: skip
    return found


def to_markdown(found: dict[str, Any]) -> str:
    """The tables, each number with its unit."""
    versions = found["versions"]
    illusion = versions["telekinesis-illusion, its bpy"].split()
    others = f", telekinesis-illusion {illusion[0]} (bpy {illusion[1]})" if len(illusion) == 2 else ""
    used = [t["others"] for s in found["scenes"].values() for t in s["timed"] if t["others"] is not None]
    lines = [
        f"{found['cpu']}, {found['threads']} threads of {found['cores']} cores; Blender as bpy {versions['bpy']}, "
        f"BlenderProc {versions['blenderproc']}{others}. Medians of {found['runs']} runs, the tools in turns"
        + (f"; others used {np.median(used):.2f} cores meanwhile (at most {max(used):.2f})." if used else "."),
        "",
    ]
    for name, scene in found["scenes"].items():
        width, height = scene["size"]
        lines += [
            f"### {NAMES.get(name, name)}", "",
            f"{width}x{height} pixels, {scene['objects']} objects, {scene['meshes']} meshes, SceneSpec "
            f"`{scene['spec']}`.", "",
            *_reached_table(found, scene), "", *_quality_table(scene), "", *_times_table(scene), "",
            *_profile_table(scene), "",
        ]  # fmt: skip
    for tool, text in found["failed"].items():
        lines += [f"{tool} could not run:", "", "```", text.strip()[-800:], "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _reached_table(found: dict[str, Any], scene: dict[str, Any]) -> Iterable[str]:
    targets = found["targets"]
    noise = ", their noise taken off" if found["without_noise"] else ""
    whose = f"{found['reference_samples']} samples of {_whose(found)}{noise}"
    yield f"Seconds a frame at a PSNR against {whose}, and times synthgen's:"
    yield ""
    yield "| | " + " | ".join(f"{t:g} dB" for t in targets) + " |"
    yield "|---" * (len(targets) + 1) + "|"
    at = {(r["target"], r["tool"]): r for r in scene["reached"]}
    for views in dict.fromkeys((found["views"], 1)):
        key = f"{views} views"
        for tool in dict.fromkeys(r["tool"] for r in scene["reached"]):
            cells = [_cell(at[t, tool], at.get((t, "synthgen"), {}), key) for t in targets]
            yield f"| {tool}, {'1 view' if views == 1 else key} a scene | " + " | ".join(cells) + " |"
        if views == found["views"]:
            cells = [_cell(at[t, "synthgen"], at[t, "synthgen"], "limit", key) if (t, "synthgen") in at else "-"
                     for t in targets]  # fmt: skip
            yield "| limit: the bare render of synthgen's settings | " + " | ".join(cells) + " |"


def _cell(row: dict[str, Any], ours: dict[str, Any], key: str, beside: str | None = None) -> str:
    if "best" in row:
        best = row["best"]
        return "not measured" if best is None else f"not reached (best {best:.1f} dB)"
    if key not in row:
        return "not timed"
    low, high = row["between"]
    counts = f"at most; {low} samples" if low == high else f"{low} to {high} samples"
    if low == high == 1:
        counts = "at most; 1 sample"
    text = f"{row[key]:.2f} s"
    if beside is not None:
        return text + (f" (a frame takes {ours[beside] / row[key]:.2f} times that)" if beside in ours else "")
    if row["tool"] != "synthgen" and key in ours:
        text += f", **{row[key] / ours[key]:.1f}x**"
    return f"{text} ({row['family'].partition(', ')[2]}, {counts})"


def _whose(found: dict[str, Any]) -> str:
    return "each tool's own light and pixel filter" if found["against"] == "own" else "synthgen's, once the size"


def _quality_table(scene: dict[str, Any]) -> Iterable[str]:
    yield (
        "PSNR, dB: own reference / common reference (synthgen's, once the size), and the noise that is left in the own "
        f"reference. Exposure: {scene['exposure']:.4g}."
    )
    yield ""
    counts = sorted({q["samples"] for q in scene["quality"]})
    yield "| samples | noise | " + " | ".join(str(n) for n in counts) + " |"
    yield "|---" * (len(counts) + 2) + "|"
    for family in dict.fromkeys(q["family"] for q in scene["quality"]):
        row = {q["samples"]: q for q in scene["quality"] if q["family"] == family}
        cells = [f"{row[n]['own']:.1f} / {row[n]['common']:.1f}" if n in row else "" for n in counts]
        yield f"| {family} | {scene['reference_noise'][family]:.1f} | " + " | ".join(cells) + " |"


def _times_table(scene: dict[str, Any]) -> Iterable[str]:
    if not scene["timed"]:
        return
    yield "What was timed (cold: synthgen's worker had made no scene before; limit: the bare render):"
    yield ""
    yield "| | samples | views | kind | s a frame | lowest to highest | start of the process, s |"
    yield "|---" * 7 + "|"
    for row in sorted(scene["timed"], key=lambda t: (t["family"], t["samples"], t["kind"], -t["views"])):
        start = "" if row["start"] is None else f"{row['start']:.1f}"
        yield (
            f"| {row['family']} | {row['samples']} | {row['views']} | {row['kind']} | {row['median']:.2f} | "
            f"{row['low']:.2f} to {row['high']:.2f} | {start} |"
        )


def _profile_table(scene: dict[str, Any]) -> Iterable[str]:
    if not scene["profile"]:
        return
    yield "Where synthgen's time goes, a worker that has made other scenes before; s a scene of all views (share):"
    yield ""
    stages = list(dict.fromkeys(s for p in scene["profile"] for s in p["stages"]))
    yield "| | all | " + " | ".join(stages) + " | s a frame / limit | s a further view / limit | memory |"
    yield "|---" * (len(stages) + 5) + "|"
    for row in scene["profile"]:
        cells = [f"{row['stages'].get(s, 0.0):.3g} ({row['stages'].get(s, 0.0) / row['total']:.1%})" for s in stages]
        ratio = row["total"] / row["views"] / row["limit"]
        name = f"{row['family']}, {row['samples']} samples, {row['views']} views"
        further = "" if row["further"] is None else f"{row['further'] / row['limit']:.2f}"
        ends = f" | {ratio:.2f} | {further} | {row['rss_mib']:.0f} MiB |"
        yield f"| {name} | {row['total']:.2f} | " + " | ".join(cells) + ends


def put_section(path: Path, name: str, text: str) -> None:
    """Replaces what stands between `<!-- name -->` and `<!-- end of name -->` in a Markdown file.

    Raises InputError where the file lacks the marks.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    old = path.read_text("utf-8") if path.exists() else f"{begin}\n{end}\n"
    before, found, rest = old.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise InputError.of(f"the file lacks the marks {begin} and {end}", where=str(path))
    path.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", "utf-8")


def _median(values: Iterable[float]) -> float | None:
    numbers = list(values)
    return float(np.median(numbers)) if numbers else None


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": float(np.median(values)), "low": min(values), "high": max(values)}
