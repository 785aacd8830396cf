"""Shading models: SceneSpec materials become node trees.

`MODELS` maps a model's name to the function that writes its graph; a model is a pure function of the material's
parameters and images. Colours are linear Rec.709; lengths are metres.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from synthgen.errors import RenderError
from synthgen.render.blender import bridge
from synthgen.render.blender.nodes import Graph, Socket, Templates
from synthgen.render.rendered import MATTE_INDEX
from synthgen.scene.spec import Material

GLOSSY_BELOW = 0.3
"""Surfaces smoother than this reflect what the denoiser's feature passes do not know."""

GLOWING = frozenset({"lamp", "window_glass"})
"""Models that shine to be seen, beside which a light lights the scene: they are not sampled as lights themselves."""

CLEAR = frozenset({"clear_glass", "film"})
"""Models that cast a transparent shadow, whatever the policy of their labels."""

PER_OBJECT: dict[str, dict[str, Any]] = {
    "car_paint": {"color": (0.4, 0.4, 0.4), "metallic": 0.0, "dirt": 0.4, "dust": 0.5, "seed": 0.0},
}
"""Parameters, with defaults, that a model can read from the object instead: then all cars of one make share a mesh."""

_PROPERTY = "synthgen_"


@dataclass(frozen=True)
class Inputs:
    """What a model reads: parameters, and loaded images by parameter name.

    per_object: the parameters of PER_OBJECT are properties of the object, set by `paint_object`.
    """

    params: Mapping[str, Any]
    images: Mapping[str, Any]
    per_object: bool = False

    def __call__(self, name: str, default: Any) -> Any:
        value = self.params.get(name, default)
        return default if value is None else value

    def varying(self, graph: Graph, model_name: str, name: str) -> Any:
        """A parameter of PER_OBJECT: its value, or the socket that reads it from the object."""
        default = PER_OBJECT[model_name][name]
        if not self.per_object:
            return self(name, default)
        node = graph.node("ShaderNodeAttribute", attribute_type="OBJECT", attribute_name=_PROPERTY + name)
        return node.outputs["Color" if isinstance(default, tuple) else "Fac"]


Model = Callable[[Graph, Inputs], Socket]

MODELS: dict[str, Model] = {}
MATTE: set[str] = set()


def model(name: str, *, matte: bool = False) -> Callable[[Model], Model]:
    """Registers a shading model. `matte`: rough all over, whatever its parameters."""

    def register(function: Model) -> Model:
        if name in MODELS:
            raise ValueError(f"two shading models are named {name!r}")
        MODELS[name] = function
        if matte:
            MATTE.add(name)
        return function

    return register


def templates() -> Templates:
    """For materials of one Blender file; what they are made of is made by BlenderProc."""
    create = bridge.module("material.MaterialLoaderUtility").create
    return Templates(lambda name: create(name).blender_obj)


def build(name: str, material: Material, images: Mapping[str, Any], known: Templates) -> Any:
    """A new Blender material. Raises RenderError for an unknown model."""
    if material.model not in MODELS:
        raise RenderError(f"material {name} has the unknown shading model {material.model!r}")
    graph = Graph("ShaderNodeOutputMaterial")
    inputs = Inputs(material.params, images)
    shader = MODELS[material.model](graph, inputs)
    if material.transparency == "cutout":
        shader = _cut_out(graph, shader, images["alpha"])
    graph.finish(shader)
    blender = known.material(name, graph)
    _put(blender, "pass_index", MATTE_INDEX if _is_matte(material) else 0)
    see_through = material.transparency in ("cutout", "see_through")
    _put(blender, "use_transparent_shadow", see_through or material.model in CLEAR)
    _put(blender.cycles, "emission_sampling", "NONE" if material.model in GLOWING else "AUTO")
    return blender


def _put(thing: Any, name: str, value: Any) -> None:
    """Sets what is not so already: Blender does not look whether a value changes."""
    if getattr(thing, name) != value:
        setattr(thing, name, value)


def shareable(material: Material) -> bool:
    """Whether objects that differ in this material only may share a mesh."""
    return material.model in PER_OBJECT and not material.images and material.transparency != "see_through"


def build_shared(model_name: str, known: Templates) -> Any:
    """A material whose parameters come from the object that wears it."""
    graph = Graph("ShaderNodeOutputMaterial")
    graph.finish(MODELS[model_name](graph, Inputs({}, {}, per_object=True)))
    blender = known.material(f"{model_name} of the object", graph)
    _put(blender, "pass_index", 0)
    _put(blender, "use_transparent_shadow", True)
    return blender


