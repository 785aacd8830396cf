"""A clothed person in a pose: what `people.person` makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.people import clothes, head
from synthgen.procedural.people.data import body
from synthgen.procedural.people.parts import UV_METRES, Part, flat_uvs, joined, rigid, welded
from synthgen.procedural.people.poses import bone_rotations, find_pose, resolved
from synthgen.procedural.people.regions import regions
from synthgen.procedural.people.rig import Rig, posed, rig_of, skinned
from synthgen.procedural.people.shape import of_stature
from synthgen.procedural.people.shoes import shoe
from synthgen.procedural.people.surface import split, surface_of
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array

SLOTS = (
    "skin", "lips", "hair", "eyes", "iris", "top", "bottom", "shoes", "sole", "jacket", "vest", "band", "helmet",
)  # fmt: skip
PIECES = ("body", "vest", "helmet")
"""What of a person may be a mesh of its own. The body has what no other piece has."""
_HIDDEN = 0.03
"""Metres inside a garment's edge from which skin is left out."""


@mesh_generator("people.person")
def person(
    stature: float = 1.72,
    phenotype: Mapping[str, float] | None = None,
    local: Mapping[str, float] | None = None,
    pose: str = "standing",
    phase: float = 0.0,
    reach: float = 1.4,
    mirror: bool = False,
    top: str = "tshirt",
    bottom: str = "jeans",
    jacket: str = "",
    shoes: str = "sneakers",
    hair: str = "short",
    vest: bool = False,
    helmet: str = "",
    piece: str = "",
    level: int = 0,
    seed: int = 0,
) -> Mesh:
    """A person: +X ahead, the lowest point on z = 0, the hips over the origin. Needs the pack `human`.

    stature: metres, barefoot. phenotype, local: see shape.py. phase: 0..1 of a pose that is a cycle; reach: metres
    above the ground of what a reaching pose reaches. top, bottom, jacket, shoes: of configs/people/clothes.yaml; hair:
    of hair.yaml or "bald"; pose: of poses.yaml. piece: one of PIECES alone, in its place on the person, or all in one.
    level: 1 for clothes with a quarter of the faces. seed: what poses and clothes leave open.
    Slots, those that it has: skin, lips, hair, eyes, iris, top, bottom, shoes, sole, jacket, vest, band, helmet.
    Raises InputError for unknown names, and where the pack is not here.
    """
    given = {k: v for k, v in locals().items() if k != "piece"}
    if piece and piece not in PIECES:
        raise InputError.of(f"no piece of a person is called {piece!r}", hint=", ".join(PIECES))
    parts = _parts(json.dumps(given, sort_keys=True))
    chosen = [p for p in parts if not piece or p.piece == piece]
    if not chosen:
        raise InputError.of(f"this person has no {piece}")
    return joined(chosen, SLOTS)


@lru_cache(maxsize=2)
def _parts(given: str) -> tuple[Part, ...]:
    """All parts of the person of these parameters (JSON): its pieces are asked for one after another."""
    p: dict[str, Any] = json.loads(given)
    vertices = of_stature(p["phenotype"] or {}, p["stature"], p["local"])
    rngs = [np.random.default_rng([p["seed"], k]) for k in range(3)]
    height = p["reach"] / p["stature"]
    settled = resolved(find_pose(p["pose"]), phase=p["phase"], height=height, mirror=p["mirror"], rng=rngs[0])
    figure = Figure(vertices, settled, p["stature"], fine=p["level"] == 0)
    worn = outfit(p["top"], p["bottom"], p["jacket"], p["vest"], rngs[1])
    for k, g in enumerate(worn):
        figure.wear(g, worn[k + 1 :], np.random.default_rng([p["seed"], 10 + k]))
    style = clothes.garment("shoes", p["shoes"], rngs[1])
    figure.shoes(style)
    figure.skin(hidden_skin(worn, float(style["top"])))
    figure.face()
    if p["hair"] != "bald":
        figure.solid(*head.hair(p["hair"], vertices, flat=0.35 if p["helmet"] else 1.0, rng=rngs[2]), "hair")
    if p["helmet"]:
        figure.solid(*head.helmet(vertices), "helmet", piece="helmet")
    return figure.standing()


def outfit(top: str, bottom: str, jacket: str, vest: bool, rng: np.random.Generator) -> tuple[dict[str, Any], ...]:
    """Garments from the innermost to the outermost."""
    worn = [clothes.garment("bottoms", bottom, rng), clothes.garment("tops", top, rng)]
    if top in clothes.wardrobe()["collars"]:
        worn.append(clothes.garment("collars", top, rng) | {"collar": worn[1]["collar"] + 0.003})
    if jacket == "coat":
        worn.append(clothes.garment("coat_skirts", jacket, rng))
    if jacket:
        worn.append(clothes.garment("jackets", jacket, rng))
    if vest:
        worn.append(clothes.garment("vests", "vest", rng))
    return tuple(worn)


