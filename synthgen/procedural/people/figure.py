"""A clothed person in a pose: what `people.person` makes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.people import bags, clothes, hair, head
from synthgen.procedural.people.data import body
from synthgen.procedural.people.faces import face_uvs
from synthgen.procedural.people.garments import garment_uvs
from synthgen.procedural.people.headwear import HATS, Worn, bicycle_helmet
from synthgen.procedural.people.parts import UV_METRES, Part, flat_uvs, joined, rigid, welded
from synthgen.procedural.people.poses import bone_rotations, find_pose, resolved
from synthgen.procedural.people.reach import cleared
from synthgen.procedural.people.regions import regions
from synthgen.procedural.people.rig import Rig, posed, rig_of, skinned
from synthgen.procedural.people.scalp import visible_skin
from synthgen.procedural.people.shape import of_stature
from synthgen.procedural.people.shoes import shoe
from synthgen.procedural.people.surface import Surface, surface_of
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.shapes import Array, Index

SLOTS = (
    "skin", "face", "hair", "locks", "beard", "eyes", "top", "bottom", "shoes", "sole", "jacket", "coat", "vest",
    "band", "helmet", "bag", "hat", "pad",
)  # fmt: skip
PIECES = ("body", "vest", "helmet", "bag")
"""What of a person may be a mesh of its own. The body has what no other piece has."""
HELMETS = ("safety", "bicycle")
_FACE_FROM = 0.535
"""Height on the template from which on skin wears the picture of a face."""
_GAPS = (0.016, 0.03)
"""Metres that hands keep from a body in light and in thick clothes."""
_HIDDEN = 0.03
"""Metres inside a garment's edge from which skin is left out."""


