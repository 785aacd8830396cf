"""Views: a camera for each, drawn again until it passes the recipe's checks, and the own bonnet before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from synthgen.errors import Diagnostic, PlanningError
from synthgen.layout import palette
from synthgen.layout.lamps import lamps
from synthgen.placement.looks import draw_paint
from synthgen.placement.site import Site
from synthgen.placement.vehicle_lamps import beam_of
from synthgen.planning.camera import Eye, draw_eye
from synthgen.planning.views import Checks, Solids, findings
from synthgen.recipe.params import Draw
from synthgen.scene.builder import Surface, make_light, plain
from synthgen.scene.pose import pose
from synthgen.scene.spec import Light, Object, View
from synthgen.taxonomy.categories import Taxonomy

if TYPE_CHECKING:
    from synthgen.recipe.load import Recipe

EGO_CATEGORY = "ego vehicle"
EGO_ROOM = "camera"
"""The name of the footprints that keep the cameras' places free."""
NOISE_SEEDS = 2**31
BONNET_LENGTH = 1.25
BONNET_DROP = 0.2
"""How much lower the bonnet's nose is than its upper edge, metres."""
BONNET_SEEDS = 8
BONNET_SHARE = (0.06, 0.13)
"""Share of the picture's height that the bonnet covers."""


class Shooting:
    """Makes the views of one finished scene."""

    def __init__(self, site: Site, recipe: Recipe, draw: Draw, taxonomy: Taxonomy):
        self.site, self.recipe, self.draw = site, recipe, draw
        self.checks = Checks(**recipe.checks.resolve(draw))
        self.solids = Solids(site.stage.solids)
        countable = {c.name for c in taxonomy.things}
        self.things = frozenset(i.number for i in site.stage.builder.instances if i.category in countable)
        self._ego: int | None = None

    def view(self, index: int, places: Sequence[Eye]) -> View:
        """The view `index`: from the places kept for it, then from others. Raises PlanningError when none will do.

        Traffic leaves little room elsewhere, so every other later attempt looks again from the first place.
        """
        failed: dict[str, list[str]] = {}
        for attempt in range(self.checks.attempts):
            eye = places[attempt] if attempt < len(places) else self._eye(index, attempt, places[0])
            wrong = self._findings(eye)
            if not wrong:
                return self._finish(index, eye, attempt)
            for check, reason in wrong.items():
                failed.setdefault(check, []).append(reason)
        raise PlanningError(
            [
                Diagnostic(
                    f"scene {self.draw.scene_index}, view {index}",
                    f"no camera passed the checks: {reasons[0]} (this failed {len(reasons)} of {self.checks.attempts})",
                    "change `checks`, the camera's distributions or the densities of `populate`",
                )
                for reasons in sorted(failed.values(), key=len, reverse=True)
            ]
        )

    def _eye(self, index: int, attempt: int, first: Eye) -> Eye:
        at = first if attempt % 2 else None
        return draw_eye(self.recipe.camera, self.draw, index, attempt, self.site.layout, self.recipe.size, at=at)

    def _findings(self, eye: Eye) -> dict[str, str]:
        wrong = {}
        if stands_against_signal(eye, self.site):
            wrong["signal"] = "the own car stands in the crossing at a red signal"
        taken = [] if eye.room is None else [n for n in self.site.footprints.overlapping(eye.room) if n != EGO_ROOM]
        if taken:
            wrong["room"] = f"the camera's place is taken by {taken[0]}"
        return wrong | findings(self.solids, eye.camera, self.recipe.size, self.checks, self.things)

    def _finish(self, index: int, eye: Eye, attempt: int) -> View:
        own = Draw(self.draw.seed, self.draw.scene_index, self.draw.env, f"@view{index}.{attempt}")
        seed = int(own.rng("sensor.noise_seed").integers(NOISE_SEEDS))
        sensor = plain({**self.recipe.sensor.resolve(own), "noise_seed": seed})
        facts = {"camera": eye.facts, "place": (eye.x, eye.y, eye.z), "heading": eye.heading}
        if eye.lane >= 0:
            facts["lane"] = eye.lane
        objects = (self._bonnet(eye),) if eye.bonnet else ()
        lights = (self._beam(eye),) if self.site.stage.lamps and eye.lane >= 0 else ()
        return View(eye.camera, sensor, redraws=attempt, objects=objects, attributes=plain(facts), lights=lights)

    def _beam(self, eye: Eye) -> Light:
        """The headlamps of the car that carries the camera, in this view only."""
        own, angle = lamps()["own"], math.radians(eye.heading)
        x, y = eye.x + own["ahead"] * math.cos(angle), eye.y + own["ahead"] * math.sin(angle)
        return make_light(*beam_of(own, own["power"], x, y, own["height"], eye.heading))

    def _bonnet(self, eye: Eye) -> Object:
        """The own bonnet, which exists in this view only. Car and paint are the same in all views of the scene."""
        builder, store = self.site.stage.builder, self.site.stage.store
        if self._ego is None:
            self._ego = builder.instance(EGO_CATEGORY)
        rng = self.draw.rng("own car")
        materials = {
            "paint": Surface("car_paint", draw_paint(rng)[1]),
            "trim": palette.plain("own_trim"),
            "dash": palette.plain("own_dashboard"),
        }
        ridges, seed = int(rng.integers(0, 3)), int(rng.integers(0, BONNET_SEEDS))
        share = float(rng.uniform(*BONNET_SHARE))
        ahead, cowl = bonnet_place(eye, self.recipe.size, share)
        nose = round(cowl - BONNET_DROP, 2)
        ref = store.procedural("street.bonnet", length=BONNET_LENGTH, cowl=cowl, nose=nose, ridges=ridges, seed=seed)
        angle = math.radians(eye.heading)
        where = pose(eye.x + ahead * math.cos(angle), eye.y + ahead * math.sin(angle), 0.0, yaw=eye.heading)
        keys = [builder.material(materials[s]) for s in store.slots(ref)]
        return builder.make_object(self._ego, ref, keys, where, velocity=eye.camera.velocity)


def stands_against_signal(eye: Eye, site: Site) -> bool:
    """Whether the own car would stand between a stop line and the end of its crossing while the signal is red."""
    if eye.lane < 0:
        return False
    stops = site.layout.slots["lanes"][eye.lane].stops
    return any(site.phase.get(signal) == "red" and stop - 1.5 < eye.s < clear for stop, clear, signal in stops)


def bonnet_place(eye: Eye, size: tuple[int, int], share: float) -> tuple[float, float]:
    """Where the bonnet must be to cover about `share` of the picture's height from below.

    Returns how far before the camera the windscreen's foot is, and how high the panel is there, metres. Wide lenses
    see more of it, because a camera cannot come nearer to the windscreen.
    """
    half = math.atan(size[1] / 2 / eye.camera.intrinsics[1])
    lowest = half - math.radians(float(eye.values["pitch"]))
    cowl = min(max(round((eye.z - 0.45) / 0.05) * 0.05, 0.85), 1.25)
    above_nose = eye.z - (cowl - BONNET_DROP)
    depression = max(lowest - 2 * half * share, math.radians(8.0))
    ahead = above_nose / math.tan(depression) - BONNET_LENGTH
    return round(min(max(ahead, 0.45), 1.3), 2), round(cowl, 2)