def paint_object(blender_object: Any, material: Material) -> None:
    """Gives an object the parameters that `build_shared`'s material reads."""
    for name, default in PER_OBJECT[material.model].items():
        value = material.params.get(name, default)
        blender_object[_PROPERTY + name] = [float(v) for v in value] if isinstance(default, tuple) else float(value)


def _is_matte(material: Material) -> bool:
    if material.model in MATTE:
        return not material.params.get("wet")
    roughness = material.params.get("roughness", 0.5)
    return (
        material.model in ("principled", "weathered") and roughness >= GLOSSY_BELOW and not material.params.get("coat")
    )


def _cut_out(graph: Graph, shader: Socket, image: Any) -> Socket:
    """Hard alpha at 0.5 of the nearest texel, in the picture as in the label."""
    alpha = graph.image(image, interpolation="Closest")[1]
    solid = graph.math("GREATER_THAN", alpha, 0.5)
    clear = graph.node("ShaderNodeBsdfTransparent").outputs[0]
    return graph.node("ShaderNodeMixShader", {0: solid, 1: clear, 2: shader}).outputs[0]


def tinted(graph: Graph, inputs: Inputs, default: tuple[float, float, float]) -> Any:
    """The material's colour, times its picture where it has one."""
    color = inputs("color", default)
    picture = inputs.images.get("color")
    return color if picture is None else graph.times(graph.image(picture)[0], color)


@model("principled")
def principled(g: Graph, p: Inputs) -> Socket:
    return g.principled(
        Base_Color=tinted(g, p, (0.5, 0.5, 0.5)),
        Roughness=p("roughness", 0.5),
        Metallic=p("metallic", 0.0),
        IOR=p("ior", 1.5),
        Coat_Weight=p("coat", 0.0),
        Specular_IOR_Level=p("specular", 0.5),
        Emission_Color=p("emission_color", (1.0, 1.0, 1.0)),
        Emission_Strength=p("emission_strength", 0.0),
    )


@model("weathered")
def weathered(g: Graph, p: Inputs) -> Socket:
    """A plain material that has been outside: tone varies, dirt gathers, the finish is uneven."""
    at = g.object_position(p("seed", 0.0))
    tone = g.noise(at, p("scale", 8.0), 3, 0.6)
    base = tinted(g, p, (0.4, 0.4, 0.4))
    if p("use_face_random", False):
        r = g.face_random()
        inputs = {"Color": base, "Hue": g.ramp(r, 0, 1, 0.47, 0.53), "Value": g.ramp(r, 0, 1, 0.7, 1.25)}
        base = g.node("ShaderNodeHueSaturation", inputs).outputs[0]
    spread = p("variation", 0.2)
    color = g.times(base, g.mix(tone, (1 - spread,) * 3, (1 + spread,) * 3))
    dirt = g.mul(g.ramp(g.noise(at, 2.2, 4, 0.65), 0.48, 0.7), p("dirt", 0.3))
    color = g.mix(dirt, color, (0.06, 0.055, 0.05))
    roughness, uneven = p("roughness", 0.5), p("uneven", 0.1)
    depth = p("bump", 0.0)
    return g.principled(
        Base_Color=color,
        Roughness=g.ramp(tone, 0.3, 0.7, max(0.03, roughness - uneven), min(1.0, roughness + uneven)),
        Metallic=p("metallic", 0.0),
        Coat_Weight=p("coat", 0.0),
        Normal=g.bump(tone, depth, 0.5) if depth else None,
        Emission_Color=p("emission_color", (1.0, 1.0, 1.0)),
        Emission_Strength=p("emission_strength", 0.0),
    )


@model("chrome")
def chrome(g: Graph, p: Inputs) -> Socket:
    return g.principled(Base_Color=p("color", (0.62, 0.62, 0.62)), Metallic=1.0, Roughness=p("roughness", 0.12))


@model("tyre", matte=True)
def tyre(g: Graph, p: Inputs) -> Socket:
    at = g.object_position()
    tone = g.noise(at, 8.0, 3, 0.6)
    color = g.times(tinted(g, p, (0.022, 0.021, 0.02)), g.mix(tone, (0.7,) * 3, (1.3,) * 3))
    dirt = g.mul(g.ramp(g.noise(at, 2.2, 4, 0.65), 0.48, 0.7), 0.5)
    return g.principled(Base_Color=g.mix(dirt, color, (0.06, 0.055, 0.05)), Roughness=0.85)