@mesh_generator("people.person", version=5)
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
    beard: str = "",
    vest: bool = False,
    helmet: str = "",
    hat: str = "",
    bag: str = "",
    piece: str = "",
    level: int = 0,
    seed: int = 0,
) -> Mesh:
    """A person: +X ahead, the lowest point on z = 0, the hips over the origin. Needs the pack `human`.

    stature: metres, barefoot. phenotype, local: see shape.py. phase: 0..1 of a pose that is a cycle; reach: metres
    above the ground of what a reaching pose reaches. top, bottom, jacket, shoes: of configs/people/clothes.yaml; hair:
    of hair.yaml or "bald"; beard, bag, hat: of hair.py, bags.py and headwear.py, or none; helmet: one of HELMETS or
    none; pose: of poses.yaml. piece: one of PIECES alone, in its place on the person, or all in one. level: 1 for
    clothes with a quarter of the faces. seed: what poses and clothes leave open.
    Slots, those that it has: skin, face, hair, locks, beard, eyes, top, bottom, shoes, sole, jacket, coat, vest,
    band, helmet, bag, hat, pad (of a bicycle helmet). Those of face, locks, beard, eyes and clothes wear pictures
    (faces.py, pictures.py, garments.py), fitted to their texture coordinates; those of clothes have folds of the
    pattern seed % folds.SEEDS.
    Raises InputError for unknown names, and where the pack is not here.
    """
    given = {k: v for k, v in locals().items() if k != "piece"}
    for what, name, known in (("piece of a person", piece, PIECES), ("helmet", helmet, HELMETS), ("hat", hat, HATS)):
        if name and name not in known:
            raise InputError.of(f"no {what} is called {name!r}", hint=", ".join(known))
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
    figure = Figure(
        vertices,
        settled,
        p["stature"],
        fine=p["level"] == 0,
        pattern=p["seed"],
        gap=_GAPS[bool(p["jacket"] or p["vest"])],
        touching=bool(find_pose(p["pose"]).get("touching")),
    )
    worn = outfit(p["top"], p["bottom"], p["jacket"], p["vest"], rngs[1])
    for k, g in enumerate(worn):
        figure.wear(g, worn[k + 1 :])
    if p["bag"]:
        figure.carry(p["bag"], np.random.default_rng([p["seed"], 5]))
    style = clothes.garment("shoes", p["shoes"], rngs[1])
    figure.shoes(style)
    figure.skin(hidden_skin(worn, float(style["top"])))
    figure.face()
    figure.grow(p["hair"], p["beard"], covered=bool(p["helmet"] or p["hat"]), coated=bool(p["jacket"]), rng=rngs[2])
    if p["helmet"] == "safety":
        figure.solid(*head.helmet(vertices), "helmet", piece="helmet")
    elif p["helmet"]:
        figure.headwear(bicycle_helmet(vertices), "helmet")
    elif p["hat"]:
        figure.headwear(HATS[p["hat"]](vertices), "hat")
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

    def __init__(
        self,
        vertices: Array,
        pose: Mapping[str, Any],
        stature: float,
        *,
        fine: bool = True,
        pattern: int = 0,
        gap: float = 0.012,
        touching: bool = False,
    ) -> None:
        """vertices: of the base mesh at rest; pose: settled (poses.py); stature: metres; pattern: of folds; gap: metres
        that forearms and hands keep from trunk and legs, unless they are to be `touching`."""
        self.base, self.vertices, self.size = body(), vertices, stature / 1.75
        self.rig = rig_of(self.base, vertices)
        if not touching:
            pose = cleared(pose, self._placed(stature), stature, gap)
        self.rotations = bone_rotations(self.rig, pose, stature)
        self.transforms = posed(self.rig, self.rotations)
        self.wardrobe = clothes.Wardrobe(self.rig, vertices, self.size, fine=fine, pattern=pattern)
        self.parts: list[Part] = []

    def _placed(self, stature: float) -> Callable[[Mapping[str, Any]], Callable[[Index], Array]]:
        def place(pose: Mapping[str, Any]) -> Callable[[Index], Array]:
            transforms = posed(self.rig, bone_rotations(self.rig, pose, stature))
            return lambda own: skinned(transforms, self.vertices[own], self.base.weights[own])

        return place

    def posed(self, points: Array, weights: Any) -> Array:
        return skinned(self.transforms, points, weights)

    def wear(self, g: Mapping[str, Any], over: tuple[Mapping[str, Any], ...]) -> Part | None:
        """Puts a garment on. Returns its outside, posed; None where what is worn over it hides it."""
        cloth, points = self.wardrobe.hang(g, over)
        surface = cloth.surface
        if not len(surface.faces):
            return None
        weights = surface.mix @ self.base.weights
        points = self.posed(points, weights)
        if g.get("hangs"):
            points = clothes.off_legs(points, cloth, self.rig, self.transforms)
        added, faces = clothes.lips(points, surface.faces)
        fitted = garment_uvs("helper-skirt" if g.get("hangs") else "helper-tights", surface.uvs)
        uvs = np.concatenate([fitted, np.zeros((len(faces), 3, 2))])
        slots = np.concatenate(
            [np.where(surface.label > 0, "band", str(g["slot"])), np.full(len(faces), str(g["slot"]))]
        )
        piece = {"vests": "vest", "straps": "bag"}.get(str(g["kind"]), "body")
        self.parts.append(
            Part(np.concatenate([points, added]), np.concatenate([surface.faces, faces]), uvs, slots, piece)
        )
        return Part(points, surface.faces, fitted, str(g["slot"]))

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
        surface, uvs, on_head = _skin()
        seen = ~hidden[_quads()].all(axis=1)
        seen = np.concatenate([seen, seen])  # each quadrilateral is two triangles
        faces = surface.faces[seen]
        used, local = np.unique(faces, return_inverse=True)
        weights = surface.mix[used] @ self.base.weights
        points = self.posed((surface.mix[used] @ self.vertices), weights)
        self.parts.append(Part(points, local.reshape(-1, 3), uvs[seen], np.where(on_head[seen], "face", "skin")))

    def face(self) -> None:
        surface, uvs = head.eyes()
        points = self.posed(surface.of(self.vertices), surface.mix @ self.base.weights)
        self.parts.append(Part(points, surface.faces, uvs, "eyes"))

    def grow(self, style: str, beard: str, *, covered: bool, coated: bool, rng: np.random.Generator) -> None:
        """Hair on the head and in the face. covered: by a helmet or hat; coated: hair keeps off a jacket."""
        if style != "bald":
            s, skull = hair.find_style(style), hair.Head(self.vertices, 0.034 if coated else 0.022)
            flat = 0.3 if covered else 1.0
            points, faces, uvs = hair.cap(s, skull, flat=flat, rng=rng)
            if s["locks"]:
                self.parts.append(Part(self.posed(points, self._of_head(points)), faces, uvs, "hair"))
            self._locks(hair.locks(s, skull, flat=flat, rng=rng, few=not self.wardrobe.fine), "locks")
        if beard:
            self._locks(hair.beard(beard, self.vertices, rng), "beard")

    def carry(self, kind: str, rng: np.random.Generator) -> None:
        """A bag: a backpack on the back, others in the left hand."""
        made = bags.bag(kind, rng)
        if kind != "backpack":
            hand = self.transforms[self.base.bone("finger3-1.L")]
            at = hand[:, :3] @ self.rig.at("finger3-2.L") + hand[:, 3] + (0.0, 0.03, 0.0)
            yaw = float(rng.uniform(-0.3, 0.3))
            turned = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
            for points, faces in made.solids:
                self.parts.append(Part(points @ turned.T + at, faces, flat_uvs(points, faces), "bag", "bag"))
            return
        self.wear(bags.STRAPS, ())
        neck, hips = self.rig.at("neck01"), self.rig.at("upperleg01.L")
        top = neck[2] - 0.03 * self.size
        middle = top - min(made.size[2], 0.85 * (neck[2] - hips[2])) / 2
        behind = self.wardrobe.back(middle - 0.1, top)
        weights = rigid(self.rig, {"spine02": 1.0}, 1)
        for points, faces in made.solids:
            rest = points * self.size + (behind + 0.025, 0.0, middle)
            posed = self.posed(rest, sparse.csr_matrix(np.repeat(weights.toarray(), len(rest), axis=0)))
            self.parts.append(Part(posed, faces, flat_uvs(points, faces), "bag", "bag"))

    def _locks(self, grown: hair.Locks | None, slot: str) -> None:
        if grown is None:
            return
        weights = self._of_head(grown.points)
        points = self.posed(grown.points, weights)
        ahead = self.transforms[self.base.bone("head")][:, :3]
        self.parts.append(Part(points, grown.faces, grown.uvs, slot, normals=grown.normals @ ahead.T))

    def solid(self, points: Array, faces: Any, slot: str, *, piece: str = "body") -> None:
        posed = self.posed(points, self._of_head(points))
        self.parts.append(Part(posed, faces, flat_uvs(points, faces), slot, piece))

    def headwear(self, worn: Worn, slot: str) -> None:
        """What is on the head; its dark faces get the slot `pad`. A helmet is a piece of its own."""
        slots = np.where(worn.dark, "pad", slot)
        uvs = flat_uvs(worn.points, worn.faces)
        posed = self.posed(worn.points, rigid(self.rig, {"head": 1.0}, len(worn.points)))
        self.parts.append(Part(posed, worn.faces, uvs, slots, "helmet" if slot == "helmet" else "body"))

    def _of_head(self, points: Array) -> sparse.csr_matrix:
        """Weights of what moves with the head, and hangs down from it towards the shoulders."""
        weights = rigid(self.rig, {"head": 1.0}, len(points)).toarray()
        chin, chest = self.rig.at("neck03")[2], self.rig.at("neck01")[2]
        share = 0.6 * np.clip((chin - points[:, 2]) / (chin - chest), 0.0, 1.5)
        share = np.minimum(share, 0.9)
        weights[:, self.rig.body.bone("head")] = 1.0 - share
        weights[:, self.rig.body.bone("spine01")] = share
        return sparse.csr_matrix(weights)

    def standing(self) -> tuple[Part, ...]:
        """All parts with the lowest point on z = 0 and the hips over the origin."""
        parts = [welded(p) for p in self.parts]
        low = min(float(p.points[:, 2].min()) for p in parts)
        middle = _hips(self.rig, self.rotations)
        shift = np.array([-middle[0], -middle[1], -low])
        return tuple(replace(p, points=p.points + shift) for p in parts)


@lru_cache(maxsize=1)
def _quads() -> Index:
    base = body()
    return base.groups["body"].quads[visible_skin(base)]


@lru_cache(maxsize=1)
def _skin() -> tuple[Surface, Array, NDArray[np.bool_]]:
    """The skin that can be seen; texture coordinates of its faces, and which of them wear the picture of a face."""
    base = body()
    surface = surface_of(base, ["body"], visible_skin(base))
    # In halves, so that what is hidden of a quadrilateral is hidden of both its triangles.
    order = np.concatenate([np.arange(0, len(surface.faces), 2), np.arange(1, len(surface.faces), 2)])
    surface = replace(surface, faces=surface.faces[order], uvs=surface.uvs[order])
    corners = surface.of(base.template)[surface.faces]
    on_head = corners[..., 2].min(axis=1) > _FACE_FROM
    on_head &= np.abs(corners[..., 1]).max(axis=1) < 0.15
    uvs = np.where(on_head[:, None, None], face_uvs(corners), surface.uvs * UV_METRES)
    return surface, uvs, on_head


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
