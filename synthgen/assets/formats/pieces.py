"""Gathers the pieces of a scene (nodes, primitives, links) into one model: places them, joins their arrays.

A piece that its placing mirrors has its polygons turned, so that they still face outward.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.assets.formats.source import UNNAMED, Floats, Ints, SourceMaterial, SourceModel, checked, refuse_many
from synthgen.errors import InputError


class Pieces:
    """Adds pieces, then gives the model of them all. `where`: the file, for errors."""

    def __init__(self, where: str):
        self._where = where
        self._positions: list[Floats] = []
        self._texcoords: list[Floats] = []
        self._normals: list[Floats] = []
        self._sizes: list[Ints] = []
        self._corners: list[Ints] = []
        self._materials: list[Ints] = []
        self._names: dict[str, int] = {}
        self._filled = [0, 0, 0]
        self.looks: dict[str, SourceMaterial] = {}
        self.polygons = 0
        self.warnings: dict[str, None] = {}
        """Sentences for the user, each once, in order."""

    def __len__(self) -> int:
        return len(self._sizes)

    def expect(self, polygons: int) -> None:
        """To be called before memory is taken for a piece of so many. Raises InputError where they become too many."""
        refuse_many(self.polygons + polygons, self._where)

    def warn(self, sentence: str) -> None:
        self.warnings.setdefault(sentence)

    def material(self, look: SourceMaterial) -> str:
        """Keeps a material, and gives the name by which pieces refer to it: its own, or one with a number where
        another material has that."""
        name, number = look.name or UNNAMED, 2
        while name in self.looks and self.looks[name] != _renamed(look, name):
            name, number = f"{look.name} {number}", number + 1
        self.looks[name] = _renamed(look, name)
        return name

    def add(
        self,
        positions: Any,
        size: Any,
        corners: Any,
        material: str | Ints,
        *,
        texcoords: Any = None,
        normals: Any = None,
        matrix: Floats | None = None,
    ) -> None:
        """One piece. positions (N, 3); size (P,) corners of each polygon; corners (C, 3) position, texture coordinate
        and normal of each corner, -1 for none; material: its name, or (P,) what `number` gave for each polygon;
        matrix: (4, 4), places it.

        Polygons of fewer than three corners are left out; texture coordinates that are NaN become 0, normals that are
        NaN or zero are made anew. Raises InputError where indices are out of range or there are too many polygons.
        """
        size, corners = np.asarray(size, dtype=np.int64), np.asarray(corners, dtype=np.int64).reshape(-1, 3)
        self.expect(len(size))
        points = np.asarray(positions, dtype=np.float64).reshape(-1, 3)
        uvs = np.zeros((0, 2)) if texcoords is None else np.asarray(texcoords, dtype=np.float64).reshape(-1, 2)
        vectors = np.zeros((0, 3)) if normals is None else np.asarray(normals, dtype=np.float64).reshape(-1, 3)
        owner = np.full(len(size), self.number(material)) if isinstance(material, str) else material
        keep = size >= 3
        if not keep.all():
            corners, size, owner = corners[np.repeat(keep, size)], size[keep], owner[keep]
        if len(size) == 0:
            return
        counts = np.array([len(points), len(uvs), len(vectors)])
        if int(size.sum()) != len(corners) or corners[:, 0].min() < 0 or (corners >= counts).any():
            raise InputError.of(
                "the model has faces that name vertices it lacks; it may be cut short", where=self._where
            )
        if not np.isfinite(points).all():
            raise InputError.of("the model has vertices that are NaN or infinite", where=self._where)
        if not np.isfinite(uvs).all():
            self.warn("texture coordinates that are NaN or infinite were set to 0")
            uvs = np.where(np.isfinite(uvs), uvs, 0.0)
        if not np.isfinite(vectors).all():
            self.warn("normals that are NaN or infinite were made anew")
            vectors = np.where(np.isfinite(vectors).all(axis=1, keepdims=True), vectors, 0.0)
        if matrix is not None:
            points, vectors = _placed(points, vectors, matrix)
            if np.linalg.det(matrix[:3, :3]) < 0:
                corners = _turned(size, corners)
        self._positions.append(points)
        self._texcoords.append(uvs)
        self._normals.append(vectors)
        self._sizes.append(size)
        self._corners.append(np.where(corners >= 0, corners + self._filled, -1))
        self._materials.append(owner)
        self._filled = [a + int(b) for a, b in zip(self._filled, counts, strict=True)]
        self.polygons += len(size)

    def number(self, material: str) -> int:
        """The number of a material by its name, in the order of first use."""
        return self._names.setdefault(material, len(self._names))

    def model(self, **said: Any) -> SourceModel:
        """The whole. said: other fields of SourceModel. Raises InputError as `checked` does."""
        if not self._sizes:
            raise InputError.of("the model has no faces", where=self._where)
        return checked(
            SourceModel(
                np.concatenate(self._positions),
                np.concatenate(self._texcoords),
                np.concatenate(self._normals),
                np.concatenate(self._sizes),
                np.concatenate(self._materials),
                np.concatenate(self._corners),
                tuple(self._names),
                looks={name: look for name, look in self.looks.items() if name in self._names},
                **{"parts": len(self), **said},
            ),
            self._where,
        )


def _renamed(look: SourceMaterial, name: str) -> SourceMaterial:
    return replace(look, name=name)


def _placed(points: Floats, vectors: Floats, matrix: Floats) -> tuple[Floats, Floats]:
    """Points by a (4, 4) matrix, and normals by its inverse transpose."""
    linear = np.asarray(matrix[:3, :3], dtype=np.float64)
    moved = points @ linear.T + matrix[:3, 3]
    # The cofactors are the inverse transpose times the determinant, and exist for flat matrices too.
    cofactors = np.stack([np.cross(linear[(k + 1) % 3], linear[(k + 2) % 3]) for k in range(3)])
    turned = vectors @ cofactors.T * (-1.0 if np.linalg.det(linear) < 0 else 1.0)
    return moved, turned


def _turned(size: Ints, corners: Ints) -> Ints:
    """The corners of each polygon in the opposite order."""
    start = np.concatenate([[0], np.cumsum(size)])[:-1]
    back = np.repeat(2 * start + size - 1, size) - np.arange(len(corners))
    turned: Ints = corners[back]
    return turned


def triangle_corners(faces: Any, *, texcoords: bool, normals: bool) -> tuple[Ints, Ints]:
    """Sizes and (C, 3) corners of indexed triangles (T, 3) whose vertices carry texture coordinates and normals."""
    flat = np.asarray(faces, dtype=np.int64).ravel()
    none = np.full(len(flat), -1, dtype=np.int64)
    corners = np.column_stack([flat, flat if texcoords else none, flat if normals else none])
    return np.full(len(flat) // 3, 3, dtype=np.int64), corners
