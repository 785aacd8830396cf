"""What verification says of frames and of a dataset."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from synthgen.verification.compare import NOTHING_COMPARED, Agreement


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The worst wrong pixel of a map: (x, y), what the mask and its record say there, and what the ray sees."""

    map: str
    pixel: tuple[int, int]
    block: bool
    recorded: str
    cast: str

    def __str__(self) -> str:
        x, y = self.pixel
        place = f"the 3x3 block around x {x}, y {y}" if self.block else f"x {x}, y {y}"
        return f"{self.map} at {place}: recorded {self.recorded}, rays see {self.cast}"

    def to_dict(self) -> dict[str, Any]:
        return {
            "map": self.map,
            "pixel": list(self.pixel),
            "block": self.block,
            "recorded": self.recorded,
            "cast": self.cast,
        }


@dataclass(frozen=True, slots=True)
class FrameReport:
    """How the labels of one frame agree with the rays. mismatches: of the maps that have a wrong pixel, the worst one;
    seconds: of casting and comparing, without building the scene."""

    image_id: int
    scene: int
    view: int
    instances: Agreement
    categories: Agreement
    mismatches: tuple[Mismatch, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Both maps agree as the rule of exact labels asks."""
        return self.instances.passes and self.categories.passes

    def __str__(self) -> str:
        line = (
            f"image {self.image_id}: {'pass' if self.passed else 'FAIL'}, instances {_counts(self.instances)}, "
            f"categories {_counts(self.categories)}"
        )
        if self.passed:
            return line
        failing = {name for name in ("instances", "categories") if not getattr(self, name).passes}
        return "; ".join([f"{line}; scene {self.scene}, view {self.view}", *_words(self.mismatches, failing)])

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "image_id": self.image_id,
            "scene": self.scene,
            "view": self.view,
            "passed": self.passed,
            "instances": self.instances.to_dict(),
            "categories": self.categories.to_dict(),
            "mismatches": [m.to_dict() for m in self.mismatches],
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What `verify` found. frames: by image id; available: how many frames the dataset has."""

    frames: tuple[FrameReport, ...]
    available: int
    seconds: float

    @property
    def failed(self) -> tuple[FrameReport, ...]:
        """The frames whose labels are not what rays see."""
        return tuple(f for f in self.frames if not f.passed)

    @property
    def passed(self) -> bool:
        """No frame fails."""
        return not self.failed

    @property
    def instances(self) -> Agreement:
        """Of the instance maps of all frames together."""
        return reduce(add, (f.instances for f in self.frames), NOTHING_COMPARED)

    @property
    def categories(self) -> Agreement:
        """Of the category maps of all frames together."""
        return reduce(add, (f.categories for f in self.frames), NOTHING_COMPARED)

    def summary(self) -> str:
        """The counts, in one line."""
        return (
            f"{len(self.frames)} of {self.available} frames checked in {self.seconds:.1f} s, {len(self.failed)} "
            "failed; "
            f"instances {_counts(self.instances)}, categories {_counts(self.categories)}"
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-able: the total, and every frame."""
        return {
            "passed": self.passed,
            "checked": len(self.frames),
            "available": self.available,
            "failed": [f.image_id for f in self.failed],
            "instances": _total(self.instances),
            "categories": _total(self.categories),
            "seconds": round(self.seconds, 3),
            "frames": [f.to_dict() for f in self.frames],
        }


def _counts(found: Agreement) -> str:
    off = f", and {found.wrong_off} off it" if found.wrong_off else ""
    return f"{_percent(found.share)} ({found.wrong_on} of {found.boundary} boundary pixels differ{off})"


def _percent(share: float) -> str:
    """Never 100% where a pixel differs."""
    text = f"{share:.4%}"
    return "99.9999%" if text == "100.0000%" and share < 1 else text


def _words(mismatches: tuple[Mismatch, ...], failing: set[str]) -> list[str]:
    return [str(m) for m in mismatches if m.map in failing]


def _total(found: Agreement) -> dict[str, Any]:
    total = found.to_dict()
    del total["wrong_at"], total["wrong_block"]
    return total
