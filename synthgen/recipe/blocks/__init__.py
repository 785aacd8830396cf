"""The blocks of a recipe that any domain may use, and those of each domain beside the street (see `models`)."""

from synthgen.recipe.blocks import cameras as cameras
from synthgen.recipe.blocks import hall as hall
from synthgen.recipe.blocks import light as light
from synthgen.recipe.blocks import place as place
from synthgen.recipe.blocks import station as station
from synthgen.recipe.blocks import store as store
from synthgen.recipe.blocks import table as table
