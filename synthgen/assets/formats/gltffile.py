"""The container of glTF: its JSON, its buffers, and the arrays in them, read without trusting any number.

Format: Khronos glTF 2.0 specification, sections "GLB File Format", "Buffers and Buffer Views", "Accessors"; ISO/IEC
12113:2022.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from synthgen.assets.archive import beside
from synthgen.assets.formats.source import MAX_POLYGONS, Files, Floats
from synthgen.errors import InputError

COMPRESSED = {
    "KHR_draco_mesh_compression": "Draco",
    "EXT_meshopt_compression": "meshopt",
    "KHR_meshopt_compression": "meshopt",
    "KHR_texture_basisu": "KTX2 (Basis Universal)",
}
"""Extensions that pack meshes or pictures in ways that are not read here."""

READ = {
    "KHR_mesh_quantization", "KHR_texture_transform", "KHR_lights_punctual", "KHR_animation_pointer",
    "KHR_materials_variants", "KHR_node_visibility", "KHR_xmp_json_ld", "EXT_mesh_gpu_instancing",
    "EXT_texture_webp",
}  # fmt: skip
"""Extensions that may be required: understood, or of no matter here. So are all of materials (`KHR_materials_*`)."""

_COMPONENTS = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_LARGEST = {"i1": 127.0, "u1": 255.0, "<i2": 32767.0, "<u2": 65535.0}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_MOST_ITEMS = 4 * MAX_POLYGONS
_BOMB_DEPTH = "the file's JSON is broken or cut short"
_ABSOLUTE = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|/|\\)")


class GltfFile:
    """A .gltf or .glb with the files that it names.

    Raises InputError where it is cut short or broken, is of another version, or requires an extension that is not
    read here.
    """

    def __init__(self, files: Files, name: str):
        self.name = name
        self._files = files
        data = files.read(name)
        text, self._chunk = _glb(data, name) if data[:4] == b"glTF" else (data, None)
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError.of(f"{_BOMB_DEPTH}: {error}", where=name) from error
        if not isinstance(found, dict) or not isinstance(found.get("asset"), dict):
            raise InputError.of("not a glTF file: its JSON has no `asset`", where=name)
        self.json: dict[str, Any] = found
        version = str(found["asset"].get("version", ""))
        if not version.startswith("2"):
            raise InputError.of(f"glTF of version {version or 'unknown'}; 2.0 is read", where=name, hint="export anew")
        self._refuse_extensions()
        self._buffers: dict[int, bytes] = {}

    def list(self, key: str) -> list[dict[str, Any]]:
        """A top-level list of objects; empty where there is none."""
        found = self.json.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise InputError.of(f"`{key}` is not a list of objects", where=self.name)
        return found

    def item(self, key: str, number: Any) -> dict[str, Any]:
        """One of them. Raises InputError where there is none of this number."""
        items = self.list(key)
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(items):
            raise InputError.of(f"the file names {key}[{number}], which it lacks", where=self.name)
        return items[number]

    def count(self, accessor: Any) -> int:
        """How many items an array has, without reading it."""
        count = self.item("accessors", accessor).get("count")
        if not isinstance(count, int) or not 0 <= count <= _MOST_ITEMS:
            raise InputError.of(f"accessors[{accessor}] claims {count} items", where=self.name)
        return count

    def array(self, accessor: Any, width: int) -> Floats:
        """(count, width) numbers of an array, normalised integers as 0..1 or -1..1.

        Raises InputError where it reaches beyond its buffer or has another width.
        """
        raw, type_ = self._raw(accessor, width)
        table = raw.astype(np.float64)
        if self.item("accessors", accessor).get("normalized") and type_ in _LARGEST:
            table = np.maximum(table / _LARGEST[type_], -1.0)
        return table

    def indices(self, accessor: Any) -> NDArray[np.int64]:
        """(count,) whole numbers of an array."""
        return self._raw(accessor, 1)[0].astype(np.int64).ravel()

    def view(self, number: Any) -> bytes:
        """The bytes of a buffer view, such as a picture's. Raises InputError where it reaches beyond its buffer."""
        view = self.item("bufferViews", number)
        start, length = self._whole(view.get("byteOffset", 0)), self._whole(view.get("byteLength"))
        buffer = self._buffer(view.get("buffer"))
        if start + length > len(buffer):
            raise InputError.of(
                f"bufferViews[{number}] reaches beyond its buffer; the file may be cut short", where=self.name
            )
        return buffer[start : start + length]

    def _refuse_extensions(self) -> None:
        required = self.json.get("extensionsRequired", [])
        for extension in required if isinstance(required, list) else []:
            if extension in READ or str(extension).startswith("KHR_materials_"):
                continue
            packed = COMPRESSED.get(extension)
            what = f"is packed with {packed}, which is not read" if packed else "needs more than is read here"
            hint = "export it again without compression" if packed else "export it again without that extension"
            raise InputError.of(
                f"the file {what} (it requires the extension {extension})", where=self.name,
                hint=f"{hint} (in Blender: File > Import, then File > Export > glTF)",
            )  # fmt: skip

    def _raw(self, accessor: Any, width: int) -> tuple[NDArray[Any], str]:
        facts = self.item("accessors", accessor)
        count = self.count(accessor)
        type_ = _COMPONENTS.get(facts.get("componentType", 0))
        if type_ is None or _WIDTHS.get(facts.get("type", "")) != width:
            raise InputError.of(f"accessors[{accessor}] has another type than is wanted here", where=self.name)
        if "bufferView" in facts:
            table = self._strided(facts, accessor, type_, count, width)
        else:
            table = np.zeros((count, width), dtype=type_)
        if isinstance(facts.get("sparse"), dict):
            table = self._sparse(table.copy(), facts["sparse"], accessor, type_)
        return table, type_

    def _strided(self, facts: dict[str, Any], accessor: Any, type_: str, count: int, width: int) -> NDArray[Any]:
        view = self.item("bufferViews", facts["bufferView"])
        if any(e in COMPRESSED for e in view.get("extensions", {})) and not self._has_data(view.get("buffer")):
            raise InputError.of(
                "the file is packed with meshopt, which is not read", where=self.name,
                hint="export it again without compression",
            )  # fmt: skip
        data = self.view(facts["bufferView"])
        start = self._whole(facts.get("byteOffset", 0))
        size = np.dtype(type_).itemsize * width
        stride = self._whole(view.get("byteStride", size))
        if count == 0:
            return np.zeros((0, width), dtype=type_)
        if stride < size or start + stride * (count - 1) + size > len(data):
            raise InputError.of(
                f"accessors[{accessor}] reaches beyond its buffer; the file may be cut short", where=self.name
            )
        rows: NDArray[np.uint8] = np.ndarray(
            (count, size), dtype=np.uint8, buffer=data, offset=start, strides=(stride, 1)
        )
        return np.ascontiguousarray(rows).view(type_).reshape(count, width)

    def _sparse(self, table: NDArray[Any], sparse: dict[str, Any], accessor: Any, type_: str) -> NDArray[Any]:
        """Replaces the rows that a sparse array gives anew."""
        at, values = sparse.get("indices", {}), sparse.get("values", {})
        count = self._whole(sparse.get("count"))
        index_type = _COMPONENTS.get(at.get("componentType", 0), "u1")
        if count > len(table):
            raise InputError.of(f"accessors[{accessor}] replaces more rows than it has", where=self.name)
        rows = self._strided(at, accessor, index_type, count, 1).ravel().astype(np.int64)
        if len(rows) and rows.max() >= len(table):
            raise InputError.of(f"accessors[{accessor}] replaces rows that it lacks", where=self.name)
        table[rows] = self._strided(values, accessor, type_, count, table.shape[1])
        return table

    def _whole(self, number: Any) -> int:
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise InputError.of(f"the file has {number!r} where a length or place in bytes is due", where=self.name)
        return number

    def _has_data(self, number: Any) -> bool:
        return "uri" in self.item("buffers", number) or (number == 0 and self._chunk is not None)

    def _buffer(self, number: Any) -> bytes:
        facts = self.item("buffers", number)
        if number in self._buffers:
            return self._buffers[number]
        if "uri" in facts:
            data = self.uri(str(facts["uri"]))
        elif number == 0 and self._chunk is not None:
            data = self._chunk
        else:
            raise InputError.of(f"buffers[{number}] has no data", where=self.name)
        if len(data) < self._whole(facts.get("byteLength")):
            raise InputError.of(
                f"buffers[{number}] should have {facts['byteLength']:,} bytes and has {len(data):,}; "
                "the file may be cut short", where=self.name,
            )  # fmt: skip
        self._buffers[number] = data
        return data

    def uri(self, uri: str) -> bytes:
        """The bytes that a URI stands for: `data:` in base64, or a file beside the model.

        Raises InputError for addresses, and for paths that are absolute or lead out of the model's folder.
        """
        if uri.startswith("data:"):
            return data_uri(uri, self.name)
        place = relative_place(self.name, uri)
        if place is None:
            raise InputError.of(
                f"the file names {uri[:80]!r}, which is not within the model's folder", where=self.name,
                hint="put the file beside the model, or export as .glb",
            )  # fmt: skip
        if not self._files.has(place):
            raise InputError.of(
                f"the file {uri!r} that the model consists of is missing", where=self.name,
                hint="take the .gltf with all files of its folder, or export as .glb",
            )  # fmt: skip
        return self._files.read(place)


