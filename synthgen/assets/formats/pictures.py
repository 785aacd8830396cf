"""Pictures of models: found where files say they are, opened without trusting their size."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from synthgen.assets.archive import beside
from synthgen.assets.formats.source import Files, SourceMaterial
from synthgen.errors import InputError

MAX_PIXELS = 1 << 27
"""134 million (16384 x 8192): a picture that claims more is refused before it is decoded."""

_FOLDERS = ("textures", "texture", "tex", "images", "maps", "materials/textures", "../textures", "../images")
"""Where pictures lie whose path was true on their author's machine only."""

_MEAN_PIXELS = 64


def open_picture(data: bytes, where: str) -> Image.Image:
    """An opened picture, its pixels not yet decoded. Raises InputError where it is none, or too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as error:
        raise InputError.of(f"the picture is too large: {error}", where=where) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise InputError.of(
            "not a picture in a format that is known (PNG, JPEG, WebP, TGA, ...)", where=where
        ) from error
    if picture.width * picture.height > MAX_PIXELS:
        raise InputError.of(
            f"the picture is too large: {picture.width} x {picture.height} pixels, at most {MAX_PIXELS:,} are read",
            where=where, hint="reduce it; 2048 x 2048 is plenty",
        )  # fmt: skip
    return picture


def mean_channels(data: bytes, where: str) -> tuple[float, float, float]:
    """Means of red, green and blue, 0 to 1, as stored. Raises InputError like `open_picture`, or where it is torn."""
    try:
        picture = open_picture(data, where)
        picture.draft("RGB", (_MEAN_PIXELS, _MEAN_PIXELS))
        small = picture.convert("RGB").resize((_MEAN_PIXELS, _MEAN_PIXELS), Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError) as error:
        raise InputError.of(f"the picture cannot be read: {error}", where=where) from error
    red, green, blue = (np.asarray(small, dtype=np.float64).mean(axis=(0, 1)) / 255.0).round(4).tolist()
    return red, green, blue


def with_alpha(picture: Image.Image, mask: bytes, where: str) -> Image.Image:
    """A picture whose opacity is another's: its alpha channel, or its brightness. Raises like `open_picture`."""
    with open_picture(mask, where) as opened:
        transparent = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
        alpha = opened.convert("RGBA").getchannel("A") if transparent else opened.convert("L")
        if transparent and alpha.getextrema()[0] == 255:
            alpha = opened.convert("RGB").convert("L")
    whole = picture.convert("RGB")
    whole.putalpha(alpha.resize(whole.size, Image.Resampling.BILINEAR))
    return whole


def at_half(pixels: NDArray[np.uint8], cutoff: float) -> NDArray[np.uint8]:
    """(H, W, 4) pixels whose opacity is spread so that `cutoff` comes to lie at one half, where cut-outs are cut."""
    if cutoff == 0.5 or pixels.shape[2] < 4 or not 0.0 < cutoff < 1.0:
        return pixels
    alpha = pixels[..., 3] / 255.0
    spread = np.where(alpha < cutoff, alpha * 0.5 / cutoff, 1.0 - (1.0 - alpha) * 0.5 / (1.0 - cutoff))
    out = pixels.copy()
    out[..., 3] = np.round(spread * 255.0)
    return out


class PictureFiles:
    """The pictures that a model names by path, and those that it carries with it (`embedded`, by name)."""

    def __init__(self, files: Files, model: str, embedded: dict[str, bytes] | None = None):
        self._files = files
        self._model = model
        self._embedded = embedded or {}

    def find(self, name: str) -> str | None:
        """Where a picture lies: where it is said to; else under the end of its path, the longest first (it was true on
        its author's machine); else under its bare name at the usual places; None if nowhere."""
        said = beside(self._model, name)
        if said is not None and self._files.has(said):
            return said
        parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
        ends = ["/".join(parts[k:]) for k in range(len(parts))]
        usual = [f"{folder}/{parts[-1]}" for folder in _FOLDERS] if parts else []
        for reference in (*ends, *usual):
            place = beside(self._model, reference)
            if place is not None and self._files.has(place):
                return place
        return None

    def read(self, name: str) -> bytes:
        """The encoded bytes. Raises InputError where the picture is missing."""
        if name in self._embedded:
            return self._embedded[name]
        place = self.find(name)
        if place is None:
            raise InputError.of(f"the picture {name!r} is missing", where=self._model)
        return self._files.read(place)

    def warnings(self, looks: Iterable[SourceMaterial]) -> list[str]:
        """A sentence for each picture that is missing, or lies elsewhere than the file says."""
        named = [m for look in looks for m in (look.color_map, look.alpha_map) if m is not None]
        found = []
        for name in dict.fromkeys(n for n in named if n not in self._embedded):
            place = self.find(name)
            if place is None:
                found.append(f"the picture {name!r} is missing; its material gets the plain colour")
            elif place != beside(self._model, name):
                found.append(f"the picture {name!r} is not where the file says; {place!r} is taken")
        return found
