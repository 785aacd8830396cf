"""What Blender's shader nodes say of a material, as far as a colour, a picture and a few numbers can tell it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from synthgen.assets.formats.pieces import Pieces
from synthgen.assets.formats.source import AlphaMode, SourceMaterial

_DEPTH = 24
_MOST_NODES = 200


class Pictures:
    """The pictures of a file: those packed into it by name, the others by their path from the model's folder."""

    def __init__(self, folder: Path):
        self._folder = folder.resolve()
        self.embedded: dict[str, bytes] = {}

    def name(self, image: Any) -> str | None:
        """The name by which a picture can be read again; None for pictures that Blender itself generates."""
        import bpy

        if image.packed_file is not None:
            data = bytes(image.packed_file.data)
            name = str(image.name)
            if self.embedded.setdefault(name, data) != data:
                name = f"{name} ({image.name_full})"
                self.embedded[name] = data
            return name
        if image.source != "FILE" or not image.filepath:
            return None
        path = Path(bpy.path.abspath(image.filepath, library=image.library))
        if path.is_file():
            return Path(os.path.relpath(path.resolve(), self._folder)).as_posix()
        return str(image.filepath).removeprefix("//").replace("\\", "/")


def read_look(material: Any, pictures: Pictures, pieces: Pieces) -> tuple[SourceMaterial, str]:
    """A material, and the name of the UV map that its colour picture uses ("" for the active one).

    Read is the Principled (or else first) shader at the output; what is procedural is said in the warnings.
    """
    name = str(material.name)
    shader, alpha_socket = _shader(material)
    if shader is None:
        red, green, blue, alpha = (round(float(v), 6) for v in material.diffuse_color)
        look = SourceMaterial(
            name, (red, green, blue), alpha, space="linear", metallic=round(float(material.metallic), 4),
            roughness=round(float(material.roughness), 4), alpha_mode="blend" if alpha < 1 else "opaque",
        )  # fmt: skip
        return look, ""
    base = _socket(shader, "Base Color", "Color")
    node = _image(base)
    color_map = pictures.name(node.image) if node is not None else None
    if node is not None and color_map is None:
        pieces.warn(f"a picture of {name!r} is generated in Blender; bake it to keep it")
    alpha = alpha_socket or _socket(shader, "Alpha")
    alpha_node = _image(alpha)
    alpha_map = pictures.name(alpha_node.image) if alpha_node is not None else None
    opacity = 1.0 if alpha_map else _value(alpha, 1.0)
    opacity *= 1.0 - _value(_socket(shader, "Transmission Weight"), 0.0)
    mode: AlphaMode = "mask" if alpha_map else ("blend" if opacity < 1.0 else "opaque")
    strength = _value(_socket(shader, "Emission Strength", "Strength"), 0.0)
    glow = _color(_socket(shader, "Emission Color", "Color" if shader.type == "EMISSION" else ""), (0.0, 0.0, 0.0))
    look = SourceMaterial(
        name, _diffuse(base, node, name, pieces), round(opacity, 6), color_map, alpha_map, "linear",
        _plain_value(_socket(shader, "Metallic"), name, pieces),
        _plain_value(_socket(shader, "Roughness"), name, pieces),
        (round(glow[0] * strength, 6), round(glow[1] * strength, 6), round(glow[2] * strength, 6)), mode,
    )  # fmt: skip
    if _image(_socket(shader, "Normal")) is not None:
        pieces.warn("normal maps are not used")
    return look, _uv_map(node)


def _shader(material: Any) -> tuple[Any, Any]:
    """The shader at the output, and the socket that mixes it with transparency, if any."""
    if not material.use_nodes or material.node_tree is None:
        return None, None
    output = material.node_tree.get_output_node("ALL")
    node = _from(output.inputs["Surface"]) if output is not None else None
    alpha = None
    for _ in range(_DEPTH):
        if node is None or node.type not in ("MIX_SHADER", "ADD_SHADER"):
            break
        sides = [side for side in map(_from, node.inputs[-2:]) if side is not None]
        solid = [side for side in sides if side.type != "BSDF_TRANSPARENT"]
        if len(solid) < len(sides) and node.type == "MIX_SHADER":
            alpha = node.inputs[0]
        solid.sort(key=lambda side: side.type != "BSDF_PRINCIPLED")
        node = solid[0] if solid else None
    if node is not None and node.type == "GROUP":
        inner = [n for n in node.node_tree.nodes if n.type == "BSDF_PRINCIPLED"] if node.node_tree else []
        node = inner[0] if inner else None
    return node, alpha


def _socket(node: Any, *names: str) -> Any:
    return next((node.inputs[name] for name in names if name and name in node.inputs), None)


def _from(socket: Any) -> Any:
    return socket.links[0].from_node if socket is not None and socket.is_linked else None


def _images(socket: Any) -> Iterator[Any]:
    """The nodes upstream of a socket that are for pictures, the nearest first; their picture may be missing."""
    waiting = [_from(socket)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if node is not None and node.type == "TEX_IMAGE":
            yield node
        elif node is not None:
            waiting += [_from(inner) for inner in node.inputs]


def _image(socket: Any) -> Any:
    """The nearest node upstream of a socket that shows a picture; None where there is none."""
    return next((node for node in _images(socket) if node.image is not None), None)


def _uv_map(node: Any) -> str:
    """The name of the UV map behind a picture's node."""
    above = _from(node.inputs["Vector"]) if node is not None else None
    for _ in range(_DEPTH):
        if above is None or above.type == "UVMAP":
            break
        above = _from(_socket(above, "Vector"))
    return str(above.uv_map) if above is not None else ""


def _diffuse(socket: Any, node: Any, name: str, pieces: Pieces) -> tuple[float, float, float]:
    if node is not None:
        return 1.0, 1.0, 1.0
    above = _from(socket)
    if above is not None and above.type == "RGB":
        return _rounded(above.outputs[0].default_value)
    if above is not None and not any(_images(socket)):
        pieces.warn(f"the colour of {name!r} is made by nodes (procedural); bake it to a picture to keep it")
    return _color(socket, (0.8, 0.8, 0.8))


def _color(socket: Any, default: tuple[float, float, float]) -> tuple[float, float, float]:
    return default if socket is None or socket.type != "RGBA" else _rounded(socket.default_value)


def _rounded(value: Any) -> tuple[float, float, float]:
    red, green, blue = (round(float(v), 6) for v in value[:3])
    return red, green, blue


def _value(socket: Any, default: float) -> float:
    return default if socket is None or socket.type != "VALUE" or socket.is_linked else float(socket.default_value)


def _plain_value(socket: Any, name: str, pieces: Pieces) -> float | None:
    """A number that is the same all over; None where nodes or pictures make it."""
    if socket is None:
        return None
    if socket.is_linked:
        pieces.warn(f"pictures of metal and roughness are not used ({name!r})")
        return None
    return round(float(socket.default_value), 4)