@model("car_paint")
def car_paint(g: Graph, p: Inputs) -> Socket:
    """Base coat under clear coat, with road dirt low down and a thin film of dust.

    A dust film above a few per cent would kill the mirror of the coat, and with it what makes it read as a car.
    """
    color, metallic, dirt, dust, seed = (
        p.varying(g, "car_paint", name) for name in ("color", "metallic", "dirt", "dust", "seed")
    )
    if p.images.get("color") is not None:
        color = g.times(g.image(p.images["color"])[0], color)
    at = g.object_position(seed)
    height = g.axes(g.object_position())[2]
    splash = g.mul(g.ramp(height, 0.12, 0.48, 1, 0), g.ramp(g.noise(at, 3.0, 4, 0.65), 0.25, 0.75, 0.3, 0.9))
    splash = g.mul(splash, dirt)
    film = g.mul(g.ramp(g.noise(at, 22.0, 3, 0.6), 0.35, 0.7, 0.0, 0.025), dust)
    grime = g.most(splash, film)
    clean = g.sub(1.0, grime)
    return g.principled(
        Base_Color=g.mix(grime, color, (0.115, 0.10, 0.08)),
        Metallic=g.mul(clean, metallic),
        Roughness=g.lerp(grime, p("roughness", 0.24), 0.7),
        Coat_Weight=clean,
        Coat_Roughness=g.lerp(grime, 0.02, 0.25),
        Coat_IOR=1.5,
    )


@model("car_glass")
def car_glass(g: Graph, p: Inputs) -> Socket:
    """Opaque and dark, as car windows read in photographs; the label stays with the car.

    All but black below the mirror, so that nearly every sample is a reflection: with a brighter base the few that
    are not would stay as pepper at one sample a pixel.
    """
    film = g.noise(g.object_position(p("seed", 0.0)), 3.0, 2, 0.5)
    return g.principled(
        Base_Color=p("color", (0.0015, 0.0018, 0.0018)), Roughness=g.ramp(film, 0.35, 0.65, 0.02, 0.07), IOR=1.8
    )


@model("clear_glass")
def clear_glass(g: Graph, p: Inputs) -> Socket:
    """Bottles and tumblers: refracts, and lets light through to what it stands on; the label stays with the glass."""
    glass = g.principled(
        Base_Color=p("color", (0.95, 0.97, 0.96)), Roughness=p("roughness", 0.02), IOR=p("ior", 1.45),
        Transmission_Weight=1.0,
    )  # fmt: skip
    # A shadow through refracting glass would need caustics, which path tracing hardly finds: a tint serves.
    tint = g.node("ShaderNodeBsdfTransparent", {"Color": p("shadow", (0.75, 0.77, 0.76))}).outputs[0]
    in_shadow = g.node("ShaderNodeLightPath").outputs["Is Shadow Ray"]
    return g.node("ShaderNodeMixShader", {0: in_shadow, 1: glass, 2: tint}).outputs[0]


@model("film")
def film(g: Graph, p: Inputs) -> Socket:
    """Stretch wrap: almost clear, glossy where it is creased; the label stays with what wears it.

    A single sheet, so that it hardly bends what is behind it; the gloss is a coat's.
    """
    at = g.scaled(g.object_position(p("seed", 0.0)), (1.0, 1.0, 0.14))
    creases = g.noise(at, 6.0, 3, 0.6, 2.2)
    bump = g.bump(creases, 0.03, 0.6)
    # The sheet itself neither bends nor blurs what is behind it: at few samples that would look like stone.
    sheet = g.principled(
        Base_Color=p("color", (0.80, 0.81, 0.82)), Roughness=0.0, IOR=1.01, Transmission_Weight=p("clear", 0.93),
        Coat_Weight=1.0, Coat_Roughness=g.ramp(creases, 0.3, 0.7, 0.08, 0.3), Coat_Normal=bump,
    )  # fmt: skip
    tint = g.node("ShaderNodeBsdfTransparent", {"Color": p("shadow", (0.85, 0.86, 0.86))}).outputs[0]
    in_shadow = g.node("ShaderNodeLightPath").outputs["Is Shadow Ray"]
    return g.node("ShaderNodeMixShader", {0: in_shadow, 1: sheet, 2: tint}).outputs[0]


