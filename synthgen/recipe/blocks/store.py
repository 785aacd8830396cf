"""A supermarket, and how its shelves are filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import yaml
from pydantic import Field

from synthgen.paths import data_dir
from synthgen.recipe.blocks.cameras import Slot
from synthgen.recipe.fields import Names, Number, Word, numeric_range
from synthgen.recipe.models import (
    INSTANCE,
    LAYOUT_MODELS,
    POPULATOR_MODELS,
    BlockModel,
    Populator,
    Share,
    model,
)
from synthgen.recipe.values import Support, shown

_SCENE = ("scene",)


class Store(BlockModel):
    """A supermarket: rows of gondolas between aisles, shelving at the walls, coolers, freezers, checkouts, in a closed
    hall. Slots: facings, end_caps, coolers, freezers (boards); aisles, ways, tills, floor (areas); luminaires."""

    guesses: ClassVar[Mapping[str, str]] = {
        "aisles": "`gondolas` says how many rows there are; there is one aisle more than rows",
        "length": "`bays` times `bay_width` is the length of a row",
    }

    gondolas: Annotated[Any, Number(1, 12, "", whole=True)] = Field(
        3, description="rows of shelving between the aisles, those of freezers among them"
    )
    freezer_rows: Annotated[Any, Number(0, 4, "", whole=True)] = Field(
        1, description="how many of the rows, from the right, are island freezers; one row is always shelving"
    )
    bays: Annotated[Any, Number(2, 40, "", whole=True)] = Field(9, description="bays of a row")
    bay_width: Annotated[Any, Number(0.6, 1.5, "m")] = Field(1.0, description="width of a bay; 1 and 1.25 are usual")
    shelf_depth: Annotated[Any, Number(0.37, 0.67, "m")] = Field(0.47, description="depth of the lowest shelf")
    gondola_height: Annotated[Any, Number(1.3, 2.4, "m")] = Field(1.8, description="height of a row")
    shelves: Annotated[Any, Number(2, 7, "", whole=True, scopes=INSTANCE)] = Field(
        {"randint": [3, 5]}, description="shelves above the lowest one, drawn for every few bays"
    )
    aisle: Annotated[Any, Number(1.2, 6, "m")] = Field(2.0, description="width of an aisle")
    cross_aisle: Annotated[Any, Number(1.2, 8, "m")] = Field(
        2.4, description="width of the ways across, at the rows' ends"
    )
    ceiling: Annotated[Any, Number(2.6, 9, "m")] = Field(3.5, description="height of the ceiling")
    coolers: Annotated[Any, Word(("doors", "open", "none"))] = Field(
        "doors", description="coolers along the far wall: with doors of glass, open, or none"
    )
    checkouts: Annotated[Any, Number(0, 20, "", whole=True)] = Field(
        3, description="checkouts before the front wall, as many as there is room for"
    )
    floor: Annotated[Any, Word(("tile", "stone", "vinyl"))] = Field("tile", description="what the floor is made of")
    tile: Annotated[Any, Number(0.1, 1.5, "m")] = Field(0.4, description="side of a tile, where the floor has them")
    luminaires: Annotated[Any, Word(("panel", "linear"))] = Field(
        "panel", description="panels let into the ceiling, or profiles on cords"
    )
    luminaire_spacing: Annotated[Any, Number(1.2, 8, "m")] = Field(
        2.4, description="from one luminaire to the next along an aisle"
    )
    promotions: Annotated[Any, Number(0, 60, "", whole=True)] = Field(5, description="promotion signs over the aisles")
    wear: Annotated[Any, Share] = Field(0.3, description="dirt and wear of the floor and the fixtures")

    @classmethod
    def impossible(cls, supports: Mapping[str, Support]) -> list[tuple[str, str, str]]:
        if not {"gondola_height", "ceiling"} <= supports.keys():
            return []
        _, highest = numeric_range(supports["gondola_height"])
        lowest, _ = numeric_range(supports["ceiling"])
        if highest + 0.5 <= lowest:
            return []
        what = f"rows of up to {shown(highest)} m may stand under a ceiling of {shown(lowest)} m"
        return [("ceiling", what, "leave 0.5 m between them")]


def goods_groups() -> tuple[str, ...]:
    """Names of the groups of goods there are (configs/retail/products.yaml)."""
    data = yaml.safe_load((data_dir("configs") / "retail" / "products.yaml").read_text("utf-8"))
    return tuple(data["groups"])


class Planogram(Populator):
    """Products in blocks by group and brand on shelves, with their price tags, the way shops do; and what customers
    leave of that order."""

    guesses: ClassVar[Mapping[str, str]] = {
        "fill": "`missing` is the share of facings without goods",
        "density": "`facings` says how many of a product stand side by side",
    }

    in_: Annotated[Any, Slot] = Field("facings", alias="in", description="slot of boards that it fills")
    groups: Annotated[Any, Names(among=goods_groups(), optional=True)] = Field(
        None, description="groups of products; left out: those of the layout's departments, else all"
    )
    assortment: Annotated[Any, Number(1, 2000, "", whole=True, scopes=_SCENE)] = Field(
        110, description="about how many different products there are in all boards of the slot together"
    )
    brands: Annotated[Any, Number(1, 1000, "", whole=True, fixed=True)] = Field(
        16,
        description="brands of a group, of which every scene takes some; a new one costs time the first time only",
    )
    bays: Annotated[Any, Number(1, 30, "", whole=True)] = Field(
        {"randint": [1, 3]}, description="bays that a group of products fills"
    )
    facings: Annotated[Any, Number(1, 40, "", whole=True)] = Field(
        {"weighted": {"1": 1, "2": 4, "3": 4, "4": 2, "5": 1}}, description="how often a product stands side by side"
    )
    deep: Annotated[Any, Number(1, 20, "", whole=True)] = Field(
        {"weighted": {"1": 1, "2": 4, "3": 2}}, description="rows behind one another, as far as the shelf goes"
    )
    stacked: Annotated[Any, Share] = Field(0.8, description="share of flat products that are stacked")
    gap: Annotated[Any, Number(0.001, 0.5, "m")] = Field(
        {"normal": {"mean": 0.004, "std": 0.002, "min": 0.0015, "max": 0.012}}, description="room between two facings"
    )
    skew: Annotated[Any, Number(-20, 20, "degrees")] = Field(
        {"normal": {"mean": 0, "std": 1.4, "min": -5, "max": 5}},
        description="turn of a package that stands as it should",
    )
    missing: Annotated[Any, Share] = Field(0.03, description="share of facings that are empty: gaps, which have labels")
    pushed: Annotated[Any, Share] = Field(
        0.12, description="share of facings whose front is taken, so that goods stand further back"
    )
    turned: Annotated[Any, Share] = Field(0.02, description="share of facings whose first shows a side or its back")
    tilted: Annotated[Any, Share] = Field(0.012, description="share of facings whose first leans on the next")
    fallen: Annotated[Any, Share] = Field(0.008, description="share of facings whose first lies on its back")
    misplaced: Annotated[Any, Share] = Field(0.008, description="share of facings whose first is another product")
    tags: Annotated[Any, Share] = Field(0.97, description="share of products that have a price tag")
    tag_style: Annotated[Any, Word(("card", "pocket", "electronic"))] = Field(
        {"weighted": {"card": 3, "electronic": 2, "pocket": 1}, "per": "scene"}, description="what the price tags are"
    )
    offers: Annotated[Any, Share] = Field(0.12, description="share of price tags that are printed as an offer")
    talkers: Annotated[Any, Share] = Field(0.04, description="share of products with a card that hangs from the shelf")
    density: Annotated[Any, Number(100, 3000, "pixels a metre", fixed=True)] = Field(
        900, description="resolution of the print; 1.5 times what a picture shows of it is sharp without shimmering"
    )

    @classmethod
    def impossible(cls, supports: Mapping[str, Support]) -> list[tuple[str, str, str]]:
        names = ("missing", "pushed", "turned", "tilted", "fallen", "misplaced")
        if not set(names) <= supports.keys():
            return []
        together = sum(numeric_range(supports[n])[1] for n in names)
        if together <= 1.0:
            return []
        return [
            ("missing", f"{', '.join(names)} add up to {shown(round(together, 3))}", "together they may be 1 at most")
        ]


model(LAYOUT_MODELS, "store", Store)
model(POPULATOR_MODELS, "planogram", Planogram)
