"""The blocks of a recipe as pydantic models: every key, its unit, range and default. pydantic ends in this package.

A new layout, populator, light or camera registers its model here by kind; a layout or populator of another package
comes through the entry-point groups `synthgen.layouts`, `synthgen.populators`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from synthgen.recipe.fields import FieldKind, Flag, Names, Number, Word, numeric_range
from synthgen.recipe.values import Support, shown

LAYOUT_MODELS: dict[str, type[BlockModel]] = {}
LIGHT_MODELS: dict[str, type[BlockModel]] = {}
POPULATOR_MODELS: dict[str, type[BlockModel]] = {}
CAMERA_MODELS: dict[str, type[BlockModel]] = {}

SCENE, VIEW, INSTANCE = ("scene",), ("view", "scene"), ("instance", "scene")
"""What `per:` may say, the first being what holds where it says nothing."""

Spacing = Number(0.5, 1000, "m")
STANDS = ("ground", "shelf", "wall", "ceiling", "seat")
"""What may carry an asset, as the catalogue says it."""

TEXTURE_SIZES = (0, 128, 256, 512, 1024, 2048, 4096, 8192)
Share = Number(0, 1)


class BlockModel(BaseModel):
    """Base of the models. Values are what `FieldKind.check` returns: constants, Ref or Distribution."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, validate_by_name=False)

    scopes: ClassVar[tuple[str, ...]] = SCENE
    guesses: ClassVar[Mapping[str, str]] = {}
    """What to say to keys that are not there, but that users may well look for."""
    takes_made: ClassVar[bool] = False
    """Of a populator: it can do with what makers make, without a pack."""

    @classmethod
    def impossible(cls, supports: Mapping[str, Support]) -> list[tuple[str, str, str]]:
        """(key, what, hint) of what no single key shows: keys whose supports cannot go together."""
        return []


def model(registry: dict[str, type[BlockModel]], kind: str, made: type[BlockModel]) -> None:
    """Registers a model under its kind; a duplicate is an error."""
    if kind in registry:
        raise ValueError(f"two models of a recipe are named {kind!r}")
    registry[kind] = made


class AssetFilter(BlockModel):
    """Which assets of the recipe's packs a populator takes; all conditions must hold."""

    category: Annotated[Any, Names(kind="category", optional=True)] = Field(
        None, description="category, or list of categories, of the taxonomy"
    )
    tag: Annotated[Any, Names(optional=True)] = Field(None, description="tag, or list of tags of which one suffices")
    id: Annotated[Any, Names(optional=True)] = Field(
        None, description="id of an asset such as base/ford_focus, or a list"
    )
    licence: Annotated[Any, Names(kind="licence", optional=True)] = Field(
        None, description="SPDX name, or list of names, of the licences that may be used"
    )
    trademark: Annotated[Any, Flag(fixed=True, optional=True)] = Field(
        None, description="true: only assets that show a brand; false: none that does; left out: both"
    )
    stands: Annotated[Any, Names(among=STANDS, optional=True)] = Field(
        None, description="what carries them; left out: the ground, for `lay` a board"
    )
    made: Annotated[Any, Flag(fixed=True, optional=True)] = Field(
        None, description="true: only what synthgen's makers make; false: only assets of the packs; left out: both"
    )


def _slot(*names: str) -> Any:
    return Field(names[0], alias="in", description=f"slot of the layout that it fills: {' or '.join(names)}")


def _assets() -> Any:
    return Field(default_factory=AssetFilter, description="which assets it takes; left out: all that suit it")


