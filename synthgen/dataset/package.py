"""Records to COCO-panoptic files: annotations, dataset.json, the dataset card and the attribution of assets."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthgen.dataset.card import attribution_text, card_text
from synthgen.dataset.cocojson import SplitWriter
from synthgen.dataset.folders import (
    ANNOTATIONS,
    ATTRIBUTION,
    CARD,
    DATASET,
    FAILURES,
    IMAGES,
    UNFINISHED,
    annotations_path,
    image_path,
    iter_record_paths,
    mask_path,
    not_ours,
    split_files,
    split_of_annotations,
)
from synthgen.dataset.gather import gather
from synthgen.dataset.identity import check_same_identity, read_scene_head, taxonomy_of
from synthgen.dataset.licences import effective_licence, licence_url
from synthgen.dataset.locking import FAILURES_LOCK, locked, temporary_folder
from synthgen.dataset.record import FrameRecord, damaged_files, read_record, write_atomic
from synthgen.dataset.truth import WITH_FILES
from synthgen.errors import Diagnostic, InputError
from synthgen.taxonomy import Taxonomy

FORMAT = 1
CONTRIBUTOR = "synthgen"
DEFAULT_LICENCE = "CC-BY-4.0"
DEFAULT_DATE = "2026-01-01"
_SEGMENT_KEYS = ("id", "category_id", "area", "bbox", "iscrowd")
_SAID_APART = ("taxonomy", "output_licence", "splits")


@dataclass(frozen=True, slots=True)
class PackageReport:
    """What was packaged. missing: image ids up to the expected number without a whole frame, ascending.

    damaged: one finding per file that is not as its record says; gathered: frames brought from other folders.
    """

    folder: Path
    images: int
    splits: dict[str, int]
    missing: tuple[int, ...]
    damaged: tuple[Diagnostic, ...] = ()
    gathered: int = 0

    @property
    def complete(self) -> bool:
        return not self.missing


@dataclass(slots=True)
class CategoryCount:
    """How often a category occurs."""

    images: int = 0
    segments: int = 0
    pixels: int = 0


@dataclass(slots=True)
class Counts:
    """What is counted while records stream by. assets: ids seen in any picture."""

    images: int = 0
    splits: dict[str, SplitWriter] = field(default_factory=dict)
    categories: dict[int, CategoryCount] = field(default_factory=dict)
    assets: set[str] = field(default_factory=set)
    asset_rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    scenes: set[int] = field(default_factory=set)
    machines: dict[str, Counter[str]] = field(default_factory=lambda: {"device": Counter(), "cpu": Counter()})
    present: set[int] = field(default_factory=set)
    packaged: set[int] = field(default_factory=set)
    damaged: list[Diagnostic] = field(default_factory=list)
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Packaged:
    """All that the dataset card and dataset.json say."""

    identity: Mapping[str, Any]
    taxonomy: Taxonomy
    licence: str
    counts: Counts
    missing: tuple[int, ...]

    @property
    def name(self) -> str:
        recipe = self.identity.get("recipe")
        return str(recipe["name"]) if isinstance(recipe, Mapping) and recipe.get("name") else "synthgen dataset"

    @property
    def assets(self) -> list[dict[str, Any]]:
        """The attribution rows of the assets in view, by id."""
        rows = self.counts.asset_rows
        return [{"id": key, **rows.get(key, {})} for key in sorted(self.counts.assets)]


def package(folder: Path, sources: Sequence[Path] = (), *, expected: int | None = None) -> PackageReport:
    """Writes annotations, dataset.json, README.md and ATTRIBUTION.md of a dataset folder from its records.

    Frames of `sources` (folders of other shards) are brought in first. `expected` is the number of frames asked for;
    without it what the frames' runs were asked for. Frames that are not whole are left out and reported. Runs that
    still add frames to the folder may go on meanwhile. Raises InputError where there are no frames, where they are not
    all of one dataset, or where the folder holds something else; OSError where it cannot be written.
    """
    folder = Path(folder)
    if not sources and not folder.is_dir():
        raise InputError.of("no such folder", where=str(folder))
    foreign = not_ours(folder)
    if sources and foreign is not None:
        raise InputError.of(f"has {foreign} that is not synthgen's", where=str(folder), hint="choose an empty folder")
    with temporary_folder(folder / UNFINISHED, keep_alone=True) as alone:
        gathered = sum(gather(folder, Path(source)) for source in sources)
        return _package(folder, sources, gathered, expected, alone=alone)


def _package(
    folder: Path, sources: Sequence[Path], gathered: int, expected: int | None, *, alone: bool
) -> PackageReport:
    """alone: no other run writes frames there."""
    counts = Counts()
    with ExitStack() as open_files:
        identity, taxonomy = _stream(folder, counts, open_files)
        failed = _join_failures(folder, sources, counts.packaged)
        last = max([*counts.present, expected] if expected else [*counts.present, *failed, counts.asked])
        missing = tuple(i for i in range(1, last + 1) if i not in counts.packaged)
        licences = [str(counts.asset_rows.get(a, {}).get("licence") or "") for a in counts.assets]
        licence = effective_licence(str(identity.get("output_licence") or DEFAULT_LICENCE), filter(None, licences))
        packaged = Packaged(identity, taxonomy, licence, counts, missing)
        for writer in counts.splits.values():
            writer.close(_info(packaged), [_licence_entry(licence)], [c.coco() for c in taxonomy.categories])
    _remove_stale(folder, counts, pictures=alone)
    write_atomic(folder, CARD, card_text(packaged).encode())
    write_atomic(folder, ATTRIBUTION, attribution_text(packaged).encode())
    write_atomic(folder, DATASET, (json.dumps(_dataset_json(packaged), indent=1, allow_nan=False) + "\n").encode())
    return PackageReport(
        folder,
        counts.images,
        {split: counts.splits[split].images for split in sorted(counts.splits)},
        missing,
        tuple(counts.damaged),
        gathered,
    )


def _stream(folder: Path, counts: Counts, open_files: ExitStack) -> tuple[Mapping[str, Any], Taxonomy]:
    """Reads every record once, in order of image ids; returns the dataset's identity and taxonomy."""
    first: FrameRecord | None = None
    scene_identity: dict[str, Any] = {}
    identity: dict[str, Any] = {}
    taxonomy: Taxonomy | None = None
    for path in iter_record_paths(folder):
        try:
            record = read_record(path)
        except InputError as error:
            counts.present.add(int(path.stem))
            counts.damaged += [Diagnostic(d.where, d.what, "run generate again") for d in error.diagnostics]
            continue
        if first is None or taxonomy is None:
            first = record
            scene_identity = read_scene_head(folder, record.scene_index).identity
            identity = {**scene_identity, **record.identity}
            taxonomy = taxonomy_of(identity, where=str(folder))
        check_same_identity(record.identity, first.identity, where=str(path), other="the first frame")
        counts.present.add(record.image_id)
        counts.asked = max(counts.asked, record.asked)
        damaged = damaged_files(folder, record, checksums=False)
        if damaged:
            counts.damaged += [Diagnostic(str(folder / name), what, "run generate again") for name, what in damaged]
            continue
        if record.scene_index not in counts.scenes:
            head = read_scene_head(folder, record.scene_index)
            check_same_identity(
                head.identity, scene_identity, where=f"scene {record.scene_index}", other="the first scene"
            )
            counts.asset_rows.update(head.attributes.get("assets") or {})
            counts.scenes.add(record.scene_index)
        if record.split not in counts.splits:
            counts.splits[record.split] = open_files.enter_context(SplitWriter(folder, record.split))
        counts.splits[record.split].add(*_entries(record, identity))
        _count(record, counts)
    if not counts.present:
        raise InputError.of("no frames in this folder", where=str(folder), hint="run synthgen generate first")
    if taxonomy is None or not counts.images:
        raise InputError(counts.damaged)
    return identity, taxonomy