@model("lamp")
def lamp(g: Graph, p: Inputs) -> Socket:
    return g.principled(
        Base_Color=tinted(g, p, (0.45, 0.46, 0.47)),
        Roughness=p("roughness", 0.12),
        Coat_Weight=1.0,
        Emission_Color=p("emission_color", (1.0, 0.93, 0.8)),
        Emission_Strength=p("emission_strength", 0.0),
    )


@model("cloth", matte=True)
def cloth(g: Graph, p: Inputs) -> Socket:
    """Woven cloth. The picture `height` is that of its folds and seams, `folds` metres from lowest to highest."""
    weave = g.noise(g.object_position(), 60.0, 2, 0.6)
    color = g.times(tinted(g, p, (0.2, 0.2, 0.2)), g.mix(weave, (0.8,) * 3, (1.15,) * 3))
    bump = g.bump(weave, 0.002, 0.3)
    height = p.images.get("height")
    if height is not None:
        bump = g.bump(g.add(g.image(height)[0], g.mul(weave, 0.06)), p("folds", 0.012), 1.0)
    return g.principled(Base_Color=color, Roughness=0.85, Specular_IOR_Level=0.25, Sheen_Weight=0.15, Normal=bump)


@model("skin", matte=True)
def skin(g: Graph, p: Inputs) -> Socket:
    return g.principled(Base_Color=tinted(g, p, (0.42, 0.25, 0.18)), Roughness=0.5, Specular_IOR_Level=0.35)


@model("hair", matte=True)
def hair(g: Graph, p: Inputs) -> Socket:
    strands = g.noise(g.scaled(g.object_position(), (1.0, 1.0, 0.2)), 120.0, 2)
    color = g.times(tinted(g, p, (0.04, 0.03, 0.02)), g.mix(strands, (0.6,) * 3, (1.5,) * 3))
    return g.principled(Base_Color=color, Roughness=0.45, Specular_IOR_Level=0.4)


@model("leaf", matte=True)
def leaf(g: Graph, p: Inputs) -> Socket:
    """Reflects and lets light through; each leaf has its own tone. A picture gives luminance only."""
    island = g.node("ShaderNodeNewGeometry").outputs["Random Per Island"]
    base: Any = p("color", (0.12, 0.18, 0.045))
    picture = p.images.get("color")
    if picture is not None:
        luminance = g.node("ShaderNodeRGBToBW", {0: g.image(picture)[0]}).outputs[0]
        base = g.times(base, g.grey(g.ramp(luminance, 0.0, 0.5, 0.45, 1.5)))
    shift = p("hue_shift", 0.0)
    inputs = {
        "Color": base,
        "Hue": g.ramp(island, 0, 1, 0.478 + shift, 0.515 + shift),
        "Saturation": g.ramp(island, 0, 1, 1.05, 0.8),
        "Value": g.mul(g.ramp(island, 0, 1, 0.6, 1.35), p("value", 1.0)),
    }
    color = g.node("ShaderNodeHueSaturation", inputs).outputs[0]
    front = g.principled(Base_Color=color, Roughness=0.5, Specular_IOR_Level=0.35)
    through = g.node("ShaderNodeBsdfTranslucent", {"Color": g.times(color, (1.25, 1.35, 0.55))}).outputs[0]
    return g.node("ShaderNodeMixShader", {0: p("translucency", 0.45), 1: front, 2: through}).outputs[0]


@model("bark", matte=True)
def bark(g: Graph, p: Inputs) -> Socket:
    at = g.object_position()
    ridges = g.noise(g.scaled(at, (1.0, 1.0, 0.25)), 14.0, 4, 0.7)
    color = g.mix(ridges, (0.05, 0.04, 0.03), (0.17, 0.15, 0.12))
    color = g.mix(g.ramp(g.noise(at, 1.5, 3), 0.5, 0.7, 0, 0.4), color, (0.09, 0.10, 0.055))
    return g.principled(Base_Color=color, Roughness=0.9, Normal=g.bump(ridges, 0.02, 0.7))


@model("sign_face")
def sign_face(g: Graph, p: Inputs) -> Socket:
    """Retroreflective sheeting: the picture, a little faded and dirty."""
    dirt = g.mul(g.ramp(g.noise(g.object_position(p("seed", 0.0)), 5.0, 4, 0.65), 0.5, 0.75), p("dirt", 0.25))
    color = g.mix(dirt, tinted(g, p, (0.8, 0.8, 0.8)), (0.10, 0.09, 0.08))
    return g.principled(Base_Color=color, Roughness=p("roughness", 0.35))