def relative_place(model: str, uri: str) -> str | None:
    """The file that a relative URI names from a model's place; None for addresses, absolute paths, and ways out."""
    path = unquote(uri)
    return None if _ABSOLUTE.match(path) else beside(model, path)


def data_uri(uri: str, where: str) -> bytes:
    """The bytes of a `data:` URI (RFC 2397, base64). Raises InputError where it is broken."""
    head, comma, body = uri.partition(",")
    try:
        if not comma or not head.endswith(";base64"):
            raise ValueError("not base64")
        return base64.b64decode(unquote(body), validate=True)
    except (ValueError, binascii.Error) as error:
        raise InputError.of(f"a `data:` address in the file is broken: {error}", where=where) from error


def _glb(data: bytes, where: str) -> tuple[bytes, bytes | None]:
    """The JSON and the binary chunk of a GLB."""
    version, length = (int.from_bytes(data[k : k + 4], "little") for k in (4, 8))
    if version != 2:
        raise InputError.of(f"GLB of version {version}; 2 is read", where=where, hint="export anew as glTF 2.0")
    if len(data) < length or length < 20:
        raise InputError.of(f"the file is cut short: {len(data):,} of {max(length, 20):,} bytes are there", where=where)
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= length:
        size = int.from_bytes(data[at : at + 4], "little")
        if at + 8 + size > length:
            raise InputError.of("the file is cut short: a part of it reaches beyond its end", where=where)
        chunks.setdefault(data[at + 4 : at + 8], data[at + 8 : at + 8 + size])
        at += 8 + size
    if b"JSON" not in chunks:
        raise InputError.of("the file has no JSON part", where=where)
    return chunks[b"JSON"], chunks.get(b"BIN\0")
