"""Small models as users bring them, written with trimesh."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import trimesh
from trimesh.transformations import rotation_matrix, translation_matrix
from trimesh.visual.material import PBRMaterial


def car(path: Path, *, scale: float = 1.0, paint: tuple[int, int, int] = (200, 10, 10)) -> Path:
    """A car of five parts, 4.4 x 1.8 x 1.6 m, facing +Z, as GLB."""
    body = trimesh.creation.box((1.8, 1.4, 4.4))
    body.visual = trimesh.visual.TextureVisuals(
        material=PBRMaterial(name="CarPaint", baseColorFactor=[*paint, 255], metallicFactor=0.4, roughnessFactor=0.3)
    )
    wheel = trimesh.creation.cylinder(0.33, 0.2)
    wheel.visual = trimesh.visual.TextureVisuals(material=PBRMaterial(name="Tyre", baseColorFactor=[10, 10, 10, 255]))
    scene = trimesh.Scene()
    scene.add_geometry(body, transform=translation_matrix([0, 0.9, 0]))
    for x in (-0.8, 0.8):
        for z in (-1.5, 1.5):
            turned = rotation_matrix(np.pi / 2, [0, 1, 0])
            scene.add_geometry(wheel, transform=translation_matrix([x, 0.33, z]) @ turned)
    scene.apply_scale(scale)
    path.parent.mkdir(parents=True, exist_ok=True)
    scene.export(path)
    return path


def box_obj(path: Path, size: tuple[float, float, float] = (0.5, 0.9, 0.5), *, textured: bool = False) -> Path:
    """A box as OBJ with its MTL and, if asked for, a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    box = trimesh.creation.box(size)
    lines = [f"mtllib {path.stem}.mtl", "usemtl wood"]
    lines += [f"v {x} {y} {z}" for x, y, z in box.vertices]
    lines += [f"vt {u} {v}" for u, v in ((0, 0), (1, 0), (1, 1))]
    lines += [f"f {a + 1}/1 {b + 1}/2 {c + 1}/3" for a, b, c in box.faces]
    path.write_text("\n".join(lines) + "\n")
    picture = f"map_Kd {path.stem}.png\n" if textured else ""
    path.with_suffix(".mtl").write_text(f"newmtl wood\nKd 0.5 0.3 0.2\n{picture}")
    if textured:
        from PIL import Image

        Image.new("RGB", (8, 8), (120, 80, 40)).save(path.with_suffix(".png"))
    return path
