"""Print as it lies on a pack's mesh: one picture a pack, whose texture coordinates run 0..1 over it.

A box's sheet has its front, right, back and left side by side, from the left; above them its top (over the front) and
its bottom (over the back). A round pack's sheet goes round it, the front in its middle, and may have a disc for its lid
above. A bag's has the front at the left and the back at the right.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from synthgen.procedural.packaging.design import BRIGHTEST, DARKEST, design
from synthgen.procedural.packaging.panels import Pixels, facts, front, top
from synthgen.procedural.registry import image_generator

FRONT_SHARE, FACTS_SHARE = 0.34, 0.16
"""Of the way round a round pack: its front, twice, and its facts, twice."""


@image_generator("retail.box_print", version=2)
def box_print(
    group: str = "cereal", brand: int = 0, flavour: int = 0, width: float = 0.19, depth: float = 0.065,
    height: float = 0.29, density: int = 800,
) -> NDArray[np.uint8]:  # fmt: skip
    """The sheet of a box of width x depth x height metres. density: pixels a metre."""
    d = design(group, brand, flavour)
    w, s, h = (max(4, round(v * density)) for v in (width, depth, height))
    sheet: Pixels = np.empty((h + s, 2 * (w + s), 3), dtype=np.uint8)
    sheet[:] = d.ground
    face, side = front(d, w, h), facts(d, s, h)
    sheet[s:, :w], sheet[s:, w : w + s] = face, side
    sheet[s:, w + s : 2 * w + s] = face if d.phase < 4 else facts(d, w, h)
    sheet[s:, 2 * w + s :] = side
    lid = top(d, w, s)
    sheet[:s, :w], sheet[:s, w + s : 2 * w + s] = lid, lid[::-1, ::-1]
    return _inked(sheet)


@image_generator("retail.round_print", version=2)
def round_print(
    group: str = "canned food", brand: int = 0, flavour: int = 0, around: float = 0.23, height: float = 0.11,
    lid: float = 0.0, density: int = 800,
) -> NDArray[np.uint8]:  # fmt: skip
    """The sheet that goes round a pack of `around` metres, with a disc of diameter `lid` above it."""
    d = design(group, brand, flavour)
    w, h, n = (round(v * density) for v in (around, height, lid))
    w, h = max(8, w), max(4, h)
    wide, narrow = round(FRONT_SHARE * w), round(FACTS_SHARE * w)
    band: Pixels = np.empty((h, w, 3), dtype=np.uint8)
    band[:] = d.ground
    face, side = front(d, wide, h), facts(d, narrow, h)
    # The front stands about the middle; the other one is cut by the seam at the back.
    middle = (w - wide) // 2
    band[:, middle : middle + wide] = face
    band[:, middle - narrow : middle] = side
    right = middle + wide
    band[:, right : right + narrow] = side
    rest = right + narrow
    band[:, rest:] = face[:, : w - rest]
    left = middle - narrow
    band[:, :left] = face[:, face.shape[1] - left :]
    if n < 4:
        return _inked(band)
    sheet: Pixels = np.empty((h + n, max(w, n), 3), dtype=np.uint8)
    sheet[:] = d.ground
    sheet[n:, :w] = band
    sheet[:n, :n] = top(d, n, n)
    return _inked(sheet)


@image_generator("retail.bag_print", version=2)
def bag_print(
    group: str = "snack", brand: int = 0, flavour: int = 0, width: float = 0.2, height: float = 0.28, density: int = 800
) -> NDArray[np.uint8]:
    """The sheet of a bag or tube of width x height metres: front and back."""
    d = design(group, brand, flavour)
    w, h = (max(4, round(v * density)) for v in (width, height))
    return _inked(np.concatenate([front(d, w, h), facts(d, w, h)], axis=1))


def _inked(sheet: Pixels) -> Pixels:
    """Within what ink on paper can do."""
    return np.asarray(cv2.LUT(sheet, _INK), dtype=np.uint8)


_INK = (DARKEST + np.arange(256) * (BRIGHTEST - DARKEST) / 255).round().astype(np.uint8)
