"""MakeHuman's body as the pack `human` holds it: base mesh, morph targets, rig and skin weights, read with numpy.

Arrays are in this project's axes: +X the front, +Y the left hand, +Z up; metres. MakeHuman's own are decimetres with
+Z the front and +Y up.
"""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy import sparse

from synthgen.assets.packs import find_pack
from synthgen.paths import cache_root, data_dir
from synthgen.procedural.shapes import Array, Index
from synthgen.wholefile import writing_whole

PACK = "human"
_VERSION = 1
_STEP = 1e-4
"""Metres of one step of a stored offset: targets are written with three decimals of a decimetre."""
_AXES = [2, 0, 1]
_MACRO = re.compile(
    r"targets/(macrodetails|breast)/(.*/)?(universal|african|asian|caucasian|female|male)-.*\.target\.gz"
)


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Quadrilaterals of a named part of the base mesh: indices of vertices and of texture coordinates, (F, 4) each."""

    quads: Index
    uvs: Index


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The base mesh and its rig.

    template  (19158, 3) vertices of the body, its clothes helpers and the cubes that mark joints
    uvs       (T, 2) texture coordinates, 0..1
    groups    parts by name: body, helper-tights, helper-skirt, helper-l-eye ...
    bones     names, parents before children; parents: index of each bone's parent, -1 for the root
    heads     (B, 19158) sparse: a bone's head is the mean of the vertices that mark it; tails likewise
    weights   (19158, B) sparse, rows sum to 1
    """

    template: Array
    uvs: Array
    groups: Mapping[str, Group]
    bones: tuple[str, ...]
    parents: tuple[int, ...]
    heads: sparse.csr_matrix
    tails: sparse.csr_matrix
    weights: sparse.csr_matrix

    def bone(self, name: str) -> int:
        return self.bones.index(name)


def archive_path() -> Path:
    """The pack's file. Raises InputError, with the command that fetches it, where it is not here."""
    pack, root = find_pack(PACK), cache_root()
    pack.require(root)
    return pack.folder(root) / pack.files[0].name


def body() -> Body:
    """The base body. Raises InputError where the pack is not here."""
    return _read_body(archive_path())


def targets() -> tuple[Mapping[str, int], NDArray[np.int16]]:
    """Row of each morph target by name, and their offsets (N, 19158, 3) in tenths of a millimetre, in our axes.

    Names are paths below `targets/` without the ending. Read from the pack once, then from a table beside it.
    Raises InputError where the pack is not here.
    """
    return _read_targets(archive_path())


@lru_cache(maxsize=1)
def settings() -> Mapping[str, object]:
    """configs/people/body.yaml."""
    loaded: Mapping[str, object] = yaml.safe_load((data_dir("configs") / "people" / "body.yaml").read_text("utf-8"))
    return loaded


@lru_cache(maxsize=1)
def _read_body(path: Path) -> Body:
    with zipfile.ZipFile(path) as archive:
        text = archive.read("3dobjs/base.obj").decode()
        rig = json.loads(archive.read("rigs/standard/rig.default.json"))
        weights = json.loads(archive.read("rigs/standard/weights.default.json"))["weights"]
    vertices: list[list[str]] = []
    uvs: list[list[str]] = []
    corners: dict[str, list[list[str]]] = {}
    current: list[list[str]] = []
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append(rest.split())
        elif kind == "vt":
            uvs.append(rest.split()[:2])
        elif kind == "g":
            current = corners.setdefault(rest.strip(), [])
        elif kind == "f":
            current.append(rest.replace("/", " ").split())
    template = np.array(vertices, dtype=np.float64)[:, _AXES] * 0.1
    groups = {}
    for name, rows in corners.items():
        table = np.array(rows, dtype=np.int64).reshape(-1, 4, 2) - 1
        groups[name] = Group(table[:, :, 0], table[:, :, 1])
    bones, parents, heads, tails, merged = _rig(rig.get("bones", rig), groups)
    return Body(
        template,
        np.array(uvs, dtype=np.float64),
        groups,
        bones,
        parents,
        _means(heads, len(template)),
        _means(tails, len(template)),
        _weights(weights, bones, merged, len(template)),
    )


