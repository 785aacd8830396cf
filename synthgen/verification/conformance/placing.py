"""Conformance scenes of where things are: touching, at the picture's and the near plane's edge, tiny, many, missing."""

from __future__ import annotations

import math

from synthgen.assets.store import Store
from synthgen.scene.pose import pose
from synthgen.scene.spec import rounded
from synthgen.verification.conformance.setting import Conformance, Expectation, Setting, camera, plain
from synthgen.verification.conformance.surfaces import PANE

COPIES = 500


def touching(store: Store) -> Conformance:
    """Boxes side by side that share faces, stand on the floor and on each other, and a ball that touches two."""
    scene = Setting(store)
    for k in range(6):
        scene.put("box", scene.thing(), pose(-2.5 + k, 2.0, 0.5), plain(0.1 + 0.08 * k, 0.3, 0.2))
        if k % 2:
            scene.put("box", scene.thing(), pose(-2.5 + k, 2.0, 1.5), plain(0.3, 0.1 + 0.08 * k, 0.2))
    scene.put("ball", scene.thing(), pose(-1.0, 1.0, 0.5, scale=0.5), plain(0.6, 0.05, 0.05))
    return scene.done("things that share a face, or touch in a point, part where they meet", [camera()])


def coincident(store: Store) -> Conformance:
    """The same surface twice under one number, and cards of one number that overlap in one plane."""
    scene = Setting(store)
    twice, overlapping = scene.thing(), scene.thing()
    for _ in range(2):
        scene.put("box", twice, pose(-1.5, 2.0, 1.0, yaw=30, scale=(1.2, 1.2, 2.0)))
    for x, z in ((0.8, 0.3), (1.5, 0.8)):
        scene.put("card", overlapping, pose(x, 1.0, z, scale=(1.4, 1.0, 1.4)), plain(0.5, 0.1, 0.1))
    return scene.done("coinciding surfaces of one number are that number; of two they are refused", [camera()])


def decal(store: Store) -> Conformance:
    """Patches a millimetre off walls at 6 to 60 m and off the floor, labelled as parts of what they are on."""
    scene = Setting(store)
    for k, y in enumerate((0.0, 12.0, 54.0)):
        wide = 0.22 * (y + 6.0)
        x = (-1.0 + k) * wide * 1.6
        wall, patch = scene.thing("truck"), scene.thing("traffic sign", part_of=2 + 2 * k)
        scene.put("box", wall, pose(x, y + 0.5, 0.4 * wide, scale=(wide, 1.0, 0.8 * wide)), plain(0.2, 0.2, 0.5))
        scene.put(
            "card", patch, pose(x, y - 0.001, 0.2 * wide, scale=(0.5 * wide, 1.0, 0.4 * wide)), plain(0.5, 0.5, 0.1)
        )
    marking = scene.thing("traffic sign", part_of=1)
    scene.put("box", marking, pose(0.0, -1.0, 0.0005, scale=(0.5, 2.5, 0.001)), plain(0.8, 0.8, 0.8))
    expected = Expectation("every patch has pixels", lambda seen: min(seen.pixels(n) for n in (3, 5, 7, marking)) > 30)
    return scene.done("a thin patch has its own label, near and far", [camera()], [expected])


def clipping(store: Store) -> Conformance:
    """Shapes through which the near plane cuts, which show their inside, and things around the far plane."""
    scene = Setting(store)
    scene.put("box", scene.thing(), pose(-1.3, -4.9, 1.2, yaw=25, scale=(1.2, 2.0, 0.9)), plain(0.5, 0.1, 0.1))
    scene.put("ball", scene.thing(), pose(0.9, -5.0, 1.5, scale=0.7), plain(0.1, 0.5, 0.1))
    scene.put("box", scene.thing(), pose(0.2, 2.0, 1.0, scale=2.0), plain(0.1, 0.1, 0.5))
    across, beyond = scene.thing(), scene.thing()
    scene.put("card", across, pose(-9.0, 34.0, 0.5, yaw=40, scale=(16.0, 1.0, 9.0)), plain(0.5, 0.5, 0.1))
    scene.put("box", beyond, pose(9.0, 44.0, 4.0, scale=8.0), plain(0.1, 0.5, 0.5))
    expected = [
        Expectation("what either plane cuts has pixels", lambda s: min(s.pixels(n) for n in (2, 3, across)) > 100),
        Expectation("what is beyond the far plane has none", lambda seen: seen.pixels(beyond) == 0),
    ]
    eye = camera(clip_near=0.6, clip_far=40.0)
    return scene.done("nothing before the near plane or beyond the far one has a label", [eye], expected)


def frame_edge(store: Store) -> Conformance:
    """Things cut by each edge and corner of the picture, and others just outside and behind the camera."""
    scene = Setting(store, floor=False)
    half_wide = 6.0 * math.tan(math.radians(30))
    half_high = half_wide * 96 / 160
    for k in range(8):
        angle = math.radians(45 * k)
        x, z = half_wide * round(1.2 * math.cos(angle)), half_high * round(1.2 * math.sin(angle))
        shape = "ball" if k % 2 else "box"
        scene.put(shape, scene.thing(), pose(x, 0.0, 1.5 + z, yaw=20, scale=0.6), plain(0.1 + 0.05 * k, 0.3, 0.2))
    outside = [scene.thing() for _ in range(3)]
    scene.put("ball", outside[0], pose(half_wide + 0.75, 0.0, 1.5, scale=0.6))
    scene.put("box", outside[1], pose(0.0, -8.0, 1.5))
    scene.put("ball", outside[2], pose(0.0, -6.5, 3.0, scale=0.4))
    expected = Expectation("what is outside has no pixel", lambda seen: all(seen.pixels(n) == 0 for n in outside))
    return scene.done("a label ends with the picture; what is beside or behind has none", [camera()], [expected])


