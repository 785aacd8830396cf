"""What every verb that plans begins with: the recipe, the catalogue of its packs, and the store of meshes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from synthgen.errors import InputError

if TYPE_CHECKING:
    from synthgen.assets.catalogue import Catalogue
    from synthgen.assets.store import Store
    from synthgen.recipe import Recipe
    from synthgen.scene.spec import SceneSpec


@dataclass(frozen=True, slots=True)
class Inputs:
    """A recipe and what it draws from."""

    recipe: Recipe
    catalogue: Catalogue
    store: Store

    def plan(self, scene: int) -> SceneSpec:
        """One scene of the recipe. Raises InputError (PlanningError where no scene satisfies it)."""
        from synthgen.planning import plan_scene

        return plan_scene(self.recipe, self.catalogue, self.store, scene)


def load_inputs(
    recipe: Path | str,
    *,
    seed: int | None = None,
    overrides: Sequence[str] = (),
    preset: str | None = None,
    size: str | None = None,
) -> Inputs:
    """Reads a recipe and the packs it names. Raises InputError with every finding."""
    from synthgen.assets.store import Store
    from synthgen.planning import recipe_catalogue
    from synthgen.recipe import load_recipe

    loaded = load_recipe(Path(recipe), overrides=overrides, seed=seed, preset=preset, size=size)
    store = Store()
    return Inputs(loaded, recipe_catalogue(loaded, store), store)


def plan(
    recipe: Path | str,
    *,
    scene: int = 0,
    seed: int | None = None,
    overrides: Sequence[str] = (),
    preset: str | None = None,
    size: str | None = None,
) -> SceneSpec:
    """One scene of a recipe as a SceneSpec, without Blender. Raises InputError."""
    if scene < 0:
        raise InputError.of(f"there is no scene {scene}", where="--scene", hint="scenes count from 0")
    return load_inputs(recipe, seed=seed, overrides=overrides, preset=preset, size=size).plan(scene)