class Street(BlockModel):
    """A straight city street with a cross street; it runs along +Y, the driving direction of the own car."""

    length: Annotated[Any, Number(120, 1000, "m")] = Field(
        260, description="length of the street, to the building that closes the view"
    )
    lanes: Annotated[Any, Number(2, 8, "", whole=True, step=2)] = Field(
        2, description="driving lanes, both directions together"
    )
    lane_width: Annotated[Any, Number(2.5, 5, "m")] = Field(3.25, description="width of a lane")
    parking: Annotated[Any, Word(("both", "left", "right", "none"))] = Field(
        "both", description="sides of the street with kerbside parking"
    )
    sidewalk: Annotated[Any, Number(2, 12, "m")] = Field(4.0, description="width of each sidewalk")
    crossing: Annotated[Any, Number(20, 900, "m")] = Field(
        40, description="distance from the start of the street to the cross street"
    )
    cross_width: Annotated[Any, Number(9, 30, "m")] = Field(14, description="width of the cross street, four lanes")
    storeys: Annotated[Any, Number(0, 12, "", whole=True, scopes=INSTANCE)] = Field(
        3, description="storeys of a building above its ground floor, drawn for each"
    )
    shops: Annotated[Any, Share] = Field(0.7, description="share of ground floors that are shops")
    wear: Annotated[Any, Share] = Field(0.5, description="wear of road surface and markings: 0 new, 1 worn out")
    wet: Annotated[Any, Share] = Field(0, description="wetness of the ground: 0 dry, 0.5 damp, 1 after rain")
    driving_side: Annotated[Any, Word(("right", "left"))] = Field(
        "right", description="side of the road that traffic keeps to"
    )

    @classmethod
    def impossible(cls, supports: Mapping[str, Support]) -> list[tuple[str, str, str]]:
        if not {"crossing", "cross_width", "length"} <= supports.keys():
            return []
        _, farthest = numeric_range(supports["crossing"])
        _, widest = numeric_range(supports["cross_width"])
        shortest, _ = numeric_range(supports["length"])
        room = 40
        if farthest + widest + room <= shortest:
            return []
        what = (
            f"the cross street may end {shown(farthest + widest)} m from the start of a street of {shown(shortest)} m"
        )
        return [("crossing", what, f"leave {room} m behind it: a longer `length` or a nearer `crossing`")]


class Sky(BlockModel):
    """A sky, and where it is clear the sun that agrees with it; at dusk and by night lamps are on."""

    guesses: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(
            ("hour", "time", "time_of_day"),
            "`weather` may be dusk or night; `sun_elevation` is the height of the sun",
        ),
        **dict.fromkeys(("fog", "mist", "visibility"), "did you mean 'haze'?"),
        **dict.fromkeys(("overcast", "clear"), "write weather: overcast or weather: clear"),
        "cloud_cover": "did you mean 'clouds'?",
    }

    weather: Annotated[Any, Word(("clear", "overcast", "dusk", "night"))] = Field(
        "clear", description="clear has a sun, overcast has none; at dusk and by night street lamps are on"
    )
    sun_elevation: Annotated[Any, Number(3, 90, "degrees")] = Field(
        40, description="height of the sun above the horizon, where the weather is clear"
    )
    sun_azimuth: Annotated[Any, Number(-360, 360, "degrees")] = Field(
        150, description="direction of the sun, clockwise from the driving direction"
    )
    darkness: Annotated[Any, Share] = Field(
        0.5, description="how far dusk has gone: 0 the sun has just set, 1 it is nearly night"
    )
    clouds: Annotated[Any, Share] = Field(0.3, description="cover of the sky by clouds: 0 none, 1 full")
    haze: Annotated[Any, Number(50, 100_000, "m")] = Field(
        3000,
        description="visibility: the distance at which things fade into the air; vehicles have lamps on below 600",
    )


class Populator(BlockModel):
    """Base of the populators: their numbers are drawn once an instance."""

    scopes: ClassVar[tuple[str, ...]] = INSTANCE


class LaneTraffic(Populator):
    """Vehicles that drive in the lanes, or wait at the stop line."""

    guesses: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("count", "density", "fill", "spacing"), "`gap` says how dense the traffic is"
    )

    in_: Annotated[Any, Word(("lanes",), fixed=True)] = _slot("lanes")
    assets: AssetFilter = _assets()
    gap: Annotated[Any, Number(1, 1000, "m")] = Field(
        20, description="gap from a vehicle's nose to the tail of the one ahead"
    )
    speed: Annotated[Any, Number(0, 100, "m/s")] = Field(
        0, description="speed of vehicles that do not wait; it blurs where the camera has a shutter"
    )


class Cyclists(Populator):
    """People on bicycles, at the kerbside edge of the outermost lanes."""

    in_: Annotated[Any, Word(("lanes",), fixed=True)] = _slot("lanes")
    assets: AssetFilter = _assets()
    gap: Annotated[Any, Number(3, 5000, "m")] = Field(60, description="distance from one to the next")
    speed: Annotated[Any, Number(0, 30, "m/s")] = Field(
        0, description="how fast they ride; it blurs where the camera has a shutter"
    )


class Parked(Populator):
    """Vehicles parked along the kerb."""

    in_: Annotated[Any, Word(("parking",), fixed=True)] = _slot("parking")
    assets: AssetFilter = _assets()
    fill: Annotated[Any, Share] = Field(0.7, description="share of the places that are taken")
    gap: Annotated[Any, Number(0.2, 50, "m")] = Field(0.8, description="gap between the bumpers of neighbours")


