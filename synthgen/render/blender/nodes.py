"""A small vocabulary for shader graphs: each call adds one node and returns the socket that matters.

A graph is noted down first and written into Blender at the end: many materials differ in numbers alone, and copying a
node tree takes a fraction of the time of writing one (`Templates`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Socket(NamedTuple):
    """An output of a node: which node of the graph, and which of its outputs."""

    node: int
    output: str | int


Value = Any
"""A number, a colour triple, or a socket."""


class Outputs:
    """The outputs of a node, by name or index."""

    def __init__(self, node: int):
        self._node = node

    def __getitem__(self, output: str | int) -> Socket:
        return Socket(self._node, output)


class _Node(NamedTuple):
    kind: str
    inputs: dict[str | int, Value]
    settings: dict[str, Any]


class Noted(NamedTuple):
    """A node that was noted down; its outputs."""

    outputs: Outputs


GLOSSY = 0.26
"""Highest roughness of what reflects. Above 0.274 (whose square is 0.075) Cycles tells the denoiser a surface's own
colour, below it what it reflects: where roughness goes to and fro over that, denoised pictures have sharp patches."""

MATTE = 0.28
"""Lowest roughness of what does not, see `GLOSSY`."""


class Graph:
    """Notes nodes down. `output` is the kind of the node that ends the graph."""

    def __init__(self, output: str):
        self._output = output
        self._nodes: list[_Node] = []

    def node(self, kind: str, inputs: Mapping[Any, Value] | None = None, **settings: Any) -> Noted:
        """Adds a node: its inputs by name or index, its properties by name."""
        self._nodes.append(_Node(kind, dict(inputs or {}), settings))
        return Noted(Outputs(len(self._nodes) - 1))

    def finish(self, shader: Socket) -> None:
        """Ends the graph with what is seen of the surface."""
        self.node(self._output, {0: shader})

    @property
    def structure(self) -> tuple[Any, ...]:
        """All but its values: graphs of one structure have the same nodes, links and properties."""
        return tuple(
            (
                node.kind,
                tuple((k, v if isinstance(v, Socket) else None) for k, v in node.inputs.items()),
                tuple((k, None if k == "image" else v) for k, v in node.settings.items()),
            )
            for node in self._nodes
        )

    def write(self, tree: Any, *, joined: bool = True) -> None:
        """Writes the graph into a node tree, in place of what is there; without its pictures (see `rewrite`).

        joined: with the link to the node that ends it (see `join`).
        """
        tree.nodes.clear()
        made: list[Any] = []
        for noted in self._nodes:
            node = tree.nodes.new(noted.kind)
            made.append(node)
            for setting, value in noted.settings.items():
                if setting != "image":  # pictures come with the values
                    setattr(node, setting, value)
            for key, value in noted.inputs.items():
                socket = node.inputs[key]
                if isinstance(value, Socket):
                    if noted is self._nodes[-1] and not joined:
                        continue
                    tree.links.new(made[value.node].outputs[value.output], socket)
                else:
                    _set(socket, value)

    def rewrite(self, tree: Any, before: Graph) -> None:
        """Sets the values that differ in a tree that `before`, a graph of the same structure, was written into; then
        the pictures. Nodes that the tree has been given since come after the graph's."""
        for node, noted, known in zip(tree.nodes, self._nodes, before._nodes, strict=False):
            for key, value in noted.inputs.items():
                if not isinstance(value, Socket) and value != known.inputs[key]:
                    _set(node.inputs[key], value)
            if "image" in noted.settings:
                node.image = noted.settings["image"]

    def join(self, tree: Any) -> None:
        """Links what is seen of the surface to the node that ends the graph, where it is not linked.

        While it is not, setting a value takes a fraction of the time: nothing that others may use has changed, so that
        Blender need not look who does.
        """
        (shader,) = self._nodes[-1].inputs.values()
        end = tree.nodes[len(self._nodes) - 1]
        tree.links.new(tree.nodes[shader.node].outputs[shader.output], end.inputs[0])

    def part(self, tree: Any) -> None:
        """Takes the link that `join` makes away."""
        (link,) = tree.nodes[len(self._nodes) - 1].inputs[0].links
        tree.links.remove(link)

    def forget_pictures(self, tree: Any) -> None:
        """Takes the pictures out of a tree with this graph, so that it does not keep them."""
        for node, noted in zip(tree.nodes, self._nodes, strict=False):
            if "image" in noted.settings:
                node.image = None

    # --- arithmetic

    def math(self, operation: str, a: Value, b: Value = 0.0) -> Socket:
        return self.node("ShaderNodeMath", {0: a, 1: b}, operation=operation).outputs[0]

    def add(self, a: Value, b: Value) -> Socket:
        return self.math("ADD", a, b)

    def sub(self, a: Value, b: Value) -> Socket:
        return self.math("SUBTRACT", a, b)

    def mul(self, a: Value, b: Value) -> Socket:
        return self.math("MULTIPLY", a, b)

    def most(self, a: Value, b: Value) -> Socket:
        return self.math("MAXIMUM", a, b)

    def fraction_of(self, value: Value, factor: float) -> Socket:
        """A second random number from the first: fract(value * factor)."""
        return self.math("FRACT", self.mul(value, factor))

    def ramp(self, value: Value, low: Value, high: Value, to_low: Value = 0.0, to_high: Value = 1.0) -> Socket:
        """Linear map of low..high to to_low..to_high, clamped."""
        inputs = {0: value, 1: low, 2: high, 3: to_low, 4: to_high}
        return self.node("ShaderNodeMapRange", inputs, clamp=True).outputs[0]

    def lerp(self, factor: Value, a: Value, b: Value) -> Socket:
        return self.node("ShaderNodeMix", {0: factor, 2: a, 3: b}, data_type="FLOAT").outputs[0]

    def mix(self, factor: Value, a: Value, b: Value, blend: str = "MIX") -> Socket:
        """Mixes two colours."""
        return self.node("ShaderNodeMix", {0: factor, 6: a, 7: b}, data_type="RGBA", blend_type=blend).outputs[2]

    def times(self, a: Value, b: Value) -> Socket:
        """Product of two colours."""
        return self.mix(1.0, a, b, "MULTIPLY")

    def grey(self, value: Value) -> Socket:
        return self.node("ShaderNodeCombineColor", {0: value, 1: value, 2: value}).outputs[0]

    def vector(self, x: Value, y: Value, z: Value) -> Socket:
        return self.node("ShaderNodeCombineXYZ", {0: x, 1: y, 2: z}).outputs[0]

    def axes(self, vector: Socket) -> tuple[Socket, Socket, Socket]:
        """x, y and z of a vector."""
        outputs = self.node("ShaderNodeSeparateXYZ", {0: vector}).outputs
        return outputs[0], outputs[1], outputs[2]

    def scaled(self, vector: Socket, scale: tuple[float, float, float], offset: Value = (0.0, 0.0, 0.0)) -> Socket:
        return self.node("ShaderNodeMapping", {"Vector": vector, "Scale": scale, "Location": offset}).outputs[0]

    # --- textures

    def noise(self, at: Socket, scale: float, detail: float = 2.0, roughness: float = 0.5, warp: float = 0.0) -> Socket:
        """Fractal noise around 0.5; `scale` in cells a unit."""
        inputs = {"Vector": at, "Scale": scale, "Detail": detail, "Roughness": roughness, "Distortion": warp}
        return self.node("ShaderNodeTexNoise", inputs).outputs[0]

    def cells(self, at: Socket, scale: float, **settings: Any) -> Outputs:
        return self.node("ShaderNodeTexVoronoi", {"Vector": at, "Scale": scale}, **settings).outputs

    def brick(
        self,
        at: Socket,
        colors: tuple[Value, Value, Value],
        size: tuple[float, float],
        joint: float,
        *,
        soft: float = 0.3,
        bias: float = 0.0,
    ) -> Outputs:
        """Running bond: (stone 1, stone 2, joint) colours; width, row height and joint in units of `at`."""
        inputs = {
            "Vector": at,
            "Color1": colors[0],
            "Color2": colors[1],
            "Mortar": colors[2],
            "Scale": 1.0,
            "Mortar Size": joint,
            "Mortar Smooth": soft,
            "Bias": bias,
            "Brick Width": size[0],
            "Row Height": size[1],
        }
        return self.node("ShaderNodeTexBrick", inputs, offset=0.5).outputs

    def image(self, picture: Any, at: Socket | None = None, **settings: Any) -> Outputs:
        inputs = {} if at is None else {"Vector": at}
        return self.node("ShaderNodeTexImage", inputs, image=picture, **settings).outputs

    # --- where we are

    def world_position(self) -> Socket:
        return self.node("ShaderNodeNewGeometry").outputs["Position"]

    def object_position(self, seed: Value = 0.0) -> Socket:
        """Position in the object's frame, shifted by `seed` so that two copies do not wear the same dirt."""
        at = self.node("ShaderNodeTexCoord").outputs["Object"]
        if isinstance(seed, (int, float)):
            return self.scaled(at, (1.0, 1.0, 1.0), (seed, 0.7 * seed, 0.3 * seed)) if seed else at
        shift = self.vector(seed, self.mul(seed, 0.7), self.mul(seed, 0.3))
        return self.scaled(at, (1.0, 1.0, 1.0), shift)

    def uv(self) -> Socket:
        return self.node("ShaderNodeTexCoord").outputs["UV"]

    def face_random(self) -> Socket:
        """The mesh's random number of each face (0..1)."""
        return self.node("ShaderNodeAttribute", attribute_name="face_random").outputs["Fac"]

    def near(self, close: float, far: float, at_far: float) -> Socket:
        """1 closer than `close` metres, falling to `at_far`: keeps fine bump and grain from sparkling far away."""
        distance = self.node("ShaderNodeCameraData").outputs["View Distance"]
        return self.ramp(distance, close, far, 1.0, at_far)

    # --- surfaces

    def bump(self, height: Socket, distance: float, strength: Value = 1.0) -> Socket:
        return self.node("ShaderNodeBump", {"Height": height, "Distance": distance, "Strength": strength}).outputs[0]

    def principled(self, **inputs: Value) -> Socket:
        """The Principled BSDF; `Base_Color=...` sets "Base Color"."""
        named = {key.replace("_", " "): value for key, value in inputs.items() if value is not None}
        return self.node("ShaderNodeBsdfPrincipled", named).outputs[0]


