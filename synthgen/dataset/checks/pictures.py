"""Checks of the files of one image: its mask against its segments, and its picture."""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from synthgen.annotation.extents import extents
from synthgen.annotation.ids import VOID
from synthgen.dataset.checks.schema import ImageEntry
from synthgen.dataset.checks.segments import Annotation
from synthgen.dataset.findings import Findings
from synthgen.dataset.ondisk import DiskMap
from synthgen.dataset.png import ids_of_bgr

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOR_TYPES = {0: "greyscale", 2: "RGB", 3: "palette", 4: "greyscale with alpha", 6: "RGBA"}
_ORIENTATION = 0x0112
_DIGEST_BYTES = 16
_MOST_NAMED = 5


class PictureChecks:
    """Checks masks and pictures of a split; remembers only a digest of each picture."""

    def __init__(self, findings: Findings, *, void_allowed: bool):
        self.void_pixels = 0
        self._findings = findings
        self._void_allowed = void_allowed
        self._pictures: DiskMap[bytes, int] = DiskMap()

    def read(self, path: Path, code: str, what: str) -> bytes | None:
        """A file's bytes; None, and a finding, where it cannot be read."""
        try:
            if path.is_symlink():
                self._findings.trap("link", path, "is a link to a file; datumaro does not follow it")
            return path.read_bytes()
        except FileNotFoundError:
            self._findings.error(code, path, f"the {what} is missing")
        except OSError as error:
            self._findings.error(code, path, f"the {what} cannot be read: {error.strerror}")
        except ValueError:
            self._findings.error(code, path, f"the {what} cannot be there: no file can have that name")
        return None

    def check_mask(self, path: Path, data: bytes, annotation: Annotation) -> None:
        """Mode and size of a mask; its ids, areas and boxes against the JSON."""
        if not self._check_png_head(path, data, annotation.image):
            return
        try:
            bgr = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
        except cv2.error:  # larger than it takes
            bgr = None
        if bgr is None:
            self._findings.error("mask-unreadable", path, "the mask cannot be decoded")
            return
        found = extents(ids_of_bgr(bgr))
        in_picture = {int(v): k for k, v in enumerate(found.values)}
        void = in_picture.pop(VOID, None)
        if void is not None:
            pixels = int(found.areas[void])
            self.void_pixels += pixels
            if not self._void_allowed:
                self._findings.error("void", path, f"{pixels} pixels are void (id 0), which the recipe did not ask for")
        listed = annotation.segments
        if annotation.sound:
            self._tell_ids("id-not-listed", path, "in the mask but not in the JSON", set(in_picture) - set(listed))
        self._tell_ids("id-not-in-mask", path, "in the JSON but not in the mask", set(listed) - set(in_picture))
        for identifier, segment in listed.items():
            if identifier in in_picture:
                k = in_picture[identifier]
                self._check_extent(path, identifier, segment, int(found.areas[k]), found.box(k))

    def check_picture(self, path: Path, data: bytes, image: ImageEntry) -> None:
        """Format, mode, size and orientation of a picture, and whether it is there twice."""
        findings = self._findings
        digest = hashlib.blake2b(data, digest_size=_DIGEST_BYTES).digest()
        twin = self._pictures.setdefault(digest, image.id)
        if twin != image.id:
            findings.trap("picture-duplicate", path, f"is the same file as the picture of image {twin}")
        try:
            with Image.open(io.BytesIO(data)) as picture:
                kind, mode, size = picture.format or "", picture.mode, picture.size
                orientation = picture.getexif().get(_ORIENTATION, 1)
        except (OSError, UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            findings.error("picture-unreadable", path, f"the picture cannot be read: {error}")
            return
        if image.width and size != (image.width, image.height):
            findings.error(
                "size", path, f"is {size[0]}x{size[1]}; the JSON says {image.width}x{image.height}", "correct the JSON"
            )
        if orientation != 1:
            findings.trap(
                "exif",
                path,
                f"has the EXIF orientation {orientation}",
                "turn the pixels; readers disagree on the tag",
            )
        if mode != "RGB":
            findings.trap("picture-mode", path, f"is {mode}, not RGB")
        endings = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}.get(kind)
        if endings and path.suffix.lower() not in endings:
            findings.trap("picture-mode", path, f"holds {kind} data under another ending")
        if kind == "JPEG" and b"\xff\xd9" not in data[-64:]:
            findings.error("picture-unreadable", path, "the picture is cut off: it has no end marker")

    def _check_png_head(self, path: Path, data: bytes, image: ImageEntry) -> bool:
        """False where the pixels are not worth reading."""
        findings = self._findings
        if len(data) < 26 or not data.startswith(_PNG_SIGNATURE):
            findings.error("mask-mode", path, "the mask is not a PNG")
            return False
        width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
        name = _COLOR_TYPES.get(kind, f"of colour type {kind}")
        if depth == 16:
            findings.error("mask-mode", path, f"the mask is 16-bit {name}, not 8-bit RGB", "ids are three bytes")
            return False
        if name.startswith("greyscale"):
            findings.error("mask-mode", path, f"the mask is {name}, not RGB", "ids are R + 256 G + 65536 B")
            return False
        if name != "RGB":
            findings.trap("mask-mode", path, f"the mask is {name}, not RGB")
        if image.width and (width, height) != (image.width, image.height):
            findings.error("size", path, f"the mask is {width}x{height}; the JSON says {image.width}x{image.height}")
        return True

    def _tell_ids(self, code: str, path: Path, where: str, ids: set[int]) -> None:
        if ids:
            named = ", ".join(str(i) for i in sorted(ids)[:_MOST_NAMED])
            more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
            self._findings.error(code, path, f"segment ids {where}: {named}{more}")

    def _check_extent(self, path: Path, identifier: int, segment: Mapping[str, Any], area: int, box: list[int]) -> None:
        if "area" in segment and segment["area"] != area:
            self._findings.error(
                "area", path, f"segment {identifier} has {area} pixels; the JSON says {segment['area']}"
            )
        if "bbox" in segment and segment["bbox"] != box:
            self._findings.error(
                "bbox",
                path,
                f"segment {identifier} has the bbox {box}; the JSON says {segment['bbox']}",
                "bbox is x, y, width, height with width = xmax - xmin + 1",
            )
