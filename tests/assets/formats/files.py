"""Files in memory, and small models of each format, for the tests of readers."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import trimesh
from PIL import Image

from synthgen.assets.formats import read_model
from synthgen.assets.formats.source import SourceModel
from synthgen.assets.polygons import triangulate


class Memory:
    """Files by name, as an archive has them. `asked`: the names that were read."""

    def __init__(self, **files: bytes | str):
        self._files = {name: data.encode() if isinstance(data, str) else data for name, data in files.items()}
        self.asked: list[str] = []

    @classmethod
    def of(cls, files: Mapping[str, bytes | str]) -> Memory:
        return cls(**files)

    def has(self, name: str) -> bool:
        return name in self._files

    def read(self, name: str) -> bytes:
        self.asked.append(name)
        return self._files[name]


def read(
    data: bytes | str, suffix: str, others: Mapping[str, bytes | str] | None = None, **options: Any
) -> SourceModel:
    """A model `m/model<suffix>` among other files."""
    name = f"m/model{suffix}"
    return read_model(Memory.of({name: data, **(others or {})}), name, **options)


def solid(model: SourceModel) -> trimesh.Trimesh:
    """The model's triangles, equal positions joined."""
    triangle, _ = triangulate(model.positions, model.polygon_size, model.corners[:, 0])
    made = trimesh.Trimesh(model.positions, model.corners[:, 0][triangle], process=False)
    made.merge_vertices(merge_tex=True, merge_norm=True)
    return made


def png(size: tuple[int, int] = (4, 4), color: tuple[int, ...] = (200, 100, 50)) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA" if len(color) == 4 else "RGB", size, color).save(out, format="PNG")
    return out.getvalue()


BOX = trimesh.creation.box((1.0, 2.0, 3.0))

TRIANGLE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], dtype=np.float32)


class Gltf:
    """A glTF document that is put together item by item; each method gives the number of what it adds."""

    def __init__(self) -> None:
        self.json: dict[str, Any] = {"asset": {"version": "2.0"}, "scenes": [{"nodes": []}], "nodes": []}
        self.buffer = b""

    def item(self, key: str, facts: Mapping[str, Any]) -> int:
        self.json.setdefault(key, []).append(dict(facts))
        return len(self.json[key]) - 1

    def view(self, data: bytes, **facts: Any) -> int:
        self.buffer += b"\0" * (-len(self.buffer) % 4)
        start, self.buffer = len(self.buffer), self.buffer + data
        return self.item("bufferViews", {"buffer": 0, "byteOffset": start, "byteLength": len(data), **facts})

    def accessor(self, array: Any, dtype: str = "<f4", **facts: Any) -> int:
        table = np.asarray(array, dtype=dtype)
        kind = "SCALAR" if table.ndim == 1 else {2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}[table.shape[1]]
        component = {"i1": 5120, "u1": 5121, "<i2": 5122, "<u2": 5123, "<u4": 5125, "<f4": 5126}[dtype]
        view = self.view(table.tobytes())
        about = {"bufferView": view, "componentType": component, "count": len(table), "type": kind}
        return self.item("accessors", {**about, **facts})

    def mesh(self, positions: Any = TRIANGLE, indices: Any = (0, 1, 2), **attributes: Any) -> int:
        """A mesh of one primitive. `material`, `mode`, `targets` go to the primitive, other names are attributes."""
        primitive: dict[str, Any] = {k: attributes.pop(k) for k in ("material", "mode", "targets") if k in attributes}
        primitive["attributes"] = {"POSITION": self.accessor(positions), **attributes}
        if indices is not None:
            primitive["indices"] = self.accessor(indices, "<u2")
        return self.item("meshes", {"primitives": [primitive]})

    def node(self, *, root: bool = True, **facts: Any) -> int:
        number = self.item("nodes", facts)
        if root:
            self.json["scenes"][0]["nodes"].append(number)
        return number

    def glb(self) -> bytes:
        self.json["buffers"] = [{"byteLength": len(self.buffer)}]
        text = json.dumps(self.json).encode()
        text += b" " * (-len(text) % 4)
        body = self.buffer + b"\0" * (-len(self.buffer) % 4)
        chunks = b"".join(
            len(data).to_bytes(4, "little") + kind + data for kind, data in ((b"JSON", text), (b"BIN\0", body))
        )
        return b"glTF" + (2).to_bytes(4, "little") + (12 + len(chunks)).to_bytes(4, "little") + chunks

    def gltf(self, uri: str = "model.bin") -> str:
        """The document alone; its buffer lies in a file of its own."""
        self.json["buffers"] = [{"byteLength": len(self.buffer), "uri": uri}]
        return json.dumps(self.json)
