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

# By curve: the view transform, and the looks of low and high contrast.
CURVES: dict[str, tuple[str, str | None, str | None]] = {
    "agx": ("AgX", "AgX - Base Contrast", "AgX - Medium High Contrast"),
    "filmic": ("Filmic", "Medium Contrast", "Medium High Contrast"),
    "standard": ("Standard", None, None),
}

_AGX_STEEPER, _AGX_PIVOT = 0.2, -0.2
"""How much steeper than its flat look the steep look of AgX is, and about which logarithm, as the configuration has it.
So a look between the two is one pass over the picture, where mixing their pictures would be two."""

EXPOSURE = {"standard": 0.65}
"""Factor on the exposure by curve, where it is not 1."""


def tone_mapped(image: NDArray[np.float32], curve: str, contrast: float) -> NDArray[np.float32]:
    """(H, W, 3) linear Rec.709 to display-referred sRGB in 0..1. `contrast` 0..1 goes from a flat to a steep look."""
    if curve not in CURVES:
        raise RenderError(f"unknown tone curve {curve!r}")
    view, low, high = CURVES[curve]
    if curve == "agx":
        return _applied(image, _agx(contrast))
    soft = with_look(image, view, low)
    if low == high or contrast <= 0:
        return soft
    hard = with_look(image, view, high)
    mixed: NDArray[np.float32] = soft + contrast * (hard - soft)
    return mixed


def with_look(image: NDArray[np.float32], view: str, look: str | None) -> NDArray[np.float32]:
    """As `tone_mapped`, by a view and a look of the configuration."""
    return _applied(image, _processor(view, look))


def _applied(image: NDArray[np.float32], processor: Any) -> NDArray[np.float32]:
    out = np.array(image, dtype=np.float32, order="C")
    processor.applyRGB(out)
    return out


def _agx(contrast: float) -> Any:
    grading = ocio.GradingPrimary(ocio.GRADING_LOG)
    slope = 1.0 + _AGX_STEEPER * contrast
    grading.contrast = ocio.GradingRGBM(slope, slope, slope, 1.0)
    grading.pivot = _AGX_PIVOT
    steps = [
        ocio.ColorSpaceTransform(src="Linear Rec.709", dst="AgX Log"),
        ocio.GradingPrimaryTransform(grading, ocio.GRADING_LOG, False),
        ocio.DisplayViewTransform(src="AgX Log", display="sRGB", view="AgX", looksBypass=True),
    ]
    return _config().getProcessor(ocio.GroupTransform(steps)).getDefaultCPUProcessor()


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
