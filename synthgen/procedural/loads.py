"""Loads on pallets: cartons, sacks or drums, with or without stretch wrap; as one mesh, or as parts to place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.cartons import add_carton, drawn_print
from synthgen.procedural.drums import DRUMS, add_drum
from synthgen.procedural.pallets import PALLETS, add_pallet
from synthgen.procedural.prints import Piece, add_pieces, drawn, sheets, words
from synthgen.procedural.registry import mesh_generator
from synthgen.procedural.rounded import Bend, add_rounded_box, bulging, one_after_another, welded_normals
from synthgen.procedural.shapes import Array
from synthgen.procedural.stacking import Stacked, stacked

GOODS = ("cartons", "sacks", "drums")
SACK = (0.58, 0.38, 0.13)
"""Length, width and height of a lying sack of 25 kg, metres."""

_LUGS = {"small": 0.06, "keg": 0.045}
"""Metres between drums whose handles stand out."""

Part = tuple[str, dict[str, Any], list[list[float]]]
"""Generator, its parameters, and its pose (3 x 4: rotation, translation) in the load's frame."""


@dataclass(frozen=True, slots=True)
class Load:
    """A pallet and what stands on it. wrap: heights (metres) between which film goes around it, or none."""

    pallet: str
    goods: str
    style: str
    items: tuple[Stacked, ...]
    wrap: tuple[float, float] | None


def planned(
    pallet: str,
    goods: str,
    footprint: Sequence[float],
    height: float,
    layers: int,
    layout: str,
    fill: float,
    drum: str,
    wrap: bool,
    seed: int,
) -> Load:
    """What `pallet_load` makes and `load_parts` lists. Raises InputError where the goods do not fit the pallet."""
    if goods not in GOODS or pallet not in PALLETS or drum not in DRUMS:
        raise InputError.of(
            f"no load is {goods!r} on {pallet!r}", hint=f"{', '.join(GOODS)}; {', '.join(PALLETS)}; {', '.join(DRUMS)}"
        )
    rng = np.random.default_rng([seed, 41])
    length, width, base = PALLETS[pallet]
    lean = float(rng.uniform(0.5, 1.0)) if rng.random() < 0.35 else 0.0
    if goods == "drums":
        diameter, tall = DRUMS[drum]
        room = (max(length, 2 * diameter * (length > 1.1)) + 0.06, max(width, 2 * diameter * (width > 1.1)) + 0.06)
        items = stacked(
            "column", (diameter, diameter, tall), room, 1, rng, base=base, gap=_LUGS.get(drum, 0.016), top=fill
        )
        items = [replace(i, yaw=float(rng.uniform(-np.pi, np.pi))) for i in items]
    elif goods == "sacks":
        items = stacked(
            "pinwheel", SACK, (length, width), layers, rng, base=base, gap=-0.01, top=fill, lean=lean, slip=0.008
        )
    else:
        size = (footprint[0] - 0.016, footprint[1] - 0.016, height)
        room = (length + 0.012, width + 0.012)
        items = stacked(layout, size, room, layers, rng, base=base, gap=0.016, top=fill, lean=lean, turn=0.0018)
    if goods != "drums":
        items = [i for i in items if i.seen]
    band = None
    if wrap:
        full = max(i.foot[2] + i.size[2] for i in items if i.layer < layers - (fill < 1.0) or layers == 1)
        band = (base - 0.06, full)
    return Load(pallet, goods, drum if goods == "drums" else layout, tuple(items), band)


@mesh_generator("factory.pallet_load", version=2)
def pallet_load(
    pallet: str = "eur",
    goods: str = "cartons",
    footprint: Sequence[float] = (0.4, 0.3),
    height: float = 0.25,
    layers: int = 4,
    layout: str = "brick",
    fill: float = 1.0,
    drum: str = "steel",
    wrap: bool = False,
    wear: float = 0.4,
    seed: int = 0,
) -> Mesh:
    """A loaded pallet as one mesh. face_random: per board and per carton.

    footprint, height: of a carton, metres. fill: how much of the top layer is there, 0..1. layout: one of `LAYOUTS`.
    Slots: wood, mark, stain, plastic (the pallet), board, tape, label, ink (cartons), sack, paint, metal, dark (drums),
    wrap. Raises InputError for what does not fit.
    """
    load = planned(pallet, goods, footprint, height, layers, layout, fill, drum, wrap, seed)
    rng = np.random.default_rng([seed, 43])
    b = MeshBuilder(
        "wood", "mark", "stain", "plastic", "board", "tape", "label", "ink", "sack", "paint", "metal", "dark", "wrap"
    )
    add_pallet(b, pallet, wear, rng)
    _add_goods(b, load, wear, seed, rng)
    if load.wrap:
        _film(b, load, rng)
    return b.mesh()


