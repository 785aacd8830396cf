"""plan_scene: layout, then the cameras' places, then light and populators, then the views, checked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import synthgen.procedural  # noqa: F401  registers the generators
from synthgen.assets.store import Store
from synthgen.layout import find_layout
from synthgen.placement import find_populator
from synthgen.placement.footprints import Rect
from synthgen.placement.site import Site
from synthgen.planning.camera import Eye, draw_eye
from synthgen.planning.identity import identity
from synthgen.planning.light import LIGHTS, lit
from synthgen.planning.phases import draw_phase
from synthgen.planning.shots import EGO_ROOM, Shooting, stands_against_signal
from synthgen.recipe import draw_lets
from synthgen.recipe.params import Draw
from synthgen.scene.builder import SceneBuilder
from synthgen.scene.spec import SceneSpec
from synthgen.scene.stage import Stage
from synthgen.taxonomy.load import load_taxonomy

if TYPE_CHECKING:
    from synthgen.assets.catalogue import Catalogue
    from synthgen.recipe.load import Recipe


_PLACE_DRAWS = 12
_PLACES_KEPT = 2
_PLACES_APART = 8.0
"""Metres between the places of two views, where the draws allow it."""


def plan(recipe: Recipe, scene_indices: Iterable[int]) -> Iterator[SceneSpec]:
    """The scenes of these indices, one after the other, from the packs in the user's cache.

    Raises InputError where a pack is missing or unknown, and what `plan_scene` raises.
    """
    store = Store()
    catalogue = recipe_catalogue(recipe, store)
    for index in scene_indices:
        yield plan_scene(recipe, catalogue, store, index)


def recipe_catalogue(recipe: Recipe, store: Store) -> Catalogue:
    """The assets that a recipe may use: those of its packs that its taxonomy knows and its demands allow.

    Raises InputError where a pack is missing or unknown.
    """
    from synthgen.assets.catalogue import load_catalogue

    every = load_catalogue(recipe.packs, store, base=recipe.path.parent)
    return every.suited(load_taxonomy(recipe.taxonomy), licences=recipe.licences, trademark=recipe.trademark)


def plan_scene(recipe: Recipe, catalogue: Catalogue, store: Store, scene_index: int) -> SceneSpec:
    """One scene with all its views. The same arguments give the same bytes on every machine, whatever is cached.

    Raises InputError where the recipe asks for assets or slots that do not exist, PlanningError where no view
    passes the recipe's checks.
    """
    base = Draw(recipe.seed, scene_index)
    draw = replace(base, env=draw_lets(recipe, base))
    light_values = recipe.light.params.resolve(draw)
    on = lit(light_values)
    stage = Stage(SceneBuilder(), store, lamps=on.lamps, beams=on.beams)
    layout = find_layout(recipe.layout)(stage, recipe.layout, draw)
    world = LIGHTS[recipe.light.kind](light_values, stage, layout, draw.rng(recipe.light.path))
    taxonomy = load_taxonomy(recipe.taxonomy)
    phase = draw_phase(draw.rng("phase")) if layout.slots.get("lanes") else {}
    site = Site(stage, catalogue, layout, draw, phase, taxonomy, grounds=dict(layout.grounds), packs=recipe.packs)
    for area in layout.kept:
        site.footprints.claim(Rect.spanning(area.x0, area.x1, area.y0, area.y1), "layout")
    places: list[list[Eye]] = []
    for view in range(recipe.views_per_scene):
        places.append(_places(recipe, draw, site, view, [kept[0] for kept in places]))
    for eye in (eye for kept in places for eye in kept):
        if eye.room is not None:
            site.footprints.claim(eye.room, EGO_ROOM)
    site.eyes = [(eye.x, eye.y) for kept in places for eye in kept]
    for block in recipe.populate:
        find_populator(block)(site, block)
    layout.finish(site.holes)
    shooting = Shooting(site, recipe, draw, taxonomy)
    views = [shooting.view(k, eye) for k, eye in enumerate(places)]
    return stage.builder.build(
        scene_index=scene_index,
        seed=recipe.seed,
        identity=identity(recipe, catalogue),
        size=recipe.size,
        taxonomy=recipe.taxonomy,
        render=recipe.render,
        world=world,
        views=views,
        attributes=_attributes(site, light_values),
    )


def _places(recipe: Recipe, draw: Draw, site: Site, view: int, others: list[Eye]) -> list[Eye]:
    """A view's first place and a spare, drawn before anything else stands there, so that traffic leaves them room.

    They keep away from `others`, the first places of the views before it, so that no picture is nearly another.
    Where every draw stands against the signal the first is kept all the same: the checks will say so.
    """
    fit: list[Eye] = []
    apart: list[Eye] = []
    for k in range(_PLACE_DRAWS):
        eye = draw_eye(recipe.camera, draw, view, k, site.layout, recipe.size)
        if stands_against_signal(eye, site):
            continue
        fit.append(eye)
        if all(math.dist((eye.x, eye.y), (o.x, o.y)) >= _PLACES_APART for o in others):
            apart.append(eye)
        if len(apart) == _PLACES_KEPT:
            break
    return (apart or fit)[:_PLACES_KEPT] or [draw_eye(recipe.camera, draw, view, 0, site.layout, recipe.size)]


def _attributes(site: Site, light: Mapping[str, Any]) -> dict[str, Any]:
    """What the scene's record says beyond geometry."""
    assets = {key: asset.attribution() for key, asset in sorted(site.used.items())}
    return {
        "assets": assets,
        **({"phase": dict(site.phase)} if site.phase else {}),
        **({"weather": light["weather"]} if "weather" in light else {}),
        "let": dict(site.draw.env),
        "layout": {"kind": site.layout.kind, **site.layout.attributes},
        **({"idle": site.idle} if site.idle else {}),
    }