def _set(socket: Any, value: Value) -> None:
    if isinstance(value, (tuple, list)) and socket.type == "RGBA" and len(value) == 3:
        value = (*value, 1.0)
    socket.default_value = value


class Templates:
    """Materials by the structure of their graphs: of each, the first is written and the others are copies of it.

    One that is let go of is not removed but written anew when another of its structure is wanted. Blender notes every
    change of every datablock for a user interface that never comes to read it, and looks all notes through for each
    datablock that is removed: building scenes grew from 2 to 10 s over 60 of them.
    """

    def __init__(self, create: Callable[[str], Any]):
        """create: makes an empty material of a name."""
        self._create = create
        self._first: dict[tuple[Any, ...], tuple[Any, Graph]] = {}
        self._used: dict[int, Graph] = {}
        self._free: dict[tuple[Any, ...], list[tuple[Any, Graph]]] = {}

    def material(self, name: str, graph: Graph) -> Any:
        """A Blender material with the graph."""
        key = graph.structure
        free = self._free.get(key)
        if free:
            made, before = free.pop()
        else:
            made, before = self._copy(key, graph)
        made.name = name
        graph.rewrite(made.node_tree, before)
        graph.join(made.node_tree)
        self._used[made.as_pointer()] = graph
        return made

    def release(self, material: Any) -> None:
        """Takes back a material that nothing wears any more."""
        graph = self._used.pop(material.as_pointer())
        graph.part(material.node_tree)
        graph.forget_pictures(material.node_tree)
        self._free.setdefault(graph.structure, []).append((material, graph))

    def _copy(self, key: tuple[Any, ...], graph: Graph) -> tuple[Any, Graph]:
        if key not in self._first:
            # What copies are made of is never used itself, so that no copy depends on what else there is.
            first = self._create(f"template {len(self._first)}")
            graph.write(first.node_tree, joined=False)
            self._first[key] = first, graph
        first, before = self._first[key]
        return first.copy(), before
