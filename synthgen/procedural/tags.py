"""Price tags, talkers and promotion signs as things. Pictures on them: `tag_pictures`, `sign_prints`."""

from __future__ import annotations

import numpy as np

from synthgen.assets.mesh import Mesh
from synthgen.errors import InputError
from synthgen.procedural.build import MeshBuilder
from synthgen.procedural.profiles import bent, extruded, faced, frame_x, rectangle, rods
from synthgen.procedural.registry import mesh_generator

TAG_STYLES = ("card", "pocket", "electronic", "talker", "flag")
SIGN_STYLES = ("hanging", "a_board", "stand", "header", "banner")
CARD = 0.0006


def _of(style: str, known: tuple[str, ...], what: str) -> None:
    if style not in known:
        raise InputError.of(f"no {what} is {style!r}", hint=", ".join(known))


@mesh_generator("retail.price_tag")
def price_tag(
    style: str = "card", width: float = 0.068, height: float = 0.036, bow: float = 0.0008, seed: int = 0
) -> Mesh:
    """A price tag that looks along +X, its lower edge on z = 0; the face has UVs 0..1.

    style: card (paper), pocket (a card in a plastic frame), electronic (a case with a screen), talker (a card hung from
    a clip over the shelf's lip) or flag (a card that stands out from the shelf and shows both sides along Y). bow: how
    far a card bends, metres. seed: clips and bend.

    Slots: face, card, holder, body. Raises InputError for another style.
    """
    _of(style, TAG_STYLES, "price tag")
    rng = np.random.default_rng([seed, 31])
    b = MeshBuilder("face", "card", "holder", "body")
    half = width / 2
    if style == "electronic":
        deep = float(rng.choice([0.009, 0.011, 0.013]))
        x, rim, foot = deep / 2, float(rng.uniform(0.002, 0.0045)), float(rng.uniform(0.003, 0.007))
        b.chamfered(-x, x - 0.0004, -half, half, 0.0, height, 0.0018, "body")
        faced(b, (x - 0.002, x), (-half + rim, half - rim), (foot, height - rim), "body", "face")
        if rng.random() < 0.6:
            faced(
                b, (x - 0.002, x + 0.0003), (half - rim - 0.004, half - rim), (foot * 0.3, foot * 0.6), "card", "card"
            )
    elif style == "flag":
        bar = float(rng.uniform(0.003, 0.006))
        with b.at((0.0, 0.0, 0.0), (0, -1, 0), (1, 0, 0)):
            faced(b, (-CARD, CARD), (-half, half), (0.0, height), "card", "face", back="face")
        with b.at((-half + bar - 0.0008, 0, 0)):
            b.chamfered(-bar, bar, -0.0025, 0.0025, 0.12 * height, 0.88 * height, 0.001, "holder")
    else:
        clip = style == "talker"
        with b.at((0.0, 0.0, 0.0006 if style == "pocket" else 0.0)):
            _bowed(b, half, height, bow * float(rng.uniform(0.2, 1.0)) * (2.0 if clip else 1.0))
        if style == "pocket":
            rim = float(rng.uniform(0.0015, 0.003))
            frame_x(b, (-half - 0.001, half + 0.001), (0.0, height + 0.0012), (-0.0016, 0.0016), rim, "holder")
        if clip:
            wide, up = float(rng.uniform(0.2, 0.9)) * half, float(rng.uniform(0.012, 0.022))
            hook = [(-0.0022, height - 0.012), (-0.001, height - 0.012), (-0.001, height + up), (-0.0022, height + up)]
            extruded(b, hook, -wide, wide, "holder")
    return b.mesh()


