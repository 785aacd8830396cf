"""A small vocabulary for shader graphs: each call adds one node and returns the socket that matters."""

from __future__ import annotations

from typing import Any

import bpy

Socket = Any
Value = Any
"""A number, a colour triple, or a socket."""


class Graph:
    """Writes nodes into a tree. `output` is the node that ends it."""

    def __init__(self, tree: Any, output: str):
        self.tree = tree
        tree.nodes.clear()
        self.output = tree.nodes.new(output)

    def node(self, kind: str, inputs: dict[Any, Value] | None = None, **settings: Any) -> Any:
        """Adds a node, sets its properties, then its inputs (by name or index)."""
        node = self.tree.nodes.new(kind)
        for key, value in settings.items():
            setattr(node, key, value)
        for name, value in (inputs or {}).items():
            self.put(node, name, value)
        return node

    def put(self, node: Any, name: str | int, value: Value) -> None:
        """Links a socket to an input, or sets its value."""
        socket = node.inputs[name]
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
            return
        if isinstance(value, (tuple, list)) and socket.type == "RGBA" and len(value) == 3:
            value = (*value, 1.0)
        socket.default_value = value

    def finish(self, shader: Socket) -> None:
        self.tree.links.new(shader, self.output.inputs[0])

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

    def axes(self, vector: Socket) -> Any:
        """x, y and z of a vector."""
        return self.node("ShaderNodeSeparateXYZ", {0: vector}).outputs

    def scaled(self, vector: Socket, scale: tuple[float, float, float], offset: Value = (0.0, 0.0, 0.0)) -> Socket:
        return self.node("ShaderNodeMapping", {"Vector": vector, "Scale": scale, "Location": offset}).outputs[0]

    # --- textures

    def noise(self, at: Socket, scale: float, detail: float = 2.0, roughness: float = 0.5, warp: float = 0.0) -> Socket:
        """Fractal noise around 0.5; `scale` in cells a unit."""
        inputs = {"Vector": at, "Scale": scale, "Detail": detail, "Roughness": roughness, "Distortion": warp}
        return self.node("ShaderNodeTexNoise", inputs).outputs[0]

    def cells(self, at: Socket, scale: float, **settings: Any) -> Any:
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
    ) -> Any:
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

    def image(self, picture: Any, at: Socket | None = None, **settings: Any) -> Any:
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
