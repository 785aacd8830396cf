"""People who push prams: the pram's handle is where their hands are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.assets.store import Store
from synthgen.makers.maker import Made, MadePart, find_makers, maker
from synthgen.makers.people import draw_person
from synthgen.procedural.prams import handle_of
from synthgen.scene.pose import pose

POOL = 16
"""People with their prams that there are to draw from."""
LOWEST, HIGHEST = 0.95, 1.1
"""Of a pram's handle, metres."""


@maker("people/pusher", category="person", domains=("road",), tags=("person", "pram"), weight=0.05)
def pusher(store: Store, rng: np.random.Generator) -> Made:
    """Somebody who walks behind a pram: two things, the pram pushed by the person."""
    own = np.random.default_rng([POOL, int(rng.integers(0, POOL))])
    person = draw_person(store, own, "pusher")
    held = store.fact(person.mesh, "pushes", bar)
    pram = find_makers(id="road/pram")[0].draw(store, own)
    params: dict[str, Any] = dict(pram.mesh.source["params"])
    params["height"] = round(float(np.clip(held["z"], LOWEST, HIGHEST)), 2)
    mesh = store.procedural("road.pram", **params)
    x, _ = store.fact(mesh, "handle", _handle)["at"]
    part = MadePart(
        mesh, "pram", pram.surfaces, pose(held["x"] - x), own=True, attributes=params, relation="pushed_by"
    )  # fmt: skip
    high = store.bounds(mesh)[1]
    ahead = round(2 * float(held["x"] - x + high[0]), 4)
    size = (max(person.size[0], ahead), max(person.size[1], round(2 * float(high[1]), 4)), person.size[2])
    return replace(person, size=size, parts=(*person.parts, part))


def bar(person: Mesh) -> dict[str, float]:
    """Where the hands of somebody in the pose `strolling` hold a bar across: x and z of its middle, metres."""
    used = np.unique(person.faces[person.slot == person.slots.index("skin")])
    skin = person.vertices[used].astype(np.float64)
    skin = skin[(skin[:, 2] > 0.8) & (np.abs(skin[:, 1]) > 0.08)]
    hands = skin[skin[:, 0] > skin[:, 0].max() - 0.1]
    return {"x": round(float(hands[:, 0].mean()), 3), "z": round(float(hands[:, 2].mean()) - 0.006, 3)}


def _handle(pram: Mesh) -> dict[str, list[float]]:
    return {"at": [round(v, 4) for v in handle_of(pram)]}