def _bowed(b: MeshBuilder, half: float, height: float, bow: float, strips: int = 8) -> None:
    """A closed card whose middle stands out by `bow`."""
    y = np.linspace(-half, half, strips + 1)
    x = bow * (1 - (y / half) ** 2) - bow / 2 + CARD / 2
    u = (y + half) / (2 * half)
    a, c = slice(None, -1), slice(1, None)

    def strip(p: list[tuple[int, slice, float]], slot: str) -> None:
        at = np.stack([np.stack([x[s] - k * CARD, y[s], np.full(strips, z)], axis=1) for k, s, z in p], axis=1)
        uv = np.stack([np.stack([u[s], np.full(strips, z / height)], axis=1) for _, s, z in p], axis=1)
        b.quads(at, slot, uvs=uv)

    strip([(0, a, 0.0), (0, c, 0.0), (0, c, height), (0, a, height)], "face")
    strip([(1, c, 0.0), (1, a, 0.0), (1, a, height), (1, c, height)], "card")
    strip([(0, a, height), (0, c, height), (1, c, height), (1, a, height)], "card")
    strip([(1, a, 0.0), (1, c, 0.0), (0, c, 0.0), (0, a, 0.0)], "card")
    for k, turn in ((0, 1), (-1, -1)):
        edge = [(x[k] - CARD, y[k], 0.0), (x[k], y[k], 0.0), (x[k], y[k], height), (x[k] - CARD, y[k], height)]
        b.quads([edge[::turn]], "card")


@mesh_generator("retail.promotion_sign")
def promotion_sign(
    style: str = "hanging", width: float = 0.5, height: float = 0.7, drop: float = 0.6, seed: int = 0
) -> Mesh:
    """A promotion sign that looks along +X. width, height: of its picture, whose UVs are 0..1 on each side.

    style: hanging (a board on cords, lowest edge at z = 0, cords up to drop above it), a_board (two leaning frames),
    stand (a frame on a post), header (a board that is put on top of something) or banner (a roll-up). Hanging ones,
    A-boards and stands show it on both sides. seed: frames, feet and fittings.

    Slots: face, board, frame, metal, base. Raises InputError for another style.
    """
    _of(style, SIGN_STYLES, "promotion sign")
    rng = np.random.default_rng([seed, 32])
    b = MeshBuilder("face", "board", "frame", "metal", "base")
    {"hanging": _hanging, "a_board": _a_board, "stand": _stand, "header": _header, "banner": _banner}[style](
        b, width, height, drop, rng
    )
    return b.mesh()


def _hanging(b: MeshBuilder, w: float, h: float, drop: float, rng: np.random.Generator) -> None:
    thick, half = float(rng.choice([0.003, 0.005, 0.01])), w / 2
    bar = 0.012 if rng.random() < 0.6 else 0.0
    faced(b, (-thick / 2, thick / 2), (-half, half), (bar, h + bar), "board", "face", back="face")
    if bar:
        for z in (0.0, h + 0.004):
            profile = rectangle(-thick / 2 - 0.003, thick / 2 + 0.003, z, z + 0.02, 0.0025)
            extruded(b, profile, -half - 0.004, half + 0.004, "metal")
    inset = float(rng.uniform(0.05, 0.35)) * w
    for y in (-half + inset, half - inset):
        rods(b, [(0, y, h + bar + 0.002)], [(0, y, h + bar + drop)], 0.0015, "metal")
        with b.at((0, y, h + bar)):
            b.lathe([(0, -0.002), (0.005, -0.002), (0.005, 0.012), (0.002, 0.02), (0, 0.02)], "frame", sides=8)


