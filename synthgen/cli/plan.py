"""`synthgen plan`: one scene of a recipe as JSON."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from synthgen.cli.options import PresetOption, RecipeArgument, SeedOption, SetOption, SizeOption

NAME = "plan"


def command(
    recipe: RecipeArgument,
    scene: Annotated[int, typer.Option("--scene", metavar="K", help="Which scene, from 0.")] = 0,
    seed: SeedOption = None,
    set_: SetOption = None,
    preset: PresetOption = None,
    size: SizeOption = None,
) -> None:
    """Prints the plan of one scene as JSON.

    It is a SceneSpec with every random draw resolved; Blender is not started.
    """
    from synthgen.engine.inputs import plan
    from synthgen.scene.spec import encode_spec

    spec = plan(recipe, scene=scene, seed=seed, overrides=set_ or (), preset=preset, size=size)
    sys.stdout.buffer.write(encode_spec(spec))  # UTF-8, whatever the locale
