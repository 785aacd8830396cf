"""A picture sheet of assets without a renderer: two views each, cast with rays and shaded by normals.

For judging models: front (an arrow along +X), scale (the size, a 1 m bar), slots (their colours and pictures), winding
(faces seen from behind are red), holes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from synthgen.assets.catalogue import Asset, AssetSlot
from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.errors import InputError

Floats = NDArray[np.float64]

PAGE = 24
"""Assets on one sheet; more go on further ones."""

TILE = 260
CAPTION = 30
_SUPER = 2
_VIEWS = ((1.0, 0.62, 0.42), (-1.0, -0.62, 0.42))
"""Towards the camera: from the front on the left side, and from the rear on the right side."""

_LAYERS = 6
_LIGHT = np.array([0.45, 0.30, 0.84])
_PAPER = np.array([0.93, 0.93, 0.92])
_BEHIND = np.array([0.9, 0.05, 0.05])


def sheet_pages(assets: Sequence[Asset], path: Path) -> list[tuple[Path, Sequence[Asset]]]:
    """The sheets that hold the assets: `path` itself, or SHEET_1.png, SHEET_2.png, ... where one does not suffice.

    Raises InputError where there is nothing to show, or `path` is not a PNG's.
    """
    if not assets:
        raise InputError.of("no asset matches: there is nothing to show", where=str(path))
    if path.suffix.lower() != ".png":
        raise InputError.of("a sheet of assets is a PNG", where=str(path), hint="give it a name that ends in .png")
    pages = [assets[k : k + PAGE] for k in range(0, len(assets), PAGE)]
    names = [path] if len(pages) == 1 else [path.with_stem(f"{path.stem}_{k + 1}") for k in range(len(pages))]
    return list(zip(names, pages, strict=True))


def write_sheet(sheet: Image.Image, path: Path) -> None:
    """Writes a PNG. Raises InputError where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sheet.save(path, format="PNG")
    except OSError as error:
        raise InputError.of(f"cannot write the sheet: {error.strerror or error}", where=str(path)) from error


