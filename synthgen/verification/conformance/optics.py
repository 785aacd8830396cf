"""Conformance scenes of what light and lens do to a picture, and not to its labels."""

from __future__ import annotations

from synthgen.assets.store import Store
from synthgen.scene.builder import Surface
from synthgen.scene.pose import pose
from synthgen.verification.conformance.setting import (
    RED_LIGHT,
    Conformance,
    Expectation,
    Seen,
    Setting,
    camera,
    plain,
)

MIRROR = Surface("chrome", {"color": [0.95, 0.95, 0.95], "roughness": 0.0})
SMOOTH = {"samples": 8}


def only_in_mirror(store: Store) -> Conformance:
    """A glowing ball behind the camera, which a mirror before it shows."""
    scene = Setting(store, daylight=0.2)
    mirror, ball = scene.thing("bus"), scene.thing()
    scene.put("box", mirror, pose(0.0, 2.0, 1.6, scale=(5.0, 0.1, 3.0)), MIRROR)
    scene.put("ball", ball, pose(0.6, -9.0, 2.2, scale=1.1), RED_LIGHT)
    expected = [
        Expectation("the ball has no pixel", lambda seen: seen.pixels(ball) == 0),
        Expectation(
            "the picture shows it in the mirror",
            lambda seen: int((seen.reddish() & (seen.numbers == mirror)).sum()) > 50,
        ),
    ]
    return scene.done("what only a mirror shows has no label; the mirror has its own", [camera()], expected)


def emissive(store: Store) -> Conformance:
    """Lamps of very different strength, and what they shine on."""
    scene = Setting(store, daylight=0.1)
    for k in range(5):
        glow = Surface("principled", {"emission_color": [1.0, 0.9, 0.7], "emission_strength": 0.5 * 20.0**k})
        scene.put("ball", scene.thing(), pose(-2.6 + 1.3 * k, 1.0, 1.0, scale=0.35), glow)
        scene.put("box", scene.thing(), pose(-2.6 + 1.3 * k, 2.2, 1.0, scale=(0.9, 0.2, 2.0)), plain(0.3, 0.3, 0.3))
    return scene.done("a lamp's label is its surface, however bright", [camera()])


def haze(store: Store) -> Conformance:
    """A row of red boxes that fades into fog."""
    scene = Setting(store)
    boxes = [scene.thing() for _ in range(9)]
    for k, number in enumerate(boxes):
        where = pose(-2.0 + 0.55 * k**1.5, 3.0 * k, 1.0, scale=(0.8, 0.8, 2.0))
        scene.put("box", number, where, plain(0.5, 0.1, 0.1))
    scene.put("box", scene.thing("bus"), pose(0.0, 160.0, 10.0, scale=(30.0, 4.0, 20.0)), plain(0.1, 0.1, 0.4))

    def redness(seen: Seen, number: int) -> float:
        red, _, blue = seen.picture[seen.numbers == number].mean(axis=0)
        return float(red / blue)

    expected = Expectation(
        "the last box is paler than the first", lambda s: redness(s, boxes[-1]) < redness(s, boxes[0])
    )
    return scene.done("fog fades pictures, not labels", [camera()], [expected], haze=60.0)


def depth_of_field(store: Store) -> Conformance:
    """Glowing balls before and behind the distance at which the lens is sharp, and one at it."""
    scene = Setting(store, floor=False)
    near, sharp, far = (scene.thing() for _ in range(3))
    for number, x, y, scale in ((near, -1.6, -2.0, 0.35), (sharp, 0.0, 2.0, 0.8), (far, 4.4, 9.0, 1.0)):
        scene.put("ball", number, pose(x, y, 1.5, scale=scale), RED_LIGHT)
    eye = camera(lens_radius=0.3, focus_distance=7.9)

    def spreads(seen: Seen, number: int, z: float) -> bool:
        """As far as the circle of confusion, r f |1/z - 1/focus|, says; its edge is faint."""
        wide = eye.lens_radius * eye.intrinsics[0] * abs(1 / z - 1 / eye.focus_distance)
        return all(0.5 * wide <= side <= wide + 1.0 for side in seen.spread(number))

    expected = [
        Expectation("the ball before the focus is blurred as a lens does", lambda seen: spreads(seen, near, 4.0)),
        Expectation("the ball behind the focus is, too", lambda seen: spreads(seen, far, 15.0)),
        Expectation(
            "both more than the one in focus", lambda s: max(s.spread(sharp)) < min(s.spread(near) + s.spread(far))
        ),
    ]
    return scene.done("labels are what the lens's centre sees", [eye], expected, render=SMOOTH)


