"""Tone curves, by OpenColorIO with the configuration that ships inside the bpy wheel. Does not import bpy."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import PyOpenColorIO as ocio
from numpy.typing import NDArray

from synthgen.errors import RenderError

# By curve: the view transform, and the looks of low and high contrast that are mixed.
_CURVES: dict[str, tuple[str, str | None, str | None]] = {
    "agx": ("AgX", "AgX - Base Contrast", "AgX - Medium High Contrast"),
    "filmic": ("Filmic", "Medium Contrast", "Medium High Contrast"),
    "standard": ("Standard", None, None),
}

EXPOSURE = {"standard": 0.65}
"""Factor on the exposure by curve, where it is not 1."""


def tone_mapped(image: NDArray[np.float32], curve: str, contrast: float) -> NDArray[np.float32]:
    """(H, W, 3) linear Rec.709 to display-referred sRGB in 0..1. `contrast` 0..1 mixes two looks of the curve."""
    if curve not in _CURVES:
        raise RenderError(f"unknown tone curve {curve!r}")
    view, low, high = _CURVES[curve]
    soft = _applied(image, view, low)
    if low == high or contrast <= 0:
        return soft
    hard = _applied(image, view, high)
    mixed: NDArray[np.float32] = soft + contrast * (hard - soft)
    return mixed


def _applied(image: NDArray[np.float32], view: str, look: str | None) -> NDArray[np.float32]:
    out = np.array(image, dtype=np.float32, order="C")
    _processor(view, look).applyRGB(out)
    return out


@cache
def _processor(view: str, look: str | None) -> Any:
    pipeline = ocio.LegacyViewingPipeline()
    pipeline.setDisplayViewTransform(ocio.DisplayViewTransform(src="Linear Rec.709", display="sRGB", view=view))
    if look is not None:
        pipeline.setLooksOverrideEnabled(True)
        pipeline.setLooksOverride(look)
    return pipeline.getProcessor(_config()).getDefaultCPUProcessor()


@cache
def _config() -> Any:
    found = importlib.util.find_spec("bpy")
    if found is None or found.origin is None:
        raise RenderError("the package bpy, whose colour configuration is used, is not installed")
    configs = sorted(Path(found.origin).parent.glob("*/datafiles/colormanagement/config.ocio"))
    if not configs:
        raise RenderError("the installed bpy has no colour configuration")
    return ocio.Config.CreateFromFile(str(configs[-1]))