def asset_sheet(
    assets: Sequence[Asset],
    path: Path,
    store: Store | None = None,
    *,
    columns: int = 4,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Writes a PNG with one cell per asset (two views, caption below), `columns` cells a row."""
    store = Store() if store is None else store
    rows = math.ceil(len(assets) / columns)
    width, height = columns * 2 * TILE, rows * (TILE + CAPTION)
    sheet = Image.new("RGB", (width, max(1, height)), tuple(int(255 * c) for c in _PAPER))
    draw = ImageDraw.Draw(sheet)
    for number, asset in enumerate(assets):
        progress(f"drawing {number + 1}/{len(assets)} {asset.id}")
        x, y = (number % columns) * 2 * TILE, (number // columns) * (TILE + CAPTION)
        mesh = store.mesh(asset.mesh)
        scene = _Caster(mesh, asset.slots, store)
        for k, toward in enumerate(_VIEWS):
            sheet.paste(scene.picture(np.array(toward)), (x + k * TILE, y))
        length, across, up = asset.size
        draw.text((x + 4, y + TILE + 2), f"{asset.id}  {asset.category}", fill=(0, 0, 0))
        note = f"{length:.2f} x {across:.2f} x {up:.2f} m  {len(mesh.faces)} faces"
        draw.text((x + 4, y + TILE + 15), note, fill=(70, 70, 70))
    write_sheet(sheet, path)


class _Caster:
    """One mesh, ready to be looked at."""

    def __init__(self, mesh: Mesh, slots: Sequence[AssetSlot], store: Store):
        import trimesh
        from trimesh.ray.ray_pyembree import RayMeshIntersector

        self.mesh = mesh
        self.slots = slots
        self.vertices = mesh.vertices.astype(np.float64)
        corners = self.vertices[mesh.faces]
        self.origin = corners[:, 0]
        self.normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        self.colors = np.array([_color(slot) for slot in slots])
        self.pictures = {k: _picture(slot, store) for k, slot in enumerate(slots) if "color" in slot.images}
        self.scene = RayMeshIntersector(trimesh.Trimesh(self.vertices, mesh.faces, process=False, validate=False))

    def picture(self, toward: Floats) -> Image.Image:
        """(TILE, TILE) orthographic view from the direction `toward`."""
        back = toward / np.linalg.norm(toward)
        right = np.cross([0.0, 0.0, 1.0], back)
        right /= np.linalg.norm(right)
        up = np.cross(back, right)
        flat = np.column_stack([self.vertices @ right, self.vertices @ up])
        low, high = flat.min(axis=0), flat.max(axis=0)
        middle, reach = (low + high) / 2, max(float((high - low).max()), 0.05) * 0.54
        count = TILE * _SUPER
        step = (np.arange(count) + 0.5) / count * 2 - 1
        grid_x, grid_y = np.meshgrid(middle[0] + step * reach, middle[1] - step * reach)
        far = float(np.abs(self.vertices @ back).max()) + 1.0
        start = grid_x.reshape(-1, 1) * right + grid_y.reshape(-1, 1) * up + back * far
        image = self._shade(start, -back).reshape(count, count, 3)
        small = image.reshape(TILE, _SUPER, TILE, _SUPER, 3).mean(axis=(1, 3))
        out = Image.fromarray((np.clip(small, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8))
        self._marks(ImageDraw.Draw(out), right, up, middle, reach)
        return out

    def _shade(self, start: Floats, direction: Floats) -> Floats:
        color = np.broadcast_to(_PAPER**2.2, start.shape).copy()
        rays = np.arange(len(start))
        start = start.copy()
        for _ in range(_LAYERS):
            hit = self.scene.intersects_first(start[rays], np.broadcast_to(direction, (len(rays), 3)))
            rays, face = rays[hit >= 0], hit[hit >= 0]
            if len(rays) == 0:
                break
            plane = self.normal[face]
            along = plane @ direction
            distance = ((self.origin[face] - start[rays]) * plane).sum(axis=1) / np.where(along == 0, 1e-12, along)
            start[rays] += distance[:, None] * direction
            weights = self._weights(start[rays], face)
            base, solid = self._base(face, weights)
            shading = (self.mesh.normals[self.mesh.faces[face]] * weights[..., None]).sum(axis=1)
            shading /= np.maximum(np.linalg.norm(shading, axis=1, keepdims=True), 1e-9)
            light = 0.35 + 0.75 * np.clip(shading @ _LIGHT, 0, 1) + 0.12 * np.abs(shading @ direction)
            shaded = np.where((along > 0)[:, None], _BEHIND, base) * light[:, None]
            color[rays[solid]] = shaded[solid]
            # Cut-out texels let the ray through, to the next surface.
            rays = rays[~solid]
            start[rays] += direction * 1e-4
        return color

    def _weights(self, point: Floats, face: NDArray[np.int64]) -> Floats:
        """(R, 3) barycentric coordinates."""
        a, b, c = (self.vertices[self.mesh.faces[face][:, k]] for k in range(3))
        n = self.normal[face]
        area = np.maximum((n * n).sum(axis=1), 1e-30)
        wa = (np.cross(c - b, point - b) * n).sum(axis=1) / area
        wb = (np.cross(a - c, point - c) * n).sum(axis=1) / area
        return np.clip(np.column_stack([wa, wb, 1 - wa - wb]), 0, 1)

    def _base(self, face: NDArray[np.int64], weights: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Colours (R, 3), and whether there is anything: cut-outs have holes."""
        slot = self.mesh.slot[face]
        color: Floats = self.colors[slot]
        solid = np.ones(len(face), dtype=bool)
        for k, picture in self.pictures.items():
            mine = np.flatnonzero(slot == k)
            uv = (self.mesh.uvs[self.mesh.faces[face[mine]]] * weights[mine][..., None]).sum(axis=1)
            height, width = picture.shape[:2]
            column = np.floor(uv[:, 0] * width).astype(int) % width
            row = np.floor((1 - uv[:, 1]) * height).astype(int) % height
            texel = picture[row, column]
            color[mine] = color[mine] * texel[:, :3]
            if self.slots[k].transparency == "cutout":
                solid[mine] = texel[:, 3] > 0.5
        return color, solid

    def _marks(self, draw: ImageDraw.ImageDraw, right: Floats, up: Floats, middle: Floats, reach: float) -> None:
        """An arrow on the ground from the origin along +X, and a bar of 1 m."""

        def at(point: Sequence[float]) -> tuple[float, float]:
            p = np.array(point, dtype=np.float64)
            u, v = (p @ right - middle[0]) / reach, (p @ up - middle[1]) / reach
            return float((u + 1) * TILE / 2), float((1 - v) * TILE / 2)

        size = float(self.vertices[:, 0].max()) * 1.25 + 0.05
        head = size - 0.06 * reach
        for start in ((0.0, 0.0), (head, 0.05 * reach), (head, -0.05 * reach)):
            draw.line([at((*start, 0)), at((size, 0, 0))], fill=(0, 90, 220), width=2)
        bar = TILE / 2 / reach
        if bar < TILE:
            draw.line([(6, TILE - 5), (6 + bar, TILE - 5)], fill=(0, 0, 0), width=2)


def _color(slot: AssetSlot) -> Floats:
    fallback = {"tyre": 0.03, "car_glass": 0.015, "chrome": 0.6, "bark": 0.1, "skin": 0.35, "hair": 0.04}
    color = slot.params.get("color", [fallback.get(slot.model, 0.4)] * 3)
    return np.array(color, dtype=np.float64)


def _picture(slot: AssetSlot, store: Store) -> Floats:
    """(H, W, 4): linear colour and alpha."""
    with Image.open(store.image_file(slot.images["color"])) as opened:
        pixels = np.asarray(opened.convert("RGBA")) / 255.0
    return np.concatenate([pixels[..., :3] ** 2.2, pixels[..., 3:]], axis=-1)