def _a_board(b: MeshBuilder, w: float, h: float, drop: float, rng: np.random.Generator) -> None:
    half, bar, thick = w / 2 + 0.02, float(rng.uniform(0.022, 0.04)), 0.014
    lean = float(rng.uniform(0.13, 0.24))
    c, s = np.cos(lean), np.sin(lean)
    feet, top = float(rng.uniform(0.05, 0.12)), h + 2 * bar
    reach = (feet + top) * s + thick * c + 0.003
    for sign in (1.0, -1.0):
        with b.at((sign * reach, 0.0, thick * s), (sign * c, 0, s), (0, sign, 0), (-sign * s, 0, c)):
            frame_x(b, (-half, half), (feet, feet + top), (-thick, 0.0), bar, "frame", radius=0.012)
            faced(
                b,
                (-thick * 0.8, -thick * 0.35),
                (-half + bar * 0.9, half - bar * 0.9),
                (feet + bar * 0.9, feet + top - bar * 0.9),
                "board",
                "face",
            )
            for y in (-half + bar / 2, half - bar / 2):
                b.chamfered(-thick + 0.0006, -0.001, y - bar * 0.45, y + bar * 0.45, 0.0, feet + 0.004, 0.003, "frame")
    for y in (-half * 0.6, half * 0.6):
        z = (feet + top) * c + thick * s
        rods(b, [(0, y - 0.03, z - 0.01)], [(0, y + 0.03, z - 0.01)], 0.009, "metal", sides=10)
        at = 0.4 * (feet + top)
        rods(b, [(-(reach - at * s) + 0.01, y, at * c)], [((reach - at * s) - 0.01, y, at * c)], 0.002, "metal")


def _stand(b: MeshBuilder, w: float, h: float, drop: float, rng: np.random.Generator) -> None:
    post, bar = float(rng.uniform(0.6, 1.1)), float(rng.uniform(0.014, 0.03))
    half, r = w / 2 + bar * 0.9, float(rng.uniform(0.011, 0.02))
    if rng.random() < 0.5:
        b.lathe([(0, 0), (0.17, 0), (0.17, 0.006), (0.16, 0.012), (0.03, 0.02), (0.0, 0.02)], "base", sides=36)
    else:
        b.chamfered(-0.16, 0.16, -0.2, 0.2, 0.0, 0.012, 0.004, "base")
    b.lathe([(0, 0.012), (r, 0.012), (r, post + 0.01), (0, post + 0.01)], "metal", sides=14)
    z0, z1 = post, post + h + 2 * bar * 0.9
    frame_x(b, (-half, half), (z0, z1), (-0.008, 0.008), bar, "frame", radius=0.008)
    faced(b, (-0.004, 0.004), (-w / 2, w / 2), (z0 + bar * 0.9, z1 - bar * 0.9), "board", "face", back="face")


def _header(b: MeshBuilder, w: float, h: float, drop: float, rng: np.random.Generator) -> None:
    half, thick = w / 2, float(rng.choice([0.003, 0.005]))
    plugs = float(rng.uniform(0.02, 0.06))
    faced(b, (-thick / 2, thick / 2), (-half, half), (plugs, plugs + h), "board", "face")
    for y in (-0.35 * w, 0.35 * w):
        b.chamfered(-thick, thick, y - 0.015, y + 0.015, 0.0, plugs + float(rng.uniform(0.02, 0.05)), 0.0015, "frame")


def _banner(b: MeshBuilder, w: float, h: float, drop: float, rng: np.random.Generator) -> None:
    half, r = w / 2, float(rng.uniform(0.035, 0.05))
    case = bent([(-r, 0.012), (r, 0.012), (r, 0.07), (-r, 0.07)], 0.022, closed=True)
    extruded(b, case, -half - 0.02, half + 0.02, "frame")
    for y in (-half * 0.7, half * 0.7):
        b.chamfered(-0.14, 0.14, y - 0.02, y + 0.02, 0.0, 0.0125, 0.003, "base")
    faced(b, (-0.0005, 0.0005), (-half, half), (0.068, 0.068 + h), "board", "face")
    extruded(b, rectangle(-0.008, 0.008, 0.066 + h, 0.09 + h, 0.004), -half - 0.003, half + 0.003, "metal")
    rods(b, [(-0.012, 0, 0.05)], [(-0.012, 0, 0.075 + h)], 0.006, "metal", sides=8)
    for y in (-half - 0.023, half + 0.023):
        b.chamfered(-r - 0.002, r + 0.002, y - 0.005, y + 0.005, 0.01, 0.073, 0.004, "base")