def _entries(record: FrameRecord, identity: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The frame's entries in `images` and `annotations`."""
    image = {
        "id": record.image_id,
        "file_name": image_path(record.split, record.image_id).name,
        "width": record.size[0],
        "height": record.size[1],
        "license": 1,
        "date_captured": f"{identity.get('date') or DEFAULT_DATE} 00:00:00",
    }
    annotation = {
        "image_id": record.image_id,
        "file_name": mask_path(record.split, record.image_id).name,
        "segments_info": [_in_order(segment) for segment in record.segments],
    }
    return image, annotation


def _in_order(segment: Mapping[str, Any]) -> dict[str, Any]:
    """The standard keys of a segment first, as in COCO's own files."""
    return {**{key: segment[key] for key in _SEGMENT_KEYS}, **segment}


def _count(record: FrameRecord, counts: Counts) -> None:
    counts.images += 1
    counts.packaged.add(record.image_id)
    counts.assets.update(i.asset for i in record.instances if i.asset)
    counts.machines["device"][record.device] += 1
    counts.machines["cpu"][record.cpu] += 1
    for category_id in {s["category_id"] for s in record.segments}:
        counts.categories.setdefault(category_id, CategoryCount()).images += 1
    for segment in record.segments:
        count = counts.categories[segment["category_id"]]
        count.segments += 1
        count.pixels += segment["area"]


def _info(packaged: Packaged) -> dict[str, Any]:
    date = str(packaged.identity.get("date") or DEFAULT_DATE)
    return {
        "description": f"{packaged.name}: synthetic pictures with exact panoptic labels",
        "url": "",
        "version": "1.0",
        "year": int(date[:4]),
        "contributor": f"{CONTRIBUTOR} {packaged.identity.get('version', '')}".strip(),
        "date_created": date.replace("-", "/"),
    }


def _licence_entry(licence: str) -> dict[str, Any]:
    return {"id": 1, "name": licence, "url": licence_url(licence)}


def _dataset_json(packaged: Packaged) -> dict[str, Any]:
    identity, counts = packaged.identity, packaged.counts
    by_category = {
        c.name: {"images": n.images, "segments": n.segments, "pixels": n.pixels}
        for c in packaged.taxonomy.categories
        if (n := counts.categories.get(c.id))
    }
    shares = identity.get("splits") or {}
    splits = {
        split: {
            "share": shares.get(split),
            "images": w.images,
            "segments": w.segments,
            "annotations": str(annotations_path(split)),
        }
        for split, w in sorted(counts.splits.items())
    }
    return {
        "format": FORMAT,
        "name": packaged.name,
        "generator": CONTRIBUTOR,
        **{key: value for key, value in identity.items() if key not in _SAID_APART},
        "licence": packaged.licence,
        "device": sorted(filter(None, counts.machines["device"])),
        "cpu": sorted(filter(None, counts.machines["cpu"])),
        "splits": splits,
        "counts": {"images": counts.images, "scenes": len(counts.scenes), "categories": by_category},
        "missing": list(packaged.missing),
        "taxonomy": packaged.taxonomy.to_dict(),
    }


def _join_failures(folder: Path, sources: Sequence[Path], packaged: set[int]) -> set[int]:
    """Joins the failure lists of all folders, without frames that exist by now; returns the image ids left."""
    entries: dict[int, dict[str, Any]] = {}
    with locked(folder / UNFINISHED / FAILURES_LOCK):
        for place in (*sources, folder):
            entries.update({e["frame"]: e for e in _failures(Path(place) / FAILURES) if e["frame"] not in packaged})
        if entries:
            listed = {"failures": [entries[frame] for frame in sorted(entries)]}
            write_atomic(folder, FAILURES, (json.dumps(listed, indent=1, sort_keys=True) + "\n").encode())
        else:
            (folder / FAILURES).unlink(missing_ok=True)
    return set(entries)


def _failures(path: Path) -> Iterator[dict[str, Any]]:
    """The entries of a failures.json; none where there is no such file, or a torn one."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return
    entries = data.get("failures") if isinstance(data, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("frame"), int):
            yield entry


def _remove_stale(folder: Path, counts: Counts, *, pictures: bool) -> None:
    """Removes annotations of splits that are no more and, where no run is about to write their records, pictures that
    an interrupted one left."""
    for path in split_files(folder):
        if split_of_annotations(path) not in counts.splits:
            path.unlink()
    patterns = [f"{IMAGES}/*/*.jpg", f"{ANNOTATIONS}/panoptic_*/*.png", *(f"{word}/*/*" for word in WITH_FILES)]
    for pattern in patterns if pictures else ():
        for path in folder.glob(pattern):
            if path.stem.isdecimal() and int(path.stem) not in counts.present:
                path.unlink()