def one_pixel(store: Store) -> Conformance:
    """Boxes of 0.8 pixels on pixel centres, which have one pixel each, and between centres, which have none."""
    scene = Setting(store, floor=False)
    view = camera()
    focal, _, cx, cy = view.intrinsics
    far = 10.0
    on: list[tuple[int, int, int]] = []
    off: list[tuple[int, int, int]] = []
    for k in range(60):
        number = scene.thing("person")
        u, v = 8 + 14 * (k % 11), 8 + 15 * (k // 11)
        between = 0.5 if k % 5 == 4 else 0.0
        (off if between else on).append((number, v, u))
        x, z = (u + between - cx) / focal * far, 1.5 - (v + between - cy) / focal * far
        side = 0.8 / focal * far
        scene.put("box", number, pose(x, far - 6.0, z, scale=(side, 1e-3, side)), plain(0.6, 0.2, 0.1))
    expected = [
        Expectation(
            "each on a centre has that pixel and no other",
            lambda seen: all(seen.numbers[v, u] == n and seen.pixels(n) == 1 for n, v, u in on),
        ),
        Expectation("none between centres has one", lambda seen: all(seen.pixels(n) == 0 for n, _, _ in off)),
    ]
    return scene.done("a thing that covers one pixel's centre has exactly that pixel", [view], expected)


def mirrored(store: Store) -> Conformance:
    """One lopsided thing (an arm on a post), as it is, mirrored, stretched, and both."""
    scene = Setting(store)
    for k, scale in enumerate(((1.0, 1.0, 1.0), (-1.0, 1.0, 1.0), (1.6, 0.5, 0.7), (-0.6, 1.5, 1.3), (1.0, -1.0, 1.4))):
        number = scene.thing()
        root = pose(-3.6 + 1.8 * k, 3.0 + k % 2, 0.0, yaw=25.0 * k, scale=scale)
        for at, size in (((0.0, 0.0, 0.9), (0.3, 0.3, 1.8)), ((0.4, 0.1, 1.6), (0.9, 0.25, 0.3))):
            scene.put("box", number, _within(root, at, size), plain(0.1 + 0.1 * k, 0.3, 0.3))
        scene.put("ball", number, _within(root, (0.8, 0.1, 1.2), (0.25, 0.2, 0.3)), plain(0.1 + 0.1 * k, 0.3, 0.3))
    return scene.done("mirrored and unevenly scaled instances stand as the scene says", [camera()])


def copies(store: Store) -> Conformance:
    """Five hundred copies of one mesh, each with its own number."""
    scene = Setting(store)
    for k in range(COPIES):
        x, y = -6.0 + 0.5 * (k % 25), 0.0 + 0.9 * (k // 25)
        stretch = (0.3, 0.4, 0.4 + 0.04 * (k % 7))
        scene.put("box", scene.thing("person"), pose(x, y, 0.3, yaw=17.0 * k, scale=stretch))
    expected = Expectation(
        "more than 300 of them are in view", lambda seen: sum(seen.pixels(n) > 0 for n in range(2, COPIES + 2)) > 300
    )
    return scene.done("copies that share one mesh keep their own numbers", [camera(z=3.0)], [expected])


def gap_volume(store: Store) -> Conformance:
    """A shelf with goods, two empty facings, one of them behind a see-through door, and goods deep inside a third."""
    scene = Setting(store)
    shelf = scene.thing("bench")
    steel = plain(0.5, 0.5, 0.5)
    for z in (0.2, 1.3, 2.4):
        scene.put("box", shelf, pose(0.0, 0.5, z, scale=(4.0, 1.0, 0.06)), steel)
    scene.put("box", shelf, pose(0.0, 1.0, 1.3, scale=(4.0, 0.04, 2.4)), steel)
    gaps = []
    for k in range(8):
        x, z = -1.5 + k % 4, 0.68 if k < 4 else 1.78
        if k in (1, 6, 7):
            gaps.append(scene.thing("hydrant"))
            scene.gap(gaps[-1], pose(x, 0.45, z, scale=(0.9, 0.9, 0.85)), [shelf])
        if k not in (1, 6):
            deep = 0.8 if k == 7 else 0.3
            scene.put(
                "box",
                scene.thing("bin"),
                pose(x, deep, z - 0.1, scale=(0.6, 0.3, 0.7)),
                plain(0.5, 0.1 + 0.05 * k, 0.1),
            )
    door = scene.thing("bus")
    scene.put("box", door, pose(1.0, -0.1, 1.8, scale=(1.9, 0.02, 1.0)), PANE, invisible=True)
    expected = [
        Expectation("every gap has pixels", lambda seen: min(seen.pixels(n) for n in gaps) > 50),
        Expectation("the door has none", lambda seen: seen.pixels(door) == 0),
    ]
    views = [camera(), camera(x=2.4, y=-4.0, z=2.2, hfov=70)]
    return scene.done("a gap has the pixels that see the fixture through it", views, expected)


def _within(
    root: tuple[float, ...], at: tuple[float, float, float], size: tuple[float, float, float]
) -> tuple[float, ...]:
    """A unit shape of this size at a place in the frame of `root`."""
    rows = [root[4 * k : 4 * k + 4] for k in range(3)]
    made = []
    for row in rows:
        made += [row[axis] * size[axis] for axis in range(3)]
        made.append(sum(row[axis] * at[axis] for axis in range(3)) + row[3])
    placed: tuple[float, ...] = rounded(tuple(made))
    return placed
