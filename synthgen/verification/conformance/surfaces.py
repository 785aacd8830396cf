"""Conformance scenes of what surfaces are made of: cut-outs, glass, wires, stacks of transparent things."""

from __future__ import annotations

import math

import numpy as np

from synthgen.assets.store import Store
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.verification.conformance.setting import Conformance, Expectation, Setting, camera, cut_out, plain, texels

STACK = 50
PANE = Surface("principled", {"color": [0.9, 0.95, 0.9], "roughness": 0.05}, transparency="see_through")


def silhouettes(store: Store) -> Conformance:
    """Opaque balls, boxes and cards."""
    scene = Setting(store)
    scene.put("ball", scene.thing(), pose(-2.2, 2.0, 1.0), plain(0.5, 0.1, 0.1))
    scene.put("ball", scene.thing(), pose(0.4, 5.0, 1.6, scale=1.6), plain(0.1, 0.4, 0.1))
    scene.put("box", scene.thing(), pose(2.4, 3.0, 1.0, yaw=33, scale=(1.5, 1.2, 2.0)), plain(0.1, 0.1, 0.5))
    scene.put("box", scene.thing(), pose(-0.4, 0.5, 0.4, yaw=-20, scale=0.8), plain(0.5, 0.4, 0.1))
    scene.put("card", scene.thing(), pose(1.2, -0.5, 0.3, yaw=15, scale=(0.9, 1.0, 1.1)), plain(0.4, 0.1, 0.4))
    return scene.done("outlines are those of geometry's formulas", [camera(), camera(x=1.3, y=-5.0, z=2.1)])


def leaf_card(store: Store) -> Conformance:
    """A card on which only a leaf is not cut out, before a ball."""
    y, x = np.mgrid[0:48, 0:48]
    leaf = ((x - 23.5) / 10.0) ** 2 + ((y - 20.5) / 18.0) ** 2 < 1.0
    leaf |= (np.abs(x - 23.5) < 2) & (y > 30)
    scene = Setting(store)
    ball, plant = scene.thing(), scene.thing("person")
    scene.put("ball", ball, pose(0.3, 3.0, 1.4, scale=1.3), plain(0.5, 0.1, 0.1))
    surface = cut_out(scene, leaf, "leaf")
    for x0, yaw in ((-0.7, 20.0), (0.9, -50.0)):
        scene.put("card", plant, pose(x0, 0.0, 0.2, yaw=yaw, scale=(1.8, 1.0, 2.4)), surface, solid=texels(leaf))
    expected = [
        Expectation("the card's clear corners show the ball behind it", lambda seen: seen.pixels(ball) > 100),
        Expectation(
            "the picture is green inside the leaf's label", lambda s: bool(s.greenish()[s.inside(plant)].mean() > 0.97)
        ),
        Expectation(
            "it is green nowhere inside the ball's and the floor's",
            lambda s: not s.greenish()[s.inside(ball) | s.inside(1)].any(),
        ),
    ]
    proves = "a cut-out ends, in label and picture, at the nearest texel of alpha 0.5"
    return scene.done(proves, [camera()], expected, render={"samples": 4})


def chain_link_fence(store: Store) -> Conformance:
    """Meshes of wire whose picture repeats, before things."""
    y, x = np.mgrid[0:32, 0:32]
    wire = ((x + y) % 32 < 4) | ((x - y) % 32 < 4)
    scene = Setting(store)
    for k in range(5):
        thing = scene.thing()
        scene.put("ball", thing, pose(-3.0 + 1.5 * k, 4.0 + k % 2, 1.2, scale=0.7), plain(0.5, 0.1 * k, 0.1))
    fence = scene.thing("bench")
    surface = cut_out(scene, wire, "chain link")
    where = pose(0.0, 0.0, 0.1, yaw=12, scale=(6.0, 1.0, 3.0))
    scene.put("card", fence, where, surface, solid=texels(wire, 6.0), repeat=6.0)
    expected = Expectation(
        "every thing behind is seen through the fence", lambda s: all(s.pixels(n) > 20 for n in range(2, 7))
    )
    return scene.done("a repeating cut-out is exact wire by wire", [camera()], [expected])


