"""lane_traffic: vehicles that move, or wait at a red signal, in the lanes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthgen.assets.catalogue import Asset
from synthgen.layout.slots import Lane
from synthgen.placement.footprints import Rect, footprint_of
from synthgen.placement.looks import Look
from synthgen.placement.number_plates import put_plates
from synthgen.placement.registry import populator
from synthgen.placement.site import Site
from synthgen.placement.vehicle_lamps import lit_slots, merged, switch_on
from synthgen.placement.vehicles import choose, made_vehicles, rideable
from synthgen.recipe.params import Block, Params
from synthgen.scene.pose import along

_SIDE_ROOM = 0.35
"""Metres that a vehicle leaves to both lane edges together, at least (wide buses in narrow lanes: none)."""
_OVER_LINE = 0.1
"""Metres that a vehicle with its mirrors may be wider than its lane."""
_QUEUE_GAP = (1.3, 2.8)
_STOP_BEFORE_LINE = (0.3, 1.6)
_BETWEEN_VEHICLES = 0.4


@dataclass(slots=True)
class _Run:
    """A stretch of a lane that fills up from `front` back to `back` (s, metres)."""

    back: float
    front: float
    queue: int


@dataclass(frozen=True, slots=True)
class _Speeds:
    """The speeds of the vehicles that drive, metres per second."""

    params: Params
    rng: np.random.Generator
    env: Mapping[str, Any]

    def draw(self) -> float:
        return float(self.params.sample("speed", self.rng, self.env))


@populator("lane_traffic")
def lane_traffic(site: Site, block: Block) -> None:
    """Fills each lane of the slot with vehicles headed along it.

    assets: what drives. gap: metres from bumper to bumper, drawn for each vehicle, as is its speed in m/s. Where a
    lane's signal is not green, vehicles queue behind the stop line and the crossing stays clear.
    """
    params, rng = site.params(block), site.rng(block)
    # Of a stream of its own, so that a distribution of speeds moves no vehicle.
    speeds = _Speeds(params, site.draw.rng(f"{block.path}.speeds"), site.draw.env)
    kinds = ("car", "van", "truck", "bus", "motorcycle")
    every = rideable([*site.assets(block, category=list(kinds)), *made_vehicles(site, block, *kinds)])
    for index, lane in enumerate(site.slots(block)):
        assets = [a for a in every if a.size[1] <= lane.width + _OVER_LINE]
        for run in _runs(site, lane, rng) if assets else ():
            _fill(site, lane, run, assets, params, rng, speeds, index)


def _runs(site: Site, lane: Lane, rng: np.random.Generator) -> list[_Run]:
    """The stretches of a lane, front to back: cut at stop lines whose signal holds the traffic back."""
    runs = []
    front = lane.line.length
    for stop, clear, signal in sorted(lane.stops, reverse=True):
        if site.phase.get(signal, "green") == "green":
            continue
        runs.append(_Run(clear + float(rng.uniform(0.0, 25.0)), front, 0))
        front = stop - float(rng.uniform(*_STOP_BEFORE_LINE))
        queue = int(rng.integers(0, 5))
        runs.append(_Run(0.0, front, queue))
        return runs
    return [_Run(0.0, front - float(rng.uniform(0.0, 12.0)), 0)]


def _fill(
    site: Site,
    lane: Lane,
    run: _Run,
    assets: Sequence[Asset],
    params: Params,
    rng: np.random.Generator,
    speeds: _Speeds,
    index: int,
) -> None:
    s, queued = run.front, 0
    while s > run.back:
        waits = queued < run.queue
        if not waits or queued > 0:
            s -= float(rng.uniform(*_QUEUE_GAP)) if waits else float(params.sample("gap", rng, site.draw.env))
        aside, turn = float(rng.normal(0.0, 0.12)), float(rng.normal(0.0, 0.8))
        picked = choose(site, rng, assets, lane.line, s, -1)
        queued += 1
        if picked is None:
            s -= 5.0
            continue
        asset, look = picked
        s -= asset.size[0]
        if s < run.back:
            return
        _stand(
            site, lane, asset, look, s + asset.size[0] / 2, aside, turn, 0.0 if waits else speeds.draw(), waits, index
        )


def _stand(
    site: Site,
    lane: Lane,
    asset: Asset,
    look: Look,
    s: float,
    aside: float,
    turn: float,
    speed: float,
    waits: bool,
    index: int,
) -> None:
    """Puts one vehicle at s of the lane where there is room."""
    room = max(0.0, (lane.width - asset.size[1] - _SIDE_ROOM) / 2)
    x, y = lane.line.at(s, max(-room, min(room, aside)))
    yaw = lane.line.heading + turn * min(1.0, 4.5 / asset.size[0])
    rect: Rect = footprint_of(asset.size, x, y, yaw)
    if not site.footprints.take(rect, asset.id, margin=_BETWEEN_VEHICLES / 2):
        return
    site.vehicles.add(asset.id, look.name, x, y)
    facts: dict[str, Any] = {
        "slot": "lanes",
        "lane": index,
        "motion": "waiting" if waits else "moving",
        "look": look.name,
    }
    if speed:
        facts["speed"] = speed
    lit = lit_slots(asset, brakes=waits) if site.stage.beams else {}
    if site.stage.beams:
        facts["lamps"] = "on"
    velocity = along(yaw, speed)
    number = site.place(
        asset, x, y, 0.0, yaw=yaw, recolour=merged(look.params, lit), attributes=facts,
        relations=site.standing(lane, "road"), velocity=velocity,
    )  # fmt: skip
    put_plates(site, number, asset, x, y, yaw, velocity)
    if site.stage.beams:
        rng = site.draw.rng(f"lamps.{number}")
        switch_on(site, number, asset, x, y, yaw, brakes=waits, rng=rng, velocity=velocity)
