"""What all frames of a dataset must agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synthgen import __version__
from synthgen.recipe.params import Draw
from synthgen.truth import KEY

if TYPE_CHECKING:
    from synthgen.assets.catalogue import Catalogue
    from synthgen.recipe.load import Recipe


def identity(recipe: Recipe, catalogue: Catalogue) -> dict[str, Any]:
    """The recipe (whole) with its hash, seed, size and preset, the packs' checksums, the version, what labels say, and
    what is asked for beside them, if anything is.

    Two runs whose identities differ may not share a folder; the difference is what the message names.
    """
    return {
        "recipe": recipe.source,
        "recipe_hash": recipe.hash,
        "seed": recipe.seed,
        "size": list(recipe.size),
        "preset": recipe.preset,
        "render": recipe.render,
        "version": __version__,
        "taxonomy": recipe.taxonomy,
        "packs": dict(sorted(catalogue.checksums.items())),
        "output_licence": recipe.output_licence,
        "date": recipe.date,
        "labels": recipe.labels.resolve(Draw(recipe.seed, 0)),
        **({KEY: list(recipe.truth)} if recipe.truth else {}),
    }
