"""Lenses of lamps, to be put onto vehicles."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.registry import mesh_generator

DEPTH = 0.04
"""Metres that a lens reaches behind the origin, so that it closes with a slanting surface."""


@mesh_generator("street.lamp_lens")
def lamp_lens(radius: float = 0.075) -> Mesh:
    """A round lens that looks along +X: a flat dome around the origin, sunk in by `DEPTH`. Slots: lens."""
    b = MeshBuilder("lens")
    angle = np.linspace(0.0, np.pi / 2, 5)
    dome = [(radius * float(np.cos(t)), 0.3 * radius * float(np.sin(t))) for t in angle]
    with b.at((0, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0)):
        b.lathe([(0.0, -DEPTH), (radius, -DEPTH), *dome[:-1], (0.0, dome[-1][1])], "lens", sides=18)
    return b.mesh()
