"""Which split a scene falls into."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import accumulate

from synthgen.errors import InputError
from synthgen.randomness import stream

ALL_TRAIN: Mapping[str, float] = {"train": 1.0}
_GOLDEN = 0.6180339887
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_TOLERANCE = 1e-6


def parse_splits(text: str, *, where: str = "--split") -> dict[str, float]:
    """`train=0.9,val=0.1` to shares by name, in that order. Raises InputError where they do not sum to 1."""
    shares: dict[str, float] = {}
    for item in text.split(","):
        name, equals, number = (part.strip() for part in item.partition("="))
        try:
            share = float(number)
        except ValueError:
            share = math.nan
        if not equals:
            share = math.nan
        if name in shares:
            raise InputError.of(f"the split {name!r} is given twice", where=where)
        shares[name] = share
    return check_splits(shares, where=where)


def check_splits(shares: Mapping[str, float], *, where: str = "--split") -> dict[str, float]:
    """Shares by name, as given. Raises InputError where one is no share, or where they do not sum to 1."""
    seen: set[str] = set()
    for name, share in shares.items():
        if not math.isfinite(share) or not 0.0 <= share <= 1.0:
            raise InputError.of(
                f"{name!r} is not a split with a share", where=where, hint="write name=share, as in train=0.9,val=0.1"
            )
        if not _SAFE_NAME.fullmatch(name):
            raise InputError.of(
                f"{name!r} cannot name a split", where=where, hint="use letters, digits, hyphens and underscores"
            )
        if name.casefold() in seen:
            raise InputError.of(f"the split {name!r} is given twice", where=where)
        seen.add(name.casefold())
    total = sum(shares.values())
    if abs(total - 1.0) > _TOLERANCE:
        raise InputError.of(f"the shares sum to {total:g}, not 1", where=where)
    return dict(shares)


def split_of_scene(scene_index: int, seed: int, shares: Mapping[str, float] = ALL_TRAIN) -> str:
    """The split of a scene: a low-discrepancy sequence over scenes, so that every prefix of a run is balanced."""
    if len(shares) == 1:
        return next(iter(shares))
    start = float(stream(seed, 0, "splits").random())
    position = (start + _GOLDEN * scene_index) % 1.0
    named = [(name, end) for name, end in zip(shares, accumulate(shares.values()), strict=True) if shares[name] > 0]
    for name, end in named:
        if position < end:
            return name
    return named[-1][0]