class Figure:
    """Gathers posed parts of one person."""

    def __init__(self, vertices: Array, pose: Mapping[str, Any], stature: float, *, fine: bool = True) -> None:
        """vertices: of the base mesh at rest; pose: settled (poses.py); stature: metres."""
        self.base, self.vertices, self.size = body(), vertices, stature / 1.75
        self.rig = rig_of(self.base, vertices)
        self.rotations = bone_rotations(self.rig, pose, stature)
        self.transforms = posed(self.rig, self.rotations)
        self.wardrobe = clothes.Wardrobe(self.rig, vertices, self.size, fine=fine)
        self.parts: list[Part] = []

    def posed(self, points: Array, weights: Any) -> Array:
        return skinned(self.transforms, points, weights)

    def wear(self, g: Mapping[str, Any], over: tuple[Mapping[str, Any], ...], rng: np.random.Generator) -> Part | None:
        """Puts a garment on. Returns its outside, posed; None where what is worn over it hides it."""
        cloth, points = self.wardrobe.hang(g, over, rng)
        surface = cloth.surface
        if not len(surface.faces):
            return None
        weights = surface.mix @ self.base.weights
        points = self.posed(points, weights)
        if g.get("hangs"):
            points = clothes.off_legs(points, cloth, self.rig, self.transforms)
        added, faces = clothes.lips(points, surface.faces)
        uvs = np.concatenate([surface.uvs * UV_METRES, np.zeros((len(faces), 3, 2))])
        slots = np.concatenate(
            [np.where(surface.label > 0, "band", str(g["slot"])), np.full(len(faces), str(g["slot"]))]
        )
        piece = "vest" if g["kind"] == "vests" else "body"
        self.parts.append(
            Part(np.concatenate([points, added]), np.concatenate([surface.faces, faces]), uvs, slots, piece)
        )
        return Part(points, surface.faces, surface.uvs * UV_METRES, str(g["slot"]))

    def shoes(self, style: Mapping[str, Any]) -> None:
        for side in ("L", "R"):
            surface, upper, sole, faces, weights = shoe(
                style, self.rig, self.vertices, side, self.size, fine=self.wardrobe.fine
            )
            points = self.posed(upper, surface.mix @ self.base.weights)
            added, lips = clothes.lips(points, surface.faces, depth=0.02)
            uvs = np.concatenate([surface.uvs * UV_METRES, np.zeros((len(lips), 3, 2))])
            self.parts.append(
                Part(np.concatenate([points, added]), np.concatenate([surface.faces, lips]), uvs, "shoes")
            )
            self.parts.append(Part(self.posed(sole, weights), faces, flat_uvs(sole, faces), "sole"))

    def skin(self, hidden: NDArray[np.bool_]) -> None:
        """The skin without faces whose vertices of the base mesh are all hidden, (19158,)."""
        quads = self.base.groups["body"].quads
        keep = head.visible_skin(self.base) & ~hidden[quads].all(axis=1)
        surface = split(surface_of(self.base, ["body"], keep), head.brows())
        middle = surface.of(self.base.template)[surface.faces].mean(axis=1)
        slots: NDArray[np.str_] = np.where(head.lip_faces(middle), "lips", "skin")
        slots[surface.label > 0] = "hair"
        points = self.posed(surface.of(self.vertices), surface.mix @ self.base.weights)
        self.parts.append(Part(points, surface.faces, surface.uvs * UV_METRES, slots))

    def face(self) -> None:
        surface, slots = head.eyes(self.base)
        points = self.posed(surface.of(self.vertices), surface.mix @ self.base.weights)
        self.parts.append(Part(points, surface.faces, surface.uvs * UV_METRES, slots))

    def solid(self, points: Array, faces: Any, slot: str, *, piece: str = "body") -> None:
        """What moves with the head, and hangs down from it towards the shoulders."""
        weights = rigid(self.rig, {"head": 1.0}, len(points)).toarray()
        chin, chest = self.rig.at("neck03")[2], self.rig.at("neck01")[2]
        share = 0.6 * np.clip((chin - points[:, 2]) / (chin - chest), 0.0, 1.5)
        share = np.minimum(share, 0.9)
        weights[:, self.rig.body.bone("head")] = 1.0 - share
        weights[:, self.rig.body.bone("spine01")] = share
        posed = self.posed(points, sparse.csr_matrix(weights))
        self.parts.append(Part(posed, faces, flat_uvs(points, faces), slot, piece))

    def standing(self) -> tuple[Part, ...]:
        """All parts with the lowest point on z = 0 and the hips over the origin."""
        parts = [welded(p) for p in self.parts]
        low = min(float(p.points[:, 2].min()) for p in parts)
        middle = _hips(self.rig, self.rotations)
        shift = np.array([-middle[0], -middle[1], -low])
        return tuple(replace(p, points=p.points + shift) for p in parts)


def _hips(rig: Rig, rotations: Mapping[str, Array]) -> Array:
    """Where the middle of the hip joints is once posed."""
    at = (rig.at("upperleg01.L") + rig.at("upperleg01.R")) / 2
    root = rig.at("root")
    found: Array = root + rotations["root"] @ (at - root)
    return found


def hidden_skin(worn: tuple[Mapping[str, Any], ...], shoe_top: float = 0.07) -> NDArray[np.bool_]:
    """(19158,) which vertices of the base mesh lie well inside clothes, or shoes of this height."""
    r = regions(body())
    hidden = (r["z"] < shoe_top - 0.02) & (r["leg"] > 0.7)
    for g in worn:
        hidden = hidden | (clothes.covers(g) > _HIDDEN)
    return hidden