@mesh_generator("factory.wrapped_goods", version=2)
def wrapped_goods(
    pallet: str = "eur",
    goods: str = "cartons",
    footprint: Sequence[float] = (0.4, 0.3),
    height: float = 0.25,
    layers: int = 4,
    layout: str = "brick",
    fill: float = 1.0,
    drum: str = "steel",
    wear: float = 0.4,
    seed: int = 0,
) -> Mesh:
    """What stands on such a pallet, with film around it from the pallet's top up. Parameters as of `pallet_load`.

    Slots: board, tape, label, ink, sack, paint, metal, dark, wrap.
    """
    load = planned(pallet, goods, footprint, height, layers, layout, fill, drum, True, seed)
    rng = np.random.default_rng([seed, 59])
    b = MeshBuilder("board", "tape", "label", "ink", "sack", "paint", "metal", "dark", "wrap")
    with b.at((0.0, 0.0, -PALLETS[pallet][2])):
        _add_goods(b, load, wear, seed, rng)
        assert load.wrap is not None
        band = (PALLETS[pallet][2] + 0.0005, load.wrap[1])
        _film(b, replace(load, wrap=band), rng)
    return b.mesh()


def _add_goods(b: MeshBuilder, load: Load, wear: float, seed: int, rng: np.random.Generator) -> None:
    """All that stands on the pallet."""
    goods = load.goods
    shown = drawn_print(np.random.default_rng([seed, 23]))
    name = drawn("names", rng)
    for item in load.items:
        c, s = np.cos(item.yaw), np.sin(item.yaw)
        with b.at(item.foot, (c, s, 0.0), (-s, c, 0.0)):
            if goods == "cartons":
                own = 0.3 + 0.4 * float(rng.random())
                cells = (4, 4, 3) if len(item.seen) > 1 else (3, 3, 2)
                add_carton(
                    b, item.size, shown, rng, wear=wear * 0.6, cells=cells, faces=item.seen, random=own, fine=False
                )
            elif goods == "sacks":
                add_sack(b, item.size, name, rng, faces=item.seen)
            else:
                add_drum(b, load.style, rng, dents=int(rng.random() < wear * 0.6), label=rng.random() < 0.8, sides=28)


def load_parts(
    pallet: str = "eur",
    goods: str = "cartons",
    footprint: Sequence[float] = (0.4, 0.3),
    height: float = 0.25,
    layers: int = 4,
    layout: str = "brick",
    fill: float = 1.0,
    drum: str = "steel",
    wrap: bool = False,
    wear: float = 0.4,
    seed: int = 0,
    kinds: int = 6,
) -> list[Part]:
    """The same load in parts, as plain data: the pallet first, then all goods that can be seen, then the wrap.

    kinds: how many different cartons (sacks, drums) there are among them; the others share their meshes.
    """
    load = planned(pallet, goods, footprint, height, layers, layout, fill, drum, wrap, seed)
    rng = np.random.default_rng([seed, 47])
    still = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]
    found: list[Part] = [("factory.pallet", {"style": pallet, "wear": wear, "seed": seed}, still)]
    for item in load.items:
        kind = int(rng.integers(0, kinds))
        part: dict[str, Any]
        if goods == "cartons":
            flat = [round(item.size[0], 4), round(item.size[1], 4)]
            part = {
                "footprint": flat,
                "height": height,
                "wear": round(wear * 0.6, 3),
                "product": seed,
                "loaded": True,
                "seed": kind,
            }
            name = "factory.carton"
        elif goods == "sacks":
            name, part = "factory.sack", {"product": seed, "seed": kind}
        else:
            name, part = "factory.drum", {"style": load.style, "dents": kind % 2, "seed": kind}
        c, s = float(np.cos(item.yaw)), float(np.sin(item.yaw))
        x, y, z = item.foot
        found.append((name, part, [[c, -s, 0.0, x], [s, c, 0.0, y], [0.0, 0.0, 1.0, z]]))
    if load.wrap:
        low, high = load.wrap
        reach = _reach(load)
        params = {"pallet": [PALLETS[pallet][0], PALLETS[pallet][1]], "load": reach.round(4).ravel().tolist()}
        found.append(("factory.stretch_wrap", {**params, "low": low, "high": round(high, 4), "seed": seed}, still))
    return found


