"""Turntable sheets: each asset rendered from several sides, as scenes show it, with what the catalogue says of it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from synthgen.assets.catalogue import Asset
from synthgen.assets.sheet import PAGE, sheet_pages, write_sheet
from synthgen.assets.store import Store
from synthgen.engine.machine import default_workers, threads_per_worker
from synthgen.errors import FramesMissing, InputError
from synthgen.render.job import FrameTask, RenderJob
from synthgen.render.pool import FrameResult, PoolSettings, render_jobs
from synthgen.scene.builder import SceneBuilder, Surface
from synthgen.scene.pose import camera_to_world, light_along, pose
from synthgen.scene.spec import Camera, SceneSpec, View, World, encode_spec, rounded, spec_hash
from synthgen.taxonomy import domain_names, load_taxonomy

VIEWS = 4
TILE = 240
"""Pixels: a picture is TILE x TILE."""

_COLUMNS = 2
_FIRST_HEADING = 35.0
"""Degrees from the asset's front at which the first picture is taken; the rest follow evenly, counter-clockwise."""

_TILE_FOV, _PITCH = 9.0, -20.0
"""Degrees that a tile spans, and the camera's pitch: narrow, so that the copies at the sides look like the rest."""

_ROOM = 1.08
_FLOOR = 120.0
"""Half the side of the floor, as a multiple of the asset's radius: past the edge of every picture."""

_SUN_POWER, _SUN_COLOR, _SUN_TOWARDS = 70.0, (1.0, 0.93, 0.85), (0.5, -0.35, -0.79)
_RENDER = {
    "samples": 4, "supersample": 1, "denoise": "fast", "bounces": 3, "clamp_indirect": 8, "texture_limit": 1024,
    "light_tree": False,
}  # fmt: skip
_SENSOR = {
    "exposure_key": 0.2, "exposure_error": 0.0, "tone_curve": "agx", "contrast": 0.8, "saturation": 1.05,
    "sharpen": 0.2, "jpeg_quality": 95,
}  # fmt: skip
_BACK, _TEXT, _FAINT = (22, 24, 29), (232, 234, 238), (150, 156, 168)
_MARGIN, _CAPTION = 20, 44


@dataclass(frozen=True, slots=True)
class TurntableReport:
    """The sheets that were written, and the assets that could not be rendered with the reason."""

    sheets: tuple[Path, ...]
    failures: tuple[tuple[str, str], ...]


def turntable(
    assets: Sequence[Asset],
    sheet: Path | str,
    store: Store | None = None,
    *,
    views: int = VIEWS,
    workers: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> TurntableReport:
    """Renders every asset from `views` sides and writes PNG sheets of 24 assets each: SHEET.png, or SHEET_1.png, ...

    Raises InputError where there is nothing to show or the sheet cannot be written, FramesMissing where no worker
    starts.
    """
    pages = sheet_pages(assets, Path(sheet))
    store = Store() if store is None else store
    failures: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="synthgen-turntable-") as folder:
        left = [len(page) for _, page in pages]
        results = _rendered(assets, store, views, Path(folder), workers or default_workers())
        for done, result in enumerate(results, 1):
            number = int(result.job.id)
            if not result.ok:
                failures[assets[number].id] = result.message
            if done % 10 == 0 or done == len(assets):
                progress(f"rendered {done} of {len(assets)} assets")
            k = number // PAGE
            left[k] -= 1
            if not left[k]:
                name, page = pages[k]
                pictures = [_picture(Path(folder), k * PAGE + n) for n in range(len(page))]
                write_sheet(_sheet(page, pictures, views, store), name)
    if len(failures) == len(assets):
        raise FramesMissing(f"no asset could be rendered: {next(iter(failures.values()))}")
    return TurntableReport(tuple(name for name, _ in pages), tuple(failures.items()))


