"""Reads Wavefront MTL text, the material files of OBJ models.

Format: Wavefront "Advanced Visualizer" material file (MTL), with the keys `Pm`, `Pr` and `Ke` that later writers added.
"""

from __future__ import annotations

import numpy as np

from synthgen.assets.formats.source import SourceMaterial


def read_mtl(data: bytes) -> dict[str, SourceMaterial]:
    """The materials by name. Lines that it does not know, or that make no sense, are skipped."""
    found: dict[str, SourceMaterial] = {}
    facts: dict[str, object] = {}

    def close() -> None:
        if facts:
            if facts.get("alpha_map") is not None:
                facts["alpha_mode"] = "mask"
            elif facts.get("opacity", 1.0) != 1.0:
                facts["alpha_mode"] = "blend"
            found.setdefault(str(facts["name"]), SourceMaterial(**facts))  # type: ignore[arg-type]

    for line in data.decode("utf-8", "replace").splitlines():
        words = line.split()
        if len(words) < 2:
            continue
        key, rest = words[0], words[1:]
        if key == "newmtl":
            close()
            facts = {"name": line.strip()[6:].strip()}
        elif not facts:
            continue
        elif key in ("Kd", "Ke") and (color := _floats(rest, 3)) is not None:
            facts["diffuse" if key == "Kd" else "emissive"] = tuple(color)
        elif key == "d" and (opacity := _floats(rest[-1:], 1)) is not None:
            facts["opacity"] = opacity[0]
        elif key in ("Pm", "Pr") and (value := _floats(rest, 1)) is not None:
            facts["metallic" if key == "Pm" else "roughness"] = value[0]
        elif key == "map_Kd":
            facts["color_map"] = _picture(rest)
        elif key == "map_d":
            facts["alpha_map"] = _picture(rest)
    close()
    return found


def _picture(words: list[str]) -> str:
    """The file name of a map, without the options before it (`-s 1 1 1 wood.jpg`); names may hold blanks."""
    while words and words[0].startswith("-") and len(words) > 1:
        words = words[1:]
        while len(words) > 1 and (_floats(words[:1], 1) is not None or words[0] in ("on", "off")):
            words = words[1:]
    return " ".join(words).replace("\\", "/")


def _floats(words: list[str], count: int) -> list[float] | None:
    try:
        values = [float(w) for w in words[:count]]
    except ValueError:
        return None
    return values if len(values) == count and np.isfinite(values).all() else None