# --- sacks


@mesh_generator("factory.sack")
def sack(product: int = 0, seed: int = 0) -> Mesh:
    """A lying sack of 25 kg. product: seed of the name on it. Slots: sack, ink."""
    b = MeshBuilder("sack", "ink")
    add_sack(b, SACK, drawn("names", np.random.default_rng([product, 23])), np.random.default_rng([seed, 13]))
    return b.mesh()


def add_sack(
    b: MeshBuilder,
    size: tuple[float, float, float],
    name: str,
    rng: np.random.Generator,
    *,
    faces: tuple[str, ...] = ("+z",),
) -> None:
    """A full sack, flatter towards its sewn ends, with folds where it has settled."""
    own = float(rng.random())
    phase, waves = rng.uniform(0.0, 6.3, 3), rng.uniform(9.0, 16.0, 3)
    fall = rng.uniform(0.25, 0.45)

    def settle(p: Array) -> Array:
        s = p / (np.array(size) / 2) - (0.0, 0.0, 1.0)
        out = p.copy()
        end = np.clip((np.abs(s[:, 0]) - 0.55) / 0.45, 0.0, 1.0) ** 2
        out[:, 2] = p[:, 2] * (1 - fall * end)
        fold = np.sin(waves[0] * p[:, 0] + phase[0]) * np.sin(waves[1] * p[:, 1] + phase[1])
        out[:, 2] += 0.006 * (s[:, 2] + 1) / 2 * fold
        out[:, 1] += 0.008 * s[:, 1] * np.sin(waves[2] * p[:, 0] + phase[2]) * (1 - s[:, 2] ** 2)
        return out

    bend: Bend = one_after_another(bulging(size, 0.012, 0.01), settle)
    skin = add_rounded_box(b, size, 0.45 * size[2], "sack", cells=(9, 6, 2), bend=bend, random=own)
    for side in (-1.0, 1.0):
        x = side * (size[0] / 2 + 0.004)
        y, z = 0.36 * size[1], 0.4 * size[2]
        b.boxes(min(x, x - side * 0.03), max(x, x - side * 0.03), -y, y, z, z + 0.006, "sack", random=own)
    if "+z" in faces:
        pieces: list[Piece] = [words(name, 0.06, font="black", width=size[1] * 0.6).moved(0.0, 0.05)]
        pieces.append(words("25 KG", 0.035).moved(0.0, -0.06))
        pieces.append(sheets("ink", [(-0.1, 0.1, 0.11, 0.12), (-0.1, 0.1, -0.13, -0.12)], cells=(6, 1)))
        add_pieces(b, [Piece(p.slot, p.points, p.faces, 3) for p in pieces], lambda p, lift: skin.on("+z", p, lift))


# --- film


@mesh_generator("factory.stretch_wrap")
def stretch_wrap(
    pallet: Sequence[float] = (1.2, 0.8),
    load: Sequence[float] = (-0.6, -0.4, 0.6, 0.4),
    low: float = 0.08,
    high: float = 1.2,
    seed: int = 0,
) -> Mesh:
    """Film around a load between two heights, open below and above; a single sheet.

    pallet: length and width. load: what the goods reach (x0, y0, x1, y1), metres. Slots: wrap.
    """
    b = MeshBuilder("wrap")
    reach = np.array(load, dtype=np.float64).reshape(2, 2)
    _sheet(b, np.array(pallet, dtype=np.float64) / 2, reach, low, high, np.random.default_rng([seed, 53]))
    return b.mesh()