class Pedestrians(Populator):
    """People who walk, stand and talk."""

    in_: Annotated[Any, Word(("sidewalk", "crossing"), fixed=True)] = _slot("sidewalk", "crossing")
    assets: AssetFilter = _assets()
    density: Annotated[Any, Number(0, 2, "people per square metre")] = Field(
        0.02, description="how many people there are"
    )
    made_within: Annotated[Any, Number(0, 1000, "m")] = Field(
        0, description="so near to a camera people are made instead of fetched"
    )


class Trees(Populator):
    """A row of street trees."""

    in_: Annotated[Any, Word(("verge",), fixed=True)] = _slot("verge")
    assets: AssetFilter = _assets()
    spacing: Annotated[Any, Number(3, 500, "m")] = Field(12, description="distance from trunk to trunk")
    fill: Annotated[Any, Share] = Field(0.9, description="share of the places that have a tree")


class StreetLamps(Populator):
    """Lamp posts on both sides."""

    in_: Annotated[Any, Word(("verge",), fixed=True)] = _slot("verge")
    spacing: Annotated[Any, Number(5, 500, "m")] = Field(28, description="distance from post to post")


class TrafficLights(Populator):
    """Signals for vehicles and pedestrians at the crossing."""

    in_: Annotated[Any, Word(("crossing",), fixed=True)] = _slot("crossing")


class Signs(Populator):
    """Traffic signs on posts."""

    in_: Annotated[Any, Word(("verge",), fixed=True)] = _slot("verge")
    spacing: Annotated[Any, Number(2, 500, "m")] = Field(28, description="distance from sign to sign")


class StreetFurniture(Populator):
    """Benches, bins, hydrants and other fixed small things."""

    in_: Annotated[Any, Word(("sidewalk",), fixed=True)] = _slot("sidewalk")
    assets: AssetFilter = _assets()
    spacing: Annotated[Any, Spacing] = Field(10, description="distance from one to the next")


class Bicycles(Populator):
    """Bicycles that stand on the sidewalk, alone or up to four side by side."""

    guesses: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("count", "density", "fill", "gap"), "`spacing` says how many there are"
    )

    in_: Annotated[Any, Word(("sidewalk",), fixed=True)] = _slot("sidewalk")
    assets: AssetFilter = _assets()
    spacing: Annotated[Any, Spacing] = Field(30, description="distance from one group to the next")


class Cables(Populator):
    """Cables that hang across the street."""

    in_: Annotated[Any, Word(("sky",), fixed=True)] = _slot("sky")
    spacing: Annotated[Any, Number(1, 500, "m")] = Field(25, description="distance from one to the next")


class Litter(Populator):
    """Leaves and paper on the ground; they belong to the ground that they lie on."""

    in_: Annotated[Any, Word(("ground",), fixed=True)] = _slot("ground")
    density: Annotated[Any, Number(0, 50, "pieces per metre of kerb")] = Field(
        1.5, description="how much litter there is"
    )


class Dashcam(BlockModel):
    """A camera behind the windscreen of a car in a lane of the driving direction."""

    scopes: ClassVar[tuple[str, ...]] = VIEW

    height: Annotated[Any, Number(0.3, 5, "m")] = Field(1.4, description="height of the lens above the road")
    hfov: Annotated[Any, Number(1, 170, "degrees")] = Field(75, description="horizontal field of view")
    pitch: Annotated[Any, Number(-89, 89, "degrees")] = Field(-1, description="tilt, negative looks down")
    yaw: Annotated[Any, Number(-180, 180, "degrees")] = Field(0, description="turn, positive looks to the left")
    roll: Annotated[Any, Number(-180, 180, "degrees")] = Field(
        0, description="lean, positive is clockwise as the camera looks"
    )
    lateral: Annotated[Any, Number(-5, 5, "m")] = Field(
        0, description="offset from the middle of the lane, positive to the right"
    )
    distance: Annotated[Any, Number(0, 1000, "m")] = Field(
        10, description="distance of the camera from the start of the street"
    )
    bonnet: Annotated[Any, Flag()] = Field(False, description="is the own bonnet in view")
    f_stop: Annotated[Any, Number(0, 64)] = Field(
        0, description="f-number of the lens, for depth of field; 0 is sharp everywhere"
    )
    focus_distance: Annotated[Any, Number(0.1, 10_000, "m")] = Field(
        10, description="distance at which a lens with an `f_stop` is sharp"
    )
    sensor_width: Annotated[Any, Number(1, 100, "mm")] = Field(
        36, description="width of the sensor, which with `hfov` gives the focal length; 36 is full frame"
    )
    shutter: Annotated[Any, Number(0, 1, "s")] = Field(0, description="exposure time, for motion blur; 0 is an instant")
    speed: Annotated[Any, Number(0, 100, "m/s")] = Field(
        0, description="speed of the own car; it blurs where there is a `shutter`"
    )


