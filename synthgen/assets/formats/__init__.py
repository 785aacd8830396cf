"""Readers of model files: one module a format, one intermediate form (`source.SourceModel`) for all.

    model = read_model(ModelFolder(folder), "chair.glb")

OBJ, glTF, PLY, STL, DAE and URDF are read here; FBX, USD and BLEND are converted once by Blender, in a process of
its own. What a format gives and loses is said in its module.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping

from synthgen.assets.formats.blender import read_converted
from synthgen.assets.formats.content import refuse_wrong_content
from synthgen.assets.formats.dae import read_dae
from synthgen.assets.formats.gltf import read_gltf
from synthgen.assets.formats.obj import read_obj_model
from synthgen.assets.formats.ply import read_ply
from synthgen.assets.formats.source import Files, SourceModel
from synthgen.assets.formats.stl import read_stl
from synthgen.assets.formats.urdf import read_urdf
from synthgen.errors import InputError

FORMATS: dict[str, Callable[[Files, str], SourceModel]] = {
    ".obj": read_obj_model,
    ".glb": read_gltf,
    ".gltf": read_gltf,
    ".ply": read_ply,
    ".stl": read_stl,
    ".dae": read_dae,
    ".urdf": lambda files, name: read_urdf(files, name, read_model),
    ".fbx": read_converted,
    ".usd": read_converted,
    ".usda": read_converted,
    ".usdc": read_converted,
    ".usdz": read_converted,
    ".blend": read_converted,
}
"""Reader by suffix. Each gives what the file shows, and raises InputError where it cannot be used."""

_BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def read_model(files: Files, name: str, *, joints: Mapping[str, float] | None = None) -> SourceModel:
    """Reads a model by its suffix. `name` and all that it names lie among `files`.

    joints: for URDF, the value of joints by name: degrees where they turn, metres where they slide.
    Raises InputError where the file is missing, empty, of another kind than its name says, broken, or too large.
    """
    suffix = posixpath.splitext(name)[1].lower()
    reader = FORMATS.get(suffix)
    if reader is None:
        hint = f"known are {', '.join(FORMATS)}; others can be exported as .glb by the program that made them"
        raise InputError.of(f"models of the format {suffix or '(no suffix)'!r} are not read", where=name, hint=hint)
    if joints and suffix != ".urdf":
        raise InputError.of("only URDF models have joints to set", where=name)
    once = _Once(files, name)
    refuse_wrong_content(once.read(name), suffix, name)
    try:
        return read_urdf(once, name, read_model, joints=joints) if joints else reader(once, name)
    except MemoryError as error:
        raise InputError.of("the model is too large for this machine's memory", where=name) from error
    except _BROKEN as error:
        # A file may be malformed in more ways than readers look for.
        what = f"the file is malformed: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise InputError.of(what, where=name, hint="export it again, or open and save it in Blender") from error


class _Once:
    """Files, of which the model itself is read once only."""

    def __init__(self, files: Files, name: str):
        self._files = files
        self._name = name
        self._data: bytes | None = None

    def has(self, name: str) -> bool:
        return self._files.has(name)

    def read(self, name: str) -> bytes:
        if name != self._name:
            return self._files.read(name)
        if self._data is None:
            self._data = self._files.read(name)
        return self._data
