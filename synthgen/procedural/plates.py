"""Number plates as thin things to be put onto vehicles. Their pictures: plate_pictures.py."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.plate_pictures import SIZES
from synthgen.procedural.registry import mesh_generator

THICKNESS = 0.012


@mesh_generator("road.number_plate")
def number_plate(style: str = "eu") -> Mesh:
    """A plate in its frame that looks along +X: its middle on the origin, back at x = 0, face at x = 12 mm.

    UVs of the face are 0..1 over it, as `road.plate_picture` is drawn. Slots: face, frame. Raises InputError for an
    unknown style.
    """
    if style not in SIZES:
        raise InputError.of(f"no number plate is {style!r}", hint=", ".join(SIZES))
    width, height = SIZES[style]
    y, z = width / 2, height / 2
    b = MeshBuilder("face", "frame")
    b.chamfered(0.0, THICKNESS - 0.001, -y - 0.006, y + 0.006, -z - 0.006, z + 0.006, 0.003, "frame")
    x = THICKNESS
    corners = np.array([[(x, -y, -z), (x, y, -z), (x, y, z), (x, -y, z)]])
    b.quads(corners, "face")
    return b.mesh()