def motion_blur(store: Store) -> Conformance:
    """A glowing ball and a box that cross the picture while the shutter is open."""
    scene = Setting(store)
    ball, box, wall = scene.thing(), scene.thing(), scene.thing("bus")
    scene.put("box", wall, pose(0.0, 6.0, 1.5, scale=(4.0, 0.3, 3.0)))
    scene.put("ball", ball, pose(-0.8, 1.0, 2.4, scale=0.3), RED_LIGHT, velocity=(40.0, 0.0, 0.0))
    scene.put("box", box, pose(1.0, 0.0, 0.7, yaw=30, scale=(-0.7, 0.5, 0.6)), velocity=(-30.0, 20.0, 6.0))
    eye = camera(shutter=0.05)
    path = 40.0 * eye.shutter / 2 * eye.intrinsics[0] / 7.0
    expected = Expectation(
        f"the ball's light goes on for {path:.0f} pixels to both sides of its label",
        lambda seen: all(path - 5 <= side <= path + 1 for side in seen.spread(ball)),
    )
    proves = "labels are those of the middle of the shutter"
    return scene.done(proves, [eye], [expected], render=SMOOTH)


def moving_camera(store: Store) -> Conformance:
    """A camera that drives; in its second view it stands still, in its third it is as in its first."""
    scene = Setting(store, daylight=0.3)
    for k in range(6):
        scene.put("box", scene.thing(), pose(-3.0 + 1.2 * k, 1.0 + k % 3, 0.8, yaw=20.0 * k, scale=(0.6, 0.6, 1.6)))
    along = scene.thing()
    scene.put("ball", along, pose(0.0, -2.0, 1.0, scale=0.3), RED_LIGHT, velocity=(20.0, 0.0, 0.0))
    moving = camera(shutter=0.04, velocity=(20.0, 8.0, 0.0))
    still = camera(x=0.5)
    proves = "a camera's place is that of the middle of the shutter, in every view"
    return scene.done(proves, [moving, still, moving], render={"samples": 2})


def blurred_behind_glass(store: Store) -> Conformance:
    """See-through glass, lens and motion together, and a gap seen through all of them."""
    scene = Setting(store)
    shelf, gap, ball, pane = scene.thing("bench"), scene.thing("hydrant"), scene.thing(), scene.thing("bin")
    scene.put("box", shelf, pose(0.0, 2.0, 1.5, scale=(4.0, 0.2, 3.0)), plain(0.4, 0.4, 0.4))
    scene.gap(gap, pose(-0.8, 1.2, 1.5, yaw=10, scale=(1.0, 1.0, 1.2)), [shelf])
    scene.put("ball", ball, pose(0.9, 0.5, 1.4, scale=0.5), plain(0.6, 0.1, 0.1), velocity=(0.0, 0.0, 25.0))
    clear = Surface("principled", {"color": [0.9, 0.9, 0.9], "roughness": 0.1}, transparency="see_through")
    scene.put("card", pane, pose(0.3, -1.0, 0.4, scale=(2.6, 1.0, 2.0)), clear, invisible=True)
    expected = Expectation(
        "the gap has pixels, the pane none", lambda seen: seen.pixels(gap) > 200 and not seen.pixels(pane)
    )
    eye = camera(lens_radius=0.05, focus_distance=4.0, shutter=0.04, velocity=(10.0, 0.0, 0.0))
    return scene.done("glass, gap, lens and motion do not disturb each other", [eye], [expected])
