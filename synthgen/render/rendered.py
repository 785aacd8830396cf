"""What the renderer leaves of a view: OpenEXR files of known names and layers, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
from numpy.typing import NDArray

PICTURE, LABELS, NEXT = "picture.exr", "labels.exr", "next.exr"
"""The render of the view; one of one sample for what is taken at pixel centres, where the first will not do for that;
one of the next view's depth, where optical flow is asked for."""

MIST_DEPTH = 2000.0
"""The mist pass rises linearly from 0 at the camera to 1 at this many metres."""

MATTE_INDEX = 1
"""Material pass index of matte surfaces, where the sharper of two denoised pictures is of use."""

NO_DEPTH = 1e9
"""The depth pass says 1e10 where nothing is hit."""

AXES = ("X", "Y", "Z")
"""World axes of the normal; one pass each, of numbers, because the file holds colours in half precision only."""

BYTES_A_PIXEL = 80
"""Of a file: four layers of half colour, seven of 32 bits, and some room."""


@dataclass(frozen=True)
class Rendered:
    """What one render gives. (h, w) is the size that it was rendered at, (H, W) that of the picture to be.

    picture  (h, w, 3) float32, linear Rec.709, denoised
    sharp    (h, w, 3) float32, denoised with features as they are (grain kept; noisy in mirrors), or None
    matte    (h, w) bool, surfaces where `sharp` is of use
    distance (h, w) float32, metres along the ray, antialiased, saturating at `MIST_DEPTH`
    numbers  (H, W) int32, the number of the surface each pixel's centre sees, 0 for none
    depth    (H, W) float32, metres along the camera's z of what each pixel's centre sees, inf for nothing; if asked for
    normals  (H, W, 3) float32, world axes: the mesh's shading normal there, exact in renders of one sample, and unit
             length only there; 0 for nothing; if asked for
    next_depth  (H, W) float32, as `depth` but from the next view; for optical flow
    """

    picture: NDArray[np.float32]
    sharp: NDArray[np.float32] | None
    matte: NDArray[np.bool_]
    distance: NDArray[np.float32]
    numbers: NDArray[np.int32]
    depth: NDArray[np.float32] | None = None
    normals: NDArray[np.float32] | None = None
    next_depth: NDArray[np.float32] | None = None


def normal_pass(axis: str) -> str:
    """The name of the pass that holds one coordinate of the normal."""
    return f"synthgen normal {axis}"


def read_rendered(folder: Path, supersample: int) -> Rendered:
    """Reads what the renderer left of a view whose picture is `supersample` times its size."""
    rendered = _read(folder / PICTURE, supersample)
    if (folder / LABELS).exists():
        labels = _read(folder / LABELS, 1)
        rendered = replace(rendered, numbers=labels.numbers, depth=labels.depth, normals=labels.normals)
    if (folder / NEXT).exists():
        rendered = replace(rendered, next_depth=_read(folder / NEXT, 1).depth)
    return rendered


def _read(path: Path, step: int) -> Rendered:
    with OpenEXR.File(str(path)) as file:
        channels = file.channels()
        combined = _rgb(channels, "ViewLayer.Combined")
        composite = _rgb(channels, "Composite.Combined") if _has(channels, "Composite.Combined") else None
        materials = np.rint(_plane(channels, "ViewLayer.IndexMA.X")).astype(np.int32)
        mist = _plane(channels, "ViewLayer.Mist.Z").astype(np.float32)
        numbers = _plane(channels, "ViewLayer.IndexOB.X")[::step, ::step]
        depth = _depth(channels, step)
        normals = _normals(channels, step)
    return Rendered(
        picture=combined if composite is None else composite,
        sharp=None if composite is None else combined,
        matte=materials == MATTE_INDEX,
        distance=mist * np.float32(MIST_DEPTH),
        numbers=np.rint(numbers).astype(np.int32),
        depth=depth,
        normals=normals,
    )


def _depth(channels: Mapping[str, Any], step: int) -> NDArray[np.float32] | None:
    if not _has(channels, "ViewLayer.Depth"):
        return None
    depth = _plane(channels, "ViewLayer.Depth.Z")[::step, ::step]
    return np.where(depth < NO_DEPTH, depth, np.float32(np.inf))


def _normals(channels: Mapping[str, Any], step: int) -> NDArray[np.float32] | None:
    names = [f"ViewLayer.{normal_pass(axis)}" for axis in AXES]
    if not _has(channels, names[0]):
        return None
    return np.asarray(np.stack([_plane(channels, f"{name}.X")[::step, ::step] for name in names], axis=-1))


def _has(channels: Mapping[str, Any], layer: str) -> bool:
    return any(name.startswith(layer) for name in channels)


def _rgb(channels: Mapping[str, Any], layer: str) -> NDArray[np.float32]:
    """The first three channels of a layer; OpenEXR joins R, G, B (and A) of one layer into one array."""
    for name, channel in channels.items():
        if name == layer or name in (f"{layer}.RGBA", f"{layer}.RGB"):
            return np.asarray(np.nan_to_num(channel.pixels[..., :3].astype(np.float32)))
    parts = [np.nan_to_num(channels[f"{layer}.{c}"].pixels.astype(np.float32)) for c in "RGB"]
    return np.asarray(np.stack(parts, axis=-1))


def _plane(channels: Mapping[str, Any], name: str) -> NDArray[np.float32]:
    held = channels[name] if name in channels else channels[name.rsplit(".", 1)[0]]
    plane = held.pixels
    return np.asarray(plane if plane.ndim == 2 else plane[..., 0], dtype=np.float32)