def _rig(
    rows: Mapping[str, dict[str, object]], groups: Mapping[str, Group]
) -> tuple[tuple[str, ...], tuple[int, ...], list[Index], list[Index], Mapping[str, str]]:
    """Bones that are posed: the face's move with the head, and the toes of a foot as one."""
    parent_of = {name: str(row["parent"]) for name, row in rows.items()}
    merged: dict[str, str] = {}

    def kept(name: str) -> str:
        if (toe := re.fullmatch(r"toe\d-\d(\.[LR])", name)) is not None:
            return f"toes{toe[1]}"
        if re.match(r"breast|pelvis|eye", name):
            return kept(parent_of[name])
        known = re.match(r"root|spine|neck|head|clavicle|shoulder|upper|lower|wrist|metacarpal|finger|foot|toes", name)
        return name if known else kept(parent_of[name])

    def marks(row: dict[str, object], end: str) -> Index:
        at = row[end]
        assert isinstance(at, dict)
        if at["strategy"] == "VERTEX":
            return np.array([at["vertex_index"]])
        if at["strategy"] == "MEAN":
            return np.array(at["vertex_indices"])
        return np.unique(groups[at["cube_name"]].quads)

    merged = {name: kept(name) for name in rows}
    order: list[str] = []
    heads: dict[str, list[Index]] = {}
    tails: dict[str, list[Index]] = {}
    waiting = ["root"]
    while waiting:
        name = waiting.pop(0)
        target = merged[name]
        if target not in order:
            order.append(target)
        if target == name or (target.startswith("toes") and "-1." in name):
            heads.setdefault(target, []).append(marks(rows[name], "head"))
            tails.setdefault(target, []).append(marks(rows[name], "tail"))
        waiting += sorted(child for child, parent in parent_of.items() if parent == name)
    parents = []
    for name in order:
        above = f"foot{name[4:]}" if name.startswith("toes") else merged.get(parent_of[name], "")
        parents.append(order.index(above) if above else -1)
    return (
        tuple(order),
        tuple(parents),
        [np.concatenate(heads[n]) for n in order],
        [np.concatenate(tails[n]) for n in order],
        merged,
    )


def _means(rows: list[Index], count: int) -> sparse.csr_matrix:
    values = np.concatenate([np.full(len(r), 1.0 / len(r)) for r in rows])
    at = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    return sparse.csr_matrix((values, (at, np.concatenate(rows))), shape=(len(rows), count))


def _weights(
    rows: Mapping[str, list[list[float]]], bones: tuple[str, ...], merged: Mapping[str, str], count: int
) -> sparse.csr_matrix:
    total = np.zeros((count, len(bones)))
    for name, pairs in rows.items():
        if pairs:
            table = np.array(pairs)
            np.add.at(total[:, bones.index(merged[name])], table[:, 0].astype(np.int64), table[:, 1])
    return sparse.csr_matrix(total / total.sum(axis=1, keepdims=True))


@lru_cache(maxsize=1)
def _read_targets(path: Path) -> tuple[Mapping[str, int], NDArray[np.int16]]:
    local = settings()["local"]
    assert isinstance(local, dict)
    with zipfile.ZipFile(path) as archive:
        wanted = [n for n in sorted(archive.namelist()) if _MACRO.fullmatch(n)]
        wanted += [f"targets/{n}.target.gz" for pair in local.values() for n in pair]
        table = path.parent / f"targets-{_VERSION}-{len(wanted)}-{find_pack(PACK).files[0].sha256[:12]}.npy"
        if not table.exists():
            _write_table(archive, wanted, len(_read_body(path).template), table)
    names = {n.removeprefix("targets/").removesuffix(".target.gz"): k for k, n in enumerate(wanted)}
    return names, np.load(table, mmap_mode="r")


def _write_table(archive: zipfile.ZipFile, wanted: list[str], count: int, table: Path) -> None:
    offsets = np.zeros((len(wanted), count, 3), dtype=np.int16)
    for k, name in enumerate(wanted):
        numbers = np.array(gzip.decompress(archive.read(name)).split(), dtype=np.float64).reshape(-1, 4)
        offsets[k, numbers[:, 0].astype(np.int64)] = np.rint(numbers[:, 1:] * (0.1 / _STEP))[:, _AXES]
    with writing_whole(table) as file:
        np.save(file, offsets)


def in_metres(offsets: NDArray[np.int16]) -> Array:
    """Stored offsets as metres."""
    return offsets.astype(np.float64) * _STEP