class Checks(BlockModel):
    """What a view must be like; one that fails is drawn again, at most `attempts` times. Constants."""

    nearest: Annotated[Any, Number(0, 1000, "m", fixed=True)] = Field(
        0.3, description="nothing may be nearer to the camera"
    )
    largest_thing: Annotated[Any, Number(0, 1, "", above=True, fixed=True)] = Field(
        0.6, description="largest share of the picture that one thing may cover"
    )
    min_things: Annotated[Any, Number(0, 10_000, "", whole=True, fixed=True)] = Field(
        1, description="fewest things that must be in view"
    )
    attempts: Annotated[Any, Number(1, 1000, "", whole=True, fixed=True)] = Field(
        20, description="cameras drawn for one view before the scene is given up"
    )


class Labels(BlockModel):
    """What happens to tiny segments. Constants."""

    min_area: Annotated[Any, Number(0, 1_000_000, "pixels", whole=True, fixed=True)] = Field(
        0, description="smallest area of a segment that is kept as it is"
    )
    below: Annotated[Any, Word(("keep", "void", "crowd"), fixed=True)] = Field(
        "keep", description="what becomes of a smaller one"
    )


class RenderPreset(BlockModel):
    """How a frame is rendered: configs/render/<preset>.yaml and a recipe's `render:` over it. Constants."""

    samples: Annotated[Any, Number(1, 65_536, "", whole=True, fixed=True)] = Field(
        ..., description="samples per rendered pixel"
    )
    supersample: Annotated[Any, Number(1, 2, "", whole=True, fixed=True)] = Field(
        ..., description="rendered pixels per pixel of the picture, each way"
    )
    denoise: Annotated[Any, Word(("none", "fast", "both", "accurate"), fixed=True)] = Field(
        ..., description="denoiser; both keeps the grain of matte surfaces, accurate is smoother and slower"
    )
    bounces: Annotated[Any, Number(0, 64, "", whole=True, fixed=True)] = Field(..., description="bounces of light")
    clamp_indirect: Annotated[Any, Number(0, 1000, "", fixed=True)] = Field(
        ..., description="brightest indirect sample, against speckles; 0 is no limit"
    )
    texture_limit: Annotated[Any, Number(0, 8192, "pixels", whole=True, fixed=True, among=TEXTURE_SIZES)] = Field(
        ..., description="longest side of a texture; 0 is no limit"
    )
    light_tree: Annotated[Any, Flag(fixed=True)] = Field(
        ..., description="sample lamps by a tree always; where there are over eight that is done anyway"
    )


_POPULATORS: dict[str, type[BlockModel]] = {
    "lane_traffic": LaneTraffic,
    "cyclists": Cyclists,
    "parked": Parked,
    "pedestrians": Pedestrians,
    "trees": Trees,
    "street_lamps": StreetLamps,
    "traffic_lights": TrafficLights,
    "signs": Signs,
    "street_furniture": StreetFurniture,
    "bicycles": Bicycles,
    "cables": Cables,
    "litter": Litter,
}
for _kind, _made in _POPULATORS.items():
    model(POPULATOR_MODELS, _kind, _made)
model(LAYOUT_MODELS, "street", Street)
model(LIGHT_MODELS, "sky", Sky)
model(CAMERA_MODELS, "dashcam", Dashcam)


@cache
def load_extensions() -> None:
    """Adds the models of installed packages: entry points whose object has the class attribute `recipe_model`."""
    groups = {
        "synthgen.layouts": LAYOUT_MODELS,
        "synthgen.populators": POPULATOR_MODELS,
    }
    for group, registry in groups.items():
        for entry in sorted(entry_points(group=group), key=lambda item: item.name):
            made = getattr(entry.load(), "recipe_model", None)
            if made is not None:
                model(registry, entry.name, made)


def field_kind(info: Any) -> FieldKind | None:
    """The kind of field of a pydantic FieldInfo; None for a nested model."""
    return next((item for item in info.metadata if isinstance(item, FieldKind)), None)