def turntable_spec(asset: Asset, store: Store, *, views: int = VIEWS, size: int = TILE) -> SceneSpec:
    """One picture of `views` tiles of `size` pixels: the asset on a grey floor, turned a bit further in each."""
    builder = SceneBuilder()
    low, high = store.bounds(asset.mesh)
    middle = (low + high) / 2
    radius = max(float(math.dist(low, high)) / 2, 1e-3)
    taxonomy, floor = _taxonomy(asset.category)
    grey = builder.material(Surface("principled", {"color": [0.32, 0.32, 0.32], "roughness": 0.9}))
    side = round(2 * _FLOOR * radius, 3)
    strip = store.procedural("street.ground_strip", width=side, length=side)
    builder.add(builder.instance(floor), strip, [grey], pose(-side / 2, -side / 2, float(low[2])))
    materials = [builder.material(slot.surface()) for slot in asset.slots]
    builder.light("sun", light_along(_SUN_TOWARDS), _SUN_POWER, _SUN_COLOR, {"angle": 4.0})
    # The camera stands on the +X side; copies stand beside each other along Y, each turned to show another side.
    distance = _ROOM * radius / math.sin(math.radians(_TILE_FOV / 2))
    rise, run = distance * math.sin(math.radians(-_PITCH)), distance * math.cos(math.radians(_PITCH))
    apart = 2 * distance * math.tan(math.radians(_TILE_FOV / 2))
    for k in range(views):
        y = (k - (views - 1) / 2) * apart
        yaw = math.degrees(math.atan2(-y, run)) - _FIRST_HEADING - 360.0 * k / views
        c, s = math.cos(math.radians(yaw)), math.sin(math.radians(yaw))
        x0, y0 = c * middle[0] - s * middle[1], s * middle[0] + c * middle[1]
        number = builder.instance(asset.category, asset=asset.id)
        builder.add(number, asset.mesh, materials, pose(-float(x0), y - float(y0), 0.0, yaw=yaw))
    place = camera_to_world(run, 0.0, float(middle[2]) + rise, heading=180.0, pitch=_PITCH)
    focal = size / 2 / math.tan(math.radians(_TILE_FOV / 2))
    intrinsics = rounded((focal, focal, (views * size - 1) / 2, (size - 1) / 2))
    camera = Camera(intrinsics, place, max(distance / 100, 1e-4), 1000 * radius)
    return builder.build(
        scene_index=0,
        seed=0,
        identity={"labels": {"min_area": 0, "below": "keep"}},
        size=(views * size, size),
        taxonomy=taxonomy,
        render=dict(_RENDER),
        world=World("overcast", {"clouds": 0.5, "haze": 1e5, "seed": 0}),
        views=[View(camera, dict(_SENSOR))],
        attributes={},
    )


def _taxonomy(category: str) -> tuple[str, str]:
    """A taxonomy that has the category, and a kind of ground in it."""
    for name in domain_names():
        taxonomy = load_taxonomy(name)
        ground = next((c.name for c in taxonomy.stuff if c.supercategory == "ground"), None)
        if category in taxonomy.by_name and ground is not None:
            return name, ground
    raise InputError.of(f"no taxonomy has the category {category!r}")


def _rendered(assets: Sequence[Asset], store: Store, views: int, folder: Path, workers: int) -> Iterator[FrameResult]:
    workers = max(1, min(workers, len(assets)))
    threads = threads_per_worker(workers)

    def jobs() -> Iterator[RenderJob]:
        for k, asset in enumerate(assets):
            spec = turntable_spec(asset, store, views=views)
            path = folder / f"{k}.json"
            path.write_bytes(encode_spec(spec))
            frame = FrameTask(0, k + 1, "train")
            yield RenderJob(str(k), str(path), spec_hash(spec), str(folder), (frame,), threads, str(store.root))

    return render_jobs(jobs(), PoolSettings(workers, folder / "logs"))


def _picture(folder: Path, frame: int) -> Image.Image | None:
    path = folder / "images" / "train" / f"{frame + 1:012d}.jpg"
    if not path.exists():
        return None
    with Image.open(path) as file:
        return file.convert("RGB")


def _sheet(page: Sequence[Asset], pictures: Sequence[Image.Image | None], views: int, store: Store) -> Image.Image:
    cell = (views * TILE, TILE + _CAPTION)
    columns = min(_COLUMNS, len(page))
    rows = -(-len(page) // columns)
    width = columns * cell[0] + (columns + 1) * _MARGIN
    sheet = Image.new("RGB", (width, rows * (cell[1] + _MARGIN) + _MARGIN), _BACK)
    draw = ImageDraw.Draw(sheet)
    bold, small = ImageFont.load_default(15), ImageFont.load_default(13)
    for k, (asset, picture) in enumerate(zip(page, pictures, strict=True)):
        left = _MARGIN + (k % columns) * (cell[0] + _MARGIN)
        top = _MARGIN + (k // columns) * (cell[1] + _MARGIN)
        if picture is None:
            draw.text((left + cell[0] // 2, top + TILE // 2), "not rendered", _FAINT, small, anchor="mm")
        else:
            sheet.paste(picture, (left, top))
        size = " x ".join(f"{side:.2f}" for side in asset.size)
        brand = "   trademark" if asset.trademark else ""
        draw.text((left, top + TILE + 12), f"{asset.id}   {', '.join(asset.categories)}", _TEXT, bold, anchor="lm")
        faces = store.fact(asset.mesh, "faces", lambda mesh: len(mesh.faces))
        facts = f"{size} m   {faces} faces   {asset.licence}   {asset.author}{brand}"
        draw.text((left, top + TILE + 31), facts, _FAINT, small, anchor="lm")
    return sheet
