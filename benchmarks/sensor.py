"""Develops one rendered view with every sensor of configs/sensors: a strip of pictures to look at, and what it costs.

    python benchmarks/sensor.py scenes/road/urban.yaml --size 960x540 --draws 3 --out strip.png --keep linear.npy
    python benchmarks/sensor.py --linear linear.npy --draws 3 --out strip.png

One row a sensor, one column a draw. Prints CPU milliseconds of the sensor and of the JPEG file, and its size.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from synthgen.paths import cache_root, data_dir

REPEATS = 3


def main() -> None:
    options = _options()
    image = np.load(options.linear) if options.linear else _rendered(options)
    if options.keep:
        np.save(options.keep, image)
    rows = []
    for name in options.sensors or sorted(p.stem for p in data_dir("configs/sensors").glob("*.yaml")):
        pictures, cost = [], []
        for draw, sensor in enumerate(_drawn(name, options.draws)):
            data, seconds = _developed(image, sensor)
            pictures.append(Image.open(io.BytesIO(data)))
            cost.append(seconds)
            spent = f"sensor {seconds[0] * 1e3:.0f} ms, file {seconds[1] * 1e3:.0f} ms"
            print(f"{name} {draw}: {spent}, {len(data) // 1000} kB")
        rows.append((name, pictures))
    if options.out:
        _strip(rows, options.width).save(options.out)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", nargs="?", type=Path)
    parser.add_argument("--linear", type=Path, help="a linear picture that --keep left, instead of a recipe")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--size", default="960x540")
    parser.add_argument("--preset", default="standard")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--view", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--sensors", nargs="*")
    parser.add_argument("--width", type=int, default=0, help="pixels across of a picture of the strip; 0: as it is")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def _rendered(options: argparse.Namespace) -> NDArray[np.float32]:
    """The linear picture of one view of a recipe's first scene."""
    from synthgen.assets.catalogue import load_catalogue
    from synthgen.assets.store import Store
    from synthgen.planning import plan_scene
    from synthgen.recipe import load_recipe
    from synthgen.render.drawing import Draw, Finished, Open, Started
    from synthgen.render.frame import linear_image
    from synthgen.render.rendered import read_rendered
    from synthgen.render.worker import Renderer
    from synthgen.render.worker_process import RENDERER_COMMAND
    from synthgen.scene.spec import encode_spec

    recipe = load_recipe(options.recipe, preset=options.preset, size=options.size, seed=options.seed)
    store = Store()
    spec = plan_scene(recipe, load_catalogue(recipe.packs, store), store, 0)
    with tempfile.TemporaryDirectory() as folder, Renderer([*RENDERER_COMMAND, "--device", "cpu"]) as renderer:
        assert isinstance(renderer.answer(), Started)
        file = Path(folder) / "scene.json"
        file.write_bytes(encode_spec(spec))
        for request in (Open(str(file), str(cache_root()), options.threads), Draw(options.view, folder)):
            renderer.ask(request)
            answer = renderer.answer()
            assert isinstance(answer, Finished), answer
        return linear_image(spec, read_rendered(Path(folder), int(spec.render["supersample"])))


def _drawn(name: str, draws: int) -> list[dict[str, Any]]:
    """The numbers of one of the sensors, drawn as for so many scenes of one view."""
    from synthgen.recipe import load_recipe
    from synthgen.recipe.params import Draw

    base = {"name": "strip", "taxonomy": "road", "include": [f"sensors/{name}"]}
    blocks = {"layout": {"street": {}}, "light": {"sky": {}}, "camera": {"dashcam": {}}}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "strip.yaml"
        file.write_text(yaml.safe_dump({**base, **blocks}))
        params = load_recipe(file).sensor
    return [{**params.resolve(Draw(0, k, {}, "@view0.0")), "noise_seed": k} for k in range(draws)]


def _developed(image: NDArray[np.float32], sensor: dict[str, Any]) -> tuple[bytes, tuple[float, float]]:
    from synthgen.sensor.camera import develop, encode_jpeg

    best = [np.inf, np.inf]
    data = b""
    for _ in range(REPEATS):
        begun = time.process_time()
        picture = develop(image, sensor)
        middle = time.process_time()
        data = encode_jpeg(picture, sensor)
        best = [min(best[0], middle - begun), min(best[1], time.process_time() - middle)]
    return data, (best[0], best[1])


def _strip(rows: list[tuple[str, list[Image.Image]]], width: int) -> Image.Image:
    first = rows[0][1][0]
    width = width or first.width
    height = round(first.height * width / first.width)
    sheet = Image.new("RGB", (width * len(rows[0][1]), height * len(rows)))
    draw = ImageDraw.Draw(sheet)
    for down, (name, pictures) in enumerate(rows):
        for across, picture in enumerate(pictures):
            resized = picture if picture.width == width else picture.resize((width, height), Image.Resampling.LANCZOS)
            sheet.paste(resized, (across * width, down * height))
        draw.text((8, down * height + 6), name, fill=(255, 255, 0))
    return sheet


if __name__ == "__main__":
    main()
