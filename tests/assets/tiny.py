"""A tiny asset pack, written by the tests: a car, a tree, a person, in one zip of models."""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from synthgen.paths import data_root

REAL_DATA = data_root()

CUBE_FACES = ((1, 2, 3, 4), (8, 7, 6, 5), (1, 5, 6, 2), (2, 6, 7, 3), (3, 7, 8, 4), (4, 8, 5, 1))
"""Quads of a box, counter-clockwise seen from outside; corners as `box_vertices` gives them."""


def box_vertices(low: tuple[float, float, float], high: tuple[float, float, float]) -> list[tuple[float, float, float]]:
    (a, b, c), (d, e, f) = low, high
    return [(a, b, c), (a, b, f), (a, e, f), (a, e, c), (d, b, c), (d, b, f), (d, e, f), (d, e, c)]


def box(
    low: tuple[float, float, float] = (-1, 0, -2),
    high: tuple[float, float, float] = (1, 3, 2),
    *,
    material: str | None = None,
    start: int = 0,
    inside_out: bool = False,
) -> str:
    """OBJ text of a box (x across, y up, z forward), `start` vertices after others."""
    lines = [f"v {x} {y} {z}" for x, y, z in box_vertices(low, high)]
    if material is not None:
        lines.append(f"usemtl {material}")
    for face in CUBE_FACES:
        order = face[::-1] if inside_out else face
        lines.append("f " + " ".join(str(k + start) for k in order))
    return "\n".join(lines) + "\n"


def picture(color: tuple[int, int, int], *, holes: bool = False) -> bytes:
    pixels = np.zeros((8, 8, 4 if holes else 3), dtype=np.uint8)
    pixels[..., :3] = color
    if holes:
        pixels[:4, :, 3] = 255
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format="PNG")
    return out.getvalue()


CAR = (
    "mtllib car.mtl\n"
    + box((-90, 20, -200), (90, 100, 200), material="carPaint")
    + box((-80, 100, -120), (80, 150, 80), material="glass", start=8)
    + box((-90, 0, 100), (-60, 60, 160), material="tires", start=16)
    + box((60, 0, 100), (90, 60, 160), material="tires", start=24)
    + box((-60, 40, 200), (60, 60, 205), material="headlights", start=32)
)
CAR_MTL = "newmtl carPaint\nKd 2 0.5 0\nnewmtl glass\nd 0.3\nnewmtl tires\nnewmtl headlights\n"
TREE = (
    "mtllib tree.mtl\nvt 0 0\nvt 1 0\nvt 1 1\n"
    + box((40, 0, 40), (60, 300, 60), material="trunk")
    + "v 0 300 0\nv 100 300 0\nv 100 400 100\nusemtl leaves\nf 9/1 10/2 11/3\n"
)
TREE_MTL = "newmtl trunk\nnewmtl leaves\nmap_Kd leaf.png\nmap_d leaf.png\n"
PERSON = "mtllib person.mtl\n" + box((-20, 0, -10), (20, 180, 10), material="jumper")
PERSON_MTL = "newmtl jumper\nKd 0.4 0.4 0.4\nmap_Kd ../../../etc/passwd\n"

MEMBERS: dict[str, bytes] = {
    "tiny/car/car.obj": CAR.encode(),
    "tiny/car/car.mtl": CAR_MTL.encode(),
    "tiny/tree/tree.obj": TREE.encode(),
    "tiny/tree/tree.mtl": TREE_MTL.encode(),
    "tiny/tree/leaf.png": picture((40, 160, 20), holes=True),
    "tiny/person/person.obj": PERSON.encode(),
    "tiny/person/person.mtl": PERSON_MTL.encode(),
}

CATALOGUE = """\
assets:
  - {id: car, category: car, tags: [saloon], source: "tiny.sh3f:tiny/car/car.obj", licence: CC0-1.0, author: A,
     title: Car, size: [4.05, 1.8, 1.5], materials: vehicle, trademark: true, weight: 2}
  - {id: tree, category: vegetation, tags: [street_tree], source: "tiny.sh3f:tiny/tree/tree.obj", origin: foot,
     licence: CC-BY-3.0, author: B, title: Tree, size: [1, 1, 4], materials: vegetation}
  - {id: person, category: person, tags: [adult], source: "tiny.sh3f:tiny/person/person.obj",
     licence: CC-BY-3.0, author: B, title: Person, size: [0.2, 0.4, 1.8], materials: person}
"""


def pack_bytes() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in MEMBERS.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def write_data(root: Path, pack: bytes) -> None:
    """A data folder whose only pack is `tiny`."""
    (root / "assets" / "catalogue" / "tiny").mkdir(parents=True)
    digest = hashlib.sha256(pack).hexdigest()
    (root / "assets" / "packs.yaml").write_text(
        "packs:\n  tiny:\n    kind: models\n    title: Tiny\n    licence: CC0-1.0 AND CC-BY-3.0\n    author: A and B\n"
        "    packages:\n      - {provider: deb, package: tiny-models, version: 1.0-1, files: {\n"
        f"          tiny.sh3f: {{size: {len(pack)}, sha256: {digest}}}}}}}\n"
    )
    (root / "assets" / "catalogue" / "tiny" / "models.yaml").write_text(CATALOGUE)
    for kind in ("materials", "taxonomies"):
        shutil.copytree(REAL_DATA / "configs" / kind, root / "configs" / kind)
    shutil.copy(REAL_DATA / "configs" / "sizes.yaml", root / "configs")