def _reach(load: Load) -> Array:
    """(2, 2) the lowest and the highest x, y of the goods below the film's top."""
    top = load.wrap[1] if load.wrap else np.inf
    points = []
    for item in load.items:
        if item.foot[2] < top - 0.02:
            c, s = abs(np.cos(item.yaw)), abs(np.sin(item.yaw))
            x, y = item.size[0] / 2 + 0.006, item.size[1] / 2 + 0.006
            half = np.array([x, x] if load.goods == "drums" else [x * c + y * s, x * s + y * c])
            points += [np.array(item.foot[:2]) - half, np.array(item.foot[:2]) + half]
    return np.stack([np.min(points, axis=0), np.max(points, axis=0)])


def _film(b: MeshBuilder, load: Load, rng: np.random.Generator) -> None:
    if load.wrap:
        half = np.array(PALLETS[load.pallet][:2]) / 2
        _sheet(b, half, _reach(load), load.wrap[0], load.wrap[1], rng)


def _sheet(b: MeshBuilder, pallet: Array, reach: Array, low: float, high: float, rng: np.random.Generator) -> None:
    """Rings of film from the pallet's edge up: creased, pulled in above the foot, folded over the top edge."""
    n = 12
    turn = np.linspace(0.0, np.pi / 2, 4)
    ring = []
    for k, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        a = turn + k * np.pi / 2
        ring.append(np.column_stack([np.full(4, sx), np.full(4, sy), np.cos(a), np.sin(a)]))
        after = ((-1, 1), (-1, -1), (1, -1), (1, 1))[k]
        t = np.linspace(0.0, 1.0, n + 2)[1:-1, None]
        edge = np.array([[sx, sy]]) * (1 - t) + np.array([after]) * t
        out = np.array([np.cos((k + 1) * np.pi / 2), np.sin((k + 1) * np.pi / 2)])
        ring.append(np.concatenate([edge, np.broadcast_to(out, (n, 2))], axis=1))
    table = np.concatenate(ring)
    radius = 0.022
    middle, half = reach.mean(axis=0), (reach[1] - reach[0]) / 2 + 0.004
    heights = np.concatenate([np.linspace(low, low + 0.1, 3), np.linspace(low + 0.13, high - 0.01, 16), [high + 0.004]])
    phase = rng.uniform(0.0, 6.3, 4)
    girth = np.arange(len(table)) / len(table) * 2 * np.pi
    rows = []
    for z in heights:
        up = float(np.clip((z - low - 0.07) / 0.06, 0.0, 1.0))
        size, center = (1 - up) * (np.maximum(pallet, half) + 0.004) + up * half, up * middle
        # Creases run aslant, as the film was wound; none on the corners, where it is taut.
        crease = np.sin(23 * girth + 31 * z + phase[0]) * np.sin(7 * girth - 17 * z + phase[1])
        taut = 1 - np.minimum(1.0, np.abs(table[:, :2]).min(axis=1)) ** 4
        lift = 0.004 + 0.004 * crease * taut
        at = center + table[:, :2] * (size - radius) + table[:, 2:] * (radius + lift)[:, None]
        rows.append(np.column_stack([at, np.full(len(at), z)]))
    # Over the top edge, and some way inwards.
    edge = rows[-1]
    over = np.clip(rng.uniform(0.05, 0.16) + 0.02 * np.sin(5 * girth + phase[2]), 0.03, 0.2)
    for share in (0.35, 1.0):
        folded = center + (edge[:, :2] - center) * (1 - over[:, None] * share / np.max(half))
        rows.append(np.column_stack([folded, np.full(len(edge), high + 0.008 + 0.004 * share)]))
    grid = np.stack(rows)
    m = grid.shape[1]
    i, j = np.meshgrid(np.arange(len(grid) - 1), np.arange(m), indexing="ij")
    a, c = (i * m + j).ravel(), (i * m + (j + 1) % m).ravel()
    faces = np.concatenate([np.stack([a, c, c + m], 1), np.stack([a, c + m, a + m], 1)])
    p = grid.reshape(-1, 3)
    around = np.linalg.norm(np.roll(grid[3], -1, axis=0) - grid[3], axis=1).cumsum()
    uvs = np.stack([np.tile(around, len(grid)), p[:, 2]], axis=1)
    b.triangles(p, faces, "wrap", normals=welded_normals(p, faces, np.arange(len(p))), uvs=uvs)