def solid_glass(store: Store) -> Conformance:
    """A block of clear glass, and a ball behind it that the picture shows through it."""
    scene = Setting(store)
    ball, glass = scene.thing(), scene.thing("bench")
    scene.put("ball", ball, pose(0.0, 3.0, 1.2), plain(0.6, 0.05, 0.05))
    clear = Surface("clear_glass", {}, transparency="solid")
    scene.put("box", glass, pose(0.2, 0.0, 1.2, yaw=10, scale=(1.6, 0.2, 2.0)), clear)
    expected = Expectation("the pane has pixels where the ball is behind it", lambda seen: seen.pixels(glass) > 800)
    return scene.done("glass that belongs to its object takes the label", [camera()], [expected])


def see_through_glass(store: Store) -> Conformance:
    """The same as a pane that labels look through."""
    scene = Setting(store)
    ball, pane = scene.thing(), scene.thing("bench")
    scene.put("ball", ball, pose(0.0, 3.0, 1.2), plain(0.6, 0.05, 0.05))
    scene.put("box", pane, pose(0.2, 0.0, 1.2, yaw=10, scale=(1.6, 0.2, 2.0)), PANE, invisible=True)
    expected = Expectation("the pane has no pixel of its own", lambda seen: seen.pixels(pane) == 0)
    return scene.done("what is behind see-through glass gets the label", [camera()], [expected])


def thin_wires(store: Store) -> Conformance:
    """Wires down to a tenth of a pixel: a label is what the centre's ray hits, so that they break into dots."""
    scene = Setting(store, floor=False)
    for k in range(16):
        number = scene.thing("person")
        thick = 0.004 * 1.25**k
        lean = pose(-3.0 + 0.4 * k, 2.0, 0.0, scale=(thick, thick, 8.0))
        c, s = math.cos(math.radians(7.0 + 2 * k)), math.sin(math.radians(7.0 + 2 * k))
        x, y, z = lean[0], lean[5], lean[10]
        scene.put("box", number, (c * x, 0, s * z, lean[3], 0, y, 0, lean[7], -s * x, 0, c * z, 1.5))
    expected = Expectation("a wire of a tenth of a pixel has some pixels", lambda seen: 0 < seen.pixels(2) < 60)
    return scene.done("wires thinner than a pixel are labelled where centres hit them", [camera()], [expected])


def cut_out_stack(store: Store) -> Conformance:
    """Cards whose holes line up, one behind the other, before a ball."""
    y, x = np.mgrid[0:24, 0:24]
    ring = (x - 11.5) ** 2 + (y - 11.5) ** 2 > 8.0**2
    scene = Setting(store)
    ball, cards = scene.thing(), scene.thing("person")
    scene.put("ball", ball, pose(0.0, 6.0, 1.5, scale=1.3), plain(0.6, 0.05, 0.05))
    surface = cut_out(scene, ring, "ring")
    for k in range(STACK):
        where = pose(0.004 * k, -1.5 + 0.05 * k, 0.3, scale=(2.4, 1.0, 2.4))
        scene.put("card", cards, where, surface, solid=texels(ring))
    expected = Expectation(f"the ball is seen through {STACK} holes", lambda seen: seen.pixels(ball) > 300)
    return scene.done(f"{STACK} transparent surfaces in a row are looked through", [camera()], [expected])


def see_through_stack(store: Store) -> Conformance:
    """As many panes of stretch wrap before a ball."""
    scene = Setting(store)
    ball, wrap = scene.thing(), scene.thing("person")
    scene.put("ball", ball, pose(0.0, 6.0, 1.5, scale=1.3), plain(0.6, 0.05, 0.05))
    for k in range(STACK):
        scene.put("card", wrap, pose(0.0, -1.5 + 0.05 * k, 0.3, scale=(2.4, 1.0, 2.4)), PANE, invisible=True)
    expected = Expectation("the wrap has no pixel", lambda seen: seen.pixels(wrap) == 0 and seen.pixels(ball) > 300)
    return scene.done(f"{STACK} see-through panes in a row have no label", [camera()], [expected])
