"""The scene under construction: what layouts and populators put meshes into, and the boxes that views keep clear of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from synthgen.assets.store import Store
from synthgen.scene.builder import SceneBuilder, Surface, plain
from synthgen.scene.pose import IDENTITY, Matrix
from synthgen.scene.spec import MeshRef

Corner = tuple[float, float, float]
Box = tuple[Corner, Corner]
"""Lowest and highest corner."""


@dataclass(frozen=True, slots=True)
class Solid:
    """A box in the frame of an object: lowest and highest corner, and the object's 3x4 matrix to the world."""

    number: int
    low: Corner
    high: Corner
    transform: Matrix


def millimetres(value: float) -> float:
    """A length as a mesh takes it: to the millimetre, so that equal meshes are found again."""
    return round(value, 3) + 0.0


@dataclass(slots=True)
class Stage:
    """A SceneBuilder, the store its meshes come from, and the solids put into it so far.

    lamps: are street lamps, windows and headlamps lit. beams: do vehicles drive with their lamps on.
    """

    builder: SceneBuilder
    store: Store
    solids: list[Solid] = field(default_factory=list)
    lamps: bool = False
    beams: bool = False

    def put(
        self,
        number: int,
        mesh: MeshRef,
        materials: Sequence[str],
        transform: Matrix = IDENTITY,
        *,
        solids: Sequence[Box] | None = None,
        velocity: Sequence[float] = (),
    ) -> None:
        """Adds a mesh to instance `number`, with a material key per slot.

        solids: boxes in its frame that stand for it in the checks of views (default: its bounds; give the trunk of a
        tree, the shaft of a lamp). velocity: metres per second in the world.
        """
        self.builder.add(number, mesh, materials, transform, velocity=velocity)
        if solids is None:
            low, high = self.store.bounds(mesh).tolist()
            solids = [(tuple(low), tuple(high))]
        self.solids.extend(Solid(number, low, high, transform) for low, high in solids)

    def generate(
        self,
        number: int,
        name: str,
        materials: Mapping[str, Surface],
        transform: Matrix = IDENTITY,
        *,
        solids: Sequence[Box] | None = None,
        velocity: Sequence[float] = (),
        **params: Any,
    ) -> MeshRef:
        """Adds a procedural mesh to instance `number`; `materials` has a surface for each of its slots by name.

        solids, velocity: as of `put`.
        """
        ref = self.store.procedural(name, **plain(params))
        keys = [self.builder.material(materials[slot]) for slot in self.store.slots(ref)]
        self.put(number, ref, keys, transform, solids=solids, velocity=velocity)
        return ref
